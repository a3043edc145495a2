import { defineJob } from '../../platform/jobs/define-job.js';

/** Calls of the switch that are over are brought to their attempts. */
export const settleLegs = defineJob<object>('calls.settle-legs', { concurrency: 1 });
