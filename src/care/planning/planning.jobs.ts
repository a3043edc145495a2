import { defineJob } from '../../platform/jobs/define-job.js';

/** One run at a time, over all processes: each finds the capacity that the run before it left. */
export const RunPlan = defineJob<{ runId: string }>('care.run-plan', { attempts: 5, backoffSeconds: 10, concurrency: 1 });

/** A rule says something else: what was planned by it is judged anew. */
export const ReplanCare = defineJob<object>('care.replan', { concurrency: 1 });
