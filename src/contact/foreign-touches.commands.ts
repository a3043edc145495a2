import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { InvalidInput, notFound } from '../kernel/errors.js';
import { uuidAt } from '../kernel/ids.js';
import { maskPhone } from '../kernel/phone.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { ContactCommands } from './contact.commands.js';
import type { ReservationForm, TouchForm } from './contact.forms.js';
import type { Recipient, Verdict } from './contact.types.js';
import { instantOf, requireNumber } from './number.policy.js';

/** Clocks of other systems may run ahead of ours by this much. */
const AHEAD_MS = 5 * 60_000;

/** Robots, shops and other centres ask the same gate and count against the same caps (GOV-8). */
@Injectable()
export class ForeignTouchesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
  ) {}

  /** The refusal is written as well, so a verdict comes back either way. @throws DomainError not_found */
  async reserve(user: CurrentUser, form: ReservationForm): Promise<Verdict> {
    const recipient = await this.recipient(user, requireNumber(form.phone));
    const source = form.campaign ? `api:${user.username}:${form.campaign}` : `api:${user.username}`;
    const { channel, purpose } = form;
    return this.db.tx((tx) => this.contact.reserve(tx, { ...recipient, channel, purpose, source, actorId: user.id, at: this.clock.now() }));
  }

  /** A touch that happened elsewhere: counts, is judged by no rule. @throws DomainError not_found; InvalidInput touch_in_future at `at` */
  async report(user: CurrentUser, form: TouchForm): Promise<{ id: string }> {
    const { customerId, number } = await this.recipient(user, requireNumber(form.phone));
    const at = instantOf(form.at);
    if (at.getTime() > this.clock.now().getTime() + AHEAD_MS) throw new InvalidInput([{ param: 'at', code: 'touch_in_future' }]);
    const id = uuidAt(at);
    const select = sql`select ${id}::uuid as id, ${customerId}::bigint as customer_id, ${number}::text as number, ${form.channel}::text as channel,
      ${form.purpose}::text as purpose, null::bigint as campaign_id, ${form.source}::text as source, ${at}::timestamptz as at`;
    await this.db.tx((tx) => this.contact.recordHistory(tx, select));
    return { id };
  }

  private async recipient(user: CurrentUser, number: string): Promise<Recipient> {
    const row = await this.db.maybe<Recipient>(sql`
      select c.id as "customerId", l.number from customers.v_line l join customers.v_customer c on c.id = l.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id where l.number = ${number} and ${inScope(user, sql`o.path`)}`);
    if (!row) throw notFound('customer', maskPhone(number));
    return row;
  }
}
