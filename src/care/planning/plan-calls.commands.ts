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
  deadline_on date, due_on date, over_capacity boolean not null default false
) on commit drop`);

/** Calls of the standing campaigns, made or to be made: what takes up a manager's day. */
const TASKS = sql`(
  select t.owner_id, t.due_on from calls.v_task t
  where t.state not in ('cancelled', 'recycled') and t.campaign_id in (select p.id from campaigns.v_campaign p where p.standing))`;

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
    await tx.run(rawSql('drop table care_contact'));
    return { ...Object.fromEntries(run.rules.map(({ rule }) => [rule.code, 0])), ...planned };
  }

  /**
   * Makes contacts of the candidates that go with no other call, in the table `care_contact`, and gives each a day.
   * @param booked what stands on the managers' lists: a relation of owner_id, due_on
   */
  async spread(tx: Tx, day: Day, booked: Sql): Promise<void> {
    await this.merge(tx);
    await this.place(tx, day, booked);
  }

  /**
   * One contact for all reasons of a customer that may be told before the nearest deadline; each of the others is its own. It belongs
   * to the best reason's campaign.
   */
  private async merge(tx: Tx): Promise<void> {
    await tx.run(sql`
      update care_candidate k set contact = g.contact
      from (select w.rule_code, w.customer_id, w.cycle,
                   case when w.from_on <= w.nearest then 0 else row_number() over (partition by w.customer_id order by w.sort, w.cycle) end as contact
            from (select k.*, min(case when k.late then ${OPEN_END}::date else k.deadline_on end) over (partition by k.customer_id) as nearest
                  from care_candidate k where k.channel = 'call' and k.task_id is null) w) g
      where k.rule_code = g.rule_code and k.customer_id = g.customer_id and k.cycle = g.cycle`);
    await tx.run(CONTACT_TABLE);
    await tx.run(sql`
      insert into care_contact (customer_id, contact, owner_id, line_id, star, rule_code, cycle, from_on, until_on, deadline_on)
      select k.customer_id, k.contact, min(k.owner_id), min(k.line_id), min(k.star), (array_agg(k.rule_code order by k.sort, k.cycle))[1],
             (array_agg(k.cycle order by k.sort, k.cycle))[1], max(k.from_on), min(case when k.late then ${OPEN_END}::date else k.deadline_on end), min(k.deadline_on)
      from care_candidate k where k.contact is not null
      group by k.customer_id, k.contact`);
    await tx.run(rawSql('analyze care_contact'));
  }

  /** Contacts with the same owner and window are alike but for their order, so only their number is levelled. */
  private async place(tx: Tx, day: Day, booked: Sql): Promise<void> {
    const classes = await tx.rows<Class>(sql`
      select owner_id as owner, from_on as "from", until_on as until, count(*)::int as count from care_contact group by 1, 2, 3 order by 1, 2, 3`);
    if (classes.length === 0) return;
    const rooms = await this.rooms(tx, day, { owners: [...new Set(classes.map(({ owner }) => owner))], booked });
    const placed = [...rooms].flatMap(([owner, days]) =>
      placeOwner(
        classes.filter((one) => one.owner === owner),
        days,
      ),
    );
    await tx.run(sql`
      update care_contact k set due_on = p.day, over_capacity = p.over
      from (select customer_id, contact, owner_id, from_on, until_on,
                   row_number() over (partition by owner_id, from_on, until_on order by star desc, deadline_on, customer_id) as place
            from care_contact) r
      join jsonb_to_recordset(${JSON.stringify(placed)}::jsonb) as p(owner bigint, "from" date, until date, first int, last int, day date, over boolean)
        on p.owner = r.owner_id and p."from" = r.from_on and p.until = r.until_on and r.place between p.first and p.last
      where k.customer_id = r.customer_id and k.contact = r.contact`);
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
    await this.tasks.plan(
      tx,
      sql`select p.id as campaign_id, k.customer_id, k.line_id, k.cycle, k.owner_id, k.due_on, k.deadline_on, k.star, k.over_capacity
          from care_contact k join campaigns.v_campaign p on p.code = k.rule_code where k.due_on is not null`,
    );
  }

  private async makeDue(tx: Tx, run: RunUnderWay): Promise<Record<string, number>> {
    const rows = await tx.rows<{ code: string; count: number }>(sql`
      with made as (
        insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, task_id, plan_run_id, created_at)
        select k.rule_code, k.customer_id, k.cycle, k.channel, coalesce(k.due_on, x.due_on), k.deadline_on, k.counts_from, k.facts, k.policy_version,
               coalesce(k.task_id, t.id), ${run.id}, ${this.clock.now()}
        from care_candidate k
        left join care_contact x on x.customer_id = k.customer_id and x.contact = k.contact
        left join campaigns.v_campaign p on p.code = x.rule_code
        left join calls.v_task t on t.campaign_id = p.id and t.customer_id = x.customer_id and t.cycle = x.cycle
        where k.channel = 'call' and coalesce(k.task_id, t.id) is not null
        on conflict do nothing
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
