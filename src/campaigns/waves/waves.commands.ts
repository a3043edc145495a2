import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { takeCode } from '../../platform/database/free-code.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CAMPAIGN_CODES } from '../campaign-codes.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { newDetails } from '../wizard/wizard.views.js';
import type { WaveForm } from './waves.forms.js';
import { rootOf } from './waves.queries.js';

/** As many waves as one campaign can have. */
const MOST_WAVES = 20;

/** A list is never reset: who is to be called again is called by a new wave, a campaign of its own (R38). */
@Injectable()
export class Waves {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: CampaignsQueries,
    private readonly catalogue: Catalogue,
    private readonly audit: Audit,
  ) {}

  /**
   * A draft with how the last wave was called, and whom it takes. Its customers are those of the earlier waves: nobody comes anew.
   * @throws DomainError `not_found`, `campaign_of_upper_unit` (403), `campaign_standing_wave`, `wave_not_launched`, `wave_too_many` (409)
   */
  add(user: CurrentUser, code: string, form: WaveForm): Promise<Campaign> {
    return this.db.tx(async (tx) => {
      const from = await this.queries.lockToChange(tx, user, code);
      if (from.standing) throw new DomainError('campaign_standing_wave', { status: 409 });
      const root = rootOf(from);
      // two presses wait for each other: the second one finds the draft of the first
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('campaigns.wave'))`);
      const last = await this.lastOf(tx, root);
      if (!last.launched) throw new DomainError('wave_not_launched', { status: 409, params: { wave: last.wave, code: last.code } });
      if (last.wave >= MOST_WAVES) throw new DomainError('wave_too_many', { status: 409, params: { most: MOST_WAVES } });
      const made = await this.insert(tx, user, { root, last, form });
      const detail = { code: made, from: last.code, wave: last.wave + 1, take: form.take, mostTogether: form.mostTogether };
      const { id } = await this.queries.byCode(user, made, tx);
      await this.audit.record(tx, user, { action: 'campaign.wave-added', object: 'campaign', id, detail });
      return this.queries.byCode(user, made, tx);
    });
  }

  private lastOf(tx: Tx, root: string): Promise<{ id: string; code: string; wave: number; launched: boolean }> {
    return tx.one(sql`
      select id, code, wave, launched_at is not null as launched from campaigns.campaign where id = ${root} or wave_of = ${root} order by wave desc limit 1`);
  }

  private async insert(
    tx: Tx,
    user: CurrentUser,
    { root, last, form }: { root: string; last: { id: string; wave: number }; form: WaveForm },
  ): Promise<string> {
    const now = this.clock.now();
    const today = dayOf(now);
    const { code, startsOn, endsOn } = newDetails(today, await takeCode(tx, CAMPAIGN_CODES, today));
    const { name } = await tx.one<{ name: string }>(sql`select name from campaigns.campaign where id = ${root}`);
    const called = this.catalogue.t(user.locale, 'campaigns.wave_name', { name: name.slice(0, 68), wave: last.wave + 1 });
    const { id } = await tx.one<{ id: string }>(sql`
      insert into campaigns.campaign (code, name, kind, goal, starts_on, ends_on, script, variants, max_attempts, min_gap_minutes,
        first_dial_hours, completion_hours, limit_hours, assignment, band_lower, band_upper, band_min_attempts, call_window, sms_step, caller_number, product_family,
        wave_of, wave, wave_take, most_together, exclude_segment_ids, exclude_filter, org_unit_id, created_by, created_at, updated_at)
      select ${code}, ${called}, kind, goal, ${startsOn}, ${endsOn}, script, variants, max_attempts, min_gap_minutes,
        first_dial_hours, completion_hours, limit_hours, assignment, band_lower, band_upper, band_min_attempts, call_window, sms_step, caller_number, product_family,
        ${root}, ${last.wave + 1}, ${[...form.take]}::text[], ${form.mostTogether}, exclude_segment_ids, exclude_filter, org_unit_id, ${user.id}, ${now}, ${now}
      from campaigns.campaign where id = ${last.id} returning id`);
    await tx.run(sql`insert into campaigns.transition (campaign_id, to_state, by_user, at) values (${id}, 'draft', ${user.id}, ${now})`);
    return code;
  }
}
