import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { LEASE_MINUTES } from '../calls.types.js';
import { taskIdOf } from '../claims/claim.queries.js';
import { measuredOutcome } from '../claims/release-cause.policy.js';
import type { EventType } from './leg.policy.js';

/** A call that was begun a little before the task was taken is hers too. */
const BEFORE_CLAIM = sql`interval '1 minute'`;

export interface LiveCall {
  state: EventType;
  answeredAt: Date | null;
  /** Answer to now, or to the end. */
  talkSeconds: number;
  /** What the end speaks for where nobody talked: the desk has it chosen, and whoever called may choose another. null: it is hers to say. */
  outcome: string | null;
}

/** What the switch says of the call a desk is on. */
@Injectable()
export class LiveCalls {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The newest call of the asker to the customer of a task she holds, since she took it, as a switch of her unit or one above tells it; undefined while
   * none has told anything.
   * @throws DomainError not_found for a task she does not hold
   */
  async ofTask(user: CurrentUser, taskId: string): Promise<LiveCall | undefined> {
    const held = await this.db.maybe(sql`
      select 1 from calls.task where id = ${taskIdOf(taskId)} and state = 'claimed' and claimed_by = ${user.id}`);
    if (!held) throw notFound('task', taskId);
    const call = await this.db.maybe<LiveCall>(sql`
      select c.state, c.answered_at as "answeredAt", c.talk_seconds as "talkSeconds",
             case when c.state = 'ended' then nullif(${measuredOutcome(sql`c.talk_seconds`, sql`c.cause`)}, 'reached') end as outcome
      from calls.task t
      join customers.v_line l on l.id = t.line_id
      join staff.v_user u on u.id = t.claimed_by
      join calls.call_leg c on c.number = l.number and c.agent_no = u.agent_no
        and starts_with(u.org_path, (select o.path from staff.v_org_unit o where o.id = c.org_unit_id))
        and c.started_at > t.lease_until - make_interval(mins => ${LEASE_MINUTES}) - ${BEFORE_CLAIM}
      where t.id = ${taskId}
      order by c.started_at desc limit 1`);
    if (!call || call.state !== 'answered' || !call.answeredAt) return call;
    return { ...call, talkSeconds: Math.max(0, Math.round((this.clock.now().getTime() - call.answeredAt.getTime()) / 1000)) };
  }

  /** Whether any switch may tell: a desk need not ask where none does. */
  async any(): Promise<boolean> {
    return (
      (await this.db.maybe(
        sql`select 1 from calls.cti_key where revoked_at is null and (ends_at is null or ends_at > ${this.clock.now()}) limit 1`,
      )) !== undefined
    );
  }
}
