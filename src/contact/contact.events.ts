import { defineEvent } from '../platform/jobs/define-event.js';

/** A number of the customer is on the do-not-contact list, or longer than it was; null: a file of numbers. */
export const CustomerBlocked = defineEvent<{ customerId: string | null }>('contact.customer-blocked');
