import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Verdict } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { TasksCommands } from '../tasks/tasks.commands.js';
import { type LastDay, refusedForGood } from './dispatch-lists.commands.js';
import { FOR_GOOD } from './dispatch.types.js';

/** The sweep looks this far back for deadlines that passed: longer no installation sleeps. */
const SWEEP_DAYS = 60;
const ENDED = 'dispatch_ended';

/** Nobody has ended it, and nobody has the customer on the line. */
const UNDONE = sql`t.state in ('open', 'recycled')`;

const WAITING = sql`
  from calls.dispatch d
  join calls.task t on t.id = d.task_id
  join customers.v_line l on l.id = t.line_id
  join campaigns.v_campaign c on c.id = d.campaign_id
  where d.ended_at is null and ${UNDONE} and t.callback_at is null`;

interface Ending {
  id: string;
  reason: string;
}

/** Ends dispatches that their task does not end: the deadline passed, the gate says no for good. */
@Injectable()
export class DispatchEnds {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contact: ContactQueries,
    private readonly tasks: TasksCommands,
  ) {}

  /** The gate was asked for this task's contact and said no: hands back what may not be called by its last day either. */
  async refused(tx: Tx, taskId: string, { reasons: [reason], until }: Pick<Verdict, 'reasons' | 'until'>): Promise<void> {
    if (reason === undefined || !FOR_GOOD.includes(reason)) return;
    const againOn = until && dayOf(until);
    await this.end(
      tx,
      await tx.rows<Ending>(sql`
        select id, ${reason}::text as reason from calls.dispatch
        where task_id = ${taskId} and ended_at is null and (${againOn}::date is null or deadline_on < ${againOn}::date)`),
    );
  }

  /** Hands back what was not done by its last day. Who is being called just now is left for the next day. @returns how many */
  expire(): Promise<number> {
    const today = dayOf(this.clock.now());
    return this.db.tx(async (tx) => {
      const late = await tx.rows<Ending>(sql`
        select d.id, 'expired' as reason from calls.dispatch d join calls.task t on t.id = d.task_id
        where d.ended_at is null and d.deadline_on between ${addDays(today, -SWEEP_DAYS)}::date and ${today}::date - 1 and ${UNDONE}`);
      return this.end(tx, late);
    });
  }

  /** Hands back what may not be called any more, before anybody tries; a promised callback is tried all the same. @returns how many */
  judgeAgain(): Promise<number> {
    return this.db.tx(async (tx) => {
      const endings: Ending[] = [];
      const waiting = sql`${WAITING} and d.deadline_on >= ${dayOf(this.clock.now())}::date`;
      const questions = await tx.rows<LastDay>(
        sql`select distinct d.deadline_on as "deadlineOn", c.kind = 'marketing' as marketing ${waiting} order by 1, 2`,
      );
      for (const question of questions) endings.push(...(await this.hopeless(tx, question)));
      return this.end(tx, endings);
    });
  }

  private hopeless(tx: Tx, question: LastDay): Promise<Ending[]> {
    const these = sql`${WAITING} and d.deadline_on = ${question.deadlineOn}::date and (c.kind = 'marketing') = ${question.marketing}`;
    const asked = sql`select distinct on (t.customer_id) t.customer_id, t.line_id, l.number ${these} order by t.customer_id, t.line_id`;
    return tx.rows<Ending>(sql`
      select w.id, g.reason from (select d.id, t.customer_id, t.line_id ${these}) w
      join (${refusedForGood(this.contact, asked, question)}) g on g.customer_id = w.customer_id and g.line_id = w.line_id`);
  }

  /** Whose task has ended, or is in somebody's hands, is left as it is. @returns how many were ended */
  private async end(tx: Tx, endings: readonly Ending[]): Promise<number> {
    if (endings.length === 0) return 0;
    const now = this.clock.now();
    const ended = await tx.rows<{ taskId: string }>(sql`
      with undone as materialized (
        select d.id, e.reason
        from unnest(${endings.map((one) => one.id)}::bigint[], ${endings.map((one) => one.reason)}::text[]) e(id, reason)
        join calls.dispatch d on d.id = e.id
        join calls.task t on t.id = d.task_id
        where d.ended_at is null and ${UNDONE}
        order by t.id for update of t skip locked)
      update calls.dispatch d set ended_at = ${now}, end_reason = u.reason, updated_at = ${now}
      from undone u where d.id = u.id
      returning d.task_id as "taskId"`);
    await this.callOff(tx, [...new Set(ended.map((one) => one.taskId))]);
    return ended.length;
  }

  /** A task that was made for dispatches alone goes with the last of them. */
  private async callOff(tx: Tx, taskIds: readonly string[]): Promise<void> {
    const alone = await tx.rows<{ id: string }>(sql`
      select t.id from calls.task t
      where t.id = any(${taskIds}::bigint[]) and t.state = 'open'
        and exists (select from calls.dispatch d where d.task_id = t.id and d.own_task)
        and not exists (select from calls.dispatch d where d.task_id = t.id and d.ended_at is null)
        and not exists (select from reporting.task_rule k where k.task_id = t.id)
        and not exists (select from campaigns.v_audience a where a.campaign_id = t.campaign_id and a.customer_id = t.customer_id and a.excluded is null)`);
    await this.tasks.callOff(
      tx,
      alone.map(({ id }) => id),
      ENDED,
    );
  }
}
