import { Injectable } from '@nestjs/common';
import { addDays, type Day, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { BAND_RATES, type BandRate, type DayCount, type DialCount, type Likeness, type OfCampaign, type UsualCount } from './band.types.js';
import { likenessOf, LONGEST_WINDOW, RUN_DAYS, USUAL_DAYS } from './limits.policy.js';
import type { TalkTimes } from './padding.policy.js';
import { UsualCountsQueries } from './usual-counts.queries.js';

type CampaignDay = OfCampaign<DayCount & { first: boolean }>;

/** What campaigns are like each other by, and the calls of each: who is judged by which calls follows from them. */
export interface Likenesses {
  days: CampaignDay[];
  like: Map<string, { segmentId: string | null; kind: string }>;
}

/** Calls of the last three weeks by campaign, and those of the eight weeks before the last seven days that are usual for one of them. */
export interface BandFacts extends Likenesses {
  recent: OfCampaign<DialCount>[];
  usual: OfCampaign<UsualCount>[];
}

/** Counts for the control band, each from one statement whatever the number of campaigns. */
@Injectable()
export class BandFactsQueries {
  constructor(
    private readonly db: Database,
    private readonly usual: UsualCountsQueries,
  ) {}

  /** @param visible a condition on `a`, the attempts the asker's figures are made of */
  async facts(campaignIds: readonly string[], today: Day, visible: Sql): Promise<BandFacts> {
    const to = addDays(today, 1 - LONGEST_WINDOW);
    const from = addDays(to, -USUAL_DAYS);
    const [recent, days, like] = await Promise.all([this.recent(campaignIds, today, visible), this.days(from, to, visible), this.likeness()]);
    const needed = campaignsFor({ days, like }, campaignIds);
    const usual = await this.usual.of(
      { campaignIds: needed, from, to, visible },
      days.filter(({ campaignId }) => needed.includes(campaignId)),
    );
    return { recent, usual, days, like };
  }

  private recent(campaignIds: readonly string[], today: Day, visible: Sql): Promise<OfCampaign<DialCount>[]> {
    return this.db.rows(sql`
      select a.campaign_id as "campaignId", a.day, a.hour, a.star, a.first, a.kind, a.connected, a.caller, count(*)::int as count
      from reporting.dial a
      where a.campaign_id = any(${campaignIds}::bigint[]) and ${since(addDays(today, 1 - RUN_DAYS))} and a.day <= ${today}::date and ${visible}
      group by 1, 2, 3, 4, 5, 6, 7, 8`);
  }

  /** From the kept counts, which equal the calls. @param to the day after the last */
  private days(from: Day, to: Day, visible: Sql): Promise<CampaignDay[]> {
    return this.db.rows(sql`
      with kept as (
        select a.campaign_id, a.day, sum(a.attempts)::int as attempts, sum(a.connected)::int as connected,
               sum(a.first_dials)::int as first_dials, sum(a.first_dials_connected)::int as first_connected
        from (select d.*, u.org_path from reporting.funnel_day d join staff.v_user u on u.id = d.manager_id) a
        where a.campaign_id <> 0 and a.day >= ${from}::date and a.day < ${to}::date and ${visible} group by 1, 2)
      select k.campaign_id as "campaignId", k.day, f.first, f.attempts, f.connected
      from kept k, lateral (values (true, k.first_dials, k.first_connected), (false, k.attempts - k.first_dials, k.connected - k.first_connected))
        f (first, attempts, connected)
      where f.attempts > 0 order by k.day`);
  }

  private async likeness(): Promise<BandFacts['like']> {
    const rows = await this.db.rows<{ id: string; segmentId: string | null; kind: string }>(
      sql`select campaign_id as id, segment_id as "segmentId", kind from reporting.likeness`,
    );
    return new Map(rows.map(({ id, ...one }) => [id, one]));
  }

  /** Talk times around the 18 seconds by manager, from `from` on, as switch or desk measured them. */
  talkTimes(campaignId: string, from: Day, visible: Sql): Promise<TalkTimes[]> {
    return this.db.rows<TalkTimes>(sql`
      select a.manager_username as manager, max(a.manager_name) as name,
             (count(*) filter (where a.talk_seconds between 18 and 20))::int as inside,
             (count(*) filter (where a.talk_seconds not between 18 and 20))::int as around
      from reporting.dial a
      where a.campaign_id = ${campaignId} and ${since(from)} and a.connected and a.talk_source <> 'self' and a.talk_seconds between 12 and 26 and ${visible}
      group by 1 order by 1`);
  }

  async labels(): Promise<Map<string, { zh: string; en: string }>> {
    const rows = await this.db.rows<{ code: string; zh: string; en: string }>(
      sql`select code, label_zh as zh, label_en as en from reporting.outcome`,
    );
    return new Map(rows.map(({ code, ...label }) => [code, label]));
  }
}

const since = (day: Day): Sql => sql`a.attempt_id >= platform.uuid_floor(${dayStart(day)})`;

/** The rows of campaigns that are like this one. */
export function alike<T extends { campaignId: string }>(rows: readonly T[], id: string, like: BandFacts['like'], likeness: Likeness): T[] {
  if (likeness === 'all') return [...rows];
  const own = like.get(id);
  return rows.filter(({ campaignId }) => {
    if (likeness === 'campaign') return campaignId === id;
    const other = like.get(campaignId);
    if (likeness === 'kind') return other?.kind === own?.kind;
    return campaignId === id || (own?.segmentId != null && other?.segmentId === own.segmentId);
  });
}

export const ofRate = <T extends { first: boolean }>(rows: readonly T[], rate: BandRate): readonly T[] =>
  rate === 'total' ? rows : rows.filter(({ first }) => first);

/** By whose calls a campaign is judged: the narrowest likeness with calls enough. */
export function likenessFor({ days, like }: Likenesses, id: string, rate: BandRate): Likeness | null {
  const callsOf = (one: Likeness): number => alike(ofRate(days, rate), id, like, one).reduce((sum, { attempts }) => sum + attempts, 0);
  const own = callsOf('campaign');
  // calls of its own that are too few to measure itself by do not make a segment either
  return likenessOf({ campaign: own, segment: callsOf('segment') - own, kind: callsOf('kind'), all: callsOf('all') });
}

/** The campaigns whose calls are usual for one of these. */
function campaignsFor(known: Likenesses, ids: readonly string[]): string[] {
  const needed = ids.flatMap((id) =>
    BAND_RATES.flatMap((rate) => alike(known.days, id, known.like, likenessFor(known, id, rate) ?? 'all').map(({ campaignId }) => campaignId)),
  );
  return [...new Set(needed)].sort();
}
