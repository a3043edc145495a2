import { Injectable } from '@nestjs/common';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { ImportContext, MergeResult, Stage } from '../../feeds/feeds.types.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { AttemptMonths } from '../attempts/attempt-months.commands.js';
import { HistoryConsequences } from './history-consequences.commands.js';
import { contradictionFlags } from '../switch/contradiction.policy.js';
import { TOLERANCE } from '../switch/switch-matching.commands.js';

/**
 * Takes calls that happened elsewhere into the books, set-based: a touch of history each, the attempt, its order. The natural key (line, campaign,
 * start) makes the same record one attempt, however often it comes. Needs `call_meaning`, see the feed.
 */
@Injectable()
export class CallHistory {
  constructor(
    private readonly contact: ContactCommands,
    private readonly months: AttemptMonths,
    private readonly consequences: HistoryConsequences,
  ) {}

  async write(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await this.gather(tx, stage);
    const span = await tx.one<{ first: string | null; last: string | null }>(
      sql`select platform.day_of(min(started_at)) as first, platform.day_of(max(started_at)) as last from call_row where attempt_id is null`,
    );
    if (span.first !== null && span.last !== null) await this.months.ensureSpan(tx, span.first, span.last);
    const amended = await this.amend(tx);
    const created = await this.insert(tx, context);
    for (const id of await this.orders(tx)) amended.add(id);
    await this.consequences.apply(tx);
    const { rows } = await tx.one<{ rows: number }>(sql`select count(*)::int as rows from call_row`);
    return { created, updated: amended.size, unchanged: rows - created - amended.size };
  }

  /** The rows left in the stage with their meaning; `attempt_id` is that of the attempt which stands in the books already. */
  private async gather(tx: Tx, stage: Stage): Promise<void> {
    await tx.run(sql`
      create temporary table call_row on commit drop as
      select m.*, s.started_at, s.talk_seconds, s.cause, s.answered_at, s.ended_at, s.recording_ref, s.caller_number, s.order_no, s.order_state,
             k.attempt_id, platform.uuid_v7(s.started_at) as new_id, platform.uuid_v7(s.started_at) as touch_id
      from ${stage.table} s
      join call_meaning m using (row_number)
      left join calls.attempt_key k on k.line_id = m.line_id and k.campaign_id = m.campaign_id and k.started_at = s.started_at`);
    await tx.run(sql`analyze call_row`);
  }

  /** A record that came by feed may be amended by a later one; what a person recorded stays, but for what the switch measured. */
  private async amend(tx: Tx): Promise<Set<string>> {
    const outcome = sql`case when a.source = 'feed' and a.corrected_at is null then r.outcome else a.outcome end`;
    const told = sql`
      coalesce(r.cause, a.cause), r.talk_seconds, 'switch', coalesce(r.answered_at, a.answered_at), coalesce(r.ended_at, a.ended_at),
      coalesce(r.recording_ref, a.recording_ref)`;
    const amended = await tx.rows<{ id: string }>(sql`
      update calls.attempt a
      set outcome = ${outcome}, flags = ${contradictionFlags(sql`a.flags`, outcome, sql`a.switch_outcome`)},
          (cause, talk_seconds, talk_source, answered_at, ended_at, recording_ref) = row (${told})
      from call_row r
      where a.id = r.attempt_id
        and (a.outcome, a.cause, a.talk_seconds, a.talk_source, a.answered_at, a.ended_at, a.recording_ref) is distinct from (${outcome}, ${told})
      returning a.id`);
    return new Set(amended.map((row) => row.id));
  }

  private async insert(tx: Tx, { now }: ImportContext): Promise<number> {
    await this.contact.recordHistory(
      tx,
      sql`select touch_id as id, customer_id, number, 'call' as channel, case when kind = 'marketing' then 'marketing' else 'care' end as purpose,
                 campaign_id, 'feed:call-records' as source, started_at as at
          from call_row where attempt_id is null`,
    );
    await tx.run(sql`
      insert into calls.attempt_key (line_id, campaign_id, started_at, attempt_id)
      select line_id, campaign_id, started_at, new_id from call_row where attempt_id is null`);
    const created = await tx.run(sql`
      insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, cause, source, talk_seconds,
                                 talk_source, answered_at, ended_at, recording_ref, caller_number, created_at)
      select new_id, campaign_id, customer_id, line_id, manager_id, touch_id, 1, started_at, outcome, cause, 'feed', talk_seconds,
             'switch', answered_at, ended_at, recording_ref, caller_number, ${now}::timestamptz
      from call_row where attempt_id is null`);
    await this.number(tx);
    await this.wake(tx, now);
    return created;
  }

  /** Records of the switch that wait for one of the new attempts are tried again at once. */
  private async wake(tx: Tx, now: Date): Promise<void> {
    await tx.run(sql`
      update calls.unmatched_record u set next_try_at = ${now}
      from call_row r
      where r.attempt_id is null and u.number = r.number and u.started_at between r.started_at - ${TOLERANCE} and r.started_at + ${TOLERANCE}`);
  }

  /** 1 = first dial of this customer in this campaign: over all records, also those of earlier files. */
  private async number(tx: Tx): Promise<void> {
    await tx.run(sql`
      update calls.attempt a set ordinal = n.ordinal
      from (select b.id, row_number() over (partition by b.campaign_id, b.customer_id order by b.started_at, b.id)::smallint as ordinal
            from calls.attempt b
            where b.task_id is null and b.source = 'feed'
              and (b.campaign_id, b.customer_id) in (select campaign_id, customer_id from call_row where attempt_id is null)) n
      where a.id = n.id and a.ordinal <> n.ordinal`);
  }

  /** Opens or follows the orders of converted calls. @returns the attempts that stood there already and whose order changed */
  private async orders(tx: Tx): Promise<string[]> {
    const changed = await tx.rows<{ attemptId: string }>(sql`
      insert into calls.sales_order as o (attempt_id, campaign_id, customer_id, order_no, state, told_state, opened_at, completed_on, told_on)
      select r.id, r.campaign_id, r.customer_id, case when r.nth = 1 and r.taken_by is null then r.order_no end, coalesce(r.order_state, 'open'), r.order_state, r.started_at,
             r.done_on, r.done_on
      from (select c.*, a.id, case when c.order_state <> 'open' then platform.day_of(c.started_at) end as done_on, row_number() over (partition by c.order_no order by c.started_at) as nth, coalesce(s.told_state, s.state) as old_state, s.attempt_id as old_order,
                   (select t.attempt_id from calls.sales_order t where t.order_no = c.order_no and t.attempt_id <> a.id) as taken_by
            from call_row c
            join calls.attempt a on a.id = coalesce(c.attempt_id, c.new_id)
            join calls.outcome x on x.code = a.outcome and x.converted
            left join calls.sales_order s on s.attempt_id = a.id) r
      where r.old_order is null or r.order_state <> r.old_state
      on conflict (attempt_id) do update set told_state = excluded.told_state, told_on = excluded.told_on,
        state = calls.order_state(excluded.told_state, o.confirmation),
        completed_on = case when calls.order_state(excluded.told_state, o.confirmation) = excluded.told_state then excluded.told_on else o.completed_on end
      returning attempt_id as "attemptId"`);
    const known = await tx.rows<{ id: string }>(
      sql`select attempt_id as id from call_row where attempt_id = any(${changed.map((row) => row.attemptId)}::uuid[])`,
    );
    return known.map((row) => row.id);
  }
}
