import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Day } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { PlanCalls } from './plan-calls.commands.js';
import { PlanChunk } from './plan-chunk.commands.js';
import { PlanMessages } from './plan-messages.commands.js';

/** Plans anew for customers of whom something was taken back: those with a reason in the table `care_suspect`. */
@Injectable()
export class PlanAgain {
  constructor(
    private readonly clock: Clock,
    private readonly chunk: PlanChunk,
    private readonly calls: PlanCalls,
    private readonly messages: PlanMessages,
  ) {}

  /** What the rules name for those customers now, in a run of its own: the explanation of each contact names the run that made it. */
  async plan(tx: Tx, rules: readonly RuleInForce[], day: Day): Promise<void> {
    const now = this.clock.now();
    const codes = rules.map(({ rule }) => rule.code);
    const { id } = await tx.one<{ id: string }>(sql`
      insert into care.plan_run (day, rules, state, created_at, started_at) values (${day}::date, ${codes}::text[], 'running', ${now}, ${now}) returning id`);
    const who = sql`c.id in (select customer_id from care_suspect where why is not null)`;
    await this.chunk.gather(tx, rules, ({ rule, settings }) => {
      const candidates = rule.candidates(settings, { day, who });
      return candidates && sql`select * from (${candidates}) q where q.channel = any(${rule.replan.follows}::text[])`;
    });
    const run = { id, day, rules, orgPath: '/', doneTo: '-1' };
    await this.chunk.judge(tx, run);
    const skipped = await this.chunk.skipped(tx);
    const planned = await this.calls.plan(tx, run);
    const { messages, unsent } = await this.messages.plan(tx, run);
    await tx.run(rawSql('drop table care_candidate'));
    await tx.run(sql`
      update care.plan_run set state = 'done', finished_at = ${now}, planned = ${JSON.stringify(planned)}::jsonb,
             messages = ${JSON.stringify(messages)}::jsonb, skipped = ${JSON.stringify(skipped)}::jsonb,
             unsent = ${JSON.stringify(unsent)}::jsonb
      where id = ${id}`);
  }
}
