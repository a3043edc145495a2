import { defineJob } from '../../platform/jobs/define-job.js';

/** One at a time: each takes a core of the database for as long as it runs. */
export const RunForecast = defineJob<{ forecastId: string }>('care.run-forecast', { attempts: 3, backoffSeconds: 30, concurrency: 1 });
