import { defineEvent } from '../platform/jobs/define-event.js';

/** Stars changed: by a file, or (null) because the day of a change told beforehand has come. */
export const StarsChanged = defineEvent<{ importId: string | null }>('customers.stars-changed');

/** Facts of customers have changed: of one, by hand; null: of many, by a file or a hand-over. */
export const CustomersChanged = defineEvent<{ customerId: string | null }>('customers.changed');
