import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { type HeldTicket, referenceOf, TicketBook } from './ticket-book.commands.js';
import { type ClockedTicket, RUNNING_LIMIT, TicketClock } from './ticket-clock.commands.js';
import { mayDo } from './ticket-rights.policy.js';
import { needsCallBack, satisfied, stateAfter } from './ticket.states.js';
import type { TicketStep } from './tickets.forms.js';
import { ownOf, TicketsQueries } from './tickets.queries.js';
import type { TicketDeed, TicketRow, TicketState } from './tickets.types.js';

interface Standing extends HeldTicket, ClockedTicket {
  assigneeId: string | null;
  assigneeActive: boolean | null;
  erased: boolean;
  assignee: string | null;
  unit: string;
  unitName: string;
  /** Of the customer. */
  manager: string | null;
  /** Of whoever asks. */
  own: boolean;
  /** For the limit that runs. */
  escalated: boolean;
}

/** What a step writes beside the state. */
interface Change {
  set: Sql;
  /** To whom it went, or what it became part of. */
  target?: string;
}

/** What people do with a ticket: lock, decide by the table of states, save, tell the history (TIC-3, TIC-4). */
@Injectable()
export class TicketSteps {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly queries: TicketsQueries,
    private readonly timing: TicketClock,
    private readonly book: TicketBook,
    private readonly audit: Audit,
  ) {}

  /**
   * @throws DomainError not_found · `ticket_of_other`, `ticket_of_nobody` (403) · `ticket_taken`, `ticket_step`, `ticket_escalated`, `ticket_needs_call_back`, `customer_erased` (409) · `ticket_assignee`, `ticket_unit`, `ticket_merge` (422)
   */
  async step(user: CurrentUser, no: string, form: TicketStep): Promise<TicketRow> {
    const { id } = await this.queries.byNo(user, no);
    return this.db.tx(async (tx) => {
      // two of a customer made part of each other at once wait in one order
      if (form.into) await tx.run(sql`select from tickets.ticket where id = ${id} or no = ${form.into} order by id for update`);
      const ticket = await this.locked(tx, id, user.id);
      const after = decide(ticket, form.deed, user);
      const change = await this.change(tx, user, ticket, form);
      await tx.run(sql`update tickets.ticket set state = ${after} ${change.set} where id = ${id}`);
      await this.tell(tx, ticket, after, { by: user.id, deed: form.deed, target: change.target ?? null, note: form.note ?? null });
      await this.audit.record(tx, user, { action: `ticket.${form.deed}`, object: 'ticket', id: no, detail: { state: after, target: change.target } });
      // whoever hands it on may not see it any more, and is told how it stands all the same
      return this.queries.byNo({ ...user, orgPath: '/' }, no, tx);
    });
  }

  /** The customer's word in a call-back: satisfied closes, otherwise it is open again. Words on an earlier solution change nothing. */
  async answered(reference: string, satisfaction: number, by: string): Promise<void> {
    const [no = ''] = reference.split('/');
    await this.db.tx(async (tx) => {
      const found = await tx.maybe<{ id: string }>(sql`select id from tickets.ticket where no = ${no}`);
      const ticket = found && (await this.locked(tx, found.id));
      if (ticket?.state !== 'solved' || referenceOf(ticket) !== reference) return;
      const deed = satisfied(satisfaction) ? 'close' : 'reopen';
      const after = decided(ticket, deed);
      const now = this.clock.now();
      const more = deed === 'close' ? sql`, closed_at = ${now}` : await this.timing.reopened(tx, ticket, now);
      await tx.run(sql`update tickets.ticket set state = ${after}, satisfaction = ${satisfaction} ${more} where id = ${ticket.id}`);
      await this.tell(tx, ticket, after, { by, deed, target: String(satisfaction), note: null });
    });
  }

  /** What closed it was not the customer's word, as a correction of the call says: it is solved, and the call-back is still to come. */
  async unheard(reference: string, satisfaction: number): Promise<void> {
    const [no = ''] = reference.split('/');
    await this.db.tx(async (tx) => {
      const found = await tx.maybe<{ id: string }>(sql`
        select id from tickets.ticket where no = ${no} and satisfaction = ${satisfaction} and merged_into is null`);
      const ticket = found && (await this.locked(tx, found.id));
      if (ticket?.state !== 'closed' || referenceOf(ticket) !== reference) return;
      await tx.run(sql`update tickets.ticket set state = 'solved', satisfaction = null, closed_at = null where id = ${ticket.id}`);
      await this.book.enter(tx, ticket.id, { by: null, deed: 'unheard', state: 'solved', target: String(satisfaction) });
      await this.book.guard(tx, ticket, 'solved');
    });
  }

  private async locked(tx: Tx, id: string, userId: string | null = null): Promise<Standing> {
    await tx.run(sql`select from tickets.ticket where id = ${id} for update`);
    return tx.one<Standing>(sql`
      select t.id, t.no, t.kind, t.customer_id as "customerId", t.state, t.round, t.scope, t.tier, t.limit_version as version, t.assignee_id as "assigneeId",
             a.name as assignee, a.active as "assigneeActive", m.name as manager, ${ownOf(userId)} as own, o.code as unit, o.name as "unitName", t.answered_at as "answeredAt", t.answer_due as "answerDue", t.solve_due as "solveDue",
             t.answer_escalate as "answerEscalate", t.solve_escalate as "solveEscalate", t.waiting_since as "waitingSince",
             t.escalated_limit is not distinct from ${RUNNING_LIMIT} as escalated, c.erased_at is not null as erased
      from tickets.ticket t join reporting.customer c on c.customer_id = t.customer_id join staff.v_org_unit o on o.id = t.org_unit_id
      left join staff.v_user a on a.id = t.assignee_id left join staff.v_user m on m.id = c.manager_id where t.id = ${id}`);
  }

  private async tell(tx: Tx, ticket: Standing, after: TicketState, entry: { by: string; deed: string; target: string | null; note: string | null }) {
    await this.book.enter(tx, ticket.id, { ...entry, state: after });
    await this.book.guard(tx, ticket, after);
    await this.book.askBack(tx, ticket, after);
  }

  private async change(tx: Tx, user: CurrentUser, ticket: Standing, form: TicketStep): Promise<Change> {
    const now = this.clock.now();
    const firstAnswer = sql`answered_at = coalesce(answered_at, ${now})`;
    switch (form.deed) {
      case 'take':
        return { set: sql`, assignee_id = ${user.id}` };
      case 'assign':
        return this.assign(tx, ticket, form);
      case 'transfer':
        return this.transfer(tx, form);
      case 'answer':
        return { set: sql`, ${firstAnswer}` };
      case 'wait':
        return { set: sql`, waiting_since = ${now}` };
      case 'resume':
        return { set: await this.timing.resumed(tx, ticket, now) };
      case 'solve':
        return { set: sql`, ${firstAnswer}, solved_at = ${now}, round = round + 1` };
      case 'close':
        return { set: sql`, closed_at = ${now}` };
      case 'reopen':
        return { set: sql`${await this.timing.reopened(tx, ticket, now)}, waiting_since = null, merged_into = null` };
      case 'urge':
        return { set: sql`, urges = urges + 1` };
      case 'escalate':
        return { set: sql`, escalated_at = ${now}, escalated_limit = ${RUNNING_LIMIT}` };
      case 'merge':
        return this.merge(tx, ticket, form, now);
    }
  }

  private async assign(tx: Tx, { unit }: Standing, { to }: TicketStep): Promise<Change> {
    const person = await tx.maybe<{ id: string; name: string }>(sql`
      select u.id, u.name from staff.v_user u join staff.v_org_unit o on starts_with(u.org_path, o.path)
      where u.username = ${to ?? ''} and u.active and u.role in ('manager', 'supervisor') and o.code = ${unit}`);
    if (!person) throw new DomainError('ticket_assignee', { param: 'to' });
    return { set: sql`, assignee_id = ${person.id}`, target: person.name };
  }

  private async transfer(tx: Tx, { unit }: TicketStep): Promise<Change> {
    const found = await tx.maybe<{ id: string; name: string }>(sql`select id, name from staff.v_org_unit where code = ${unit ?? ''} and active`);
    if (!found) throw new DomainError('ticket_unit', { param: 'unit' });
    return { set: sql`, org_unit_id = ${found.id}, assignee_id = null`, target: found.name };
  }

  private async merge(tx: Tx, ticket: Standing, { into }: TicketStep, now: Date): Promise<Change> {
    const other = await tx.maybe<{ id: string; no: string }>(sql`
      select id, no from tickets.ticket where no = ${into ?? ''} and id <> ${ticket.id} and customer_id = ${ticket.customerId} and kind = ${ticket.kind} and state <> 'closed'
      for update`);
    if (!other) throw new DomainError('ticket_merge', { param: 'into' });
    return { set: sql`, merged_into = ${other.id}, closed_at = ${now}, waiting_since = null`, target: other.no };
  }
}

function decided(ticket: Standing, deed: TicketDeed): TicketState {
  const after = stateAfter({ state: ticket.state, assigned: ticket.assigneeId !== null, answered: ticket.answeredAt !== null }, deed);
  if (after === null) throw new DomainError('ticket_step', { status: 409 });
  return after;
}

/** @throws DomainError `ticket_of_nobody`, `ticket_of_other` (403), with the name of whom to ask */
function checkRight(ticket: Standing, deed: TicketDeed, { role }: CurrentUser): void {
  if (mayDo({ supervises: role !== 'manager', own: ticket.own }, deed)) return;
  const had = ticket.assigneeId !== null && ticket.assigneeActive === true;
  if (!had && stateAfter({ state: ticket.state, assigned: false, answered: false }, 'take') !== null)
    throw new DomainError('ticket_of_nobody', { status: 403 });
  throw new DomainError('ticket_of_other', { status: 403, params: { name: (had ? ticket.assignee : ticket.manager) ?? ticket.unitName } });
}

function decide(ticket: Standing, deed: TicketDeed, user: CurrentUser): TicketState {
  checkRight(ticket, deed, user);
  if (deed === 'take' && ticket.assigneeActive && ticket.assigneeId !== user.id) {
    throw new DomainError('ticket_taken', { status: 409, params: { name: ticket.assignee } });
  }
  if (deed === 'reopen' && ticket.erased) throw new DomainError('customer_erased', { status: 409 }); // nobody could ever say that it is solved
  if (deed === 'escalate' && ticket.escalated) throw new DomainError('ticket_escalated', { status: 409 });
  if (deed === 'close' && needsCallBack(ticket.kind)) throw new DomainError('ticket_needs_call_back', { status: 409 });
  return decided(ticket, deed);
}
