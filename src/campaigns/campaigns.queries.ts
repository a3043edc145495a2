import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { LookUp } from '../platform/process/look-up.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { prepared, type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope, usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { Campaign, CampaignKind, CampaignState, Script, TaskCount, TransitionRow } from './campaigns.types.js';

/** The script with one customer's data; pure, for every page that shows a script. */
export { scriptFromForm } from './script/script-form.policy.js';
export { renderScript } from './script/script.policy.js';
export { scriptFor } from './experiment/script-choice.js';
export { type ScriptContext, scriptFields } from './script/script-fields.views.js';

export interface CampaignFilter {
  state?: CampaignState | undefined;
  kind?: CampaignKind | undefined;
  /** Part of the name or the code. */
  text?: string | undefined;
  /** Standing campaigns are listed apart; any: both kinds. */
  standing?: boolean | 'any';
  limit?: number | undefined;
  cursor?: string | undefined;
}

export interface CampaignListRow extends Campaign {
  included: number;
  tasksTotal: number;
  tasksClosed: number;
}

/** Moves of tasks that were not dialled in time; `tasks` counts each once, `dialled` those dialled since, `lying` those nobody has now. */
export interface Recycling {
  passedOn: number;
  pooled: number;
  tasks: number;
  lying: number;
  dialled: number;
}

/** Whose columns the script and the texts of campaign `c` have: its segment's, of a later wave the first one's. */
export const COLUMNS_SEGMENT = sql`coalesce(c.segment_id, (select w.segment_id from campaigns.v_campaign w where w.id = c.wave_of))`;

const COLUMNS = sql`
  c.id, c.code, c.name, c.kind, c.state, c.goal, c.starts_on as "startsOn", c.ends_on as "endsOn", c.standing,
  c.segment_id as "segmentId", s.code as segment, s.name as "segmentName", c.filter,
  ${COLUMNS_SEGMENT} as "columnsSegmentId",
  c.exclude_segment_ids::text[] as "excludeSegmentIds", c.exclude_filter as "excludeFilter",
  array(select x.code from segments.v_segment x where x.id = any(c.exclude_segment_ids) order by x.code) as "excludeSegments",
  c.wave_of as "waveOf", (select w.code from campaigns.campaign w where w.id = c.wave_of) as "waveOfCode", c.wave, c.wave_take as "waveTake",
  c.most_together as "mostTogether", c.script, c.variants, c.max_attempts as "maxAttempts",
  c.min_gap_minutes as "minGapMinutes", c.first_dial_hours as "firstDialHours", c.completion_hours as "completionHours",
  c.limit_hours as "limitHours", c.assignment,
  c.band_lower::float8 as "bandLower", c.band_upper::float8 as "bandUpper", c.band_min_attempts as "bandMinAttempts",
  c.holdout_percent::float8 as "holdoutPercent", c.call_window as "callWindow", c.sms_step as "smsStep", c.caller_number as "callerNumber",
  c.product_family as "productFamily", c.org_unit_id as "orgUnitId", o.name as "orgUnitName", o.path as "orgPath",
  c.created_by as "createdBy", u.name as "createdByName", c.created_at as "createdAt", c.updated_at as "updatedAt", c.version,
  (select count(*)::int from campaigns.approval p where p.campaign_id = c.id) as approvals, c.frozen_at as "frozenAt", c.launched_at as "launchedAt",
  exists (select from campaigns.building b where b.campaign_id = c.id and b.built_at is null and b.failed_at is null) as building`;

const FROM = sql`
  from campaigns.campaign c
  join staff.v_org_unit o on o.id = c.org_unit_id
  left join staff.v_user u on u.id = c.created_by
  left join segments.v_segment s on s.id = c.segment_id`;

/** What a person may look at: campaigns of the units below, and those of the units above, which call here too. */
const visibleTo = (user: CurrentUser): Sql => usableBy(user, sql`o.path`);

/** Whether a campaign is this person's to change: a unit may use the campaigns of the units above, not steer them. */
export const mayChange = (user: CurrentUser, campaign: Campaign): boolean =>
  (user.role === 'planner' || user.role === 'admin') && campaign.orgPath.startsWith(user.orgPath);

/** Part of the name or of the code. */
const named = (text: string): Sql => sql`(position(lower(${text}) in lower(c.name)) > 0 or position(lower(${text}) in lower(c.code)) > 0)`;

/** Tasks that are over. */
const CLOSED = sql`(count(*) filter (where t.state not in ('open', 'claimed', 'recycled')))::int`;

@Injectable()
export class CampaignsQueries {
  private readonly byIds = new LookUp<Campaign>(async (ids) => {
    const campaigns = await this.db.rows<Campaign>(prepared(sql`select ${COLUMNS} ${FROM} where c.id = any(${ids}::bigint[])`));
    return new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  });

  constructor(private readonly db: Database) {}

  /** @throws DomainError `not_found` (404), also for what lies outside the scope */
  async byCode(user: CurrentUser, code: string, at: Queryable = this.db): Promise<Campaign> {
    const campaign = await at.maybe<Campaign>(sql`select ${COLUMNS} ${FROM} where c.code = ${code} and ${visibleTo(user)}`);
    if (!campaign) throw notFound('campaign', code);
    return campaign;
  }

  /**
   * The campaign of a command, locked until the transaction ends.
   * @throws DomainError `not_found`, `campaign_of_upper_unit` (403)
   */
  async lockToChange(tx: Queryable, user: CurrentUser, code: string): Promise<Campaign> {
    await tx.maybe(sql`select id from campaigns.campaign where code = ${code} for update`);
    return this.toChange(user, code, tx);
  }

  /** The campaign of a form. @throws DomainError `not_found`, `campaign_of_upper_unit` (403) */
  async toChange(user: CurrentUser, code: string, at: Queryable = this.db): Promise<Campaign> {
    const campaign = await this.byCode(user, code, at);
    if (!mayChange(user, campaign)) throw new DomainError('campaign_of_upper_unit', { status: 403, params: { unit: campaign.orgUnitName } });
    return campaign;
  }

  /** The unit a person's campaigns belong to: their own, for administrators the top one. */
  async homeOf(user: CurrentUser, at: Queryable = this.db): Promise<string> {
    if (user.role !== 'admin') return user.orgUnitId;
    return (await at.one<{ id: string }>(sql`select id from staff.v_org_unit where parent_id is null order by id limit 1`)).id;
  }

  /** By id, for jobs and for other modules; undefined when there is none. */
  byId(id: string, at: Queryable = this.db): Promise<Campaign | undefined> {
    if (at === this.db) return this.byIds.of(id);
    return at.maybe<Campaign>(prepared(sql`select ${COLUMNS} ${FROM} where c.id = ${id}`));
  }

  /** A standing campaign: those of the care rules (code = rule code) and `daily-care`. */
  async standing(code: string, at: Queryable = this.db): Promise<Campaign> {
    const campaign = await this.findStanding(code, at);
    if (!campaign) throw notFound('campaign', code);
    return campaign;
  }

  findStanding(code: string, at: Queryable = this.db): Promise<Campaign | undefined> {
    return at.maybe<Campaign>(sql`select ${COLUMNS} ${FROM} where c.code = ${code} and c.standing`);
  }

  async script(campaignId: string): Promise<Script> {
    return (await this.db.one<{ script: Script }>(sql`select script from campaigns.campaign where id = ${campaignId}`)).script;
  }

  /** Newest first; of a campaign from above only the tasks of the reader's unit, of one's own all of them: how far it is. */
  async list(user: CurrentUser, filter: CampaignFilter = {}): Promise<Page<CampaignListRow>> {
    const limit = Math.min(filter.limit ?? 50, 200);
    const key = decodeCursor(filter.cursor, 3);
    const whole = sql`starts_with(p."orgPath", ${user.orgPath})`;
    const where = whereAll([
      visibleTo(user),
      filter.standing === 'any' ? null : sql`c.standing = ${filter.standing ?? false}`,
      filter.state && sql`c.state = ${filter.state}`,
      filter.kind && sql`c.kind = ${filter.kind}`,
      filter.text ? named(filter.text) : null,
      key && sql`(not c.standing, c.created_at, c.id) < (not ${key[0]}::boolean, ${key[1]}::timestamptz, ${key[2]}::bigint)`,
    ]);
    const rows = await this.db.rows<CampaignListRow>(sql`
      with page as materialized (select ${COLUMNS} ${FROM} ${where} order by c.standing, c.created_at desc, c.id desc limit ${limit + 1})
      select p.*, coalesce(a.included, 0) as included, coalesce(t.total, 0) as "tasksTotal", coalesce(t.closed, 0) as "tasksClosed"
      from page p
      left join lateral (select count(*)::int as included from campaigns.audience a where a.campaign_id = p.id and a.excluded is null and ${whole}) a on true
      left join lateral (select count(*)::int as total, ${CLOSED} as closed from reporting.task_state t
                         where t.campaign_id = p.id and ${whole}
                         union all
                         select count(*)::int, ${CLOSED} from reporting.task t
                         where t.campaign_id = p.id and not ${whole} and starts_with(t.org_path, ${user.orgPath})
                         order by total desc limit 1) t on true
      order by p.standing, p."createdAt" desc, p.id desc`);
    return pageOf(rows, limit, (last) => [last.standing, last.createdAt, last.id]);
  }

  /** How many campaigns of each state a list with the other filters would show; `standing` apart. */
  async stateCounts(user: CurrentUser, { kind, text }: Pick<CampaignFilter, 'kind' | 'text'> = {}): Promise<Record<string, number>> {
    const rows = await this.db.rows<{ state: string; campaigns: number }>(sql`
      select case when c.standing then 'standing' else c.state end as state, count(*)::int as campaigns
      ${FROM} ${whereAll([visibleTo(user), kind && sql`c.kind = ${kind}`, text ? named(text) : null])} group by 1`);
    return Object.fromEntries(rows.map((row) => [row.state, row.campaigns]));
  }

  /** How many campaigns wait for this person's word before they start. */
  async waitingFor(user: CurrentUser): Promise<number> {
    const { waiting } = await this.db.one<{ waiting: number }>(sql`
      select count(*)::int as waiting from campaigns.approval a join campaigns.campaign c on c.id = a.campaign_id join staff.v_org_unit o on o.id = c.org_unit_id
      where a.state = 'asked' and c.state <> 'closed' and a.asked_by <> ${user.id} and starts_with(o.path, ${user.orgPath}::text)`);
    return waiting;
  }

  /**
   * Tasks by state as the list shows them to this user: those of another unit's people are not counted. Whose each task is, is asked only where there are
   * units beyond the user's, and managers are counted before they are known.
   */
  async taskCount(campaign: Campaign, user: CurrentUser): Promise<TaskCount> {
    const of = (state: string): Sql => sql`coalesce(sum(tasks) filter (where state = ${state}), 0)::int`;
    const all = sql`(select every_unit from scope)`;
    const states = sql`from reporting.task_state where campaign_id = ${campaign.id}`;
    return this.db.one<TaskCount>(sql`
      with scope as materialized (select bool_and(${inScope(user, sql`path`)}) as every_unit from staff.v_org_unit),
      owned as materialized (select owner_id, state, count(*) as tasks ${states} and owner_id is not null and not ${all} group by 1, 2)
      select ${of('open')} as open, ${of('claimed')} as claimed, ${of('done')} as done, ${of('not_reached')} as "notReached",
             ${of('cancelled')} as cancelled, ${of('recycled')} as recycled, coalesce(sum(tasks), 0)::int as total
      from (select state, count(*) as tasks ${states} and ${all} group by 1
            union all
            select o.state, o.tasks from owned o join staff.v_user u on u.id = o.owner_id where ${inScope(user, sql`u.org_path`)}
            union all
            select state, count(*) from reporting.task where campaign_id = ${campaign.id} and owner_id is null and ${inScope(user, sql`org_path`)} and not ${all}
            group by 1) t`);
  }

  /** How many tasks end with the campaign, whoever has them. */
  async unfinished(campaignId: string): Promise<number> {
    return this.db.count(sql`select from reporting.task_state where campaign_id = ${campaignId} and state in ('open', 'claimed')`);
  }

  /** What was not dialled in time, within the scope (CAM-4): how often it went to somebody else, how often to the pool, and how many lie there now. */
  recycling(user: CurrentUser, campaignId: string): Promise<Recycling> {
    return this.db.one<Recycling>(sql`
      select count(*) filter (where to_owner is not null)::int as "passedOn", count(*) filter (where to_owner is null)::int as pooled,
             count(distinct task_id)::int as tasks, (count(distinct task_id) filter (where state = 'recycled'))::int as lying,
             (count(distinct task_id) filter (where attempts > 0))::int as dialled
      from reporting.recycling where campaign_id = ${campaignId} and starts_with(org_path, ${user.orgPath}::text)`);
  }

  history(campaignId: string): Promise<TransitionRow[]> {
    return this.db.rows<TransitionRow>(sql`
      select t.from_state as "fromState", t.to_state as "toState", u.name as "byName", t.at, t.why
      from campaigns.transition t left join staff.v_user u on u.id = t.by_user
      where t.campaign_id = ${campaignId} order by t.id desc`);
  }

  /** Scheduled campaigns whose day has come. */
  async dueToStart(today: string): Promise<string[]> {
    const rows = await this.db.rows<{ id: string }>(
      sql`select id from campaigns.campaign where state = 'scheduled' and starts_on <= ${today} order by id`,
    );
    return rows.map((row) => row.id);
  }
}
