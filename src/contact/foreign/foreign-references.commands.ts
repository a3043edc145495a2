import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { Channel, Purpose, TouchRow } from '../contact.types.js';

/** Class of the advisory locks that keep two requests with one reference apart. */
const REFERENCE_CLASS = 720_202;

export interface ForeignKey {
  system: string;
  kind: 'reservation' | 'touch';
  reference: string;
}

/** What a reference stands for: the same one for something else is a mistake of the caller. */
export interface ForeignSubject {
  customerId: string;
  channel: Channel;
  purpose: Purpose;
}

export interface HeldTouch extends ForeignSubject {
  touchId: string;
  state: TouchRow['state'];
  expiresAt: Date | null;
}

const HELD = sql`t.id as "touchId", t.state, t.expires_at as "expiresAt", t.customer_id as "customerId", t.channel, t.purpose`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The references under which other systems know what they asked for. */
@Injectable()
export class ForeignReferences {
  /** Holds the reference until the transaction ends. @throws DomainError reference_used when it stands for something else */
  async find(tx: Tx, key: ForeignKey, subject: ForeignSubject): Promise<HeldTouch | undefined> {
    await tx.run(sql`select pg_advisory_xact_lock(${REFERENCE_CLASS}::int, hashtext(${`${key.system} ${key.kind} ${key.reference}`}))`);
    const held = await tx.maybe<HeldTouch>(sql`
      select ${HELD} from contact.foreign_ask f join contact.touch t on t.id = f.touch_id and t.allowed
      where f.system = ${key.system} and f.kind = ${key.kind} and f.reference = ${key.reference}`);
    if (held && (held.customerId !== subject.customerId || held.channel !== subject.channel || held.purpose !== subject.purpose))
      throw new DomainError('reference_used', { status: 409, param: 'reference' });
    return held;
  }

  async keep(tx: Tx, { system, kind, reference }: ForeignKey, { customerId, channel, purpose }: ForeignSubject, touchId: string): Promise<void> {
    await tx.run(sql`
      insert into contact.foreign_ask (system, kind, reference, touch_id, customer_id, channel, purpose)
      values (${system}, ${kind}, ${reference}, ${touchId}, ${customerId}, ${channel}, ${purpose})
      on conflict (system, kind, reference) do update set touch_id = excluded.touch_id`);
  }

  /** A reservation of that system, held until the transaction ends. @throws DomainError not_found */
  async held(tx: Tx, system: string, id: string): Promise<HeldTouch> {
    const held = UUID.test(id)
      ? await tx.maybe<HeldTouch>(sql`
          select ${HELD} from contact.touch t
          where t.id = ${id} and t.allowed and t.source like 'api:%' and split_part(t.source, ':', 2) = ${system} for update`)
      : undefined;
    if (!held) throw notFound('reservation', id);
    return held;
  }
}
