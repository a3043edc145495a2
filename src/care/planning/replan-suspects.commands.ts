import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { UNTOUCHED } from '../../calls/tasks/tasks.commands.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Channel, Purpose } from '../../contact/contact.types.js';
import type { Day } from '../../kernel/day.js';
import { BlastsCommands } from '../../messaging/blasts/blasts.commands.js';
import type { Tx } from '../../platform/database/database.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { CareChannel, RuleCode, RuleRow } from '../care.types.js';
import { messagePurposeOf, RULES } from '../rules/rule-list.policy.js';

export interface ReplanAsk {
  /** A condition on `customers.v_customer c`. */
  who: Sql;
  /** Judges all their contacts, not only those something has changed for. */
  all?: boolean;
  /** Changes so much older than the plan count too. */
  sinceHours?: number;
}

/** What no waiting helps against; what gives way again only holds a contact back on the day it is made. */
const LASTING_REFUSALS = ['inactive', 'blocked', 'opted_out', 'no_consent', 'invalid_number'];

/** Contacts that nobody has begun, of rules that stand by what they named. */
const SUSPECT_TABLE = rawSql(`create temp table care_suspect (
  rule_code text, customer_id bigint, cycle text, channel text, due_on date, deadline_on date, task_id bigint, blast_id bigint, policy_version int,
  moved_star boolean, refused text, why text
) on commit drop`);
const NAMED_TABLE = rawSql(
  `create temp table care_named (rule_code text, customer_id bigint, cycle text, deadline_on date, late boolean) on commit drop`,
);

const following = (channel: CareChannel): RuleCode[] => RULES.flatMap(({ code, replan }) => (replan.follows.includes(channel) ? code : []));

/** What is said of a contact that its rule names no more, when nothing better is known. */
const BECAUSE = JSON.stringify(Object.fromEntries(RULES.map(({ code, replan }) => [code, replan.because])));

/** Finds the planned contacts that may not stand any more, in the table `care_suspect`, and says of each why it does not: null = it stands. */
@Injectable()
export class ReplanSuspects {
  constructor(
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
    private readonly blasts: BlastsCommands,
  ) {}

  /** @returns how many contacts are to be judged */
  async gather(tx: Tx, rows: readonly RuleRow[], today: Day, { who, all = false, sinceHours = 0 }: ReplanAsk): Promise<number> {
    const versions = JSON.stringify(Object.fromEntries(rows.map(({ code, version }) => [code, version])));
    const changed = sql`and (
      c.updated_at > d.created_at - make_interval(hours => ${sinceHours}::int) or d.policy_version <> (${versions}::jsonb ->> d.rule_code)::int
      or c.id in (select l.customer_id from contact.v_block b join customers.v_line l on l.number = b.number))`;
    const asked = sql`d.state = 'open' and ${who} ${all ? emptySql : changed}`;
    await tx.run(SUSPECT_TABLE);
    const found = await tx.run(sql`
      insert into care_suspect
      select d.rule_code, d.customer_id, d.cycle, d.channel, d.due_on, d.deadline_on, d.task_id, null, d.policy_version, t.star <> c.star_level
      from care.due d
      join calls.v_task t on t.id = d.task_id
      join customers.v_customer c on c.id = d.customer_id
      where d.channel = 'call' and d.rule_code = any(${following('call')}::text[]) and ${UNTOUCHED} and ${asked}
      union all
      select d.rule_code, d.customer_id, d.cycle, d.channel, d.due_on, d.deadline_on, null, d.blast_id, d.policy_version,
             coalesce((d.facts ->> 'to')::int, (d.facts ->> 'star')::int) is distinct from c.star_level and d.facts ?| array['to', 'star']
      from care.due d
      join messaging.v_recipient r on r.blast_id = d.blast_id and r.customer_id = d.customer_id and r.state = 'planned'
      join customers.v_customer c on c.id = d.customer_id
      where d.channel = 'sms' and d.rule_code = any(${following('sms')}::text[]) and d.due_on >= ${today}::date and ${asked}`);
    await tx.run(rawSql('analyze care_suspect (customer_id, rule_code)'));
    return found;
  }

  /** Says of each whether it still stands: a call that is overdue is still owed, unless the customer is gone or the rule off. */
  async judge(tx: Tx, inForce: readonly RuleInForce[], today: Day): Promise<void> {
    await this.refuse(tx, inForce, today);
    await this.name(tx, inForce, today);
    const versions = JSON.stringify(Object.fromEntries(inForce.map((one) => [one.rule.code, one.version])));
    await tx.run(sql`
      update care_suspect s set why = case
        when s.refused is not null then s.refused
        when not ${versions}::jsonb ? s.rule_code then 'rule_off'
        when s.deadline_on < ${today}::date then null
        when exists (select from care_named n where n.rule_code = s.rule_code and n.customer_id = s.customer_id and n.cycle = s.cycle
                     and (n.late or n.deadline_on = s.deadline_on)) then null
        when s.moved_star then 'star'
        when s.policy_version <> (${versions}::jsonb ->> s.rule_code)::int then 'policy'
        else ${BECAUSE}::jsonb ->> s.rule_code end`);
    await tx.run(rawSql('drop table care_named'));
  }

  /** Those that stand no more; one that went to its network in the meantime does stand. */
  async takeBackMessages(tx: Tx): Promise<void> {
    await this.blasts.takeBack(tx, sql`select s.blast_id, s.customer_id from care_suspect s where s.why is not null and s.channel = 'sms'`);
    await tx.run(sql`
      update care_suspect s set why = null from messaging.v_recipient r
      where s.channel = 'sms' and r.blast_id = s.blast_id and r.customer_id = s.customer_id and r.state <> 'cancelled'`);
  }

  /** What the rules name now: calls for today, messages for the day they go out. */
  private async name(tx: Tx, inForce: readonly RuleInForce[], today: Day): Promise<void> {
    await tx.run(NAMED_TABLE);
    const days = await tx.rows<{ day: Day }>(sql`select distinct due_on as day from care_suspect where channel = 'sms' order by 1`);
    const named = [
      ...inForce.flatMap((one) => namedOn(one, 'call', today)),
      ...days.flatMap(({ day }) => inForce.flatMap((one) => namedOn(one, 'sms', day))),
    ];
    if (named.length > 0) await tx.run(sql`insert into care_named ${joinSql(named, ' union all ')}`);
  }

  /** The gate's word, for each purpose once. */
  private async refuse(tx: Tx, inForce: readonly RuleInForce[], today: Day): Promise<void> {
    const callDay = (await this.calendar.isWorkingDay(today)) ? today : await this.calendar.nextWorkingDay(today);
    await this.ask(tx, sql`s.channel = 'call'`, { channel: 'call', purpose: 'care', day: callDay });
    for (const purpose of new Set(inForce.map(({ rule }) => messagePurposeOf(rule)))) {
      const codes = inForce.flatMap(({ rule }) => (messagePurposeOf(rule) === purpose ? rule.code : []));
      await this.ask(tx, sql`s.channel = 'sms' and s.rule_code = any(${codes}::text[])`, { channel: 'sms', purpose, day: today });
    }
  }

  /** @param which a condition on `care_suspect s` */
  private async ask(tx: Tx, which: Sql, ask: { channel: Channel; purpose: Purpose; day: Day }): Promise<void> {
    const asked = sql`
      select k.customer_id, k.line_id, k.number from customers.v_contact_line k
      where k.customer_id in (select s.customer_id from care_suspect s where ${which})`;
    await tx.run(sql`
      update care_suspect s set refused = g.reason from (${this.contact.plannable(asked, { ...ask, caps: false })}) g
      where ${which} and g.customer_id = s.customer_id and g.reason = any(${LASTING_REFUSALS}::text[])`);
  }
}

/** What one rule names of a channel for those suspected. */
function namedOn({ rule, settings }: RuleInForce, channel: CareChannel, day: Day): Sql[] {
  if (!rule.replan.follows.includes(channel)) return [];
  const who = sql`c.id in (select s.customer_id from care_suspect s where s.rule_code = ${rule.code} and s.channel = ${channel})`;
  const candidates = rule.candidates(settings, { day, who });
  return candidates
    ? [sql`select ${rule.code}::text, q.customer_id, q.cycle, q.deadline_on, q.late from (${candidates}) q where q.channel = ${channel}`]
    : [];
}
