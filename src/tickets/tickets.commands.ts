import { Injectable } from '@nestjs/common';
import { CustomersQueries } from '../customers/customers.queries.js';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { parsePhone } from '../kernel/phone.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { limitFrom } from './deadline.policy.js';
import { LimitsQueries } from './limits.queries.js';
import { TicketBook } from './ticket-book.commands.js';
import type { CallTicketForm, TicketForm } from './tickets.forms.js';
import { TicketsQueries } from './tickets.queries.js';
import type { TicketKind, TicketRow, TicketScope, TicketState, TicketTier } from './tickets.types.js';

interface NewTicket {
  kind: TicketKind;
  scope: TicketScope;
  major: boolean;
  text: string;
  customerId: string;
  lineId: string | null;
  attemptId: string | null;
  openedBy: string | null;
  /** A call: the manager who heard it has it. */
  assigneeId: string | null;
  at: Date;
}

/** Opens tickets: by hand, by another system, with a call (TIC-1). */
@Injectable()
export class TicketsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersQueries,
    private readonly limits: LimitsQueries,
    private readonly queries: TicketsQueries,
    private readonly book: TicketBook,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError not_found (also a customer outside the scope) · `ticket_customer_missing` (422) */
  async open(user: CurrentUser, form: TicketForm): Promise<TicketRow> {
    const { customerId, lineId } = await this.whose(user, form);
    const { kind, text } = form;
    const [scope, major] = [form.scope ?? 'inside', form.major ?? false];
    const facts = { kind, scope, text, major, customerId, lineId, attemptId: null, openedBy: user.id, assigneeId: null, at: this.clock.now() };
    return this.db.tx(async (tx) => {
      const no = (await this.write(tx, facts)) ?? '';
      await this.audit.record(tx, user, { action: 'ticket.opened', object: 'ticket', id: no, detail: { kind, scope, major } });
      return this.queries.byNo(user, no, tx);
    });
  }

  /** While a call goes on: the manager who hears it has it. */
  async openInCall(user: CurrentUser, { customerId, lineId }: { customerId: string; lineId: string }, form: CallTicketForm): Promise<TicketRow> {
    const { kind, text } = form;
    const major = form.major ?? false;
    const given = { kind, text, major, customerId, lineId, scope: 'inside', attemptId: null } as const;
    return this.db.tx(async (tx) => {
      const no = (await this.write(tx, { ...given, openedBy: user.id, assigneeId: user.id, at: this.clock.now() })) ?? '';
      await this.audit.record(tx, user, { action: 'ticket.opened', object: 'ticket', id: no, detail: { kind, scope: 'inside', major } });
      return this.queries.byNo(user, no, tx);
    });
  }

  /** A call whose outcome opens a ticket: once, however often it is told. A complaint written down while the call went on is that ticket. */
  async openFromCall(attemptId: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const call = await tx.maybe<{ customerId: string; lineId: string; managerId: string; note: string | null; at: Date }>(sql`
        select a.customer_id as "customerId", a.line_id as "lineId", a.manager_id as "managerId", a.note, a.started_at as at
        from calls.v_attempt a join calls.outcome o on o.code = a.outcome where a.id = ${attemptId} and o.opens_ticket`);
      if (!call) return;
      const { customerId, lineId, managerId, note, at } = call;
      if (await this.adopt(tx, { ...call, attemptId })) return;
      const given = { kind: 'complaint', scope: 'inside', major: false } as const;
      await this.write(tx, { ...given, text: note ?? '', customerId, lineId, attemptId, openedBy: managerId, assigneeId: managerId, at });
    });
  }

  /** @returns whether there was one */
  private async adopt(tx: Tx, call: { attemptId: string; customerId: string; managerId: string; note: string | null; at: Date }): Promise<boolean> {
    const own = await tx.maybe<{ id: string; state: TicketState }>(sql`
      update tickets.ticket set attempt_id = ${call.attemptId} where id = (
        select t.id from tickets.ticket t where t.customer_id = ${call.customerId} and t.kind = 'complaint' and t.opened_by = ${call.managerId}
          and t.opened_at >= ${call.at} and t.attempt_id is null and not exists (select from tickets.ticket h where h.attempt_id = ${call.attemptId})
        order by t.id limit 1)
      returning id, state`);
    if (own) await this.book.enter(tx, own.id, { by: call.managerId, deed: 'call', state: own.state, note: call.note });
    return own !== undefined;
  }

  private async whose(user: CurrentUser, { phone, customer }: TicketForm): Promise<{ customerId: string; lineId: string | null }> {
    if (phone === undefined) {
      if (customer === undefined) throw new DomainError('ticket_customer_missing', { param: 'phone' });
      const { id, lines } = await this.customers.byId(user, customer);
      return { customerId: id, lineId: lines[0]?.id ?? null };
    }
    const parsed = parsePhone(phone);
    if ('fault' in parsed) throw new DomainError('ticket_phone', { param: 'phone', params: { digits: phone.replace(/\D/g, '').length } });
    const line = await this.db.maybe<{ id: string; customerId: string }>(
      sql`select id, customer_id as "customerId" from customers.v_line where number = ${parsed.number}`,
    );
    if (!line || (customer !== undefined && customer !== line.customerId)) throw notFound('customer', '');
    await this.customers.byId(user, line.customerId);
    return { customerId: line.customerId, lineId: line.id };
  }

  /** @returns its number; null when the call has one already */
  private async write(tx: Tx, facts: NewTicket): Promise<string | null> {
    const { kind, scope, major, text, customerId, lineId, attemptId, openedBy, assigneeId, at } = facts;
    const { tier } = await tx.one<{ tier: TicketTier }>(sql`
      select case when tier in ('diamond', 'gold', 'silver') then 'high' else 'other' end as tier from customers.v_customer where id = ${customerId}`);
    const { version } = await this.limits.current(tx);
    const { rule, counting } = await this.limits.ruleOf(tx, { version, kind, tier, scope }, at);
    const [answer, solve] = [limitFrom(at, rule.answerMinutes, counting), limitFrom(at, rule.solveMinutes, counting)];
    const state = assigneeId === null ? 'open' : 'assigned';
    const made = await tx.maybe<{ id: string; no: string }>(sql`
      insert into tickets.ticket (kind, scope, tier, major, text, customer_id, line_id, attempt_id, state, org_unit_id, assignee_id, opened_by, opened_at,
                                  limit_version, answer_due, solve_due, answer_escalate, solve_escalate, escalated_at, escalated_limit)
      select ${kind}, ${scope}, ${tier}, ${major}, ${text}, c.id, ${lineId}, ${attemptId}, ${state}, c.org_unit_id, ${assigneeId}, ${openedBy}, ${at}, ${version},
             ${answer.due}, ${solve.due}, ${answer.escalate}, ${solve.escalate},
             case when ${major} then ${at}::timestamptz end, case when ${major} then 'answer' end
      from customers.v_customer c where c.id = ${customerId}
      on conflict (attempt_id) do nothing returning id, no`);
    if (!made) return null;
    await this.book.open(tx, made.id, { by: openedBy, state });
    if (major) await this.book.enter(tx, made.id, { by: null, deed: 'escalate', state });
    await this.book.guard(tx, { ...made, kind, customerId, state, round: 0 }, state);
    return made.no;
  }
}
