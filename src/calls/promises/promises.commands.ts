import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { promiseAfter, type PromiseDeed, type PromiseStanding } from './promise.states.js';
import { PromiseMoves } from './promise-moves.commands.js';
import type { HandOverPromiseForm, KeepPromiseForm } from './promises.forms.js';
import { type PromiseItem, PromisesQueries } from './promises.queries.js';

/** What people do to promises (CAM-5). */
@Injectable()
export class PromisesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly promises: PromisesQueries,
    private readonly moves: PromiseMoves,
    private readonly audit: Audit,
  ) {}

  /**
   * Kept by who owns it or leads them. After its day it stays broken, and is noted as done. A second time nothing changes.
   * @throws DomainError not_found · `promise_ended` (409) it was handed over
   */
  async keep(user: CurrentUser, id: string, { note }: KeepPromiseForm): Promise<PromiseItem> {
    const now = this.clock.now();
    await this.db.tx(async (tx) => {
      const { item, after } = await this.decide(tx, user, id, { deed: 'keep', now });
      if (!after && item.state === 'handed_over') throw new DomainError('promise_ended', { status: 409, params: { name: item.nextOwnerName } });
      if (!after) return;
      await tx.run(sql`
        update calls.promise set state = ${after.state}, note = coalesce(${note || null}::text, note),
          closed_at = coalesce(closed_at, ${now}), closed_by = case when ${after.done}::boolean then closed_by else ${user.id}::bigint end,
          done_at = case when ${after.done}::boolean then ${now}::timestamptz end, done_by = case when ${after.done}::boolean then ${user.id}::bigint end
        where id = ${item.id}`);
      await this.audit.record(tx, user, {
        action: 'promise.kept',
        object: 'promise',
        id: item.id,
        detail: { state: after.state, dueOn: item.dueOn },
      });
    });
    return this.promises.byId(user, id);
  }

  /**
   * To somebody else of one's units, by who leads. @returns the promise that goes on
   * @throws DomainError not_found · `handover_receiver`, `handover_to_self` at `to` (422) · `promise_ended`, `promise_late` (409)
   */
  async handOver(user: CurrentUser, id: string, { to, why }: HandOverPromiseForm): Promise<PromiseItem> {
    const now = this.clock.now();
    const next = await this.db.tx(async (tx) => {
      const { item, after } = await this.decide(tx, user, id, { deed: 'hand_over', now });
      if (!after) throw new DomainError(item.undone ? 'promise_late' : 'promise_ended', { status: 409, params: { name: item.nextOwnerName } });
      const receiver = await this.receiver(tx, user, item, to);
      const moving = sql`select ${item.id}::bigint as id, ${receiver}::bigint as to_owner, ${why.trim()}::text as why, null::bigint as absence_id`;
      await this.moves.move(tx, moving, { by: user.id, at: now });
      const detail = { from: item.owner, to: to.toLowerCase(), why };
      await this.audit.record(tx, user, { action: 'promise.handed-over', object: 'promise', id: item.id, detail });
      return tx.one<{ id: string }>(sql`select id from calls.promise where previous_id = ${item.id}`);
    });
    return this.promises.byId(user, next.id);
  }

  private async decide(
    tx: Tx,
    user: CurrentUser,
    id: string,
    { deed, now }: { deed: PromiseDeed; now: Date },
  ): Promise<{ item: PromiseItem; after: PromiseStanding | null }> {
    const item = await this.promises.byId(user, id, tx);
    await tx.run(sql`select 1 from calls.promise where id = ${item.id} for update`);
    // asked again under the lock: somebody may have been quicker
    const held = await this.promises.byId(user, id, tx);
    return { item: held, after: promiseAfter({ state: held.state, dueOn: held.dueOn, done: held.doneAt !== null }, deed, dayOf(now)) };
  }

  private async receiver(tx: Tx, user: CurrentUser, item: PromiseItem, to: string): Promise<string> {
    const name = to.toLowerCase();
    if (name === item.owner.toLowerCase()) throw new DomainError('handover_to_self', { param: 'to', params: { name: to } });
    const found = (await this.promises.receivers(user)).some(({ username }) => username.toLowerCase() === name);
    if (!found) throw new DomainError('handover_receiver', { param: 'to', params: { name: to } });
    return (await tx.one<{ id: string }>(sql`select id from staff.v_user where lower(username) = ${name}`)).id;
  }
}
