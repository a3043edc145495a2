import { addDays, type Day } from '../../kernel/day.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { CandidateAsk, CareChannel } from '../care.types.js';

/**
 * The calls a rule names on the days from `ask.day` to `until`, each as it is named first: by the rule's own quicker way, or asked day by day.
 * A select of the columns of `candidates`; null when the rule never calls.
 */
export function callsThrough(inForce: RuleInForce, ask: CandidateAsk, until: Day): Sql | null {
  const { rule, settings } = inForce;
  if (!rule.callsThrough) return namedDayByDay(inForce, ask, until, 'call');
  const quick = rule.callsThrough(settings, ask, until);
  return quick && sql`select q.* from (${quick}) q where q.channel = 'call'`;
}

/** The same of its messages; null when it has no template for any. */
export function messagesThrough(inForce: RuleInForce, ask: CandidateAsk, until: Day): Sql | null {
  const { rule, settings } = inForce;
  if (!rule.template) return null;
  if (!rule.messagesThrough) return namedDayByDay(inForce, ask, until, 'sms');
  const quick = rule.messagesThrough(settings, ask, until);
  return quick && sql`select q.* from (${quick}) q where q.channel = 'sms'`;
}

/** Without any knowledge of the rule: what every day says, the first word on each contact counts. */
export function namedDayByDay({ rule, settings }: RuleInForce, ask: CandidateAsk, until: Day, channel: CareChannel): Sql | null {
  const asked: Sql[] = [];
  for (let day = ask.day; day <= until; day = addDays(day, 1)) {
    const named = rule.candidates(settings, { ...ask, day });
    if (named) asked.push(sql`select ${day}::date as asked_on, n.* from (${named}) n where n.channel = ${channel}`);
  }
  if (asked.length === 0) return null;
  return sql`
    select distinct on (d.customer_id, d.cycle) d.customer_id, d.cycle, d.channel, d.from_on, d.deadline_on, d.late, d.counts_from, d.facts
    from (${joinSql(asked, ' union all ')}) d order by d.customer_id, d.cycle, d.asked_on`;
}
