import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { Metrics } from '../../platform/metrics/metrics.js';

/** How long people wait for the next customer, for Prometheus: from the press of the button to the lease, however many candidates the gate refused on the way. */
@Injectable()
export class ClaimFigures {
  private readonly claims: Histogram<'answer'>;

  constructor({ registry }: Metrics) {
    this.claims = new Histogram({
      name: 'starcare_claim_seconds',
      help: 'Time to hand out the next task, by the answer: task, or why there was none',
      labelNames: ['answer'] as const,
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers: [registry],
    });
  }

  /** Times a claim that was answered; one that failed is a failed request. */
  async timed<T extends { taskId: string } | { empty: string }>(claim: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const next = await claim();
    this.claims.observe({ answer: 'empty' in next ? next.empty : 'task' }, (performance.now() - begin) / 1000);
    return next;
  }
}
