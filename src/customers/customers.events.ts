import { defineEvent } from '../platform/jobs/define-event.js';

/** A file of star changes stands in the books. */
export const StarsChanged = defineEvent<{ importId: string }>('customers.stars-changed');
