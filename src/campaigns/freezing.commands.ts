import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Approvals } from './approval/approvals.commands.js';
import { AudienceQueries } from './audience.queries.js';
import { AudienceSets, freezeSql } from './audience-sets.queries.js';
import type { Campaign } from './campaigns.types.js';
import { ScriptFieldsQueries } from './script/script-fields.queries.js';

/** What stands before the first call: an audience as it is now, for good, and where the house wants it a second person's word. */
@Injectable()
export class Freezing {
  constructor(
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly sets: AudienceSets,
    private readonly approvals: Approvals,
    private readonly scripts: ScriptFieldsQueries,
  ) {}

  /**
   * @param expected the number of people who launches has read; another number refuses
   * @throws DomainError `script_field_unknown`, `audience_changed`, `approval_…` (409)
   */
  async beforeStart(tx: Tx, campaign: Campaign, expected: number | undefined): Promise<void> {
    if (!campaign.frozenAt) {
      await this.scripts.demandKnown(campaign);
      await this.freeze(tx, campaign);
    }
    const { included } = await this.audience.frozen(campaign.id, tx);
    if (!campaign.frozenAt && expected !== undefined && included !== expected) {
      throw new DomainError('audience_changed', { status: 409, param: 'confirm', params: { included } });
    }
    await this.approvals.demand(tx, campaign, included);
  }

  /** Launches of marketing campaigns take turns: two at once must not share a customer. */
  private async freeze(tx: Tx, campaign: Campaign): Promise<void> {
    const now = this.clock.now();
    if (campaign.kind === 'marketing') await tx.run(sql`select pg_advisory_xact_lock(hashtext('campaigns.launch'))`);
    const audience = await this.sets.audienceSql(campaign, await this.audience.firstDay(campaign, dayOf(now)));
    await tx.run(freezeSql(campaign.id, audience, now));
    await tx.run(sql`update campaigns.campaign set frozen_at = ${now} where id = ${campaign.id}`);
  }
}
