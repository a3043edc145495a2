import { defineEvent } from '../platform/jobs/define-event.js';

/** Stars changed: by a file, or (null) because the day of a change told beforehand has come. */
export const StarsChanged = defineEvent<{ importId: string | null }>('customers.stars-changed');

/** Facts of customers have changed: of one, by hand; null: of many, by a file or a hand-over. */
export const CustomersChanged = defineEvent<{ customerId: string | null }>('customers.changed');

/** Customers without a number turned out to be others, whose number their lines came with: `customers.v_merged` says which. Told again at night, by no file. */
export const CustomersMerged = defineEvent<{ importId: string | null }>('customers.merged');
