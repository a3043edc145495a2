import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf, dayStart, weekday } from '../../kernel/day.js';
import { RotaQueries } from '../../calendar/rota/rota.queries.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { openTasksOf } from '../tasks/open-tasks.js';

/** Work of one campaign today: closed and still to do. */
export interface CampaignProgress {
  code: string;
  name: string;
  closed: number;
  open: number;
}

/** A manager's own figures; rates are for the page to divide. */
export interface OwnFigures {
  attempts: number;
  connected: number;
  converted: number;
  talkSeconds: number;
}

export interface DayLoad {
  day: Day;
  planned: number;
  /** Calls that fit: less on a half day. */
  capacity: number;
}

const DAYS_SHOWN = 8;
/** Long enough to hold eight days at work over any festival. */
const LOOK_AHEAD = 21;

@Injectable()
export class TodayQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rota: RotaQueries,
  ) {}

  progress(userId: string): Promise<CampaignProgress[]> {
    const today = dayOf(this.clock.now());
    return this.db.rows<CampaignProgress>(sql`
      with mine as (
        select t.campaign_id, true as open from ${openTasksOf(userId)} t
        where t.callback_at < platform.day_start(${today}::date + 1) or t.callback_at is null and t.due_on <= ${today}::date
        union all
        select d.campaign_id, false from calls.task d
        where d.state in ('done', 'not_reached') and d.id in (
          select a.task_id from calls.attempt a
          where a.manager_id = ${userId} and a.id >= platform.uuid_floor(platform.day_start(${today}::date)) and a.task_id is not null))
      select c.code, c.name, count(*) filter (where not m.open)::int as closed, count(*) filter (where m.open)::int as open
      from mine m join campaigns.v_campaign c on c.id = m.campaign_id
      where not m.open or c.state = 'running'
      group by c.id, c.code, c.name, c.standing order by c.standing desc, count(*) desc, c.code`);
  }

  /** Calls promised for a time that has come, or comes today. */
  async promised(userId: string): Promise<number> {
    const today = dayOf(this.clock.now());
    const { calls } = await this.db.one<{ calls: number }>(sql`
      select count(*)::int as calls from ${openTasksOf(userId)} t join campaigns.v_campaign c on c.id = t.campaign_id and c.state = 'running'
      where t.callback_at < platform.day_start(${today}::date + 1)`);
    return calls;
  }

  /** From the first instant of `since`. */
  figures(userId: string, since: Day): Promise<OwnFigures> {
    return this.db.one<OwnFigures>(sql`
      select count(*)::int as attempts, count(*) filter (where o.connected)::int as connected, count(*) filter (where o.converted)::int as converted,
             coalesce(sum(a.talk_seconds) filter (where o.connected), 0)::int as "talkSeconds"
      from calls.attempt a join calls.outcome o on o.code = a.outcome
      where a.manager_id = ${userId} and a.id >= platform.uuid_floor(${dayStart(since)})`);
  }

  /** Monday of this week. */
  weekStart(): Day {
    const today = dayOf(this.clock.now());
    return addDays(today, 1 - weekday(today));
  }

  /** What the next days at work hold so far, today included; overdue work counts for the first of them. */
  async ahead(userId: string): Promise<{ days: DayLoad[]; capacity: number }> {
    const today = dayOf(this.clock.now());
    const rota = (await this.rota.cells([userId], today, addDays(today, LOOK_AHEAD))).get(userId) ?? [];
    const days = rota.filter(({ share }) => share > 0).slice(0, DAYS_SHOWN);
    const [first, last] = [days[0]?.day ?? today, days.at(-1)?.day ?? today];
    const loads = await this.db.rows<{ day: Day; planned: number }>(sql`
      select greatest(coalesce(platform.day_of(t.callback_at), t.due_on), ${first}::date) as day, count(*)::int as planned
      from ${openTasksOf(userId)} t join campaigns.v_campaign c on c.id = t.campaign_id
      where c.state = 'running' and coalesce(platform.day_of(t.callback_at), t.due_on) <= ${last}::date
      group by 1`);
    const planned = new Map(loads.map((load) => [load.day, load.planned]));
    const { capacity } = await this.db.one<{ capacity: number }>(sql`select daily_capacity as capacity from staff.v_user where id = ${userId}`);
    return { days: days.map(({ day, calls }) => ({ day, planned: planned.get(day) ?? 0, capacity: calls })), capacity };
  }
}
