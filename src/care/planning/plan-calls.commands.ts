import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { TasksCommands } from '../../calls/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { level, type Room, type Want } from './level.policy.js';
import { PlanJoins } from './plan-joins.commands.js';
import { PLAN_AHEAD_DAYS, type RunUnderWay } from './plan.types.js';

/** "As soon as there is room", as a date that can be compared. */
const OPEN_END = 'infinity';

const CONTACT_TABLE = rawSql(`create temp table care_contact (
  customer_id bigint, contact int, owner_id bigint, line_id bigint, star smallint, rule_code text, cycle text, from_on date, until_on date,
  deadline_on date, place bigint
) on commit drop`);
const PLACE_TABLE = rawSql(
  `create temp table care_place (owner bigint, "from" date, until date, first int, last int, day date, over boolean) on commit drop`,
);
const TASK_TABLE = rawSql(`create temp table care_task (task_id bigint, campaign_id bigint, customer_id bigint, cycle text) on commit drop`);

/** The contacts made of the candidates with their days; those of somebody who has no day at all are missing. */
export const CONTACTS = sql`(
  select x.customer_id, x.contact, x.owner_id, x.line_id, x.star, x.rule_code, x.cycle, x.deadline_on, p.day as due_on, p.over as over_capacity
  from care_contact x
  join care_place p on p.owner = x.owner_id and p."from" = x.from_on and p.until = x.until_on and x.place between p.first and p.last)`;

/** Which contact `x` a candidate `k` has come to be told in, on a `care_candidate k left join` of contacts. */
export const TOLD_IN = rawSql(`k.channel = 'call' and k.task_id is null and x.customer_id = k.customer_id and x.contact = k.contact`);

/** Calls of the standing campaigns, made or to be made: what takes up a manager's day. */
const TASKS = sql`(
  select t.owner_id, t.due_on from calls.v_task t
  where t.state not in ('cancelled', 'recycled') and t.campaign_id in (select p.id from campaigns.v_campaign p where p.standing))`;

/** Candidates that need a call of their own. */
const OWN_CALL = rawSql(`k.channel = 'call' and k.task_id is null`);
/** The last day a candidate may be told; there is none for what is late already. */
const LAST_DAY = sql`case when k.late then ${OPEN_END}::date else k.deadline_on end`;
const STANDING_TASK = rawSql(`(select t.id from calls.v_task t where t.campaign_id = p.id and t.customer_id = x.customer_id and t.cycle = x.cycle)`);

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

/**
 * Turns the calls among the candidates into tasks: reasons of one customer that can be told in one call become one contact,
 * contacts are spread over the days the owner is rostered, each reason gets its own row in `care.due` (CAR-1, CAR-11).
 */
@Injectable()
export class PlanCalls {
  constructor(
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly calendar: CalendarQueries,
    private readonly joins: PlanJoins,
  ) {}

  /** @returns the reasons planned, by rule */
  async plan(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    await this.tasks.lockPlanning(tx);
    await this.joins.join(tx, run);
    await this.spread(tx, run.day, TASKS);
    await this.makeTasks(tx);
    const planned = await this.makeDue(tx, run);
    await tx.run(rawSql('drop table care_contact, care_place, care_task'));
    return { ...Object.fromEntries(run.rules.map(({ rule }) => [rule.code, 0])), ...planned };
  }

  /**
   * Makes contacts of the candidates that go with no other call, and gives each a day: {@link CONTACTS}, from the tables `care_contact` and `care_place`.
   * @param booked what stands on the managers' lists: a relation of owner_id, due_on
   */
  async spread(tx: Tx, day: Day, booked: Sql): Promise<void> {
    await this.merge(tx);
    await this.makeContacts(tx);
    await this.place(tx, day, booked);
  }

  /**
   * One contact for all reasons of a customer that may be told before the nearest deadline; each of the others is its own. Who has one reason only,
   * as nearly everybody, keeps contact 0.
   */
  private async merge(tx: Tx): Promise<void> {
    await tx.run(sql`
      update care_candidate k set contact = g.contact
      from (select w.rule_code, w.customer_id, w.cycle,
                   case when w.from_on <= w.nearest then 1 else 1 + row_number() over (partition by w.customer_id order by w.sort, w.cycle) end as contact
            from (select k.*, min(${LAST_DAY}) over (partition by k.customer_id) as nearest
                  from care_candidate k
                  where ${OWN_CALL} and k.customer_id in (select k.customer_id from care_candidate k where ${OWN_CALL} group by 1 having count(*) > 1)) w) g
      where k.rule_code = g.rule_code and k.customer_id = g.customer_id and k.cycle = g.cycle`);
  }

  /** A contact belongs to the best reason's campaign. Those of one owner and window are numbered: the first ones come earliest. */
  private async makeContacts(tx: Tx): Promise<void> {
    await tx.run(CONTACT_TABLE);
    await tx.run(sql`
      insert into care_contact (customer_id, contact, owner_id, line_id, star, rule_code, cycle, from_on, until_on, deadline_on, place)
      select x.*, row_number() over (partition by x.owner_id, x.from_on, x.until_on order by x.star desc, x.deadline_on, x.customer_id)
      from (select k.customer_id, k.contact, k.owner_id, k.line_id, k.star, k.rule_code, k.cycle, k.from_on, ${LAST_DAY} as until_on, k.deadline_on
            from care_candidate k where ${OWN_CALL} and k.contact = 0
            union all
            select k.customer_id, k.contact, min(k.owner_id), min(k.line_id), min(k.star), (array_agg(k.rule_code order by k.sort, k.cycle))[1],
                   (array_agg(k.cycle order by k.sort, k.cycle))[1], max(k.from_on), min(${LAST_DAY}), min(k.deadline_on)
            from care_candidate k where ${OWN_CALL} and k.contact > 0
            group by k.customer_id, k.contact) x`);
    await tx.run(rawSql('analyze care_contact (customer_id, owner_id, rule_code, from_on, until_on)'));
  }

  /** Contacts with the same owner and window are alike but for their order, so only their number is levelled. */
  private async place(tx: Tx, day: Day, booked: Sql): Promise<void> {
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

  /** The days each owner is rostered from the day on, and how many care calls still fit on each. */
  private async rooms(tx: Tx, day: Day, { owners, booked }: { owners: readonly string[]; booked: Sql }): Promise<Map<string, Room[]>> {
    const until = addDays(day, PLAN_AHEAD_DAYS);
    const rows = await tx.rows<Room & { owner: string }>(sql`
      select r.user_id as owner, r.day, greatest(0, r.calls - coalesce(b.tasks, 0))::int as room
      from calendar.v_rota(${day}, ${until}) r
      join calendar.v_day d on d.day = r.day and d.closed_festival is null -- whoever is on duty then keeps promises and makes no care calls (GOV-4)
      left join (select t.owner_id, t.due_on, count(*) as tasks from ${booked} t
                 where t.owner_id = any(${owners}::bigint[]) and t.due_on between ${day}::date and ${until}::date
                 group by 1, 2) b on b.owner_id = r.user_id and b.due_on = r.day
      where r.user_id = any(${owners}::bigint[]) and r.share > 0
      order by r.user_id, r.day`);
    const rooms = new Map<string, Room[]>(owners.map((owner) => [owner, []]));
    for (const { owner, ...room } of rows) rooms.get(owner)?.push(room);
    const away = [...rooms.values()].filter((days) => days.length === 0);
    if (away.length > 0) {
      // somebody away all the time: planned for the next working day and flagged, so that a supervisor sees it
      const next = (await this.calendar.isWorkingDay(day)) ? day : await this.calendar.nextWorkingDay(day);
      for (const days of away) days.push({ day: next, room: 0 });
    }
    return rooms;
  }

  private async makeTasks(tx: Tx): Promise<void> {
    await tx.run(TASK_TABLE);
    await this.tasks.plan(
      tx,
      sql`select p.id as campaign_id, k.customer_id, k.line_id, k.cycle, k.owner_id, k.due_on, k.deadline_on, k.star, k.over_capacity
          from ${CONTACTS} k join campaigns.v_campaign p on p.code = k.rule_code`,
      rawSql('care_task'),
    );
  }

  /** Where a contact had its task already, the reason goes to that one. */
  private async makeDue(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    const rows = await tx.rows<{ code: string; count: number }>(sql`
      with made as (
        insert into care.due as o (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, task_id, plan_run_id, created_at)
        select k.rule_code, k.customer_id, k.cycle, k.channel, coalesce(k.due_on, x.due_on), k.deadline_on, k.counts_from, k.facts, k.policy_version,
               coalesce(k.task_id, n.task_id, ${STANDING_TASK}), ${run.id}, ${this.clock.now()}
        from care_candidate k
        left join ${CONTACTS} x on ${TOLD_IN}
        left join campaigns.v_campaign p on p.code = x.rule_code
        left join care_task n on n.campaign_id = p.id and n.customer_id = x.customer_id and n.cycle = x.cycle
        where k.channel = 'call' and (k.task_id is not null or x.due_on is not null)
        on conflict (rule_code, customer_id, cycle) do update
        set state = 'open', withdrawn = false, closed_at = null, due_on = excluded.due_on, deadline_on = excluded.deadline_on, facts = excluded.facts,
            counts_from = excluded.counts_from, policy_version = excluded.policy_version, task_id = excluded.task_id,
            plan_run_id = excluded.plan_run_id, created_at = excluded.created_at
        where o.withdrawn
        returning rule_code)
      select rule_code as code, count(*)::int as count from made group by 1`);
    return Object.fromEntries(rows.map(({ code, count }) => [code, count]));
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
