import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../platform/metrics/metrics.js';
import type { SubmitResult } from './gateway.types.js';

/** How fast messages go out, for Prometheus: the answers of the gateways, as they come. The books are the messages. */
@Injectable()
export class SubmissionFigures {
  private readonly answers: Counter<'gateway' | 'outcome'>;

  constructor({ registry }: Metrics) {
    this.answers = new Counter({
      name: 'starcare_messages_answered_total',
      help: 'Messages handed to a gateway, by its answer: accepted, rejected, not_sent, unknown …',
      labelNames: ['gateway', 'outcome'] as const,
      registers: [registry],
    });
  }

  count(gateway: string, results: readonly SubmitResult[]): void {
    const sums = new Map<string, number>();
    for (const { outcome } of results) sums.set(outcome, (sums.get(outcome) ?? 0) + 1);
    for (const [outcome, sum] of sums) this.answers.inc({ gateway, outcome }, sum);
  }
}
