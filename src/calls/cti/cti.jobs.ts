import { defineJob } from '../../platform/jobs/define-job.js';

/** Calls of the switch that are over are brought to their attempts. */
export const settleLegs = defineJob<object>('calls.settle-legs', { concurrency: 1 });

/** The simulator tells one event of a call. */
export const simulateCall = defineJob<{ dialId: string; step: number }>('calls.simulate-call');

/** After a new sealing key was put first: the secrets of switches that older ones sealed are sealed anew. */
export const resealCtiKeys = defineJob<Record<string, never>>('calls.reseal-cti-keys', { concurrency: 1 });
