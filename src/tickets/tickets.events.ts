import { defineEvent } from '../platform/jobs/define-event.js';

/** By hand, by another system, or with a call. */
export const TicketOpened = defineEvent<{ ticketId: string }>('tickets.opened');
