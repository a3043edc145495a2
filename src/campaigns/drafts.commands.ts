import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { Database } from '../platform/database/database.js';
import { takeCode } from '../platform/database/free-code.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CAMPAIGN_CODES } from './campaign-codes.types.js';
import { CampaignsQueries } from './campaigns.queries.js';
import type { Campaign } from './campaigns.types.js';
import { newDetails } from './wizard/wizard.views.js';

const FOREIGN_KEY = '23503';
const isReferenced = (error: unknown): boolean => (error as { code?: string }).code === FOREIGN_KEY;

/** Drafts made from other campaigns, and the way back: a draft nobody wants is deleted (CAM-1). */
@Injectable()
export class Drafts {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: CampaignsQueries,
    private readonly catalogue: Catalogue,
    private readonly audit: Audit,
  ) {}

  /**
   * A draft of the user's own unit with everything of a campaign but its dates and its history; a hold-out is drawn anew.
   * @throws DomainError `not_found`, `campaign_standing_copy` (409)
   */
  copy(user: CurrentUser, code: string): Promise<Campaign> {
    return this.db.tx(async (tx) => {
      const from = await this.queries.byCode(user, code, tx);
      if (from.standing) throw new DomainError('campaign_standing_copy', { status: 409 });
      const now = this.clock.now();
      const today = dayOf(now);
      const { code: fresh, startsOn, endsOn } = newDetails(today, await takeCode(tx, CAMPAIGN_CODES, today));
      // a wave calls who is on the lists before it: its copy is a campaign of its own and has the audience of the first one
      const first = (from.waveOf && (await this.queries.byId(from.waveOf, tx))) || from;
      const name = this.catalogue.t(user.locale, 'campaigns.copy_of', { name: from.name.slice(0, 70) });
      const { id } = await tx.one<{ id: string }>(sql`
        insert into campaigns.campaign (code, name, kind, goal, starts_on, ends_on, segment_id, filter, exclude_segment_ids, exclude_filter, script, variants, max_attempts, min_gap_minutes,
          first_dial_hours, completion_hours, limit_hours, assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, sms_step, caller_number, product_family,
          org_unit_id, created_by, created_at, updated_at)
        select ${fresh}, ${name}, kind, goal, ${startsOn}, ${endsOn}, coalesce(segment_id, ${first.segmentId}), coalesce(filter, ${first.filter}::jsonb), exclude_segment_ids, exclude_filter, script, variants, max_attempts, min_gap_minutes,
          first_dial_hours, completion_hours, limit_hours, assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, sms_step, caller_number, product_family,
          ${await this.queries.homeOf(user, tx)}, ${user.id}, ${now}, ${now}
        from campaigns.campaign where id = ${from.id} returning id`);
      await tx.run(sql`insert into campaigns.transition (campaign_id, to_state, by_user, at) values (${id}, 'draft', ${user.id}, ${now})`);
      await this.audit.record(tx, user, { action: 'campaign.copied', object: 'campaign', id, detail: { code: fresh, from: code } });
      return this.queries.byCode(user, fresh, tx);
    });
  }

  /**
   * Deletes a draft for good; nothing was done with it yet.
   * @throws DomainError `not_found`, `campaign_of_upper_unit` (403), `campaign_not_draft`, `campaign_building`, `campaign_in_use` (409)
   */
  async discard(user: CurrentUser, code: string): Promise<Campaign> {
    const discard = this.db.tx(async (tx) => {
      const campaign = await this.queries.lockToChange(tx, user, code);
      if (campaign.state !== 'draft') throw new DomainError('campaign_not_draft', { status: 409 });
      if (campaign.building) throw new DomainError('campaign_building', { status: 409 });
      await tx.run(sql`delete from campaigns.approval where campaign_id = ${campaign.id}`);
      await tx.run(sql`delete from campaigns.transition where campaign_id = ${campaign.id}`);
      await tx.run(sql`delete from campaigns.campaign where id = ${campaign.id}`);
      await this.audit.record(tx, user, { action: 'campaign.discarded', object: 'campaign', id: campaign.id, detail: { code, name: campaign.name } });
      return campaign;
    });
    return discard.catch((error: unknown) => {
      throw isReferenced(error) ? new DomainError('campaign_in_use', { status: 409 }) : error;
    });
  }
}
