import { Injectable } from '@nestjs/common';
import { type ErrorParams, isRefusal } from '../../kernel/errors.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import { type SegmentRow, SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CheckPages } from '../check/check-pages.queries.js';
import { checkUrlOf } from '../check/check.views.js';
import type { Preview, TemplateRow } from '../messaging.types.js';
import { numbersOf, type PreviewAsk, PreviewQueries } from './preview.queries.js';
import { editorView } from './template-editor.views.js';
import { TemplatesQueries } from './templates.queries.js';
import { WordingRulesQueries } from '../wording/wording-rules.queries.js';

const NOTHING: Preview = { items: [], faults: [] };
const SAMPLES = 3;

export interface TypedWording {
  name?: string | undefined;
  signature?: string | undefined;
  body?: string | undefined;
  segment?: string | undefined;
  phones?: string | undefined;
  expectedReplies?: string | undefined;
}

/** Why there is nothing to look at: the wording, or a number that is none. */
interface PreviewFaultShown {
  key: string;
  params: ErrorParams;
  ofNumbers: boolean;
}

/** Everything the editor's page shows: the wording as typed or as saved, on three real customers. */
@Injectable()
export class TemplateEditorQueries {
  constructor(
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly previews: PreviewQueries,
    private readonly rules: WordingRulesQueries,
    private readonly checks: CheckPages,
    private readonly choices: SegmentChoices,
  ) {}

  async page(user: CurrentUser, code: string, typed: TypedWording): Promise<object> {
    const template = await this.templates.byCode(user, code);
    const rules = await this.rules.of(template.purpose);
    if (user.role === 'client') return this.approverPage(user, template, rules.optOut);
    const { segment, segmentFault } = await this.segmentOf(user, typed.segment?.trim() ?? template.previewSegment ?? '');
    // whoever typed it is told; what the author looks at may be out of a reader's scope
    const unknown = typed.segment === undefined ? undefined : segmentFault;
    const phones = typed.phones?.trim() ?? '';
    const wording = { signature: typed.signature ?? template.signature, body: typed.body ?? template.body };
    const { preview, fault } = await this.look(user, { wording: { ...wording, ...rules, purpose: template.purpose }, segment, phones });
    const boxes = {
      ...wording,
      name: typed.name ?? template.name,
      segment: segment?.code ?? typed.segment ?? '',
      phones,
      expectedReplies: typed.expectedReplies ?? template.expectedReplies.join(' '),
    };
    const checked = segment
      ? { check: await this.checks.ofTemplate(user, template.id, segment.id), checkUrl: checkUrlOf(code, segment.code), mayLook: true }
      : {};
    return {
      ...editorView({ user, template, preview, columns: segment?.columns ?? [], optOut: rules.optOut, boxes }),
      ...checked,
      box: await this.choices.box(user, boxes.segment),
      segmentFault: unknown,
      fault,
    };
  }

  /** The one that was typed, or why it is none. */
  private async segmentOf(
    user: CurrentUser,
    typed: string,
  ): Promise<{ segment: SegmentRow | null; segmentFault?: Omit<PreviewFaultShown, 'ofNumbers'> }> {
    if (typed === '') return { segment: null };
    try {
      return { segment: await this.segments.byCode(user, await this.choices.codeOf(user, typed)) };
    } catch (error) {
      if (isRefusal(error)) return { segment: null, segmentFault: { key: `error.${error.code}`, params: error.params } };
      throw error;
    }
  }

  /** Whoever only approves reads the text; customers are not shown to them. */
  private approverPage(user: CurrentUser, template: TemplateRow, optOut: string): object {
    const boxes = {
      name: template.name,
      signature: template.signature,
      body: template.body,
      segment: '',
      phones: '',
      expectedReplies: template.expectedReplies.join(' '),
    };
    return { ...editorView({ user, template, preview: NOTHING, columns: [], optOut, boxes }), textOnly: true };
  }

  /** A wording in the middle of being typed may be broken: the page then says why instead of showing messages. */
  private async look(
    user: CurrentUser,
    ask: Omit<PreviewAsk, 'numbers'> & { phones: string },
  ): Promise<{ preview: Preview; fault?: PreviewFaultShown }> {
    try {
      const typed = ask.phones === '' ? [] : numbersOf(ask.phones.split(/[\s,，、;；]+/).filter(Boolean));
      const numbers = typed.length > 0 ? typed.slice(0, 50) : (await this.previews.samples(user, ask.segment?.id ?? null)).slice(0, SAMPLES);
      return { preview: await this.previews.preview(user, { ...ask, numbers }) };
    } catch (error) {
      if (isRefusal(error))
        return { preview: NOTHING, fault: { key: `error.${error.code}`, params: error.params, ofNumbers: error.param === 'phones' } };
      throw error;
    }
  }
}
