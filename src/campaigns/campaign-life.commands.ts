import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { type Actor, Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { alreadyThere, type CampaignAction, nextState } from './campaign.states.js';
import { CampaignClosed, CampaignLaunched, CampaignPaused, CampaignResumed } from './campaigns.events.js';
import { Freezing } from './freezing.commands.js';
import { CampaignsQueries } from './campaigns.queries.js';
import { LaunchedList } from './launched-list.queries.js';
import type { Campaign, CampaignState } from './campaigns.types.js';

export interface ActOptions {
  why?: string | undefined;
  /** The number of people the planner has read and agreed to; another number refuses the launch. */
  expected?: number | undefined;
}

interface Step {
  action: CampaignAction;
  actor: Actor;
  options: ActOptions;
}

/** Moves campaigns through their life: lock, decide, save, tell. */
@Injectable()
export class CampaignLife {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: CampaignsQueries,
    private readonly freezing: Freezing,
    private readonly list: LaunchedList,
    private readonly events: Events,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError `not_found`, `campaign_of_upper_unit`, `campaign_state`, `campaign_standing`, `script_field_unknown`, `audience_changed`, `approval_…` */
  async act(user: CurrentUser, code: string, action: CampaignAction, options: ActOptions = {}): Promise<Campaign> {
    const acted = await this.db.tx(async (tx) => {
      const campaign = await this.queries.lockToChange(tx, user, code);
      if (alreadyThere(campaign, action)) return campaign;
      await this.move(tx, campaign, { action, actor: user, options });
      return this.queries.byCode(user, code, tx);
    });
    if (action === 'launch') await this.list.arrives(acted);
    return acted;
  }

  /**
   * Starts the scheduled campaigns whose day has come; each in its own transaction, so that one fault holds up no other. One that was changed after its
   * approval waits for the next one.
   * @returns how many started
   */
  async startDue(): Promise<number> {
    let started = 0;
    for (const id of await this.queries.dueToStart(dayOf(this.clock.now()))) {
      await this.db
        .tx((tx) => this.start(tx, id))
        .then((did) => (started += did))
        .catch((error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
        });
    }
    return started;
  }

  private async start(tx: Tx, id: string): Promise<number> {
    await tx.maybe(sql`select id from campaigns.campaign where id = ${id} for update`);
    const campaign = await this.queries.byId(id, tx);
    if (campaign?.state !== 'scheduled') return 0;
    await this.move(tx, campaign, { action: 'start', actor: 'system', options: {} });
    return 1;
  }

  private async move(tx: Tx, campaign: Campaign, step: Step): Promise<void> {
    const next = nextState(campaign, step.action, dayOf(this.clock.now()));
    const starts = (next === 'running' || next === 'scheduled') && !campaign.launchedAt && !campaign.standing;
    if (starts) await this.freezing.beforeStart(tx, campaign, step.options.expected);
    await this.enter(tx, campaign, next, step);
    await this.tell(tx, campaign, next);
  }

  private async enter(tx: Tx, campaign: Campaign, next: CampaignState, step: Step): Promise<void> {
    const now = this.clock.now();
    const by = typeof step.actor === 'string' ? null : step.actor.id;
    await tx.run(sql`
      update campaigns.campaign
      set state = ${next}, updated_at = ${now}, version = version + 1,
          launched_at = coalesce(launched_at, case when ${next}::text = 'running' then ${now}::timestamptz end)
      where id = ${campaign.id}`);
    await tx.run(sql`
      insert into campaigns.transition (campaign_id, from_state, to_state, by_user, at, why)
      values (${campaign.id}, ${campaign.state}, ${next}, ${by}, ${now}, ${step.options.why?.trim() || null})`);
    await this.audit.record(tx, step.actor, {
      action: `campaign.${step.action}`,
      object: 'campaign',
      id: campaign.id,
      detail: { code: campaign.code, from: campaign.state, to: next, why: step.options.why },
    });
  }

  private async tell(tx: Tx, campaign: Campaign, next: CampaignState): Promise<void> {
    const payload = { campaignId: campaign.id };
    if (next === 'running') await this.events.publish(tx, campaign.launchedAt ? CampaignResumed : CampaignLaunched, payload);
    if (next === 'paused' && campaign.launchedAt) await this.events.publish(tx, CampaignPaused, payload);
    if (next === 'closed' && campaign.launchedAt) await this.events.publish(tx, CampaignClosed, payload);
  }
}
