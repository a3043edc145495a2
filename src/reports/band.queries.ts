import { Injectable } from '@nestjs/common';
import { dayOf, type Day } from '../kernel/day.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { BandCause, BandRate, DayCount } from './band/band.types.js';
import { alike, type BandFacts, BandFactsQueries, likenessFor, ofRate } from './band/band-facts.queries.js';
import { type JudgedRate, judgeRate } from './band/judgement.policy.js';
import { type Padding, paddedBy } from './band/padding.policy.js';
import { RollupsCommands } from './rollups.commands.js';
import { visibleAttempts } from './visibility.js';

export interface CampaignHead {
  id: string;
  code: string;
  name: string;
  kind: string;
  state: string;
  startsOn: Day;
  endsOn: Day | null;
  bandLower: number | null;
  bandUpper: number | null;
  bandMinAttempts: number;
}

/** The band of all calls with its causes, and that of first dials. Rates and excesses are fractions of attempts. */
export interface Band extends Omit<JudgedRate, 'diagnosis'> {
  /** Usual rate less the rate here, what a list like this is expected to connect, and the cause to act on first: below the band only. */
  gap: number | null;
  expected: number | null;
  main: string | null;
  causes: BandCause[];
  first: Omit<Band, 'first'>;
}

export interface JudgedCampaign {
  id: string;
  total: JudgedRate;
  first: JudgedRate;
}

/** A campaign as far as its band needs it. */
type Banded = Pick<CampaignHead, 'id' | 'bandLower' | 'bandUpper' | 'bandMinAttempts'>;

@Injectable()
export class BandQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly facts: BandFactsQueries,
    private readonly rollups: RollupsCommands,
  ) {}

  /** The campaign as far as reports need it; what is outside the user's scope does not exist. */
  async campaign(user: CurrentUser, code: string): Promise<CampaignHead> {
    const row = await this.db.maybe<CampaignHead>(sql`
      select c.id, c.code, c.name, c.kind, c.state, c.starts_on as "startsOn", c.ends_on as "endsOn", ${LIMITS}
      from reporting.campaign c
      where c.code = ${code} and (c.org_path like ${`${user.orgPath}%`} or ${user.orgPath} like c.org_path || '%')`);
    if (!row) throw notFound('campaign', code);
    return row;
  }

  async campaigns(user: CurrentUser): Promise<{ code: string; name: string }[]> {
    return this.db.rows(sql`
      select code, name from reporting.campaign
      where org_path like ${`${user.orgPath}%`} or ${user.orgPath} like org_path || '%' order by standing, starts_on desc, code`);
  }

  /** Bands of all calls of several campaigns at once, whoever made them, as the watch judges them; those that nothing can be judged by and those outside the scope are left out. */
  async bands(user: CurrentUser, ids: readonly string[]): Promise<(JudgedRate & { id: string })[]> {
    const campaigns = await this.db.rows<Banded>(sql`
      select c.id, ${LIMITS} from reporting.campaign c
      where c.id = any(${ids}::bigint[]) and (c.org_path like ${`${user.orgPath}%`} or ${user.orgPath} like c.org_path || '%')`);
    const judged = await this.judge(campaigns, sql`true`);
    return judged.filter(({ total }) => total.limits !== 'none').map(({ id, total }) => ({ id, ...total }));
  }

  /** The band of a campaign, within the reader's scope. */
  async band(user: CurrentUser, code: string): Promise<Band> {
    const [judged] = await this.judge([await this.campaign(user, code)], visibleAttempts(user));
    if (!judged) throw notFound('campaign', code);
    const labels = await this.facts.labels();
    return { ...bandOf(judged.total, labels), first: bandOf(judged.first, labels) };
  }

  /** Who seems to hold calls until they pass the 18-second mark, in the days of the band. */
  async padding(user: CurrentUser, campaignId: string, from: Day): Promise<Padding[]> {
    return paddedBy(await this.facts.talkTimes(campaignId, from, visibleAttempts(user)));
  }

  /** Every campaign that runs, for the watch. */
  running(): Promise<Banded[]> {
    return this.db.rows<Banded>(sql`select c.id, ${LIMITS} from reporting.campaign c where c.state = 'running' order by c.id`);
  }

  /** Judges both rates of campaigns against what is usual, from as many statements for all of them as for one. */
  async judge(campaigns: readonly Banded[], visible: Sql): Promise<JudgedCampaign[]> {
    const now = this.clock.now();
    await this.rollups.settleWhenMany();
    const facts = await this.facts.facts(
      campaigns.map(({ id }) => id),
      dayOf(now),
      visible,
    );
    return campaigns.map((campaign) => ({
      id: campaign.id,
      total: judgeOf(facts, campaign, 'total', now),
      first: judgeOf(facts, campaign, 'first', now),
    }));
  }
}

const LIMITS = sql`c.band_lower::float8 as "bandLower", c.band_upper::float8 as "bandUpper", c.band_min_attempts as "bandMinAttempts"`;

function judgeOf(facts: BandFacts, campaign: Banded, rate: BandRate, now: Date): JudgedRate {
  const { id, bandMinAttempts: minAttempts } = campaign;
  const likeness = likenessFor(facts, id, rate);
  return judgeRate({
    rate,
    recent: ofRate(
      facts.recent.filter((row) => row.campaignId === id),
      rate,
    ),
    usual: alike(ofRate(facts.usual, rate), id, facts.like, likeness ?? 'all'),
    series: seriesOf(alike(ofRate(facts.days, rate), id, facts.like, likeness ?? 'all')),
    likeness,
    // the limits of a campaign are those of all its calls
    set: rate === 'total' ? { lower: campaign.bandLower, upper: campaign.bandUpper, minAttempts } : { lower: null, upper: null, minAttempts },
    now,
  });
}

/** Days of each campaign by itself, in the order they come in. */
function seriesOf(rows: readonly (DayCount & { campaignId: string })[]): DayCount[][] {
  const series = new Map<string, Map<Day, DayCount>>();
  for (const { campaignId, day, attempts, connected } of rows) {
    const days = series.get(campaignId) ?? new Map<Day, DayCount>();
    const sum = days.get(day) ?? { day, attempts: 0, connected: 0 };
    series.set(campaignId, days.set(day, { day, attempts: sum.attempts + attempts, connected: sum.connected + connected }));
  }
  return [...series.values()].map((days) => [...days.values()]);
}

function bandOf({ diagnosis, ...judged }: JudgedRate, labels: Map<string, { zh: string; en: string }>): Omit<Band, 'first'> {
  const causes = (diagnosis?.causes ?? []).map((one) => ({ ...one, labelZh: labels.get(one.cause)?.zh, labelEn: labels.get(one.cause)?.en }));
  return { ...judged, gap: diagnosis?.gap ?? null, expected: diagnosis?.expected ?? null, main: diagnosis?.main ?? null, causes };
}
