import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { DomainError, isRefusal } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { SegmentChoices } from '../../segments/segment-choices.queries.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { homeUnitOf, isOwn } from '../home-unit.js';
import type { NewTemplateForm, RefuseTemplateForm, TemplateWordingForm } from '../messaging.forms.js';
import type { TemplateRow } from '../messaging.types.js';
import { TemplatesQueries } from './templates.queries.js';
import { bodyError, readBody, signatureOf, strayBraces } from '../wording/wording.js';
import { wordFinder, wordShown } from '../wording/forbidden.policy.js';
import { offeredReply } from '../wording/offered-reply.policy.js';
import { type WordingRules, WordingRulesQueries } from '../wording/wording-rules.queries.js';

interface CheckedWording {
  signature: string;
  body: string;
  expectedReplies: string[];
}

interface TypedWording {
  signature: string;
  body: string;
  expectedReplies?: readonly string[];
}

/** What was typed is not to be found: no fault of the wording. */
function orNone(error: unknown): null {
  if (isRefusal(error)) return null;
  throw error;
}

type Gate = Pick<ContactQueries, 'replyMeaning'>;

/** @throws DomainError at the field that is wrong */
export function checkWording(input: TypedWording, rules: WordingRules, gate: Gate): CheckedWording {
  const signature = signatureOf(input.signature);
  if (signature === undefined) throw new DomainError('signature_invalid', { param: 'signature' });
  const body = input.body.trim();
  const read = readBody(body);
  if ('fault' in read) throw bodyError(read.fault);
  const stray = strayBraces(read);
  if (stray !== undefined) throw bodyError({ code: 'template_stray_braces', detail: stray });
  const find = wordFinder(rules.forbidden);
  refuseWords('signature', find(signature));
  refuseWords(
    'body',
    read.pieces.flatMap((piece) => (typeof piece === 'string' ? find(piece) : [])),
  );
  return { signature, body, expectedReplies: checkReplies(input, rules, gate) };
}

function refuseWords(param: string, words: readonly string[]): void {
  if (words.length > 0) throw new DomainError('template_forbidden_word', { param, params: { words: [...new Set(words)].map(wordShown).join('、') } });
}

/** A stop word cannot be an answer, nor the letter that the message itself offers for opting out (GOV-2). */
function checkReplies({ expectedReplies: replies = [] }: TypedWording, { optOut }: WordingRules, gate: Gate): string[] {
  const offered = offeredReply(optOut);
  const stops = (reply: string): boolean =>
    gate.replyMeaning(reply, [reply]) !== 'expected' || (offered !== null && gate.replyMeaning(reply, [offered]) === 'expected');
  const wrong = replies.find(stops);
  if (wrong !== undefined) throw new DomainError('expected_reply_stops', { param: 'expectedReplies', params: { reply: wrong } });
  return [...replies];
}

@Injectable()
export class TemplatesCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly templates: TemplatesQueries,
    private readonly audit: Audit,
    private readonly gate: ContactQueries,
    private readonly rules: WordingRulesQueries,
    private readonly segments: SegmentChoices,
  ) {}

  /** Version 1, a draft. @throws DomainError code_taken and those of the wording */
  async create(user: CurrentUser, form: NewTemplateForm): Promise<TemplateRow> {
    const wording = checkWording(form, await this.rules.of(form.purpose), this.gate);
    return this.database.tx(async (tx) => {
      const made = await tx.maybe<{ id: string }>(sql`
        insert into messaging.template (code, name, purpose, org_unit_id, created_by, created_at)
        values (${form.code}, ${form.name}, ${form.purpose}, ${await homeUnitOf(tx, user)}, ${user.id}, ${this.clock.now()}) on conflict (code) do nothing returning id`);
      if (!made) throw new DomainError('code_taken', { status: 409, param: 'code', params: { code: form.code } });
      await this.addVersion(tx, { user, templateId: made.id, version: 1, wording });
      await this.audit.record(tx, user, { action: 'template.created', object: 'template', id: form.code });
      return this.templates.byCode(user, form.code, tx);
    });
  }

  /** A new wording is a new draft; what is in use stays in use until the draft is approved. Nothing changed = nothing written. @throws DomainError template_of_upper_unit */
  async reword(user: CurrentUser, code: string, form: TemplateWordingForm): Promise<TemplateRow> {
    return this.database.tx(async (tx) => {
      const before = await this.lockOwn(tx, user, code);
      const typed = { ...form, expectedReplies: form.expectedReplies ?? before.expectedReplies };
      const wording = checkWording(typed, await this.rules.of(before.purpose, tx), this.gate);
      if (form.name !== undefined && form.name !== before.name) await this.rename(tx, user, before, form.name);
      const sameReplies = wording.expectedReplies.join(' ') === before.expectedReplies.join(' ');
      if (wording.body !== before.body || wording.signature !== before.signature || !sameReplies) {
        await this.addVersion(tx, { user, templateId: before.id, version: before.version + 1, wording });
        await this.audit.record(tx, user, { action: 'template.reworded', object: 'template', id: code, detail: { version: before.version + 1 } });
      }
      return this.templates.byCode(user, code, tx);
    });
  }

  /** The name is ours alone, no customer reads it: no version, no approval. */
  private async rename(tx: Tx, user: CurrentUser, { id, code, name }: TemplateRow, to: string): Promise<void> {
    await tx.run(sql`update messaging.template set name = ${to} where id = ${id}`);
    await this.audit.record(tx, user, { action: 'template.renamed', object: 'template', id: code, detail: { from: name, to } });
  }

  /**
   * By anybody with the right but the author (SMS-1), in the template's unit or above it.
   * @param read the version the approver has before her: a newer one written meanwhile is not what she says yes to
   * @throws DomainError template_of_upper_unit, approver_is_author · template_not_draft, template_reworded (409)
   */
  async approve(user: CurrentUser, code: string, read?: number): Promise<TemplateRow> {
    return this.database.tx(async (tx) => {
      const template = await this.lockDraft(tx, user, code, read);
      await tx.run(sql`update messaging.template_version set approved_by = ${user.id}, approved_at = ${this.clock.now()},
        refused_by = null, refused_at = null, refused_reason = null where template_id = ${template.id} and version = ${template.version}`);
      await this.audit.record(tx, user, { action: 'template.approved', object: 'template', id: code, detail: { version: template.version } });
      return this.templates.byCode(user, code, tx);
    });
  }

  /**
   * Back to its author with a reason, by whoever may approve it: a draft still, until it is written anew.
   * @throws DomainError as {@link approve}
   */
  async refuse(user: CurrentUser, code: string, { version, reason }: RefuseTemplateForm): Promise<TemplateRow> {
    return this.database.tx(async (tx) => {
      const template = await this.lockDraft(tx, user, code, version);
      await tx.run(sql`update messaging.template_version set refused_by = ${user.id}, refused_at = ${this.clock.now()}, refused_reason = ${reason}
        where template_id = ${template.id} and version = ${template.version}`);
      await this.audit.record(tx, user, { action: 'template.refused', object: 'template', id: code, detail: { version: template.version, reason } });
      return this.templates.byCode(user, code, tx);
    });
  }

  /**
   * On whose columns its author looks at it: whoever approves it looks at the same.
   * @param typed code or name of the segment; what nobody knows is not kept, the page says so
   */
  async lookOn(user: CurrentUser, code: string, typed: string): Promise<void> {
    const template = await this.templates.byCode(user, code);
    if (!isOwn(user, template)) return;
    const segment = await this.segments.codeOf(user, typed).catch(orNone);
    if (segment === null || segment === template.previewSegment) return;
    await this.database.run(sql`
      update messaging.template t set preview_segment_id = s.id from segments.v_segment s where t.id = ${template.id} and s.code = ${segment}`);
  }

  /** The version that was read, to be decided on by another than its author. */
  private async lockDraft(tx: Tx, user: CurrentUser, code: string, read: number | undefined): Promise<TemplateRow> {
    const template = await this.lockOwn(tx, user, code);
    if (read !== undefined && read !== template.version)
      throw new DomainError('template_reworded', { status: 409, params: { read, version: template.version } });
    if (template.state !== 'draft') throw new DomainError('template_not_draft', { status: 409, params: { version: template.version } });
    if (template.authorId === user.id) throw new DomainError('approver_is_author');
    return template;
  }

  /** What units above have written is there to be used, not to be changed (SYS-1). */
  private async lockOwn(tx: Tx, user: CurrentUser, code: string): Promise<TemplateRow> {
    const seen = await this.templates.byCode(user, code, tx);
    if (!isOwn(user, seen)) throw new DomainError('template_of_upper_unit', { status: 403 });
    await tx.run(sql`select from messaging.template where id = ${seen.id} for update`);
    return this.templates.byCode(user, code, tx);
  }

  private async addVersion(tx: Tx, row: { user: CurrentUser; templateId: string; version: number; wording: CheckedWording }): Promise<void> {
    await tx.run(sql`insert into messaging.template_version (template_id, version, signature, body, expected_replies, author_id, created_at)
      values (${row.templateId}, ${row.version}, ${row.wording.signature}, ${row.wording.body}, ${row.wording.expectedReplies}, ${row.user.id}, ${this.clock.now()})`);
  }
}
