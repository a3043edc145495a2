import { defineEvent } from '../platform/jobs/define-event.js';

/** A customer wrote that they want no more: the block stands. */
export const OptOutReceived = defineEvent<{ replyId: string }>('messaging.opt-out-received');

/** Nobody in the blast is planned, under way or in doubt any more. */
export const BlastDone = defineEvent<{ blastId: string }>('messaging.blast-done');
