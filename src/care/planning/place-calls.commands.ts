import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { addDays, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { RULES } from '../rules/rule-list.policy.js';
import { level, type Room, type Want } from './level.policy.js';
import { PLAN_AHEAD_DAYS } from './plan.types.js';

/** "As soon as there is room", as a date that can be compared. */
export const OPEN_END = 'infinity';

const CONTACT_TABLE = rawSql(`create temp table care_contact (
  customer_id bigint, contact int, owner_id bigint, line_id bigint, star smallint, rule_code text, cycle text, from_on date, until_on date,
  deadline_on date, place bigint
) on commit drop`);
const PLACE_TABLE = rawSql(
  `create temp table care_place (owner bigint, "from" date, until date, first int, last int, day date, over boolean) on commit drop`,
);

/** The contacts with their days; those of somebody who has no day at all are missing. */
export const CONTACTS = sql`(
  select x.customer_id, x.contact, x.owner_id, x.line_id, x.star, x.rule_code, x.cycle, x.deadline_on, p.day as due_on, p.over as over_capacity
  from care_contact x
  join care_place p on p.owner = x.owner_id and p."from" = x.from_on and p.until = x.until_on and x.place between p.first and p.last)`;

/** Calls of the standing campaigns, made or to be made: what takes up a manager's day. */
export const TASKS = sql`(
  select t.id, t.owner_id, t.due_on from calls.v_task t
  where t.state not in ('cancelled', 'recycled') and t.campaign_id in (select p.id from campaigns.v_campaign p where p.standing))`;

const OWN_TASK = RULES.flatMap(({ code, counting }) => (counting === 'own-task' ? code : []));

/** `counts_from` of a promise (of care.due or a candidate) whose call has the day `day`: a contact of its own that comes before a day off still keeps it. */
export const countsFrom = (promise: 'd' | 'k', day: Sql): Sql => {
  const from = rawSql(`${promise}.counts_from`);
  return sql`case when ${rawSql(promise)}.rule_code = any(${OWN_TASK}::text[]) then least(${from}, ${day}) else ${from} end`;
};

interface Class extends Want {
  owner: string;
  until: Day;
}

interface Placed {
  owner: string;
  from: Day;
  until: Day;
  first: number;
  last: number;
  day: Day;
  over: boolean;
}

/** Gives contacts a day each: spread over the days their owners are rostered, beside what is booked there (CAR-1). */
@Injectable()
export class PlaceCalls {
  constructor(private readonly calendar: CalendarQueries) {}

  /**
   * Fills the tables `care_contact` and `care_place`, from which {@link CONTACTS} reads. Those of one owner and window are numbered: the first ones
   * come earliest, customers at high risk before all others (CUS-5).
   * @param contacts a select of customer_id, contact (several of one customer are told apart by it), owner_id, line_id, star, rule_code, cycle,
   *   from_on, until_on ({@link OPEN_END}: as soon as there is room), deadline_on
   * @param booked what stands on the managers' lists: a relation of owner_id, due_on
   */
  async place(tx: Tx, day: Day, { contacts, booked }: { contacts: Sql; booked: Sql }): Promise<void> {
    await tx.run(CONTACT_TABLE);
    await tx.run(sql`
      insert into care_contact (customer_id, contact, owner_id, line_id, star, rule_code, cycle, from_on, until_on, deadline_on, place)
      select x.*, row_number() over (partition by x.owner_id, x.from_on, x.until_on order by h.tier is null, x.star desc, x.deadline_on, x.customer_id)
      from (${contacts}) x
      left join reporting.customer_health h on h.customer_id = x.customer_id and h.tier = 'high-risk'`);
    await tx.run(rawSql('analyze care_contact (customer_id, owner_id, rule_code, from_on, until_on)'));
    await this.level(tx, day, booked);
  }

  /** Contacts with the same owner and window are alike but for their order, so only their number is levelled. */
  private async level(tx: Tx, day: Day, booked: Sql): Promise<void> {
    await tx.run(PLACE_TABLE);
    const classes = await tx.rows<Class>(sql`
      select owner_id as owner, from_on as "from", until_on as until, count(*)::int as count from care_contact group by 1, 2, 3 order by 1, 2, 3`);
    if (classes.length === 0) return;
    const byOwner = new Map<string, Class[]>(classes.map(({ owner }) => [owner, []]));
    for (const one of classes) byOwner.get(one.owner)?.push(one);
    const rooms = await this.rooms(tx, day, { owners: [...byOwner.keys()], booked });
    const placed = [...rooms].flatMap(([owner, days]) => placeOwner(byOwner.get(owner) ?? [], days));
    await tx.run(sql`
      insert into care_place
      select * from jsonb_to_recordset(${JSON.stringify(placed)}::jsonb) as p(owner bigint, "from" date, until date, first int, last int, day date, over boolean)`);
    await tx.run(rawSql('analyze care_place'));
  }

  /** The days each owner is rostered from the day on, and how many care calls still fit on each; and those of absence on which a deputy works. */
  async rooms(tx: Tx, day: Day, { owners, booked }: { owners: readonly string[]; booked: Sql }): Promise<Map<string, Room[]>> {
    const until = addDays(day, PLAN_AHEAD_DAYS);
    const rows = await tx.rows<Room & { owner: string }>(sql`
      with rota as materialized (
        select r.user_id, r.day, r.rostered, r.share, r.calls, r.deputy_id from calendar.v_rota(${day}, ${until}) r
        where r.user_id = any(${owners}::bigint[]) or r.user_id in (select a.deputy_id from calendar.v_absence a where a.to_day >= ${day}::date))
      select r.user_id as owner, r.day, greatest(0, r.calls - coalesce(b.tasks, 0))::int as room, r.share = 0 as "stoodIn"
      from rota r
      join calendar.v_day d on d.day = r.day and d.closed_festival is null -- whoever is on duty then keeps promises and makes no care calls (GOV-4)
      left join (select t.owner_id, t.due_on, count(*) as tasks from ${booked} t
                 where t.owner_id = any(${owners}::bigint[]) and t.due_on between ${day}::date and ${until}::date
                 group by 1, 2) b on b.owner_id = r.user_id and b.due_on = r.day
      left join rota e on r.share = 0 and r.rostered > 0 and e.user_id = r.deputy_id and e.day = r.day
      where r.user_id = any(${owners}::bigint[]) and (r.share > 0 or e.share > 0)
      order by r.user_id, r.day`);
    const rooms = new Map<string, Room[]>(owners.map((owner) => [owner, []]));
    for (const { owner, ...room } of rows) rooms.get(owner)?.push(room);
    const away = [...rooms.values()].filter((days) => days.every(({ stoodIn }) => stoodIn));
    if (away.length > 0) {
      // somebody away all the time: planned for the next working day and flagged, so that a supervisor sees it
      const next = (await this.calendar.isWorkingDay(day)) ? day : await this.calendar.nextWorkingDay(day);
      for (const days of away) days.push({ day: days[0]?.day ?? next, room: 0 });
    }
    return rooms;
  }
}

/** The rows of a class are placed one after the other: the first ones earliest. */
function placeOwner(classes: readonly Class[], days: readonly Room[]): Placed[] {
  const wants = classes.map(({ from, until, count }) => ({ from, until: until === OPEN_END ? null : until, count }));
  const next = classes.map(() => 1);
  const placements = level(wants, days).sort((a, b) => Number(a.over) - Number(b.over) || a.day.localeCompare(b.day));
  return placements.flatMap(({ want, day, count, over }) => {
    const place = classes[want];
    const first = next[want];
    if (!place || first === undefined) return [];
    next[want] = first + count;
    return [{ owner: place.owner, from: place.from, until: place.until, first, last: first + count - 1, day, over }];
  });
}
