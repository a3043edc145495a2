import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';

/** To whom the customers of a campaign go: by its rule, among the managers below its unit. */
export interface Assigning {
  assignment: 'owner' | 'round-robin' | 'load';
  orgPath: string;
}

interface LaunchedCampaign extends Assigning {
  id: string;
  endsOn: string | null;
  segment: string | null;
}

/** Turns a frozen audience into call lists: set-based, deterministic, and harmless when it runs twice. */
@Injectable()
export class ListFilling {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns the number of tasks made; a campaign that was closed meanwhile gets none. */
  async fill(campaignId: string): Promise<number> {
    const now = this.clock.now();
    return this.db.tx(async (tx) => {
      await lockList(tx, campaignId);
      const campaign = await this.launched(tx, campaignId);
      if (!campaign) return 0;
      return tx.run(sql`
        with included as materialized (
          select a.customer_id, a.line_id, c.manager_id, c.star_level as star, coalesce(l.arpu_fen, 0) as value,
                 row_number() over (order by c.star_level desc, coalesce(l.arpu_fen, 0) desc, a.customer_id) as place
          from campaigns.v_audience a
          join customers.v_customer c on c.id = a.customer_id
          join customers.v_line l on l.id = a.line_id
          where a.campaign_id = ${campaign.id} and a.excluded is null)
        insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, deadline_on, star, expected_value, list_source, created_at)
        select ${campaign.id}, i.customer_id, i.line_id, w.owner_id, ${dayOf(now)}::date, ${campaign.endsOn}::date, i.star, i.value,
               ${campaign.segment}::text, ${now}::timestamptz
        from included i ${ownersOf(campaign)}
        order by i.place
        on conflict (campaign_id, customer_id, cycle) do nothing`);
    });
  }

  /** A closed campaign calls off what is still open; a task somebody holds is left to its holder. @returns how many */
  async callOff(campaignId: string): Promise<number> {
    return this.db.tx(async (tx) => {
      await lockList(tx, campaignId);
      return tx.run(sql`
        update calls.task t set state = 'cancelled', close_reason = 'campaign_closed', callback_at = null, closed_at = ${this.clock.now()}
        from campaigns.v_campaign c
        where c.id = t.campaign_id and c.state = 'closed' and t.campaign_id = ${campaignId} and t.state = 'open'`);
    });
  }

  private launched(tx: Queryable, campaignId: string): Promise<LaunchedCampaign | undefined> {
    return tx.maybe<LaunchedCampaign>(sql`
      select c.id, c.assignment, o.path as "orgPath", c.ends_on as "endsOn", s.code as segment
      from campaigns.v_campaign c
      join staff.v_org_unit o on o.id = c.org_unit_id
      left join segments.v_segment s on s.id = c.segment_id
      where c.id = ${campaignId} and c.state in ('running', 'paused')`);
  }
}

/** Filling, adding to and calling off one list wait for each other, so that none is filled after its end. */
export const lockList = async (tx: Queryable, campaignId: string): Promise<void> => {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtext('calls.list'), ${campaignId}::bigint::int)`);
};

/**
 * Joins `included i` with the person each customer goes to, as `w.owner_id` (CAM-3). Of `i` it needs `manager_id` and `place`: 1, 2, 3 … for a
 * turn by load, any row of numbers for a round robin.
 */
export function ownersOf(campaign: Assigning): Sql {
  if (campaign.assignment === 'owner') return sql`left join (select id as owner_id from staff.v_user where active) w on w.owner_id = i.manager_id`;
  return campaign.assignment === 'round-robin' ? inTurn(campaign) : byLoad(campaign);
}

const managersOf = (campaign: Assigning): Sql => sql`
  select u.id, greatest(u.daily_capacity, 1) as capacity, row_number() over (order by u.username) - 1 as turn, count(*) over () as managers
  from staff.v_user u
  where u.role = 'manager' and u.active and u.daily_capacity > 0 and starts_with(u.org_path, ${campaign.orgPath}::text)`;

const inTurn = (campaign: Assigning): Sql => sql`
  left join (select id as owner_id, turn, managers from (${managersOf(campaign)}) m) w on w.turn = (i.place - 1) % w.managers`;

/**
 * Water filling: every manager offers places, each at the load it would leave behind (open tasks ÷ capacity); the lowest places are taken.
 * `level` bounds the places a manager can possibly need, so that the offer stays about as long as the list.
 */
const byLoad = (campaign: Assigning): Sql => sql`
  left join (
    select offer.owner_id, row_number() over (order by offer.load_after, offer.turn) as place
    from (
      select p.id as owner_id, p.turn, (p.open + seat.nth)::float8 / p.capacity as load_after
      from (
        select m.id, m.turn, m.capacity, busy.open,
               max(busy.open::float8 / m.capacity) over () + (select count(*) from included) / sum(m.capacity) over () + 1 as level
        from (${managersOf(campaign)}) m
        cross join lateral (select count(*) as open from calls.task t where t.owner_id = m.id and t.state in ('open', 'claimed')) busy) p
      cross join lateral generate_series(1, greatest(0, ceil(p.level * p.capacity) - p.open)::int) seat(nth)) offer) w on w.place = i.place`;
