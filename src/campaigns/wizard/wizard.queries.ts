import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../../customers/customers.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { freeCode } from '../../platform/database/free-code.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { AudienceQueries } from '../audience.queries.js';
import { CAMPAIGN_CODES } from '../campaign-codes.types.js';
import type { Campaign } from '../campaigns.types.js';
import { armOf, variantsView } from '../experiment/experiment.views.js';
import { scriptFields } from '../script/script-fields.views.js';
import { ScriptFieldsQueries } from '../script/script-fields.queries.js';
import { renderScript } from '../script/script.policy.js';
import type { Script, ScriptFields } from '../script/script.types.js';
import { scriptRows, stepsView } from './wizard.views.js';

/** The row of steps and where its buttons lead, for the step that messaging owns. */
export { following, stepsView } from './wizard.views.js';

interface Sample {
  customerId: string;
  lineId: string;
  name: string | null;
  star: number;
}

/** Shown while there is no audience yet. */
const EXAMPLE: ScriptFields = {
  name: '陈志远',
  honorific: '陈先生',
  surname: '陈',
  starLevel: '7',
  tier: '钻石卡',
  city: '南京',
  district: '鼓楼',
  package: '5G畅享融合199元',
  arpu: '244.10',
  joinedOn: '2009年',
  birthday: '11月26日',
  'manager.name': '林晓雯',
  'manager.no': '2031',
};

/** What the steps show beside the form. */
@Injectable()
export class WizardQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly segments: SegmentsQueries,
    private readonly customers: CustomersQueries,
    private readonly scripts: ScriptFieldsQueries,
  ) {}

  /** The script on a real customer of the audience: the chosen one, else the one with the most stars. */
  async rehearsal(user: CurrentUser, campaign: Campaign, script: Script, chosen?: string) {
    const samples = await this.audience.samples(campaign, this.today());
    const sample = samples.find((one) => one.customerId === chosen) ?? samples[0];
    const rendered = renderScript(script, sample ? await this.fieldsOf(user, campaign, sample) : this.example(user), sample?.star ?? 7);
    const unknown = new Set((await this.scripts.unknown(campaign, script)).map(({ field }) => field));
    return {
      samples: samples.map((one) => ({ ...one, chosen: one.customerId === sample?.customerId })),
      sample,
      // what no customer can have is a fault of the script, not a value that this customer lacks
      rendered: { ...rendered, missing: rendered.missing.filter((field) => !unknown.has(field)) },
      unknown: [...unknown],
    };
  }

  /** The step of the script, open at one of the scripts that are tried: its text, or what was typed for it, how it sounds, and the others. */
  async scriptPage(user: CurrentUser, campaign: Campaign, shown: { variant?: string | undefined; customer?: string | undefined; typed?: Script }) {
    const arm = armOf(campaign, shown.variant);
    const script = shown.typed ?? arm.script;
    return {
      campaign,
      steps: stepsView(campaign, 'script'),
      draft: campaign.state === 'draft',
      arm,
      variants: variantsView(campaign, arm.key),
      script: scriptRows(script),
      fields: await this.scripts.of(campaign),
      ...(await this.rehearsal(user, campaign, script, shown.customer)),
    };
  }

  /** See {@link freeCode}. */
  freeCode(): Promise<string> {
    return freeCode(this.db, CAMPAIGN_CODES, this.today());
  }

  private async fieldsOf(user: CurrentUser, campaign: Campaign, sample: Sample): Promise<ScriptFields> {
    const [card, attributes] = await Promise.all([
      this.customers.cardForCall(sample.customerId, sample.lineId),
      campaign.columnsSegmentId ? this.segments.attributes(campaign.columnsSegmentId, sample.customerId) : null,
    ]);
    const agent = card.manager
      ? { name: card.manager.name, no: card.manager.agentNo ?? card.manager.username }
      : { name: user.name, no: user.username };
    return scriptFields(card, { agent, today: this.today(), attributes });
  }

  private example(user: CurrentUser): ScriptFields {
    return { ...EXAMPLE, 'agent.name': user.name, 'agent.no': '2031' };
  }

  private today(): string {
    return dayOf(this.clock.now());
  }
}
