import { defineJob } from '../platform/jobs/define-job.js';
import { MOST_TRIES } from './answer.policy.js';

/** One delivery on its way: half a minute after the first failure, then doubled up to an hour. */
export const DeliverWebhook = defineJob<{ delivery: string }>('webhooks.deliver', { attempts: MOST_TRIES, backoffSeconds: 30, concurrency: 4 });
