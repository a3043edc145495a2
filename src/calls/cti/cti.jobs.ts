import { defineJob } from '../../platform/jobs/define-job.js';

/** Calls of the switch that are over are brought to their attempts. */
export const settleLegs = defineJob<object>('calls.settle-legs', { concurrency: 1 });

/** The simulator tells one event of a call. */
export const simulateCall = defineJob<{ dialId: string; step: number }>('calls.simulate-call');
