import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { counted } from '../kernel/statistics.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Verdict } from './contact.types.js';

/** What the gate answered, for Prometheus: why contacts are refused, as it happens. The books are the ledger. */
@Injectable()
export class GateFigures {
  private readonly answers: Counter<'channel' | 'answer'>;

  constructor({ registry }: Metrics) {
    this.answers = new Counter({
      name: 'starcare_gate_answers_total',
      help: 'Answers of the gate: allowed, or the first reason of a refusal',
      labelNames: ['channel', 'answer'] as const,
      registers: [registry],
    });
  }

  count<T extends Iterable<Verdict>>(channel: string, verdicts: T): void {
    const answers = [...verdicts].map(({ allowed, reasons }) => (allowed ? 'allowed' : (reasons[0] ?? 'refused')));
    for (const [answer, sum] of counted(answers)) this.answers.inc({ channel, answer }, sum);
  }
}
