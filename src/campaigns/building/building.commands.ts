import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Authenticator } from '../../platform/http/authenticator.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type ActOptions, CampaignLife } from '../campaign-life.commands.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { BuildingQueries } from './building.queries.js';
import { buildAudience } from './building.types.js';

/** From a page, a launch over many customers is taken down and carried out by a job; whoever asks by the API waits for it. */
@Injectable()
export class Building {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsQueries,
    private readonly queries: BuildingQueries,
    private readonly life: CampaignLife,
    private readonly outbox: Outbox,
    private readonly people: Authenticator,
  ) {}

  /**
   * Launches, or has it launched: a campaign over more than 20,000 customers stays a draft until its audience stands. A second press changes nothing.
   * @throws DomainError as `CampaignLife.act`
   */
  async launch(user: CurrentUser, code: string, options: ActOptions = {}): Promise<Campaign> {
    const campaign = await this.campaigns.toChange(user, code);
    const customers = campaign.state === 'draft' ? await this.queries.many(campaign, dayOf(this.clock.now())) : undefined;
    if (customers === undefined) return this.life.act(user, code, 'launch', options);
    return this.db.tx(async (tx) => {
      const draft = await this.campaigns.lockToChange(tx, user, code);
      const known = await this.queries.of(draft.id, tx);
      if (draft.state !== 'draft' || (known && !known.failedAt)) return draft;
      await tx.run(sql`
        insert into campaigns.building (campaign_id, asked_by, asked_at, expected, customers)
        values (${draft.id}, ${user.id}, ${this.clock.now()}, ${options.expected ?? null}, ${customers})
        on conflict (campaign_id) do update set asked_by = excluded.asked_by, asked_at = excluded.asked_at, expected = excluded.expected,
          customers = excluded.customers, started_at = null, built_at = null, failed_at = null, reason = null, params = '{}'`);
      await this.outbox.add(tx, buildAudience, { campaignId: draft.id });
      return this.campaigns.byCode(user, code, tx);
    });
  }

  /** The job: harmless when it runs twice. What refuses the launch is kept for whoever asked. */
  async build(campaignId: string): Promise<void> {
    const asked = await this.queries.of(campaignId);
    const campaign = await this.campaigns.byId(campaignId, this.db);
    if (!asked || !campaign || asked.builtAt || asked.failedAt) return;
    await this.db.run(sql`update campaigns.building set started_at = ${this.clock.now()} where campaign_id = ${campaignId}`);
    try {
      const user = await this.people.bySession(asked.askedBy);
      if (!user) throw new DomainError('launch_by_nobody');
      await this.life.act(user as CurrentUser, campaign.code, 'launch', asked.expected === null ? {} : { expected: asked.expected });
      await this.db.run(sql`update campaigns.building set built_at = ${this.clock.now()} where campaign_id = ${campaignId}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const params = JSON.stringify(error.params);
      await this.db.run(sql`
        update campaigns.building set failed_at = ${this.clock.now()}, reason = ${error.code}, params = ${params}::jsonb where campaign_id = ${campaignId}`);
    }
  }
}
