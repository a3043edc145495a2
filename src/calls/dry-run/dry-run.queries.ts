import { Injectable } from '@nestjs/common';
import { setImmediate as breathe } from 'node:timers/promises';
import { AudienceQueries } from '../../campaigns/audience.queries.js';
import { type AudienceCount, type Campaign, purposeOf } from '../../campaigns/campaigns.types.js';
import { Estimates, HORIZON_DAYS } from '../../campaigns/wizard/estimates.queries.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf, dayStart, minuteOfDay } from '../../kernel/day.js';
import { DomainError } from '../../kernel/errors.js';
import { dryRun } from './dry-run.policy.js';
import { DryRunReads, LEARN_DAYS, type Share } from './dry-run-reads.queries.js';
import type { Hand, Plan, Run } from './dry-run.types.js';
import { cellsOf } from './hours.policy.js';
import { type Outlook, outlookOf } from './ranges.policy.js';
import { ratesOf, WEIGHT } from './rates.policy.js';

const HOUR_MS = 3_600_000;
/** Customers dialled on paper in all runs together: many runs of a short list, fewer of a long one, whose runs differ less. */
const ALL_RUNS = 1_000_000;
const [FEWEST_RUNS, MOST_RUNS] = [20, 200];

export interface Prepared {
  count: AudienceCount;
  plan: Plan;
  first: Day;
  last: Day;
  learnt: { days: number; dials: number; orders: number; assumed: boolean };
}

export interface DryRunResult extends Omit<Prepared, 'plan'> {
  seed: number;
  rates: Plan['rates'];
  limits: { perDay: number; perWeek: number; maxAttempts: number };
  managers: { name: string; people: number; backlog: number }[];
  outlook: Outlook;
  /** The middle run, hour by hour. */
  shown: Run;
}

const runsFor = (people: number): number => Math.min(MOST_RUNS, Math.max(FEWEST_RUNS, Math.round(ALL_RUNS / Math.max(1, people))));

/** A draft worked off on paper before it is launched (CAM-2): nothing is written, nobody is held for it. */
@Injectable()
export class DryRuns {
  constructor(
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly estimates: Estimates,
    private readonly contact: ContactQueries,
    private readonly reads: DryRunReads,
  ) {}

  /** @throws DomainError `dry_run_not_draft` (409) */
  async of(campaign: Campaign, seed: number): Promise<DryRunResult> {
    const { plan, ...prepared } = await this.prepare(campaign);
    const runs: Pick<Run, 'totals' | 'finishOn'>[] = [];
    for (let nth = 0; nth < runsFor(prepared.count.included); nth += 1) {
      const { totals, finishOn } = dryRun(plan, seed + nth);
      runs.push({ totals, finishOn });
      await breathe(); // whoever is on the phone does not wait for this
    }
    const outlook = outlookOf(runs);
    const { perDay, perWeek, maxAttempts, rates, hands } = plan;
    return {
      ...prepared,
      seed,
      rates,
      limits: { perDay, perWeek, maxAttempts },
      managers: hands.map(({ name, people, backlog }) => ({ name, people, backlog })),
      outlook,
      shown: dryRun(plan, seed + outlook.shown),
    };
  }

  /** Everything the runs are decided by, as it stands now. */
  async prepare(campaign: Campaign): Promise<Prepared> {
    if (campaign.state !== 'draft' || campaign.building) throw new DomainError('dry_run_not_draft', { status: 409, params: { name: campaign.name } });
    const now = this.clock.now();
    const today = dayOf(now);
    const first = await this.audience.firstDay(campaign, today);
    const horizon = addDays(first, HORIZON_DAYS - 1);
    const last = campaign.endsOn !== null && campaign.endsOn < horizon ? campaign.endsOn : horizon;
    const filled = campaign.startsOn > today ? campaign.startsOn : today;
    const { count, shares } = await this.reads.list(campaign, first, filled);
    const [hands, history] = await Promise.all([this.hands(campaign, first, shares), this.reads.history(campaign, now)]);
    const dials = history.reduce((sum, row) => sum + row.dials, 0);
    const orders = history.reduce((sum, row) => sum + row.settled, 0);
    const learnt = { days: LEARN_DAYS, dials, orders, assumed: dials < WEIGHT };
    return { count, first, last, learnt, plan: { ...this.limits(campaign, { first, last, filled, now }), hands, rates: ratesOf(history) } };
  }

  /** Whoever gets customers, with their calls by rota; who has no rota here has no calls. */
  private async hands(campaign: Campaign, first: Day, shares: readonly Share[]): Promise<Hand[]> {
    const workers = new Map((await this.estimates.workers(campaign, first)).map((worker) => [worker.id, worker]));
    return shares.map(({ ownerId, name, people }) => {
      const worker = ownerId === null ? undefined : workers.get(ownerId);
      const calls = new Map((worker?.days ?? []).map(({ day, calls: possible }) => [day, possible]));
      return { id: ownerId ?? '', name: name ?? '', people, backlog: worker?.backlog ?? 0, calls };
    });
  }

  private limits(campaign: Campaign, at: { first: Day; last: Day; filled: Day; now: Date }): Omit<Plan, 'hands' | 'rates'> {
    const { first, last, filled, now } = at;
    const purpose = purposeOf(campaign.kind);
    const { slots, usual, closedDays, perDay, perWeek } = this.contact.callRules(purpose, campaign.callWindow, now);
    const fromMinute = first === dayOf(now) ? minuteOfDay(now) : 0;
    const cells = cellsOf({ first, last, fromMinute, slots, usual, closed: closedDays, minGapMinutes: campaign.minGapMinutes });
    const begins = filled === dayOf(now) ? now : dayStart(filled);
    const from = Math.max(0, Math.ceil((this.dialFrom(campaign, begins).getTime() - dayStart(first).getTime()) / HOUR_MS));
    return { cells, from, perDay, perWeek, maxAttempts: campaign.maxAttempts };
  }

  /** As the list is filled: where a text goes first, its hours after it can go out. */
  private dialFrom({ smsStep, kind }: Campaign, begins: Date): Date {
    if (smsStep?.when !== 'before') return dayStart(dayOf(begins));
    const { open, until } = this.contact.windowState(begins, 'sms', purposeOf(kind));
    return new Date((open || !until ? begins : until).getTime() + smsStep.hours * HOUR_MS);
  }
}
