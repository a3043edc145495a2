import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, InvalidInput, notFound } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { maskPhone } from '../../kernel/phone.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ContactCommands } from '../contact.commands.js';
import type { ReservationForm, TouchForm } from './foreign.forms.js';
import type { Recipient, Verdict } from '../contact.types.js';
import { foreignSource, nameOf } from './foreign-system.policy.js';
import { type ForeignKey, ForeignReferences, type HeldTouch } from './foreign-references.commands.js';
import { instantOf, requireNumber } from '../number.policy.js';

/** Clocks of other systems may run ahead of ours by this much. */
const AHEAD_MS = 5 * 60_000;
/** The books begin here: what is said to be older is a slip of a clock, and no id of a touch can tell such a time. */
const EARLIEST = new Date('2000-01-01T00:00:00+08:00');

/** Robots, shops and other centres ask the same gate and count against the same caps (GOV-8). */
@Injectable()
export class ForeignTouchesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly references: ForeignReferences,
  ) {}

  /**
   * The refusal is written as well, so a verdict comes back either way. With a reference a reservation that still stands is
   * given again; one that ran out or was given back is asked anew.
   * @throws DomainError not_found, reference_used (409)
   */
  async reserve(user: CurrentUser, form: ReservationForm): Promise<Verdict> {
    const recipient = await this.recipient(user, requireNumber(form.phone));
    const { channel, purpose, productFamily = null } = form;
    const source = foreignSource(user.username, form.campaign);
    const ask = { ...recipient, channel, purpose, productFamily, source, actorId: user.id, at: this.clock.now() };
    const key = keyOf(user, 'reservation', form.reference);
    return this.db.tx(async (tx) => {
      const known = key && (await this.references.find(tx, key, { ...recipient, channel, purpose }));
      if (known && this.stands(known)) return { allowed: true, reasons: [], touchId: known.touchId, expiresAt: known.expiresAt, until: null };
      const verdict = await this.contact.reserve(tx, ask);
      if (key && verdict.allowed) await this.references.keep(tx, key, { ...recipient, channel, purpose }, verdict.touchId);
      return verdict;
    });
  }

  /** The contact will not take place: it counts no more. Twice is once. @throws DomainError not_found, reservation_used (409) */
  async release(user: CurrentUser, id: string): Promise<{ id: string; state: 'voided' }> {
    return this.db.tx(async (tx) => {
      const held = await this.references.held(tx, nameOf(user.username), id);
      if (held.state === 'confirmed') throw new DomainError('reservation_used', { status: 409, param: 'id' });
      await this.contact.release(tx, [id]);
      return { id, state: 'voided' };
    });
  }

  /**
   * A touch that happened elsewhere: counts, is judged by no rule. With `reservation` it is what that reservation became, late
   * or not; with `reference` it is taken once.
   * @throws DomainError not_found, reference_used (409); InvalidInput touch_in_future, touch_too_old at `at`
   */
  async report(user: CurrentUser, form: TouchForm): Promise<{ id: string }> {
    const recipient = await this.recipient(user, requireNumber(form.phone));
    const at = instantOf(form.at);
    if (at.getTime() > this.clock.now().getTime() + AHEAD_MS) throw new InvalidInput([{ param: 'at', code: 'touch_in_future' }]);
    if (at < EARLIEST) throw new InvalidInput([{ param: 'at', code: 'touch_too_old' }]);
    const key = keyOf(user, 'touch', form.reference);
    return this.db.tx(async (tx) => {
      const known = key && (await this.references.find(tx, key, { ...recipient, ...form }));
      if (known) return { id: known.touchId };
      const id = form.reservation ? await this.fulfil(tx, user, form.reservation, { recipient, form, at }) : await this.take(tx, recipient, form, at);
      if (key) await this.references.keep(tx, key, { ...recipient, ...form }, id);
      return { id };
    });
  }

  private stands({ state, expiresAt }: HeldTouch): boolean {
    return state === 'confirmed' || (state === 'reserved' && (expiresAt === null || expiresAt > this.clock.now()));
  }

  private async fulfil(tx: Tx, user: CurrentUser, id: string, told: { recipient: Recipient; form: TouchForm; at: Date }): Promise<string> {
    const held = await this.references.held(tx, nameOf(user.username), id);
    const same = held.customerId === told.recipient.customerId && held.channel === told.form.channel;
    if (!same) throw new DomainError('reference_used', { status: 409, param: 'reservation' });
    await this.contact.confirm(tx, [id], told.at);
    return id;
  }

  private async take(tx: Tx, { customerId, number }: Recipient, form: TouchForm, at: Date): Promise<string> {
    const id = uuidAt(at);
    const select = sql`select ${id}::uuid as id, ${customerId}::bigint as customer_id, ${number}::text as number, ${form.channel}::text as channel,
      ${form.purpose}::text as purpose, null::bigint as campaign_id, ${form.source}::text as source, ${at}::timestamptz as at`;
    await this.contact.recordHistory(tx, select);
    return id;
  }

  private async recipient(user: CurrentUser, number: string): Promise<Recipient> {
    const row = await this.db.maybe<Recipient>(sql`
      select c.id as "customerId", l.number from customers.v_line l join customers.v_customer c on c.id = l.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id where l.number = ${number} and ${inScope(user, sql`o.path`)}`);
    if (!row) throw notFound('customer', maskPhone(number));
    return row;
  }
}

const keyOf = (user: CurrentUser, kind: ForeignKey['kind'], reference: string | null | undefined): ForeignKey | undefined =>
  reference ? { system: nameOf(user.username), kind, reference } : undefined;
