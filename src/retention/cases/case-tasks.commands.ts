import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { stampText } from '../../platform/views/formats.js';
import { TASK_VALUE } from './case-facts.queries.js';

/** The standing campaign of all retention calls. */
export const RETENTION = 'retention';

const MADE = rawSql('case_task_made');

/** Puts the calls of cases on lists: to the customer's own manager, else to whoever of the nearest unit has the fewest of them. */
@Injectable()
export class CaseTasks {
  constructor(
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly contact: ContactQueries,
  ) {}

  /** A minute that is promised must be one at which anybody may be called: the gate would refuse the call then (GOV-4). @throws DomainError retention_hours */
  refuseClosed(at: Date): void {
    const { open, until } = this.contact.windowState(at, 'call', 'callback');
    if (!open) throw new DomainError('retention_hours', { param: 'at', params: { nearest: stampText(until) ?? '—' } });
  }

  /**
   * The next round of each case that has no call to be made. Without anybody to make it there is none: a supervisor gives such a case to somebody.
   * @param which a condition on `retention.churn_case k`
   * @param to whom and when; the day of the case and its own manager without it
   */
  async plan(
    tx: Tx,
    which: Sql,
    { ownerId = null, dueOn = dayOf(this.clock.now()) }: { ownerId?: string | null; dueOn?: Day } = {},
  ): Promise<number> {
    await this.tasks.lockPlanning(tx);
    await tx.run(sql`create temp table case_task_made (task_id bigint, campaign_id bigint, customer_id bigint, cycle text) on commit drop`);
    const made = await this.tasks.plan(tx, wantedSql(which, { ownerId, dueOn }), MADE, { valued: true });
    await tx.run(sql`
      insert into retention.case_task (task_id, case_id, round)
      select m.task_id, k.id, coalesce(nullif(split_part(m.cycle, '/', 2), ''), '1')::smallint
      from ${MADE} m join retention.churn_case k on k.no = split_part(m.cycle, '/', 1)`);
    await tx.run(sql`drop table ${MADE}`);
    return made;
  }

  /** The next round of one case, on a day or at a minute that was promised. @returns whether there is anybody to call */
  async planOne(tx: Tx, caseId: string, call: { ownerId?: string | null; dueOn: Day; at: Date | null }): Promise<boolean> {
    const { ownerId = null, dueOn, at } = call;
    const made = await this.plan(tx, sql`k.id = ${caseId}::bigint`, { ownerId, dueOn });
    if (made > 0 && at) {
      const task = await tx.one<{ id: string }>(
        sql`select task_id as id from retention.case_task where case_id = ${caseId} order by round desc limit 1`,
      );
      await this.tasks.moveTo(tx, task.id, { dueOn, at });
    }
    return made > 0;
  }
}

/** Of the managers near a case: those of its unit and below, else of the units above, the nearest first. */
const NEAR = sql`
  select u.id, u.username, u.org_path,
         (select count(*) from calls.v_task t where t.owner_id = u.id and t.state in ('open', 'claimed') and t.campaign_id = (select id from campaign)) as load
  from staff.v_user u where u.role = 'manager' and u.active and u.daily_capacity > 0`;

/** Customers of nobody take turns over the managers of their unit; where it has none, of the city it lies in. */
const wantedSql = (which: Sql, { ownerId, dueOn }: { ownerId: string | null; dueOn: Day }): Sql => sql`
  with campaign as (select id from campaigns.v_campaign where code = ${RETENTION} and standing),
  cases as (
    select k.id, k.no, k.customer_id, k.line_id, k.star, k.rank, k.call_by, o.path,
           (select coalesce(max(t.round), 0) + 1 from retention.case_task t where t.case_id = k.id) as round,
           coalesce(${ownerId}::bigint, (select u.id from staff.v_user u where u.id = c.manager_id and u.active and u.role = 'manager')) as owner_id
    from retention.churn_case k join customers.v_customer c on c.id = k.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
    where ${which} and k.state in ('open', 'talking')
      and not exists (select from retention.case_task t join calls.v_task x on x.id = t.task_id
                      where t.case_id = k.id and x.state in ('open', 'claimed', 'recycled'))),
  near as (${NEAR}),
  pools as (
    select p.path, n.id, row_number() over (partition by p.path order by n.load, n.username) as place, count(*) over (partition by p.path) as managers
    from (select distinct path from cases where owner_id is null) p
    join near n on starts_with(n.org_path, case
      when exists (select from near m where starts_with(m.org_path, p.path)) then p.path else regexp_replace(p.path, '[0-9]+/$', '') end)),
  turns as (
    select x.id, x.path, row_number() over (partition by x.path order by x.rank desc, x.id) - 1 as turn from cases x where x.owner_id is null),
  owned as (
    select x.*, coalesce(x.owner_id, p.id) as owner
    from cases x left join turns t on t.id = x.id left join pools p on p.path = t.path and p.place = 1 + t.turn % p.managers)
  select (select id from campaign) as campaign_id, k.customer_id, w.line_id, k.no || case when k.round > 1 then '/' || k.round else '' end as cycle,
         k.owner as owner_id, ${dueOn}::date as due_on, greatest(platform.day_of(k.call_by), ${dueOn}::date) as deadline_on, k.star, false as over_capacity,
         ${TASK_VALUE} as expected_value
  from owned k
  cross join lateral (
    select coalesce(
      (select l.id from customers.v_line l where l.id = k.line_id and l.customer_id = k.customer_id and l.number is not null and l.kind <> 'broadband'
         and l.health <> 'invalid' and l.status <> 'churned'),
      (select n.line_id from customers.v_contact_line n where n.customer_id = k.customer_id)) as line_id) w
  where k.owner is not null and w.line_id is not null and exists (select from campaign)`;
