import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { emptySql, sql } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { CareFactsQueries } from './care-facts.queries.js';
import { CareRulesQueries } from './care-rules.queries.js';
import { lackOf } from './planning/lack.queries.js';
import { CLOCK_STATES, type ClockState, clockOf, clockState, type PromotionFacts, type Step } from './promotion-clock.policy.js';
import { noticesSql, promotions, readPromotion } from './rules/star-promotion.rule.js';

export interface PromotionRow extends PromotionFacts {
  customerId: string;
  name: string | null;
  fromStar: number;
  toStar: number;
  manager: string | null;
  /** What the call that kept the visit went through. */
  topics: string[];
}

export interface PromotionClock extends PromotionRow {
  steps: Step[];
  state: ClockState;
}

/** The oldest promotions, which are the nearest to their last day; more than anybody reads. */
const MOST = 2_000;

/** The promotions that still matter, each with the clock of its steps (CAR-2). */
@Injectable()
export class PromotionClockQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly facts: CareFactsQueries,
  ) {}

  /** Late ones first, then those that will be missed, then by their last day. Within the user's units; a manager by username, `-` for nobody. */
  async list(user: CurrentUser, manager?: string): Promise<PromotionClock[]> {
    const settings = readPromotion((await this.rules.byCode('star-promotion')).settings);
    const moment = await this.facts.moment(dayOf(this.clock.now()));
    const mine = sql`c.org_unit_id in (select o.id from staff.v_org_unit o where ${inScope(user, sql`o.path`)})`;
    const owned = manager === undefined ? emptySql : sql`and coalesce(u.username, '-') = ${manager}`;
    const from = sql`greatest(${moment.day}::date, least(v.counts_from, v.deadline_on))`;
    const lack = lackOf({ rota: sql`calendar.v_rota(${from}, v.deadline_on)`, owner: sql`k.owner_id`, from, until: sql`v.deadline_on` });
    const rows = await this.db.rows<PromotionRow>(sql`
      select c.id as "customerId", c.name, p.old_star as "fromStar", p.new_star as "toStar", u.name as manager, p.on_day as "promotedOn", p.deadline_on as "deadlineOn",
             case when u.id is not null then coalesce(
               (select platform.day_of(min(m.changed_at)) from customers.v_manager_change m
                where m.customer_id = c.id and m.old_manager_id is null and m.changed_at >= platform.day_start(p.on_day)), p.on_day) end as "boundOn",
             t.sent, t.state as "noticeState", t.last_on as "noticeOn", v.due_on as "visitOn", v.state as "visitState",
             platform.day_of(v.closed_at) as "visitClosedOn", coalesce(k.attempts, 0)::int as attempts, case when k.over_capacity then ${lack} end as lack,
             coalesce((select a.topics from calls.v_attempt a where a.id = v.done_by_attempt), '{}') as topics
      from (${promotions(settings, { day: moment.day, who: mine })}) p
      join customers.v_customer c on c.id = p.customer_id
      left join staff.v_user u on u.id = c.manager_id and u.active and u.role = 'manager'
      cross join lateral (${noticesSql}) t
      left join care.due v on v.rule_code = 'star-promotion' and v.customer_id = c.id and v.cycle = to_char(p.on_day, 'YYYY-MM-DD') || '-visit'
      left join calls.v_task k on k.id = v.task_id
      where true ${owned}
      order by (v.state = 'done') nulls first, p.on_day, c.id limit ${MOST}`);
    const clocks = rows.map((row): PromotionClock => {
      const steps = clockOf(row, settings, moment);
      return { ...row, steps, state: clockState(steps) };
    });
    return clocks.sort((a, b) => CLOCK_STATES.indexOf(a.state) - CLOCK_STATES.indexOf(b.state) || a.deadlineOn.localeCompare(b.deadlineOn));
  }
}
