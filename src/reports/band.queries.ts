import { Injectable } from '@nestjs/common';
import { addDays, dayOf, type Day } from '../kernel/day.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { type BandCause, type BandJudgement, type BandLimits, causesOf, judgeBand, type OutcomeShare } from './band.policy.js';
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

export interface Band extends BandJudgement {
  lower: number | null;
  upper: number | null;
  causes: BandCause[];
}

const LOOK_BACK_DAYS = 56;

@Injectable()
export class BandQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The campaign as far as reports need it; what is outside the user's scope does not exist. */
  async campaign(user: CurrentUser, code: string): Promise<CampaignHead> {
    const row = await this.db.maybe<CampaignHead>(sql`
      select id, code, name, kind, state, starts_on as "startsOn", ends_on as "endsOn",
             band_lower::float8 as "bandLower", band_upper::float8 as "bandUpper", band_min_attempts as "bandMinAttempts"
      from reporting.campaign
      where code = ${code} and (org_path like ${`${user.orgPath}%`} or ${user.orgPath} like org_path || '%')`);
    if (!row) throw notFound('campaign', code);
    return row;
  }

  async campaigns(user: CurrentUser): Promise<{ code: string; name: string }[]> {
    return this.db.rows(sql`
      select code, name from reporting.campaign
      where org_path like ${`${user.orgPath}%`} or ${user.orgPath} like org_path || '%' order by standing, starts_on desc, code`);
  }

  /** The bands of several campaigns at once, those without limits and those outside the scope left out. */
  async bands(user: CurrentUser, ids: readonly string[]): Promise<(BandJudgement & { id: string })[]> {
    const rows = await this.db.rows<BandLimits & { id: string; attempts: number; connected: number }>(sql`
      select c.id, c.band_lower::float8 as lower, c.band_upper::float8 as upper, c.band_min_attempts as "minAttempts",
             count(a.attempt_id)::int as attempts, (count(*) filter (where a.connected))::int as connected
      from reporting.campaign c left join reporting.attempt a on a.campaign_id = c.id and ${visibleAttempts(user)}
      where c.id = any(${ids}::bigint[]) and (c.band_lower is not null or c.band_upper is not null)
        and (c.org_path like ${`${user.orgPath}%`} or ${user.orgPath} like c.org_path || '%')
      group by c.id, c.band_lower, c.band_upper, c.band_min_attempts`);
    return rows.map(({ id, attempts, connected, ...limits }) => ({ id, ...judgeBand(attempts, connected, limits) }));
  }

  /** The band of a campaign over all its calls; causes compare its outcomes with everybody else's of the last eight weeks. */
  async band(user: CurrentUser, code: string): Promise<Band> {
    const campaign = await this.campaign(user, code);
    const shares = await this.outcomeShares(user, campaign.id);
    const attempts = shares.reduce((sum, s) => sum + s.count, 0);
    const connected = shares.filter((s) => s.connected).reduce((sum, s) => sum + s.count, 0);
    const judgement = judgeBand(attempts, connected, { lower: campaign.bandLower, upper: campaign.bandUpper, minAttempts: campaign.bandMinAttempts });
    const causes = judgement.state === 'below' ? causesOf(shares.filter((s) => !s.connected)) : [];
    return { ...judgement, lower: campaign.bandLower, upper: campaign.bandUpper, causes };
  }

  private async outcomeShares(user: CurrentUser, campaignId: string): Promise<(OutcomeShare & { connected: boolean; count: number })[]> {
    const since = addDays(dayOf(this.clock.now()), -LOOK_BACK_DAYS);
    return this.db.rows(sql`
      select o.code as outcome, o.label_zh as "labelZh", o.label_en as "labelEn", o.connected, coalesce(here.n, 0)::int as count,
             coalesce(here.n / nullif(sum(here.n) over (), 0), 0)::float8 as here,
             coalesce(others.n / nullif(sum(others.n) over (), 0), 0)::float8 as elsewhere
      from reporting.outcome o
      left join (select a.outcome, count(*) as n from reporting.attempt a where a.campaign_id = ${campaignId} and ${visibleAttempts(user)} group by 1) here on here.outcome = o.code
      left join (select a.outcome, count(*) as n from reporting.attempt a
                 where a.campaign_id <> ${campaignId} and a.attempt_id >= platform.uuid_floor(platform.day_start(${since}::date)) and ${visibleAttempts(user)} group by 1) others on others.outcome = o.code
      order by o.sort`);
  }
}
