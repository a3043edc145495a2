import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../contact/contact.queries.js';
import type { PlanAsk } from '../contact/contact.types.js';
import type { Day } from '../kernel/day.js';
import { emptySql, joinSql, type Sql, sql } from '../platform/database/sql.js';
import { filterSql, SegmentsQueries } from '../segments/segments.queries.js';
import { type Assignment, type CampaignKind, familyOf, purposeOf } from './campaigns.types.js';
import { holdOutSeed } from './experiment/draw.js';
import { waveMembersSql, waveReasonsSql, type WaveSource } from './waves/wave-audience.js';

/** What an audience is computed from; a saved campaign is one, and so is a form that is still being filled in. */
export interface AudienceSource extends WaveSource {
  id: string;
  kind: CampaignKind;
  startsOn: Day;
  endsOn: Day | null;
  segmentId: string | null;
  filter: Record<string, unknown> | null;
  assignment: Assignment;
  holdoutPercent: number;
  productFamily: string | null;
  orgPath: string;
  excludeSegmentIds: readonly string[];
  excludeFilter: Record<string, unknown> | null;
}

const callAsk = (source: AudienceSource, day: Day): PlanAsk => ({
  channel: 'call',
  purpose: purposeOf(source.kind),
  day,
  campaignId: source.id,
  productFamily: familyOf(source),
});

const NOBODY = sql`select null::bigint as customer_id, null::text as reason where false`;

/** Who an audience is made of, and the one reason why somebody is not called: sets to be counted, frozen or picked from. */
@Injectable()
export class AudienceSets {
  constructor(
    private readonly contact: ContactQueries,
    private readonly segments: SegmentsQueries,
  ) {}

  /**
   * One row a matched line: `(customer_id, line_id, excluded)`. Each line has at most one reason, the first of
   * 1. `duplicate`: the customer is called on another of the matched lines (not blocked, healthy, active, main, the oldest)
   * 2. what the gate says for the day: it cannot be overruled, so it comes before what a planner could change; caps only where that day is the last
   * 3. of a wave, what the earlier waves say: `wave_…`, see `waveReason`
   * 4. `excluded_segment`, `excluded_filter`: whom the planner leaves out
   * 5. `other_campaign`: on the list of another marketing campaign that is not over for this customer
   * 6. `no_manager`: nobody to give the task to
   * 7. `hold_out`, last: drawn from those who would have been called, or the comparison would not be fair
   * @param among only these customers: a few of them are judged at once
   */
  async audienceSql(source: AudienceSource, day: Day, among: readonly string[] | null = null): Promise<Sql> {
    const matched = await this.matchedSql(source, day, among);
    // who has had enough calls today is called tomorrow: the gate holds each task back at the moment of contact
    const caps = source.endsOn !== null && source.endsOn <= day;
    const ask = { ...callAsk(source, day), caps };
    // not "= 1": of a place the planner expects one row in two hundred, and joins them as if they were a handful
    const best = sql`select customer_id, line_id, number from matched where place < 2`;
    return sql`
      with matched as materialized (${matched}),
      asked as materialized (${this.contact.plannable(best, ask)}),
      waves as materialized (${source.waveOf === null ? NOBODY : waveReasonsSql(source)}),
      left_out as materialized (${await this.leftOutSql(source, day)})
      select m.customer_id, m.line_id,
             case
               when m.place > 1 then 'duplicate'
               when a.reason is not null then a.reason
               when w.reason is not null then w.reason
               when x.reason is not null then x.reason
               when ${this.otherCampaignSql(source)} then 'other_campaign'
               when ${this.noManagerSql(source)} then 'no_manager'
               when ${heldOutSql(source.id, sql`m.customer_id`, source.holdoutPercent)} then 'hold_out'
             end as excluded
      from matched m
      left join asked a on a.line_id = m.line_id
      left join waves w on w.customer_id = m.customer_id
      left join left_out x on x.customer_id = m.customer_id`;
  }

  /** Whom the planner leaves out, `customer_id, reason`, once each: a member of a segment also when a filter means them. */
  private async leftOutSql({ excludeSegmentIds, excludeFilter, orgPath }: AudienceSource, day: Day): Promise<Sql> {
    const at = { orgPath, today: day };
    const segments = await Promise.all(excludeSegmentIds.map((id) => this.segments.membersSql(id, at)));
    const parts = segments.map((members) => sql`select s.customer_id, 'excluded_segment' as reason from (${members}) s`);
    if (excludeFilter) parts.push(sql`select f.customer_id, 'excluded_filter' as reason from (${filterSql(excludeFilter, at)}) f`);
    return parts.length === 0
      ? NOBODY
      : sql`select p.customer_id, max(p.reason) as reason from (${joinSql(parts, ' union all ')}) p group by p.customer_id`;
  }

  /** The customers of the earlier waves, the segment's lines, the filter's customers; of several, what is in all of them. Never anybody outside the campaign's unit. */
  async matchedSql(source: AudienceSource, day: Day, among: readonly string[] | null = null): Promise<Sql> {
    const { first, both } = await this.sources(source, day);
    return sql`
      select m.customer_id, m.line_id, m.number, c.manager_id, c.star_level, o.path as unit_path,
             row_number() over (
               partition by m.customer_id
               order by ${this.contact.stopped(sql`m.number`, callAsk(source, day))}, (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, l.id) as place
      from (${first}) m
      join customers.v_customer c on c.id = m.customer_id
      join customers.v_line l on l.id = m.line_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      where starts_with(o.path, ${source.orgPath}::text) ${both} ${among === null ? emptySql : sql`and m.customer_id = any(${[...among]}::bigint[])`}`;
  }

  /** The lines that are looked at at all, `customer_id`: to be counted, without a judgement. */
  async candidatesSql(source: AudienceSource, day: Day): Promise<Sql> {
    const { first, both } = await this.sources(source, day);
    return sql`
      select m.customer_id from (${first}) m
      join customers.v_customer c on c.id = m.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      where starts_with(o.path, ${source.orgPath}::text) ${both}`;
  }

  private async sources(source: AudienceSource, day: Day): Promise<{ first: Sql; both: Sql }> {
    const at = { orgPath: source.orgPath, today: day };
    const sources: Sql[] = source.waveOf === null ? [] : [waveMembersSql(source)];
    if (source.segmentId) sources.push(await this.segments.membersSql(source.segmentId, at));
    if (source.filter) sources.push(filterSql(source.filter, at));
    const [first = sql`select null::bigint as customer_id, null::bigint as line_id, null::text as number where false`, ...further] = sources;
    const both = joinSql(
      further.map((one) => sql`and m.customer_id in (select f.customer_id from (${one}) f)`),
      ' ',
    );
    return { first, both };
  }

  private otherCampaignSql(source: AudienceSource): Sql {
    if (source.kind !== 'marketing') return sql`false`;
    return sql`exists (
      select from campaigns.audience other
      join campaigns.campaign oc on oc.id = other.campaign_id
      where other.customer_id = m.customer_id and other.excluded is null and other.campaign_id <> ${source.id}
        and oc.kind = 'marketing' and not oc.standing and oc.state in ('scheduled', 'running', 'paused')
        and not exists (
          select from reporting.task_state t
          where t.campaign_id = other.campaign_id and t.customer_id = other.customer_id and t.cycle = ''
            and t.state in ('done', 'not_reached', 'cancelled')))`;
  }

  private noManagerSql(source: AudienceSource): Sql {
    if (source.assignment === 'owner') return sql`not exists (select from staff.v_user u where u.id = m.manager_id and u.active)`;
    const below = { team: sql`m.unit_path`, region: cityOf(sql`m.unit_path`) }[source.assignment as string] ?? sql`${source.orgPath}::text`;
    return sql`not exists (
      select from staff.v_user u
      where u.role = 'manager' and u.active and u.daily_capacity > 0 and starts_with(u.org_path, ${source.orgPath}::text) and starts_with(u.org_path, ${below}))`;
  }
}

/** The city a unit belongs to, as its path; a unit that is in none is its own region. */
export const cityOf = (path: Sql): Sql =>
  sql`coalesce((select r.path from staff.v_org_unit r where r.kind = 'city' and starts_with(${path}, r.path) order by length(r.path) desc limit 1), ${path})`;

/** Whether a customer is left alone so that the effect can be measured (CAM-10): by a chance that can be repeated, see `draw.ts`. */
export const heldOutSql = (campaignId: string, customerId: Sql, percent: number): Sql =>
  sql`(campaigns.bucket(${holdOutSeed(campaignId)}::text, ${customerId}) < ${percent}::numeric * 100)`;

/** Writes the audience down, once: what is frozen stays. */
export const freezeSql = (campaignId: string, audience: Sql, now: Date): Sql =>
  joinSql(
    [
      sql`insert into campaigns.audience (campaign_id, customer_id, line_id, excluded, frozen_at)`,
      sql`select ${campaignId}, a.customer_id, a.line_id, a.excluded, ${now}::timestamptz from (${audience}) a on conflict do nothing`,
    ],
    ' ',
  );
