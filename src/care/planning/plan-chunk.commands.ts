import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../../calendar/calendar.queries.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { atTime, type Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { messagePurposeOf } from '../rules/rule-list.policy.js';
import { DueCommands } from './due.commands.js';
import { PlanCalls } from './plan-calls.commands.js';
import { PlanJoins } from './plan-joins.commands.js';
import { PlanMessages } from './plan-messages.commands.js';
import type { Chunk, ChunkResult, RunUnderWay } from './plan.types.js';

/** Care messages do not go out later in the evening. */
const LAST_MESSAGE = '20:30';

const CANDIDATE_TABLE = rawSql(`create temp table care_candidate (
  rule_code text, sort int, policy_version int, customer_id bigint, cycle text, channel text, from_on date, deadline_on date, late boolean,
  counts_from date, facts jsonb, star smallint, owner_id bigint, line_id bigint, number text, reason text, task_id bigint, due_on date,
  contact int not null default 0
) on commit drop`);
/** What joins and their order hang on; the facts are the most of a row and say nothing. */
const STATISTICS = [
  rawSql('set local default_statistics_target = 10'),
  rawSql('analyze care_candidate (rule_code, customer_id, channel, task_id, reason)'),
];

/** Plans one chunk: what the rules want, less what is planned already and what may not be, becomes calls and messages. */
@Injectable()
export class PlanChunk {
  constructor(
    private readonly clock: Clock,
    private readonly calendar: CalendarQueries,
    private readonly contact: ContactQueries,
    private readonly due: DueCommands,
    private readonly calls: PlanCalls,
    private readonly messages: PlanMessages,
    private readonly joins: PlanJoins,
  ) {}

  /**
   * Whoever asks has locked planning.
   * @param chunk its `turn` comes once the chunk before it is committed: from then on rows are written that all chunks share
   */
  async plan(tx: Tx, run: RunUnderWay, chunk: Chunk & { turn: Promise<void> }): Promise<ChunkResult> {
    await this.collect(tx, run, chunk);
    await this.judge(tx, run);
    const skipped = await this.skipped(tx);
    const planned = await this.calls.plan(tx, run);
    await chunk.turn;
    if (await this.joins.anyKept(tx)) await this.due.settle(tx, chunk.who);
    const { messages, unsent } = await this.messages.plan(tx, run);
    await tx.run(rawSql('drop table care_candidate'));
    return { planned, messages, unsent, skipped };
  }

  /** Every rule's candidates that have no row yet: the anti join keeps a second run from touching anything. */
  private collect(tx: Tx, run: RunUnderWay, { who }: Chunk): Promise<void> {
    return this.gather(tx, run.rules, ({ rule, settings }) => rule.candidates(settings, { day: run.day, who }));
  }

  /**
   * Makes the table of candidates and fills it with what each rule names.
   * @param unless a table of more keys that are planned: rule_code, customer_id, cycle
   */
  async gather(tx: Tx, rules: readonly RuleInForce[], named: (rule: RuleInForce) => Sql | null, unless?: Sql): Promise<void> {
    await tx.run(CANDIDATE_TABLE);
    const wanted = rules.flatMap((inForce) => {
      const { rule, version } = inForce;
      const candidates = named(inForce);
      return candidates
        ? [sql`select ${rule.code}::text as rule_code, ${rule.sort}::int as sort, ${version}::int as policy_version, q.* from (${candidates}) q`]
        : [];
    });
    if (wanted.length === 0) return;
    await tx.run(sql`
      insert into care_candidate (rule_code, sort, policy_version, customer_id, cycle, channel, from_on, deadline_on, late, counts_from, facts,
                                  star, owner_id, line_id, number)
      select r.rule_code, r.sort, r.policy_version, r.customer_id, r.cycle, r.channel, r.from_on, r.deadline_on, r.late, r.counts_from, r.facts,
             c.star_level, w.id, k.line_id, k.number
      from (${joinSql(wanted, ' union all ')}) r
      join customers.v_customer c on c.id = r.customer_id
      join lateral (select l.line_id, l.number from customers.v_contact_line l where l.customer_id = c.id) k on true
      left join staff.v_user w on w.id = c.manager_id and w.active and w.role = 'manager'
      where not exists (select from care.due d where d.rule_code = r.rule_code and d.customer_id = r.customer_id and d.cycle = r.cycle and not d.withdrawn)
        ${unless ? sql`and not exists (select from ${unless} u where u.rule_code = r.rule_code and u.customer_id = r.customer_id and u.cycle = r.cycle)` : emptySql}`);
    for (const statement of STATISTICS) await tx.run(statement);
  }

  /** Asks the gate, and for calls whether somebody owns the customer. */
  async judge(tx: Tx, { day, rules }: RunUnderWay): Promise<void> {
    await this.judgeCalls(tx, day);
    for (const purpose of new Set(rules.map(({ rule }) => messagePurposeOf(rule)))) {
      const codes = rules.filter(({ rule }) => messagePurposeOf(rule) === purpose).map(({ rule }) => rule.code);
      const messages = sql`k.channel = 'sms' and k.rule_code = any(${codes}::text[])`;
      await this.refuse(tx, messages, this.contact.plannable(asked(messages), { channel: 'sms', purpose, day }));
    }
    if (atTime(day, LAST_MESSAGE) <= this.clock.now()) {
      await tx.run(sql`update care_candidate set reason = 'expired' where channel = 'sms' and reason is null`);
    }
  }

  /** Whether the candidates may be called on the first working day from the day on. */
  private async judgeCalls(tx: Tx, day: Day): Promise<void> {
    const callDay = (await this.calendar.isWorkingDay(day)) ? day : await this.calendar.nextWorkingDay(day);
    const calls = sql`k.channel = 'call'`;
    await this.refuse(tx, calls, this.contact.plannable(asked(calls), { channel: 'call', purpose: 'care', day: callDay, caps: false }));
    await tx.run(sql`update care_candidate set reason = 'no_manager' where channel = 'call' and reason is null and owner_id is null`);
  }

  /** @param which a condition on `care_candidate k` */
  private async refuse(tx: Tx, which: Sql, judged: Sql): Promise<void> {
    await tx.run(sql`
      update care_candidate k set reason = g.reason from (${judged}) g
      where ${which} and k.customer_id = g.customer_id and g.reason is not null`);
  }

  /** Takes off the list what was refused. @returns how many, by reason */
  async skipped(tx: Tx): Promise<Record<string, number>> {
    const rows = await tx.rows<{ reason: string; count: number }>(sql`
      with gone as (delete from care_candidate where reason is not null returning reason)
      select reason, count(*)::int as count from gone group by reason order by reason`);
    return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
  }
}

const asked = (which: Sql): Sql => sql`select distinct k.customer_id, k.line_id, k.number from care_candidate k where ${which}`;
