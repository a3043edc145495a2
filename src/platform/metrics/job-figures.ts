import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { JobsQueries } from '../jobs/jobs.queries.js';
import { Metrics } from './metrics.js';

/** How far behind the jobs are, asked when Prometheus asks. */
@Injectable()
export class JobFigures {
  constructor(metrics: Metrics, jobs: JobsQueries) {
    const registers = [metrics.registry];
    const waiting = new Gauge({
      name: 'starcare_jobs',
      help: 'Jobs that are due (at work or waiting) and jobs given up after their last attempt',
      labelNames: ['state'] as const,
      registers,
      collect: async () => {
        const { due, dead } = await jobs.backlog();
        waiting.set({ state: 'due' }, due);
        waiting.set({ state: 'dead' }, dead);
      },
    });
    const oldest: Gauge = new Gauge({
      name: 'starcare_jobs_oldest_seconds',
      help: 'Age of the oldest due job',
      registers,
      collect: async (): Promise<void> => {
        oldest.set((await jobs.backlog()).oldestSeconds);
      },
    });
  }
}
