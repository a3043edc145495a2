import { Injectable } from '@nestjs/common';
import { FollowUpCommands } from '../care/follow-ups.commands.js';
import { ContactCommands } from '../contact/contact.commands.js';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { needsCallBack } from './ticket.states.js';
import { TicketOpened } from './tickets.events.js';
import type { TicketKind, TicketState } from './tickets.types.js';

/** A ticket with what must be known to move it, locked. */
export interface HeldTicket {
  id: string;
  no: string;
  kind: TicketKind;
  customerId: string;
  state: TicketState;
  round: number;
}

/** A call-back asks about one solution: solved again it is asked about again. */
export const referenceOf = ({ no, round }: Pick<HeldTicket, 'no' | 'round'>): string => (round > 1 ? `${no}/${round}` : no);

export interface NewEntry {
  by: string | null;
  deed: string;
  state: TicketState;
  target?: string | null;
  note?: string | null;
}

/** What goes with a change of a ticket: its history, the rest from marketing, the call-back. */
@Injectable()
export class TicketBook {
  constructor(
    private readonly clock: Clock,
    private readonly contact: ContactCommands,
    private readonly followUps: FollowUpCommands,
    private readonly events: Events,
  ) {}

  /** The first entry, and the word to whoever wants to hear of new tickets. */
  async open(tx: Tx, ticketId: string, { by, state }: Pick<NewEntry, 'by' | 'state'>): Promise<void> {
    await this.enter(tx, ticketId, { by, deed: 'open', state });
    await this.events.publish(tx, TicketOpened, { ticketId });
  }

  async enter(tx: Tx, ticketId: string, { by, deed, state, target = null, note = null }: NewEntry): Promise<void> {
    await tx.run(sql`insert into tickets.entry (ticket_id, at, by_user, deed, state, target, note)
      values (${ticketId}, ${this.clock.now()}, ${by}, ${deed}, ${state}, ${target}, ${note})`);
  }

  /** Marketing rests from the opening of a complaint or fault until it is closed (GOV-7). */
  async guard(tx: Tx, { kind, customerId, no }: HeldTicket, after: TicketState): Promise<void> {
    if (!needsCallBack(kind)) return;
    if (after === 'closed') await this.contact.unprotect(tx, { customerId, kind, ref: no });
    else await this.contact.protect(tx, { customerId, kind, ref: no, source: 'tickets' });
  }

  /** Solved: the customer is to be asked; open again: not any more (TIC-4, CAR-9). */
  async askBack(tx: Tx, ticket: HeldTicket, after: TicketState): Promise<void> {
    if (!needsCallBack(ticket.kind)) return;
    const { customerId, round } = ticket;
    if (after === 'solved') {
      const reference = referenceOf({ no: ticket.no, round: round + 1 });
      const today = dayOf(this.clock.now());
      await this.followUps.ask(
        tx,
        ticket.kind,
        sql`select ${reference}::text as reference, ${customerId}::bigint as customer_id, ${today}::date as closed_on`,
      );
    } else if (ticket.state === 'solved' && after !== 'closed') {
      await this.followUps.withdraw(tx, ticket.kind, sql`select ${referenceOf(ticket)}::text`);
    }
  }
}
