import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { type Day, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { Reading, reads } from '../../platform/database/reading.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Kept } from '../../platform/process/kept.js';
import type { OfCampaign, UsualCount } from './band.types.js';

/** So long counts of calls that lie a week and more behind are believed, unless their sums by day have changed. */
const KEPT_MS = 60_000;
const MOST_KEPT = 20;

export interface UsualPeriod {
  campaignIds: readonly string[];
  from: Day;
  /** The day after the last. */
  to: Day;
  /** A condition on `a`, the attempts the asker's figures are made of. */
  visible: Sql;
}

/** Calls by what makes them likely to connect. Whoever looks at ten campaigns, or at one again, has the same calls counted once. */
@Injectable()
export class UsualCountsQueries {
  private readonly kept = new Kept<OfCampaign<UsualCount>[]>(KEPT_MS, MOST_KEPT);

  constructor(private readonly db: Database) {}

  /** @param sums the same calls by day as they are now: one that came late, or connected after all, counts at once */
  of(period: UsualPeriod, sums: unknown): Promise<OfCampaign<UsualCount>[]> {
    const statement = statementOf(period);
    const key = createHash('sha256')
      .update(JSON.stringify([statement.compile(), sums]))
      .digest('base64');
    // a reading of nobody in particular: who asked first may go away
    return this.kept.of(key, performance.now(), () => reads(new Reading(), () => this.db.rows(statement)));
  }
}

const statementOf = ({ campaignIds, from, to, visible }: UsualPeriod): Sql => sql`
  select a.campaign_id as "campaignId", extract(isodow from a.day)::int as weekday, a.hour, a.star, a.first, a.kind, a.connected, count(*)::int as count
  from reporting.dial a
  where a.campaign_id = any(${campaignIds}::bigint[]) and a.attempt_id >= platform.uuid_floor(${dayStart(from)})
    and a.attempt_id < platform.uuid_floor(${dayStart(to)}) and ${visible}
  group by 1, 2, 3, 4, 5, 6, 7`;
