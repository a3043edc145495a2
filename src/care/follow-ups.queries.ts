import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { CareRulesQueries } from './care-rules.queries.js';
import type { FollowUpKind } from './care.types.js';

export interface FollowUpAnswer {
  kind: FollowUpKind;
  reference: string;
  /** 1 to 5. */
  satisfaction: number;
  managerId: string;
}

/** Where the follow-up call about one thing stands. */
export interface FollowUpCall {
  /**
   * off: the rule is switched off or leaves this kind out · planned: the plan of `dueOn` makes it · open: on somebody's list · unasked: called, but no
   * satisfaction was noted · missed: not reached in time, or nobody to call.
   */
  state: 'off' | 'planned' | 'open' | 'unasked' | 'missed';
  /** First and last day; null while it is off. */
  dueOn: Day | null;
  deadlineOn: Day | null;
  /** Who has the call, or will have it; null: the customer has no manager, and nobody will. */
  manager: string | null;
}

interface CallRow {
  state: 'open' | 'done' | 'not_reached' | 'cancelled';
  dueOn: Day;
  deadlineOn: Day;
  manager: string | null;
  spoken: boolean;
}

/** The flag of the rule that takes a kind in. */
const FLAGS = { service: 'services', order: 'orders', complaint: 'complaints', fault: 'faults' } as const;
/** Of an attempt `a`: the customer spoke, so that a mark noted with it is their word. */
const THEIR_WORD = sql`(a.effective and a.outcome <> 'wrong_person')`;
const CALLED = { open: 'open', done: 'unasked', not_reached: 'missed', cancelled: 'missed' } as const;

/** What customers said when they were asked how it went (CAR-9). */
@Injectable()
export class FollowUpQueries {
  constructor(
    private readonly db: Database,
    private readonly rules: CareRulesQueries,
  ) {}

  /** Where the call about one thing stands that somebody asked for; what was answered is in {@link answers}. */
  async callOf(kind: FollowUpKind, reference: string): Promise<FollowUpCall> {
    const made = await this.db.maybe<CallRow>(sql`
      select d.state, d.due_on as "dueOn", d.deadline_on as "deadlineOn", u.name as manager,
             exists (select from calls.v_attempt a where a.task_id = d.task_id and a.visit) as spoken
      from care.follow_up f join care.due d on d.customer_id = f.customer_id and d.rule_code = 'service-follow-up'
        and d.facts ->> 'kind' = f.kind and d.facts ->> 'reference' = f.reference
      left join calls.v_task t on t.id = d.task_id left join staff.v_user u on u.id = t.owner_id
      where f.kind = ${kind} and f.reference = ${reference} and f.withdrawn_at is null order by d.cycle desc limit 1`);
    if (made) {
      const { spoken, ...call } = made;
      return { ...call, state: made.state === 'not_reached' && spoken ? 'unasked' : CALLED[made.state] };
    }
    const { enabled, settings } = await this.rules.byCode('service-follow-up');
    const { restDays, withinDays, ...flags } = settings as Record<string, number | boolean>;
    const asked = await this.db.maybe<{ closedOn: Day; manager: string | null }>(sql`
      select f.closed_on as "closedOn", u.name as manager
      from care.follow_up f join customers.v_customer c on c.id = f.customer_id left join staff.v_user u on u.id = c.manager_id
      where f.kind = ${kind} and f.reference = ${reference} and f.withdrawn_at is null`);
    if (!enabled || flags[FLAGS[kind]] !== true || !asked) return { state: 'off', dueOn: null, deadlineOn: null, manager: null };
    const day = (rest: unknown): Day => addDays(asked.closedOn, Number(rest));
    return { state: 'planned', dueOn: day(restDays), deadlineOn: day(withinDays), manager: asked.manager };
  }

  /** What one call brought: one answer for each thing it asked about. */
  answers(attemptId: string): Promise<FollowUpAnswer[]> {
    return this.marks(attemptId, THEIR_WORD);
  }

  /** Marks noted with a call in which, as it stands recorded now, the customer did not speak. */
  noAnswers(attemptId: string): Promise<FollowUpAnswer[]> {
    return this.marks(attemptId, sql`not ${THEIR_WORD}`);
  }

  private marks(attemptId: string, which: Sql): Promise<FollowUpAnswer[]> {
    return this.db.rows<FollowUpAnswer>(sql`
      select d.facts ->> 'kind' as kind, d.facts ->> 'reference' as reference, a.satisfaction, a.manager_id as "managerId"
      from calls.v_attempt a join care.due d on d.task_id = a.task_id
      where a.id = ${attemptId} and d.rule_code = 'service-follow-up' and a.satisfaction is not null and ${which}`);
  }
}
