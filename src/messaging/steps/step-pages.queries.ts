import { Injectable } from '@nestjs/common';
import { VERDICT_CHIPS } from '../../campaigns/experiment/experiment.queries.js';
import type { Campaign, SmsStep } from '../../campaigns/campaigns.types.js';
import { OutcomesQueries } from '../../calls/outcomes/outcomes.queries.js';
import { share } from '../../kernel/statistics.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { PreviewQueries } from '../templates/preview.queries.js';
import { samplesView } from '../templates/template-editor.views.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { letterOf, StepQueries } from './step.queries.js';

/** After a call a text says most often that one could not be reached. */
const USUAL_OUTCOMES = ['no_answer', 'busy', 'powered_off'];

/** What the pages of the SMS step show. */
@Injectable()
export class StepPages {
  constructor(
    private readonly steps: StepQueries,
    private readonly templates: TemplatesQueries,
    private readonly previews: PreviewQueries,
    private readonly outcomes: OutcomesQueries,
  ) {}

  /** @param step as it is kept: an outcome of it stays a choice when it is retired */
  async choices(user: CurrentUser, step: SmsStep | null) {
    const [templates, all] = await Promise.all([this.templates.list(user), this.outcomes.all()]);
    const outcomes = all.filter(({ code, retiredAt }) => retiredAt === null || step?.outcomes.includes(code));
    return {
      templates: templates
        .filter(({ inUse, purpose }) => inUse !== null && purpose !== 'greeting')
        .map(({ code, name, purpose }) => ({ code, name, purpose })),
      outcomes: outcomes.map(({ code, labelZh, labelEn, retiredAt }) => ({
        code,
        label: user.locale === 'en' ? labelEn : labelZh,
        retired: retiredAt !== null,
      })),
    };
  }

  values(step: SmsStep | null) {
    const [a, b, c] = step?.templates ?? [];
    return {
      when: step?.when ?? 'none',
      hours: step?.hours ?? 24,
      outcomes: step?.when === 'after' ? step.outcomes : USUAL_OUTCOMES,
      templateA: a?.code ?? '',
      templateB: b?.code ?? '',
      percentB: b?.percent ?? '',
      templateC: c?.code ?? '',
      percentC: c?.percent ?? '',
    };
  }

  /** Each text as real customers of the audience would read it, and how many would get it. */
  async said(user: CurrentUser, campaign: Campaign, step: SmsStep | null): Promise<object> {
    if (!step) return { step: null };
    const [counts, numbers] = await Promise.all([this.steps.dryRun(campaign, step), this.steps.sampleNumbers(campaign)]);
    const texts = await Promise.all(
      step.templates.map(async ({ code }, place) => {
        const wording = await this.templates.inUse({ code });
        const segment = campaign.columnsSegmentId ? { id: campaign.columnsSegmentId } : null;
        const preview = await this.previews.preview(user, { wording, segment, numbers });
        return {
          ...samplesView(preview),
          key: letterOf(place),
          code,
          count: counts[place],
          parts: Math.max(0, ...preview.items.map(({ parts }) => parts)),
        };
      }),
    );
    const allowed = counts.reduce((sum, one) => sum + one.allowed, 0);
    return { step, texts, allowed, people: counts.reduce((sum, one) => sum + one.people, 0), several: step.templates.length > 1 };
  }

  async figures(user: CurrentUser, campaign: Campaign): Promise<object> {
    const { texts, uplift } = await this.steps.figures(user, campaign);
    return {
      step: campaign.smsStep,
      texts: texts.map((text) => ({
        ...text,
        deliveredShare: share(text.delivered, text.people),
        convertedShare: share(text.converted, text.people),
        reachedShare: share(text.reached, text.people),
      })),
      uplift: uplift.map(({ interval, ...row }) => ({ ...row, low: interval?.[0], high: interval?.[1], chip: VERDICT_CHIPS[row.verdict] })),
    };
  }
}
