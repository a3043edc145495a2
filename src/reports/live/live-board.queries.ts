import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { hourOf } from '../../kernel/day.js';
import { share } from '../../kernel/statistics.js';
import { Reading, reads } from '../../platform/database/reading.js';
import { Kept } from '../../platform/process/kept.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BandQueries } from '../band.queries.js';
import { type Breach, BreachesQueries } from '../band/breaches.queries.js';
import type { JudgedRate } from '../band/judgement.policy.js';
import { agentOf, bandOfDay, runsDry, standingOf } from './live.policy.js';
import { LiveQueries } from './live.queries.js';
import type { Agent, BandedCampaign, DueCallback, LiveHour, LiveTotals } from './live.types.js';

export interface LiveBoard {
  at: Date;
  totals: LiveTotals & { connectRate: number | null; conversionRate: number | null };
  hours: (LiveHour & { connectRate: number | null })[];
  /** The hour that runs; undefined before its first call. */
  hour: (LiveHour & { connectRate: number | null }) | undefined;
  /** Limits of the campaigns dialled today, each as heavy as its calls. */
  band: { lower: number | null; upper: number | null };
  agents: Agent[];
  campaigns: BandedCampaign[];
  callbacks: DueCallback[];
  /** What a supervisor must act on now. */
  needs: { breaches: Breach[]; dry: BandedCampaign[] };
}

type Judged = Map<string, JudgedRate>;

/** Eight weeks are not counted again for each look at a board that is refreshed every few seconds. */
const BANDS_KEPT_MS = 60_000;
const MOST_KEPT = 200;

/** Everything the board of a unit shows, as of one moment (REP-2). */
@Injectable()
export class LiveBoards {
  private readonly kept = new Kept<Judged>(BANDS_KEPT_MS, MOST_KEPT);

  constructor(
    private readonly live: LiveQueries,
    private readonly bands: BandQueries,
    private readonly breaches: BreachesQueries,
    private readonly clock: Clock,
  ) {}

  async board(user: CurrentUser): Promise<LiveBoard> {
    const now = this.clock.now();
    const [facts, hours, totals, campaigns, callbacks, breaches] = await Promise.all([
      this.live.agents(user, now),
      this.live.hours(user, now),
      this.live.totals(user, now),
      this.live.campaigns(user, now),
      this.live.callbacks(user, now),
      this.breaches.open(user),
    ]);
    const bands = await this.judged(
      user,
      now,
      campaigns.map(({ id }) => id),
    );
    const agents = facts.map((one) => agentOf(one, now));
    const stateOf = new Map(agents.map(({ username, state }) => [username, state]));
    const banded = campaigns.map((one): BandedCampaign => {
      const band = bands.get(one.id) ?? null;
      const own = breaches.filter(({ campaignCode }) => campaignCode === one.code);
      return { ...one, band, standing: standingOf(band?.state ?? null, own, one.state === 'running') };
    });
    const rated = hours.map((hour) => ({ ...hour, connectRate: share(hour.connected, hour.attempts) }));
    return {
      at: now,
      totals: { ...totals, connectRate: share(totals.connected, totals.attempts), conversionRate: share(totals.converted, totals.connected) },
      hours: rated,
      hour: rated.find(({ hour }) => hour === hourOf(now)),
      band: bandOfDay(banded),
      agents,
      campaigns: banded,
      callbacks: callbacks.map((one) => ({ ...one, ownerState: stateOf.get(one.owner ?? '') ?? null })),
      needs: { breaches: breaches.filter(({ direction }) => direction === 'below'), dry: banded.filter(runsDry) },
    };
  }

  private judged(user: CurrentUser, now: Date, ids: readonly string[]): Promise<Judged> {
    const key = `${user.orgPath} ${[...ids].sort().join()}`;
    return this.kept.of(key, now.getTime(), () =>
      reads(new Reading(), async () => new Map((await this.bands.bands(user, ids)).map(({ id, ...band }) => [id, band]))),
    );
  }
}
