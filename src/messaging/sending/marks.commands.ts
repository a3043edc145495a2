import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ContactCommands } from '../../contact/contact.commands.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { NO_CODE, type RecipientState, sourcesOf } from '../blasts/blast.states.js';
import type { SubmitResult } from '../gateways/gateway.types.js';
import { lockMessages, unheard } from './message-locks.js';
import { notTaken } from './outage.policy.js';
import { ReceiptLog } from '../receipts/receipt-log.commands.js';

interface Mark {
  id: string;
  state: RecipientState;
  code: string | null;
}

interface Marked {
  id: string;
  touchId: string;
}

/** Writes down what became of messages, on the message, its recipient and the gate's ledger together. States only move by their table. */
@Injectable()
export class MarksCommands {
  constructor(
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly receipts: ReceiptLog,
  ) {}

  /**
   * What the gateway answered. An acceptance is appended and joined by sets with the receipts, which often come before the next set is due;
   * it waits for nobody. The few others move their rows here.
   */
  async answers(tx: Tx, gateway: string, results: readonly SubmitResult[]): Promise<void> {
    await this.receipts.accepted(
      tx,
      gateway,
      results.filter((result) => result.outcome === 'accepted'),
    );
    const others = results.filter(({ outcome }) => outcome !== 'accepted');
    if (others.length > 0) await this.notAccepted(tx, others);
  }

  private async notAccepted(tx: Tx, results: readonly SubmitResult[]): Promise<void> {
    await lockMessages(tx);
    const rejected = results.filter((result) => result.outcome === 'rejected');
    const unknown = results.filter((result) => result.outcome === 'unknown');
    const returned = await this.move(
      tx,
      rejected.map(({ id, code }) => ({ id, state: 'rejected', code })),
    );
    await this.move(
      tx,
      unknown.map(({ id }) => ({ id, state: 'in_doubt', code: null })),
    );
    await this.giveBack(tx, [...returned, ...(await this.void(tx, notTaken(results)))]);
  }

  /** Intents that are not handed over after all: opted out a moment ago, or too late. */
  async withdraw(tx: Tx, ids: readonly string[], why: { state: 'refused' | 'expired'; reason: string }): Promise<void> {
    await lockMessages(tx);
    const moved = await this.move(
      tx,
      ids.map((id) => ({ id, state: why.state, code: null })),
      why.reason,
    );
    await this.giveBack(tx, moved);
  }

  /**
   * The gateway knows nothing of them: the message is void, its touch given back, its recipient planned anew (or, alone or in a cancelled blast, over).
   * @returns how many it was so for
   */
  async neverCame(tx: Tx, ids: readonly string[]): Promise<number> {
    await lockMessages(tx);
    const moved = await this.void(tx, ids, { alone: true });
    await this.giveBack(tx, moved);
    return moved.length;
  }

  /** The gateway took them, says a person: they wait for their receipts, and count as contacts. @returns how many were in doubt until now */
  async cameAfterAll(tx: Tx, ids: readonly string[]): Promise<number> {
    await lockMessages(tx);
    const moved = await tx.rows<Marked>(sql`
      with moved as (
        update messaging.message set state = 'accepted', submitted_at = coalesce(submitted_at, created_at)
        where id = any(${ids}::uuid[]) and state = 'in_doubt' returning id, blast_id, line_id, touch_id
      ), shown as (
        update messaging.recipient r set state = 'accepted', reason = null, updated_at = ${this.clock.now()}
        from moved v where r.blast_id = v.blast_id and r.line_id = v.line_id and r.message_id = v.id
      )
      select id, touch_id as "touchId" from moved`);
    await this.contact.confirm(
      tx,
      moved.map(({ touchId }) => touchId),
    );
    return moved.length;
  }

  /** A message outside any blast is left to whoever sends it, unless it is void for good. */
  private async void(tx: Tx, ids: readonly string[], { alone = false } = {}): Promise<Marked[]> {
    if (ids.length === 0) return [];
    const now = this.clock.now();
    // a cancel that comes now waits, and then finds them planned; one that has been leaves nobody to plan anew
    await tx.run(sql`select from messaging.blast where id in (select blast_id from messaging.message where id = any(${ids}::uuid[])) for key share`);
    return tx.rows<Marked>(sql`
      with void as (
        update messaging.message set state = 'void', finished_at = ${now}
        where id = any(${ids}::uuid[]) and state = any(${sourcesOf('planned')}::text[]) and (${alone} or blast_id is not null)
          and ${unheard(sql`message.id`)}
        returning id, blast_id, line_id, touch_id
      ), again as (
        update messaging.recipient r set state = case b.state when 'cancelled' then 'cancelled' else 'planned' end, message_id = null, parts = 0, updated_at = ${now},
               reason = case b.state when 'cancelled' then 'cancelled' end
        from void v join messaging.blast b on b.id = v.blast_id where r.blast_id = v.blast_id and r.line_id = v.line_id and r.message_id = v.id
      )
      select id, touch_id as "touchId" from void`);
  }

  private async move(tx: Tx, marks: readonly Mark[], reason: string | null = null): Promise<Marked[]> {
    const [first] = marks;
    if (!first) return [];
    const now = this.clock.now();
    const handedOver = ['accepted', 'rejected', 'in_doubt'].includes(first.state);
    return tx.rows<Marked>(sql`
      with mark as (select * from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(id uuid, state text, code text)),
      moved as (
        update messaging.message m
        set state = k.state, network_code = coalesce(k.code, m.network_code), submitted_at = case when ${handedOver} then ${now}::timestamptz end,
            finished_at = case when k.state in ('rejected', 'refused', 'expired') then ${now}::timestamptz end
        from mark k where m.id = k.id and m.state = any(${sourcesOf(first.state)}::text[])
        returning m.id, m.blast_id, m.line_id, m.touch_id, k.state, k.code
      ), shown as (
        update messaging.recipient r
        set state = v.state, reason = coalesce(${reason}, v.code, case v.state when 'in_doubt' then 'in_doubt' else ${NO_CODE} end), updated_at = ${now},
            parts = case when v.state in ('refused', 'expired', 'rejected') then 0 else r.parts end
        from moved v where r.blast_id = v.blast_id and r.line_id = v.line_id and r.message_id = v.id
      )
      select id, touch_id as "touchId" from moved`);
  }

  private async giveBack(tx: Tx, moved: readonly Marked[]): Promise<void> {
    if (moved.length === 0) return;
    await this.contact.release(
      tx,
      moved.map(({ touchId }) => touchId),
    );
  }
}
