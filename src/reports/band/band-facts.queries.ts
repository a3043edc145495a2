import { Injectable } from '@nestjs/common';
import { addDays, type Day, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { DayCount, DialCount, Likeness, UsualCount } from './band.types.js';
import { LONGEST_WINDOW, RUN_DAYS, USUAL_DAYS } from './limits.policy.js';
import type { TalkTimes } from './padding.policy.js';

type OfCampaign<T> = T & { campaignId: string };

/** Calls of the last three weeks by campaign, and of everybody those of the eight weeks before the last seven days. */
export interface BandFacts {
  recent: OfCampaign<DialCount>[];
  usual: OfCampaign<UsualCount>[];
  days: OfCampaign<DayCount & { first: boolean }>[];
  like: Map<string, { segmentId: string | null; kind: string }>;
}

/** Counts for the control band, each from one statement whatever the number of campaigns. */
@Injectable()
export class BandFactsQueries {
  constructor(private readonly db: Database) {}

  /** @param visible a condition on `a`, the attempts the asker's figures are made of */
  async facts(campaignIds: readonly string[], today: Day, visible: Sql): Promise<BandFacts> {
    const usualTo = addDays(today, 1 - LONGEST_WINDOW);
    const before = sql`${since(addDays(usualTo, -USUAL_DAYS))} and a.attempt_id < platform.uuid_floor(${dayStart(usualTo)}) and ${visible}`;
    const [recent, usual, days, like] = await Promise.all([
      this.db.rows<OfCampaign<DialCount>>(sql`
        select a.campaign_id as "campaignId", a.day, a.hour, a.star, a.first, a.kind, a.connected, a.caller, count(*)::int as count
        from reporting.dial a
        where a.campaign_id = any(${campaignIds}::bigint[]) and ${since(addDays(today, 1 - RUN_DAYS))} and a.day <= ${today}::date and ${visible}
        group by 1, 2, 3, 4, 5, 6, 7, 8`),
      this.db.rows<OfCampaign<UsualCount>>(sql`
        select a.campaign_id as "campaignId", extract(isodow from a.day)::int as weekday, a.hour, a.star, a.first, a.kind, a.connected, count(*)::int as count
        from reporting.dial a where ${before} group by 1, 2, 3, 4, 5, 6, 7`),
      this.db.rows<OfCampaign<DayCount & { first: boolean }>>(sql`
        select a.campaign_id as "campaignId", a.day, a.first, count(*)::int as attempts, (count(*) filter (where a.connected))::int as connected
        from reporting.dial a where ${before} group by 1, 2, 3 order by 2`),
      this.db.rows<{ id: string; segmentId: string | null; kind: string }>(
        sql`select campaign_id as id, segment_id as "segmentId", kind from reporting.likeness`,
      ),
    ]);
    return { recent, usual, days, like: new Map(like.map(({ id, ...one }) => [id, one])) };
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
