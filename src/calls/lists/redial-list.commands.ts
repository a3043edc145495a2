import { Injectable } from '@nestjs/common';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, atTime, type Day, dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { bestSlotAt, type SlotScore } from '../claims/best-slot.policy.js';
import { slotScoresOf } from '../claims/best-slot.queries.js';
import type { RedialListForm } from './redial-list.forms.js';

export interface RedialList {
  /** Tasks that would be, or were, put off. */
  tasks: number;
  /** The hour of those whose customer's own is not known, or of all. */
  notBefore: Date;
  /** How many go to their customer's own hour; only where that was asked for. */
  own?: number;
  /** How many go to which hour; only where each goes to its own. */
  hours?: { at: Date; tasks: number }[];
}

/** Where one task goes. */
interface Place {
  id: string;
  at: Date;
  own: boolean;
}

interface Candidate {
  id: string;
  customerId: string;
  lastAt: Date;
  gap: number;
  notBefore: Date | null;
  /** Last day of the campaign: after it nobody is called. */
  endsOn: Day | null;
}

/** So many customers are asked about in one statement. */
const A_BATCH = 2_000;

/** Puts the calls of a campaign that did not connect off to an hour in which more do (CAM-8). */
@Injectable()
export class RedialLists {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsQueries,
    private readonly audit: Audit,
  ) {}

  /** How many tasks it would be; nothing is written. @throws DomainError not_found */
  async preview(user: CurrentUser, code: string, form: RedialListForm): Promise<RedialList> {
    const campaign = await this.campaigns.byCode(user, code);
    return this.listOf(await this.places(this.db, this.chosen(user, campaign.id), form), form);
  }

  /**
   * Open tasks whose last dial did not connect and that may be dialled again wait for the next such hour, or each for the one its customer is likely to answer in.
   * Promised callbacks, tasks that wait longer anyway and those whose hour would come after the campaign's last day keep their time; a second time there is nothing left to put off.
   * @throws DomainError not_found · `campaign_not_running`, `redial_nothing` (409)
   */
  async make(user: CurrentUser, code: string, form: RedialListForm): Promise<RedialList> {
    const campaign = await this.campaigns.byCode(user, code);
    if (campaign.state !== 'running') throw new DomainError('campaign_not_running', { status: 409 });
    return this.db.tx(async (tx) => {
      const places = await this.places(tx, sql`${this.chosen(user, campaign.id)} order by t.id for update of t`, form);
      const list = this.listOf(places, form);
      if (list.tasks === 0) throw new DomainError('redial_nothing', { status: 409 });
      await tx.run(sql`
        update calls.task t set not_before = p.at, refused_reason = null
        from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as p(id bigint, at timestamptz) where t.id = p.id`);
      await tx.run(sql`
        insert into calls.redial_list (campaign_id, not_before, tasks, by_user, at)
        values (${campaign.id}, ${list.notBefore}, ${list.tasks}, ${user.id}, ${this.clock.now()})`);
      const detail = { notBefore: list.notBefore.toISOString(), tasks: list.tasks, ...(form.own ? { own: list.own } : {}) };
      await this.audit.record(tx, user, { action: 'campaign.redial-list', object: 'campaign', id: campaign.code, detail });
      return list;
    });
  }

  /** The next time the clock shows that hour. */
  private next(from: number): Date {
    const now = this.clock.now();
    const time = `${String(from).padStart(2, '0')}:00`;
    const today = atTime(dayOf(now), time);
    return today > now ? today : atTime(addDays(dayOf(now), 1), time);
  }

  /** Where each task goes that does not wait so long already: by the one rule of the best slot, which outcomes follow too. */
  private async places(on: Queryable, chosen: Sql, { from, own }: RedialListForm): Promise<Place[]> {
    const slot = this.next(from);
    const now = this.clock.now();
    const places: Place[] = [];
    const candidates = await on.rows<Candidate>(chosen);
    for (let i = 0; i < candidates.length; i += A_BATCH) {
      const batch = candidates.slice(i, i + A_BATCH);
      const scores = own ? await slotScoresOf(on, [...new Set(batch.map(({ customerId }) => customerId))], now) : new Map<string, SlotScore[]>();
      for (const { id, customerId, lastAt, gap, notBefore, endsOn } of batch) {
        const best = bestSlotAt(scores.get(customerId) ?? [], lastAt, gap, now);
        const at = best ?? slot;
        const tooLate = endsOn !== null && dayOf(at) > endsOn;
        if (!tooLate && (!notBefore || notBefore < at)) places.push({ id, at, own: best !== null });
      }
    }
    return places;
  }

  private listOf(places: readonly Place[], { from, own }: RedialListForm): RedialList {
    const list = { tasks: places.length, notBefore: this.next(from) };
    if (!own) return list;
    const times = [...new Set(places.map(({ at }) => at.getTime()))].sort((a, b) => a - b);
    const hours = times.map((time) => ({ at: new Date(time), tasks: places.filter(({ at }) => at.getTime() === time).length }));
    return { ...list, own: places.filter((place) => place.own).length, hours };
  }

  /** Of the people in the asker's units alone. */
  private chosen(user: CurrentUser, campaignId: string): Sql {
    return sql`
      select t.id, t.customer_id as "customerId", coalesce(t.last_attempt_at, t.created_at) as "lastAt", c.min_gap_minutes as gap, t.not_before as "notBefore",
             c.ends_on as "endsOn"
      from calls.task t
      join campaigns.v_campaign c on c.id = t.campaign_id
      join calls.outcome o on o.code = t.last_outcome
      join staff.v_user u on u.id = t.owner_id
      where t.campaign_id = ${campaignId} and t.state = 'open' and t.callback_at is null and not o.connected and o.redial in ('other_slot', 'same_day')
        and ${inScope(user, sql`u.org_path`)}`;
  }
}
