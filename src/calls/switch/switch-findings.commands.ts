import { Injectable } from '@nestjs/common';
import type { ImportContext } from '../../feeds/feeds.types.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { contradictionFlags } from './contradiction.policy.js';
import { followSwitch } from './switch.jobs.js';
import { RETRY } from './switch-match.policy.js';
import { TOLERANCE } from './switch-matching.commands.js';

/** When a record is tried next: after a pause as long as it has waited since it came. */
const nextTry = (now: Date, createdAt: Sql): Sql => sql`
  case when ${now}::timestamptz < ${createdAt} + make_interval(days => ${RETRY.days})
    then ${now}::timestamptz + least(greatest(${now}::timestamptz - ${createdAt}, make_interval(mins => ${RETRY.firstMinutes})),
                                     make_interval(hours => ${RETRY.mostHours})) end`;

/** Writes down what matching found; needs its tables, see {@link SwitchMatching}. */
@Injectable()
export class SwitchFindings {
  constructor(private readonly outbox: Outbox) {}

  /**
   * What the switch measured, into the attempts; what a person recorded stays. An outcome that was only inferred follows the switch after the commit,
   * with all that hangs on it. Records that are matched now are unmatched no more. @returns the number of attempts that changed
   */
  async write(tx: Tx): Promise<number> {
    await this.latest(tx);
    const told = sql`
      t.talk_seconds, 'switch', coalesce(t.cause, a.cause), coalesce(t.answered_at, a.answered_at), coalesce(t.ended_at, a.ended_at),
      coalesce(t.recording_ref, a.recording_ref), coalesce(t.caller_number, a.caller_number), t.started_at, t.outcome`;
    const { changed, inferred } = await tx.one<{ changed: number; inferred: string[] }>(sql`
      with span as materialized (select platform.uuid_floor(min(started_at) - ${TOLERANCE}) as first,
          platform.uuid_floor(max(started_at) + ${TOLERANCE} + interval '1 second') as last from switch_told),
      done as (
        update calls.attempt a
        set (talk_seconds, talk_source, cause, answered_at, ended_at, recording_ref, caller_number, switch_started_at, switch_outcome) = row (${told}),
            flags = ${contradictionFlags(sql`a.flags`, sql`a.outcome`, sql`t.outcome`)}
        from switch_told t
        where a.id = t.attempt_id and a.id between (select first from span) and (select last from span)
          and (a.talk_seconds, a.talk_source, a.cause, a.answered_at, a.ended_at, a.recording_ref, a.caller_number, a.switch_started_at, a.switch_outcome)
            is distinct from (${told})
        returning a.id, a.source in ('inferred', 'switch') and a.corrected_at is null and a.outcome <> a.switch_outcome as follows)
      select count(*)::int as changed, coalesce(array_agg(id) filter (where follows), '{}') as inferred from done`);
    await this.outbox.addMany(
      tx,
      followSwitch,
      inferred.map((attemptId) => ({ attemptId })),
    );
    await tx.run(sql`
      delete from calls.unmatched_record u using switch_row r join switch_match m using (call_id)
      where u.number = r.number and u.started_at = r.started_at and u.agent = coalesce(lower(r.manager), r.agent_no, '') and u.org_unit_id = r.org_unit_id`);
    await tx.run(sql`
      update calls.call_leg l set attempt_id = m.attempt_id
      from switch_row r join switch_match m using (call_id) where l.id = r.leg_id and l.attempt_id is distinct from m.attempt_id`);
    return changed;
  }

  /** One call may have been told twice, by name and by number: the later row speaks. */
  private async latest(tx: Tx): Promise<void> {
    await tx.run(sql`
      create temporary table switch_told on commit drop as
      select distinct on (m.attempt_id) m.attempt_id, r.started_at, r.outcome, r.cause, r.talk_seconds, r.answered_at, r.ended_at, r.recording_ref, r.caller_number
      from switch_match m join switch_row r using (call_id)
      order by m.attempt_id, r.row_number desc, r.record_id desc`);
    await tx.run(sql`analyze switch_told`);
  }

  /**
   * Keeps the rows that belong to no attempt, each with its reason. One that says nothing new is not rewritten. A switch may tell two calls of one number,
   * second and agent (a second trunk): one row stands for both, the later speaks.
   */
  async keep(tx: Tx, { now, importId }: Pick<ImportContext, 'now'> & { importId: string | null }): Promise<{ created: number; updated: number }> {
    const told = sql`outcome, cause, talk_seconds, answered_at, ended_at, recording_ref, caller_number`;
    return tx.one<{ created: number; updated: number }>(sql`
      with kept as (
        insert into calls.unmatched_record as u (number, started_at, agent_no, manager, reason, ${told}, line_id, manager_id, org_unit_id, import_id, leg_id, created_at, next_try_at)
        select distinct on (${SAME_CALL})
               number, started_at, agent_no, manager, ${REASON}, ${told}, line_id, manager_id, org_unit_id, ${importId}::bigint, leg_id, ${now}::timestamptz,
               ${nextTry(now, sql`${now}::timestamptz`)}
        from ${LEFT}
        order by ${SAME_CALL}, row_number desc nulls last, leg_id desc
        on conflict (number, started_at, agent, org_unit_id) do update
        set reason = excluded.reason, outcome = excluded.outcome, cause = excluded.cause, talk_seconds = excluded.talk_seconds,
            answered_at = excluded.answered_at, ended_at = excluded.ended_at, recording_ref = excluded.recording_ref,
            caller_number = excluded.caller_number, line_id = excluded.line_id, manager_id = excluded.manager_id,
            import_id = coalesce(excluded.import_id, u.import_id),
            leg_id = coalesce(excluded.leg_id, u.leg_id), next_try_at = excluded.next_try_at
        where (u.outcome, u.cause, u.talk_seconds, u.answered_at, u.ended_at, u.recording_ref, u.caller_number) is distinct from
          (excluded.outcome, excluded.cause, excluded.talk_seconds, excluded.answered_at, excluded.ended_at, excluded.recording_ref, excluded.caller_number)
        returning xmax = 0 as created)
      select count(*) filter (where created)::int as created, count(*) filter (where not created)::int as updated from kept`);
  }

  /** Records that still belong to no attempt: the reason as it is now, and when they are tried next. One that an attempt woke meanwhile is left to the next run. */
  async putOff(tx: Tx, now: Date): Promise<void> {
    await tx.run(sql`
      update calls.unmatched_record u
      set reason = r.reason, line_id = r.line_id, manager_id = r.manager_id, next_try_at = ${nextTry(now, sql`u.created_at`)}
      from (select record_id, line_id, manager_id, ${REASON} as reason from ${LEFT}) r join switch_due d on d.id = r.record_id
      where u.id = r.record_id and u.next_try_at = d.due_at`);
  }
}

/** What makes one row of the unmatched, as its unique key says. */
const SAME_CALL = sql`number, started_at, coalesce(lower(manager), agent_no, ''), org_unit_id`;

/** The rows without a match; `free` says whether an attempt near them is left, null that none was near at all. */
const LEFT = sql`(
  select r.*, n.free from switch_row r
  left join (select p.call_id, bool_or(not p.taken and m.attempt_id is null) as free
             from switch_pair p left join switch_match m on m.attempt_id = p.attempt_id group by p.call_id) n on n.call_id = r.call_id
  where not exists (select from switch_match m where m.call_id = r.call_id)) l`;

const REASON = sql`
  case when agent_no is null and manager is null then 'agent_missing' when line_id is null then 'line_unknown' when manager_id is null then 'agent_unknown'
       when free is null then 'no_attempt_near' when free then 'several_near' else 'attempt_taken' end`;
