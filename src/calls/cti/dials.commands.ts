import { Inject, Injectable } from '@nestjs/common';
import { type CallWindow, familyOf } from '../../campaigns/campaigns.types.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import type { Purpose } from '../../contact/contact.types.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { LEASE_MINUTES } from '../calls.types.js';
import { taskIdOf } from '../claims/claim.queries.js';
import { refusedByGate } from '../claims/gate-refusal.policy.js';
import { type Dialler, DIALLER_CODE, type DiallerCode, type DialRequest } from './dialler.types.js';
import { SimulatorDialler } from './simulator.dialler.js';
import { TelDialler } from './tel.dialler.js';

/** Presses within so many milliseconds are one (R34). */
const ONE_PRESS_MS = 3_000;

export interface Dialled {
  /** The call's name in the events of the telephone system. */
  id: string;
  adapter: DiallerCode;
  /** An address for the agent's own device to open; null: the system places the call. */
  href: string | null;
}

interface HeldTask {
  id: string;
  touchId: string;
  number: string;
  callerNumber: string | null;
  agentNo: string | null;
  /** What the gate was asked with. */
  purpose: Purpose;
  campaignId: string;
  productFamily: string | null;
  callWindow: CallWindow | null;
}

/** Click-to-dial, through whichever telephone system this installation has. */
@Injectable()
export class Dials {
  private readonly dialler: Dialler;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    @Inject(DIALLER_CODE) code: DiallerCode,
    private readonly contact: ContactQueries,
    tel: TelDialler,
    simulator: SimulatorDialler,
  ) {
    const known: readonly Dialler[] = [tel, simulator];
    const chosen = known.find((one) => one.code === code);
    if (!chosen) throw new Error(`no dialler ${code}`);
    this.dialler = chosen;
  }

  get adapter(): DiallerCode {
    return this.dialler.code;
  }

  /** For a page without scripts, which cannot ask first. @returns an address for the agent's own device; null when nobody may be called or the system calls. @param number E.164 */
  link(number: string): string | null {
    return this.contact.windowState(this.clock.now(), 'call', 'callback').open ? this.href(number) : null;
  }

  private href(number: string): string | null {
    return this.dialler.href?.(number) ?? null;
  }

  /**
   * Dials the customer of a held task, unless the gate has come to say no since it was claimed. A second press within three seconds is the first one.
   * @throws DomainError not_found · `lease_lost` (409) · the gate's reason (409) · `dial_failed` (503): the telephone system did not take it
   */
  async dial(user: CurrentUser, taskId: string): Promise<Dialled> {
    const { request, again } = await this.db.tx((tx) => this.enter(tx, user, taskId));
    if (!again) await this.place(request);
    return { id: request.id, adapter: this.dialler.code, href: this.href(request.number) };
  }

  private async enter(tx: Tx, user: CurrentUser, taskId: string): Promise<{ request: DialRequest; again: boolean }> {
    const now = this.clock.now();
    const task = await tx.maybe<HeldTask>(sql`
      select t.id, t.touch_id as "touchId", l.number, c.caller_number as "callerNumber", u.agent_no as "agentNo", h.purpose, t.campaign_id as "campaignId",
             c.product_family as "productFamily", c.call_window as "callWindow"
      from calls.task t join customers.v_line l on l.id = t.line_id join campaigns.v_campaign c on c.id = t.campaign_id join staff.v_user u on u.id = t.claimed_by
      join contact.v_touch h on h.id = t.touch_id
      where t.id = ${taskIdOf(taskId)} and t.state = 'claimed' and t.claimed_by = ${user.id} and t.lease_until > ${now} and t.touch_id is not null
      for update of t`);
    if (!task) throw new DomainError('lease_lost', { status: 409, params: { minutes: LEASE_MINUTES } });
    const { number, callerNumber, agentNo } = task;
    const twin = await tx.maybe<{ id: string }>(sql`
      select id from calls.dial where task_id = ${task.id} and manager_id = ${user.id} and at > ${new Date(now.getTime() - ONE_PRESS_MS)} order by at desc limit 1`);
    if (twin) return { request: { id: twin.id, number, callerNumber, agentNo }, again: true };
    const said = await this.contact.stillAllowed(tx, number, { ...task, productFamily: familyOf(task), at: now });
    if (!said.allowed) throw refusedByGate(said, now);
    const id = uuidAt(now);
    await tx.run(sql`
      insert into calls.dial (id, task_id, manager_id, touch_id, adapter, at) values (${id}, ${task.id}, ${user.id}, ${task.touchId}, ${this.dialler.code}, ${now})`);
    return { request: { id, number, callerNumber, agentNo }, again: false };
  }

  private async place(request: DialRequest): Promise<void> {
    try {
      await this.dialler.dial(request);
    } catch (error) {
      await this.db.run(sql`delete from calls.dial where id = ${request.id}`); // so that the next press is not taken for the same
      throw error instanceof DomainError ? error : new DomainError('dial_failed', { status: 503 });
    }
  }
}
