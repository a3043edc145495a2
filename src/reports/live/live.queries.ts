import { Injectable } from '@nestjs/common';
import { dayOf, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { visibleAttempts } from '../visibility.js';
import type { AgentFacts, DueCallback, LiveCampaign, LiveContact, LiveHour, LiveOutcome, LiveTotals } from './live.types.js';

/** The board shows this many promises: more than these nobody can save by hand. */
const CALLBACKS_SHOWN = 12;
/** Promises of the next half hour are in danger when their owner is. */
const SOON_MINUTES = 30;

/** What happens at this moment in a unit and those below: each question one statement over today's calls or open tasks. */
@Injectable()
export class LiveQueries {
  constructor(private readonly db: Database) {}

  agents(user: CurrentUser, now: Date): Promise<AgentFacts[]> {
    const today = dayOf(now);
    return this.db.rows<AgentFacts>(sql`
      with dialled as (
        select distinct on (a.manager_id) a.manager_id, a.started_at, a.outcome, count(*) filter (where a.dialled) over w as attempts,
               count(*) filter (where a.dialled and a.connected) over w as connected
        from reporting.work_call a where ${ofToday(now)} and ${visibleAttempts(user)}
        window w as (partition by a.manager_id) order by a.manager_id, a.started_at desc),
      held as (select distinct on (manager_id) manager_id, since, campaign_name from reporting.held_task where lease_until > ${now} order by manager_id, since desc),
      ready as (select owner_id, count(*)::int as left from reporting.open_task t where ${readyAt(now)} group by 1)
      select u.id, u.username, u.name, u.team_name as team, coalesce(r.share, 100)::int as share, r.absence_kind as absence, h.since as "heldSince",
             h.campaign_name as "heldCampaign", d.started_at as "lastAttemptAt", o.label_zh as "lastOutcomeZh", o.label_en as "lastOutcomeEn",
             coalesce(d.attempts, 0)::int as attempts, coalesce(d.connected, 0)::int as connected, coalesce(y.left, 0) as left
      from staff.v_user u
      left join calendar.v_rota(${today}::date, ${today}::date) r on r.user_id = u.id
      left join dialled d on d.manager_id = u.id
      left join reporting.outcome o on o.code = d.outcome
      left join held h on h.manager_id = u.id
      left join ready y on y.owner_id = u.id
      where u.role = 'manager' and u.active and ${inScope(user, sql`u.org_path`)}
      order by u.team_code, u.username`);
  }

  hours(user: CurrentUser, now: Date): Promise<LiveHour[]> {
    return this.db.rows<LiveHour>(sql`
      select a.hour, count(*)::int as attempts, (count(*) filter (where a.connected))::int as connected
      from reporting.dial a where ${ofToday(now)} and ${visibleAttempts(user)} group by 1 order by 1`);
  }

  /** Complaints and wishes not to be called are outcomes of whatever contact; a call back is late once its minute has passed and nobody has called, a promise once its day is over. */
  async totals(user: CurrentUser, now: Date): Promise<LiveTotals> {
    return this.db.one<LiveTotals>(sql`
      select (count(*) filter (where a.dialled))::int as attempts, (count(*) filter (where a.dialled and a.connected))::int as connected,
             (count(*) filter (where a.dialled and a.converted))::int as converted, (count(*) filter (where a.outcome = 'complaint'))::int as complaints, (count(*) filter (where a.outcome = 'do_not_call'))::int as "doNotCall",
             (select count(*)::int from reporting.open_task t join staff.v_user u on u.id = t.owner_id
              where t.callback_at < ${now} and ${inScope(user, sql`u.org_path`)}) as "callbacksLate",
             (select count(*)::int from reporting.promise_row p join staff.v_user u on u.id = p.manager_id
              where (p.state = 'open' or p.state = 'broken' and p.done_at is null) and p.due_on < ${dayOf(now)}::date
                and ${inScope(user, sql`u.org_path`)}) as "promisesLate"
      from reporting.work_call a where ${ofToday(now)} and ${visibleAttempts(user)}`);
  }

  /** The contacts behind a count of {@link totals}, the newest first. */
  contacts(user: CurrentUser, now: Date, outcome: LiveOutcome): Promise<LiveContact[]> {
    return this.db.rows<LiveContact>(sql`
      select a.started_at as at, a.customer_id as "customerId", a.customer_name as "customerName", a.star, a.number, a.channel,
             a.campaign_name as "campaignName", u.name as "managerName"
      from reporting.work_call a join staff.v_user u on u.id = a.manager_id
      where ${ofToday(now)} and ${visibleAttempts(user)} and a.outcome = ${outcome} order by a.attempt_id desc`);
  }

  /** Campaigns dialled today or with something to dial; the calls add up to the totals. */
  campaigns(user: CurrentUser, now: Date): Promise<LiveCampaign[]> {
    return this.db.rows<LiveCampaign>(sql`
      with dialled as (
        select a.campaign_id, count(distinct a.manager_id)::int as agents, count(*)::int as attempts, (count(*) filter (where a.connected))::int as connected,
               (count(*) filter (where a.converted))::int as converted
        from reporting.dial a where ${ofToday(now)} and ${visibleAttempts(user)} group by 1),
      listed as (
        select t.campaign_id, count(*)::int as left, (count(*) filter (where ${readyAt(now)}))::int as ready
        from reporting.open_task t join staff.v_user u on u.id = t.owner_id where ${inScope(user, sql`u.org_path`)} group by 1)
      select c.id, c.code, c.name, c.state, coalesce(d.agents, 0) as agents, coalesce(d.attempts, 0) as attempts, coalesce(d.connected, 0) as connected,
             coalesce(d.converted, 0) as converted, coalesce(l.left, 0) as left, coalesce(l.ready, 0) as ready
      from dialled d full join listed l using (campaign_id)
      join reporting.campaign c on c.id = campaign_id
      order by attempts desc, l.ready desc nulls last, c.code`);
  }

  /** Promises whose minute has passed, and those of the next half hour, the oldest first. */
  callbacks(user: CurrentUser, now: Date): Promise<Omit<DueCallback, 'ownerState'>[]> {
    const soon = new Date(now.getTime() + SOON_MINUTES * 60_000);
    return this.db.rows(sql`
      select t.task_id as "taskId", t.customer_id as "customerId", c.name as "customerName", t.star, t.callback_at as at, u.username as owner,
             u.name as "ownerName", t.callback_at < ${now} as late
      from reporting.open_task t
      join reporting.customer c on c.customer_id = t.customer_id
      join staff.v_user u on u.id = t.owner_id
      where t.callback_at <= ${soon} and ${inScope(user, sql`u.org_path`)}
      order by t.callback_at, t.star desc limit ${CALLBACKS_SHOWN}`);
  }
}

const ofToday = (now: Date): Sql => sql`a.attempt_id >= platform.uuid_floor(${dayStart(dayOf(now))})`;
const readyAt = (now: Date): Sql =>
  sql`t.callback_at is null and t.due_on <= ${dayOf(now)}::date and (t.not_before is null or t.not_before < platform.day_start(${dayOf(now)}::date + 1))`;
