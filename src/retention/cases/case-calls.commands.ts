import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { Day } from '../../kernel/day.js';
import { CaseTasks } from './case-tasks.commands.js';
import { type CaseState, LIVE_STATES } from './case.types.js';
import { stateByCalls } from './case.states.js';
import { StoppingCommands } from './stopping.commands.js';

interface Standing {
  id: string;
  state: CaseState;
  by: 'sign' | 'call' | 'person';
  wantedOn: Day | null;
  wantedAt: Date | null;
}

interface Calls {
  calls: number;
  talks: number;
  firstCallAt: Date | null;
  firstTalkAt: Date | null;
  lastCallAt: Date | null;
  converted: boolean;
  open: boolean;
  last: 'done' | 'not_reached' | 'cancelled' | null;
}

/** What calls make of a case. Counted anew from all of them each time, so that a corrected outcome corrects the case (RET-3, R36). */
@Injectable()
export class CaseCalls {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly stopping: StoppingCommands,
    private readonly tasks: CaseTasks,
  ) {}

  /** Nothing for a task of another list. */
  async count(taskId: string | null): Promise<void> {
    if (taskId === null) return;
    await this.database.tx(async (tx) => {
      const found = await tx.maybe<Standing>(sql`
        select k.id, k.state, k.state_by as by, k.wanted_on as "wantedOn", k.wanted_at as "wantedAt" from retention.churn_case k
        where k.id = (select case_id from retention.case_task where task_id = ${taskId}) for update`);
      if (found) await this.recount(tx, found);
    });
  }

  private async recount(tx: Tx, standing: Standing): Promise<void> {
    const calls = await callsOf(tx, standing.id);
    const state = stateByCalls({ ...standing, ...calls, open: calls.open || standing.wantedOn !== null });
    const moved = state !== standing.state;
    const closed = state === 'kept' || state === 'unreached';
    const now = this.clock.now();
    await tx.run(sql`
      update retention.churn_case set calls = ${calls.calls}, talks = ${calls.talks}, first_call_at = ${calls.firstCallAt}, first_talk_at = ${calls.firstTalkAt},
        last_call_at = ${calls.lastCallAt}, state = ${state}, state_by = case when ${moved}::boolean then 'call' else state_by end,
        closed_at = case when ${moved}::boolean then ${closed ? now : null}::timestamptz else closed_at end
      where id = ${standing.id}`);
    if (moved) await tx.run(sql`insert into retention.entry (case_id, at, deed, state) values (${standing.id}, ${now}, 'called', ${state})`);
    // a call that was under way when somebody ended the case may have asked for another one
    if (!moved && standing.by !== 'call' && !LIVE_STATES.includes(state)) await this.stopping.callOff(tx, [standing.id]);
    else if (moved && closed) await this.stopping.callOff(tx, [standing.id], false);
    if (standing.wantedOn !== null && !calls.open) await this.arrange(tx, standing, state);
  }

  /** What was arranged while the call went on. Nobody is called any more whose case has ended meanwhile. */
  private async arrange(tx: Tx, { id, wantedOn, wantedAt }: Standing, state: CaseState): Promise<void> {
    await tx.run(sql`update retention.churn_case set wanted_on = null, wanted_at = null where id = ${id}`);
    if (wantedOn !== null && LIVE_STATES.includes(state)) await this.tasks.planOne(tx, id, { dueOn: wantedOn, at: wantedAt });
  }
}

/** What was sold before somebody reopened the case did not keep the customer. */
const callsOf = (tx: Tx, caseId: string): Promise<Calls> =>
  tx.one<Calls>(sql`
    with reopened as (
      select coalesce(max(e.at), '-infinity') as at from retention.entry e where e.case_id = ${caseId} and e.deed = 'reopen')
    select a.*, t.open, t.last
    from (
      select count(*)::int as calls, count(*) filter (where a.effective)::int as talks, min(a.started_at) as "firstCallAt",
             min(a.started_at) filter (where a.effective) as "firstTalkAt", max(a.started_at) as "lastCallAt", coalesce(bool_or(a.converted and a.started_at > r.at), false) as converted
      from retention.case_task t join calls.v_attempt a on a.task_id = t.task_id, reopened r where t.case_id = ${caseId}) a,
      (select coalesce(bool_or(x.state in ('open', 'claimed', 'recycled')), false) as open,
              (array_agg(x.state order by t.round desc) filter (where x.state not in ('open', 'claimed', 'recycled')))[1] as last
       from retention.case_task t join calls.v_task x on x.id = t.task_id where t.case_id = ${caseId}) t`);
