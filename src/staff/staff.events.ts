import { defineEvent } from '../platform/jobs/define-event.js';

/** These people make more or fewer calls a day than before. */
export const CapacityChanged = defineEvent<{ userIds: readonly string[] }>('staff.capacity-changed');
