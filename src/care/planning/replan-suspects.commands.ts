import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { UNTOUCHED } from '../../calls/tasks.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { RuleRow } from '../care.types.js';
import { RULES } from '../rules/rule-list.policy.js';

export interface ReplanAsk {
  /** A condition on `customers.v_customer c`. */
  who: Sql;
  /** Judges all their calls, not only those something has changed for. */
  all?: boolean;
  /** Changes so much older than the plan count too. */
  sinceHours?: number;
}

/** What no waiting helps against; what gives way again only holds a call back on the day it is made. */
const LASTING_REFUSALS = ['inactive', 'blocked', 'opted_out', 'no_consent', 'invalid_number'];

/** Calls that nobody has begun, of rules that stand by what they named. */
const SUSPECT_TABLE = rawSql(`create temp table care_suspect (
  rule_code text, customer_id bigint, cycle text, deadline_on date, task_id bigint, policy_version int, moved_star boolean, why text
) on commit drop`);
const NAMED_TABLE = rawSql(
  `create temp table care_named (rule_code text, customer_id bigint, cycle text, deadline_on date, late boolean) on commit drop`,
);

export const LASTING = RULES.filter(({ lasting }) => lasting).map(({ code }) => code);

/** Finds the planned calls that may not stand any more, in the table `care_suspect`, and says of each why it does not: null = it stands. */
@Injectable()
export class ReplanSuspects {
  constructor(
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
  ) {}

  /** @returns how many calls are to be judged */
  async gather(tx: Tx, rows: readonly RuleRow[], { who, all = false, sinceHours = 0 }: ReplanAsk): Promise<number> {
    const versions = JSON.stringify(Object.fromEntries(rows.map(({ code, version }) => [code, version])));
    const changed = sql`and (
      c.updated_at > d.created_at - make_interval(hours => ${sinceHours}::int) or d.policy_version <> (${versions}::jsonb ->> d.rule_code)::int
      or c.id in (select l.customer_id from contact.v_block b join customers.v_line l on l.number = b.number))`;
    await tx.run(SUSPECT_TABLE);
    const found = await tx.run(sql`
      insert into care_suspect
      select d.rule_code, d.customer_id, d.cycle, d.deadline_on, d.task_id, d.policy_version, t.star <> c.star_level
      from care.due d
      join calls.v_task t on t.id = d.task_id
      join customers.v_customer c on c.id = d.customer_id
      where d.state = 'open' and d.channel = 'call' and d.rule_code = any(${LASTING}::text[]) and ${UNTOUCHED} and ${who} ${all ? emptySql : changed}`);
    await tx.run(rawSql('analyze care_suspect (customer_id, rule_code)'));
    return found;
  }

  /** Says of each whether it still stands: what is overdue is still owed, unless the customer is gone or the rule off. */
  async judge(tx: Tx, inForce: readonly RuleInForce[], today: Day): Promise<void> {
    await tx.run(NAMED_TABLE);
    const named = inForce.flatMap(({ rule, settings }) => {
      const candidates = rule.candidates(settings, { day: today, who: sql`c.id in (select customer_id from care_suspect)` });
      return candidates
        ? [sql`select ${rule.code}::text, q.customer_id, q.cycle, q.deadline_on, q.late from (${candidates}) q where q.channel = 'call'`]
        : [];
    });
    if (named.length > 0) await tx.run(sql`insert into care_named ${joinSql(named, ' union all ')}`);
    const callDay = (await this.calendar.isWorkingDay(today)) ? today : await this.calendar.nextWorkingDay(today);
    const asked = sql`
      select k.customer_id, k.line_id, k.number from customers.v_contact_line k where k.customer_id in (select customer_id from care_suspect)`;
    const versions = JSON.stringify(Object.fromEntries(inForce.map((one) => [one.rule.code, one.version])));
    await tx.run(sql`
      update care_suspect s set why = case
        when g.reason = any(${LASTING_REFUSALS}::text[]) then g.reason
        when not ${versions}::jsonb ? s.rule_code then 'rule_off'
        when s.deadline_on < ${today}::date then null
        when exists (select from care_named n where n.rule_code = s.rule_code and n.customer_id = s.customer_id and n.cycle = s.cycle
                     and (n.late or n.deadline_on = s.deadline_on)) then null
        when s.moved_star then 'star'
        when s.policy_version <> (${versions}::jsonb ->> s.rule_code)::int then 'policy'
        when s.rule_code = 'birthday' then 'birthday'
        else 'facts' end
      from (${this.contact.plannable(asked, { channel: 'call', purpose: 'care', day: callDay, caps: false })}) g
      where g.customer_id = s.customer_id`);
    await tx.run(rawSql('drop table care_named'));
  }
}
