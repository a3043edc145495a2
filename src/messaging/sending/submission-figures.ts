import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { counted } from '../../kernel/statistics.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { SubmitResult } from '../gateways/gateway.types.js';

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
    for (const [outcome, sum] of counted(results.map((result) => result.outcome))) this.answers.inc({ gateway, outcome }, sum);
  }
}
