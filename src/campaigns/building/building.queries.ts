import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { AudienceSets, type AudienceSource } from '../audience-sets.queries.js';
import { AT_ONCE } from './building.policy.js';
import type { BuildingFacts } from './building.types.js';

@Injectable()
export class BuildingQueries {
  constructor(
    private readonly db: Database,
    private readonly sets: AudienceSets,
  ) {}

  /** Undefined: its launch was answered at once, or has not been asked for. */
  of(campaignId: string, at: Queryable = this.db): Promise<BuildingFacts | undefined> {
    return at.maybe<BuildingFacts>(sql`
      select b.campaign_id as "campaignId", b.asked_by as "askedBy", u.name as "askedByName", b.asked_at as "askedAt", b.expected, b.customers,
             b.started_at as "startedAt", b.built_at as "builtAt", b.failed_at as "failedAt", b.reason, b.params,
             b.built_at is not null and (c.state <> 'running' or exists (select from reporting.task_state t where t.campaign_id = b.campaign_id)
               or not exists (select from campaigns.audience a where a.campaign_id = b.campaign_id and a.excluded is null)) as listed
      from campaigns.building b
      join campaigns.campaign c on c.id = b.campaign_id
      left join staff.v_user u on u.id = b.asked_by
      where b.campaign_id = ${campaignId}`);
  }

  /** Customers a second in the last five; null where there was none. */
  async speed(): Promise<number | null> {
    const { speed } = await this.db.one<{ speed: number | null }>(sql`
      select (sum(b.customers) / greatest(1, sum(extract(epoch from b.built_at - b.started_at))))::float8 as speed
      from (select customers, started_at, built_at from campaigns.building where built_at is not null order by built_at desc limit 5) b`);
    return speed;
  }

  /** How many customers a launch has to look at, or undefined when that is soon done. */
  async many(source: AudienceSource, today: string): Promise<number | undefined> {
    const matched = await this.sets.candidatesSql(source, today);
    const first = await this.db.one<{ n: number }>(sql`select count(*)::int as n from (select 1 from (${matched}) m limit ${AT_ONCE + 1}::int) few`);
    if (first.n <= AT_ONCE) return undefined;
    return (await this.db.one<{ n: number }>(sql`select count(*)::int as n from (${matched}) m`)).n;
  }
}
