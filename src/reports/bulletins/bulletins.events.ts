import { defineJob } from '../../platform/jobs/define-job.js';

/** One delivery on its way; its own row says how often it was tried. */
export const SendBulletin = defineJob<{ delivery: string }>('reports.send-bulletin', { concurrency: 4 });
