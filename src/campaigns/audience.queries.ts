import { Injectable } from '@nestjs/common';
import type { Day } from '../kernel/day.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { takesLonger } from '../platform/database/reading.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { AudienceSets, type AudienceSource } from './audience-sets.queries.js';
import type { AudienceCount } from './campaigns.types.js';

/** Of each star, to find one who is called. */
const SAMPLED = 40;

interface ExcludedCount {
  excluded: string | null;
  lines: number;
  ownerId?: string | null;
}

/** How many who are called belong to whom, by the id of their manager. */
export type AudienceByOwner = ReadonlyMap<string, number>;

const countOf = (rows: ExcludedCount[]): AudienceCount => {
  const count: AudienceCount = { matched: 0, included: 0, excluded: {} };
  for (const { excluded, lines } of rows) {
    count.matched += lines;
    if (excluded === null) count.included += lines;
    else count.excluded[excluded] = (count.excluded[excluded] ?? 0) + lines;
  }
  return count;
};

/** How many an audience has, whose they are and when it begins. */
@Injectable()
export class AudienceQueries {
  constructor(
    private readonly db: Database,
    private readonly sets: AudienceSets,
  ) {}

  /** What a launch today would give, read only. */
  async preview(source: AudienceSource, today: Day): Promise<AudienceCount> {
    takesLonger();
    const audience = await this.sets.audienceSql(source, await this.firstDay(source, today));
    return countOf(await this.db.rows(sql`select excluded, count(*)::int as lines from (${audience}) a group by excluded`));
  }

  /** The same, and of those who are called how many belong to whom. */
  async previewByOwner(source: AudienceSource, today: Day): Promise<{ first: Day; count: AudienceCount; owners: AudienceByOwner }> {
    takesLonger();
    const first = await this.firstDay(source, today);
    const rows = await this.db.rows<ExcludedCount>(sql`
      select a.excluded, c.manager_id as "ownerId", count(*)::int as lines
      from (${await this.sets.audienceSql(source, first)}) a join customers.v_customer c on c.id = a.customer_id group by 1, 2`);
    const called = rows.filter(({ excluded }) => excluded === null);
    return { first, count: countOf(rows), owners: new Map(called.flatMap(({ ownerId, lines }) => (ownerId ? [[ownerId, lines] as const] : []))) };
  }

  /** The first day the campaign can call: not before its start, and not a closed day of a festival, which would exclude everybody. */
  async firstDay(source: { startsOn: Day }, today: Day): Promise<Day> {
    const from = source.startsOn > today ? source.startsOn : today;
    const open = await this.db.one<{ day: Day | null }>(
      sql`select min(day) as day from calendar.v_day where day between ${from}::date and ${from}::date + 31 and closed_festival is null`,
    );
    return open.day ?? from;
  }

  /** What the launch gave; the figures of a preview until then do not stand here. */
  async frozen(campaignId: string, at: Queryable = this.db): Promise<AudienceCount> {
    return countOf(
      await at.rows(sql`select excluded, count(*)::int as lines from campaigns.audience where campaign_id = ${campaignId} group by excluded`),
    );
  }

  /** Customers to try a script or a text on: one of each star, so that every branch can be seen, and only of those who are called. */
  async samples(
    source: AudienceSource & { frozenAt?: Date | null },
    today: Day,
  ): Promise<{ customerId: string; lineId: string; name: string | null; star: number }[]> {
    const called = source.frozenAt
      ? sql`select a.customer_id, a.line_id, a.excluded from campaigns.audience a where a.campaign_id = ${source.id}`
      : await this.judgedSample(source, today);
    return this.db.rows(sql`
      select distinct on (c.star_level) a.customer_id as "customerId", a.line_id as "lineId", c.name, c.star_level as star
      from (${called}) a join customers.v_customer c on c.id = a.customer_id
      where a.excluded is null order by c.star_level desc, a.customer_id`);
  }

  /** Of each star a few, whoever they are, and then for those few alone whether they are called: judging everybody takes as long as a launch. */
  private async judgedSample(source: AudienceSource, today: Day): Promise<Sql> {
    const few = await this.db.rows<{ id: string }>(sql`
      select x.customer_id as id from (
        select k.customer_id, dense_rank() over (partition by c.star_level order by hashint8(k.customer_id), k.customer_id) as place
        from (${await this.sets.candidatesSql(source, today)}) k join customers.v_customer c on c.id = k.customer_id) x
      where x.place <= ${SAMPLED}::int`);
    const ids = few.map(({ id }) => id);
    return this.sets.audienceSql(source, await this.firstDay(source, today), ids);
  }
}
