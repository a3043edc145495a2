import { Injectable } from '@nestjs/common';
import { CampaignsCommands } from '../../campaigns/campaigns.commands.js';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import type { Campaign, SmsStep } from '../../campaigns/campaigns.types.js';
import { OutcomesQueries } from '../../calls/outcomes/outcomes.queries.js';
import { DomainError } from '../../kernel/errors.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { readBody, unknownVariables } from '../wording/wording.js';

/** Gives a draft its SMS step: only texts that are approved and lack no word for its customers. */
@Injectable()
export class StepSetting {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly commands: CampaignsCommands,
    private readonly templates: TemplatesQueries,
    private readonly segments: SegmentsQueries,
    private readonly outcomes: OutcomesQueries,
  ) {}

  /**
   * @param step null: none @throws DomainError not_found · `campaign_frozen`, `campaign_standing_step` (409) · template_not_approved, template_variable_unknown,
   * `step_template_greeting`, outcome_unknown, `outcome_retired`
   */
  async set(user: CurrentUser, code: string, step: SmsStep | null, version?: number): Promise<Campaign> {
    const campaign = await this.campaigns.toChange(user, code);
    if (campaign.standing && step) throw new DomainError('campaign_standing_step', { status: 409 });
    if (step) await this.check(user, campaign, step);
    return this.commands.edit(user, code, { smsStep: step }, version);
  }

  /** @throws DomainError see {@link set} */
  async check(user: CurrentUser, campaign: Campaign, step: SmsStep): Promise<void> {
    await this.checkOutcomes(step, campaign.smsStep);
    const columns = campaign.columnsSegmentId ? await this.segments.columnsOf(campaign.columnsSegmentId) : [];
    for (const [place, { code }] of step.templates.entries()) {
      const param = `template${String.fromCharCode(65 + place)}`;
      const template = await this.templates.byCode(user, code).catch((error: unknown) => {
        throw error instanceof DomainError && error.code === 'not_found'
          ? new DomainError('step_template_unknown', { param, params: { template: code } })
          : error;
      });
      if (template.inUse === null) throw new DomainError('template_not_approved', { param, params: { template: code } });
      if (template.purpose === 'greeting') throw new DomainError('step_template_greeting', { param });
      const read = readBody((await this.templates.inUse({ code })).body);
      const [unknown] = 'variables' in read ? unknownVariables(read.variables, columns) : [];
      if (unknown !== undefined)
        throw new DomainError('template_variable_unknown', { param, params: { variable: unknown, segment: campaign.segment ?? '—' } });
    }
  }

  /** One that is retired stays where it is kept, and comes nowhere else: no new call ends with it. */
  private async checkOutcomes(step: SmsStep, kept: SmsStep | null): Promise<void> {
    for (const code of step.outcomes) {
      const { retiredAt, labelZh, labelEn } = await this.outcomes.byCode(code);
      if (retiredAt && !kept?.outcomes.includes(code))
        throw new DomainError('outcome_retired', { param: 'outcomes', params: { outcome: `${labelZh} / ${labelEn}` } });
    }
  }
}
