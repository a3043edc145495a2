import { defineEvent } from '../platform/jobs/define-event.js';

/** Stars changed: by a file, or (null) because the day of a change told beforehand has come. */
export const StarsChanged = defineEvent<{ importId: string | null }>('customers.stars-changed');
