import { defineJob } from '../../platform/jobs/define-job.js';

/** An attempt whose outcome was only inferred takes that of the switch. */
export const followSwitch = defineJob<{ attemptId: string }>('calls.follow-switch');
