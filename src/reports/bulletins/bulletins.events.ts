import { defineJob } from '../../platform/jobs/define-job.js';

/** One delivery on its way; its own row says how often it was tried. */
export const SendBulletin = defineJob<{ delivery: string }>('reports.send-bulletin', { concurrency: 4 });

/** After a new sealing key was put first: addresses that older ones sealed are sealed anew. */
export const resealBulletins = defineJob<Record<string, never>>('reports.reseal-bulletins', { concurrency: 1 });
