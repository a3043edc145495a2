import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { BlastCountsQueries } from './blast-counts.queries.js';
import { blastListRow, progressView, standingView } from './blast-pages.views.js';
import { BlastsQueries } from './blasts.queries.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import type { Blast } from '../messaging.types.js';
import { BlastPlanQueries } from '../plan/blast-plan.queries.js';
import { planView } from '../plan/blast-plan.views.js';
import { RetryQueries } from '../retry/retry.queries.js';
import { StallQueries } from '../stalls/stall.queries.js';

const UNDER_WAY: readonly Blast['state'][] = ['running', 'paused'];

/** What moves on the page of a blast, asked every two seconds: nothing of it counts the audience. */
@Injectable()
export class BlastProgress {
  constructor(
    private readonly clock: Clock,
    private readonly blasts: BlastsQueries,
    private readonly counts: BlastCountsQueries,
    private readonly plans: BlastPlanQueries,
    private readonly stalls: StallQueries,
    private readonly retries: RetryQueries,
    private readonly gateways: GatewaysQueries,
  ) {}

  async rows(blasts: readonly Blast[]): Promise<object[]> {
    const now = this.clock.now();
    const watched = await this.stalls.watched(blasts.map(({ id }) => id));
    const standing = new Map(watched.map((each) => [each.blastId, each.standing]));
    return blasts.map((blast) => blastListRow(blast, standing.get(blast.id), now));
  }

  async of(blast: Blast): Promise<object> {
    const now = this.clock.now();
    const underWay = UNDER_WAY.includes(blast.state);
    const [failures, minutes, median, standing, again, rounds, off] = await Promise.all([
      this.retries.failures(blast),
      this.counts.minutes(blast.id),
      this.blasts.medianSeconds(blast.id),
      underWay ? this.stalls.watched([blast.id]) : [],
      blast.counts.failed > 0 ? this.retries.count(blast.id) : 0,
      blast.counts.failed > 0 ? this.retries.rounds(blast.id) : [],
      underWay && blast.counts.queued > 0 ? this.gateways.allOff(blast.id) : [],
    ]);
    // nothing goes out, so nobody can say when it will be through
    const plan = underWay && off.length === 0 ? planView(blast, this.plans.rest(blast), now) : null;
    return {
      ...progressView({ blast, failures, minutes, median, now }),
      plan,
      again,
      rounds,
      off: blast.ways.filter(({ code }) => off.some((each) => each === code)),
      standing: standing[0] ? standingView(standing[0].standing, blast) : null,
    };
  }
}
