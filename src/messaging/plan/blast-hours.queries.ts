import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { stampText } from '../../platform/views/formats.js';
import type { MessagePurpose } from '../messaging.types.js';
import { hoursFault, type PlanFacts } from './blast-plan.policy.js';

const DAY_MS = 86_400_000;
const LOOK_AHEAD_DAYS = 31;

export interface BlastMoments {
  notBefore: Date | null;
  notAfter: Date | null;
}

/** The hours in which a blast may go out: the gate's, between its own first and last moment. */
@Injectable()
export class BlastHours {
  constructor(
    private readonly clock: Clock,
    private readonly gate: ContactQueries,
  ) {}

  of(purpose: MessagePurpose, { notBefore, notAfter }: BlastMoments): Pick<PlanFacts, 'from' | 'notAfter' | 'spans'> {
    const now = this.clock.now();
    const from = notBefore && notBefore > now ? notBefore : now;
    return { from, notAfter, spans: this.gate.openSpans(purpose, { from, until: new Date(from.getTime() + LOOK_AHEAD_DAYS * DAY_MS) }) };
  }

  /**
   * Between these moments somebody can be reached. All would be expired otherwise (R9), and no rate would help.
   * @throws DomainError window_reversed, blast_moment_past, blast_hours_closed, at the field
   */
  demand(purpose: MessagePurpose, moments: BlastMoments): void {
    const { notBefore, notAfter } = moments;
    if (notBefore && notAfter && notAfter <= notBefore) throw new DomainError('window_reversed', { param: 'notAfter' });
    const { from, spans } = this.of(purpose, moments);
    const fault = hoursFault({ from, notAfter, spans });
    if (fault === 'past') throw new DomainError('blast_moment_past', { param: 'notAfter', params: { until: stampText(notAfter) } });
    if (fault !== 'closed') return;
    const [next] = spans;
    const params = { from: stampText(from), until: stampText(notAfter), opens: stampText(next?.from ?? null), closes: stampText(next?.to ?? null) };
    throw new DomainError('blast_hours_closed', { param: from === notBefore ? 'notBefore' : 'notAfter', params });
  }
}
