import { Injectable } from '@nestjs/common';
import { ContactCommands } from '../../contact/contact.commands.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type EmptyReason, LEASE_MINUTES } from '../calls.types.js';
import { ClaimFigures } from '../claims/claim-figures.js';
import { ClaimQueries, taskIdOf } from '../claims/claim.queries.js';
import { ClaimRounds } from '../claims/claim-rounds.commands.js';
import { refusedByGate } from '../claims/gate-refusal.policy.js';
import { type Claimed, Leases } from '../claims/leases.commands.js';
import { givenBack } from '../tasks/tasks.commands.js';

/** Refused candidates one press of the button steps over; a second press goes on from there. */
const MOST_REFUSALS = 50;

export type NextTask = { taskId: string } | { empty: EmptyReason };

/** Gives each task to one person at a time: a lease on the task, a reservation in the gate's ledger. */
@Injectable()
export class CallDeskCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimQueries,
    private readonly rounds: ClaimRounds,
    private readonly leases: Leases,
    private readonly contact: ContactCommands,
    private readonly figures: ClaimFigures,
  ) {}

  /**
   * The next customer in the order of callback, due date, star and expected value; a task already held is given again. Each candidate is asked
   * of the gate in a transaction of its own, so that one person never holds two customers of the gate at once.
   * @param campaign code; undefined = any
   * @throws DomainError not_found for an unknown campaign, also for one that is no business of the user's
   */
  next(user: CurrentUser, { campaign }: { campaign?: string | undefined } = {}): Promise<NextTask> {
    return this.figures.timed(() => this.find(user, campaign));
  }

  private async find(user: CurrentUser, campaign: string | undefined): Promise<NextTask> {
    const campaignId = campaign === undefined ? null : await this.claims.campaignId(user, campaign);
    if (campaignId === undefined) throw notFound('campaign', campaign ?? '');
    const now = this.clock.now();
    const closed = new Set<string>();
    let capped = false;
    for (let i = 0; i < MOST_REFUSALS; i++) {
      const claimed = await this.rounds.next({ userId: user.id, campaignId, closedCampaigns: [...closed] });
      if (!claimed) break;
      if ('taskId' in claimed) return claimed;
      if (claimed.verdict.reasons.includes('quiet_hours')) closed.add(claimed.refused.campaignId);
      else capped = true;
    }
    if (closed.size > 0) return { empty: 'quiet_hours' };
    return { empty: capped ? 'all_capped' : await this.claims.whyEmpty(user.id, now, campaignId) };
  }

  /**
   * Takes a chosen task of one's own list, also before its day or its redial gap: the gate alone may say no.
   * @throws DomainError not_found · `task_closed`, `task_taken`, `campaign_not_running` (409) · the gate's reason (409)
   */
  async claim(user: CurrentUser, taskId: string): Promise<{ taskId: string }> {
    const now = this.clock.now();
    const claimed = await this.db.tx(async (tx): Promise<Claimed> => {
      const candidate = await this.claims.ofOwner(tx, user.id, taskId);
      if (!candidate) throw notFound('task', taskId);
      if (candidate.held) return { taskId };
      if (candidate.state === 'claimed') throw new DomainError('task_taken', { status: 409 });
      if (candidate.state !== 'open') throw new DomainError('task_closed', { status: 409 });
      if (candidate.campaignState !== 'running') throw new DomainError('campaign_not_running', { status: 409 });
      return (await this.leases.ask(tx, [{ userId: user.id, candidate }], now))[0];
    });
    if (!claimed) throw notFound('task', taskId);
    if ('refused' in claimed) throw refusedByGate(claimed.verdict, now);
    return claimed;
  }

  /**
   * Gives a held task back, untouched: it is open again at once and its reservation counts no more. One of a campaign that was closed meanwhile is off.
   * @returns the state it has now
   * @throws DomainError `lease_lost` (409) when it is not held any more · not_found when it never was hers
   */
  async release(user: CurrentUser, taskId: string, reason: string): Promise<string> {
    const now = this.clock.now();
    return this.db.tx(async (tx) => {
      const held = await tx.maybe<{ touchId: string | null; ownerId: string | null }>(sql`
        select touch_id as "touchId", owner_id as "ownerId" from calls.task
        where id = ${taskIdOf(taskId)} and state = 'claimed' and claimed_by = ${user.id} for update`);
      if (!held) throw await this.whyNotHeld(tx, user, taskId);
      const { state } = await tx.one<{ state: string }>(sql`
        update calls.task t set ${givenBack(now)} from campaigns.v_campaign c
        where t.id = ${taskId}::bigint and c.id = t.campaign_id returning t.state`);
      if (held.touchId) await this.contact.release(tx, [held.touchId]);
      await tx.run(sql`
        insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why)
        values (${taskId}, ${held.ownerId}, ${held.ownerId}, ${user.id}, ${now}, ${reason})`);
      return state;
    });
  }

  private async whyNotHeld(tx: Tx, user: CurrentUser, taskId: string): Promise<DomainError> {
    const hers = await tx.maybe(sql`
      select 1 from calls.task t where t.id = ${taskIdOf(taskId)} and (
        t.owner_id = ${user.id} or t.claimed_by = ${user.id}
        or exists (select from calls.assignment a where a.task_id = t.id and (a.from_owner = ${user.id} or a.to_owner = ${user.id})))`);
    return hers ? new DomainError('lease_lost', { status: 409, params: { minutes: LEASE_MINUTES } }) : notFound('task', taskId);
  }
}
