import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../calendar/calendar.queries.js';
import type { DayInfo } from '../calendar/calendar.types.js';
import { addDays, type Day, dayStart } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { APPROVED, CENTRAL_DAY, occasionsFor } from './rules/calendar-greeting.rule.js';
import { CARE_MESSAGE } from './rules/sms-visit.rule.js';
import type {
  BillFact,
  Birthday,
  CareFacts,
  FollowUpFact,
  HealthFact,
  ManagerChangeFact,
  Moment,
  PlannedFact,
  RightsChangeFact,
  RoamingFact,
  StarChangeFact,
  UseFact,
  VisitFact,
} from './care.types.js';
import type { GreetingFacts, OccasionFact } from './greetings/greetings.types.js';
import { LONGEST_CHAIN } from './rules/star-promotion.rule.js';

/** The calendar around a day: back over the longest chain of promises, ahead over the longest horizon. */
const BACK = LONGEST_CHAIN;
const AHEAD = 110;

interface Person {
  status: CareFacts['status'];
  star: number;
  month: number | null;
  day: number | null;
  calendar: 'solar' | 'lunar';
  joinedOn: Day | null;
  managerId: string | null;
  hasManager: boolean;
}

/** What the pure rules ask about one customer on one day. */
@Injectable()
export class CareFactsQueries {
  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
  ) {}

  async factsOf(customerId: string, day: Day): Promise<CareFacts> {
    const person = await this.db.one<Person>(sql`
      select status, star_level as star, birth_month as month, birth_day as day, birth_calendar as calendar, joined_on as "joinedOn", manager_id as "managerId",
             exists (select from staff.v_user u where u.id = manager_id and u.active and u.role = 'manager') as "hasManager"
      from customers.v_customer where id = ${customerId}`);
    const visits = await this.db.rows<VisitFact>(sql`
      select platform.day_of(a.started_at) as on, p.code as campaign, a.topics, a.source = 'feed' as imported
      from calls.v_attempt a join campaigns.v_campaign p on p.id = a.campaign_id
      where a.customer_id = ${customerId} and a.visit and a.started_at < ${dayStart(addDays(day, 1))}`);
    const roaming = await this.db.rows<RoamingFact>(sql`
      select month, destination, days, fee_fen as "feeFen", returned_on as "returnedOn" from customers.v_roaming_use where customer_id = ${customerId}`);
    const { lastTalkOn } = await this.db.one<{ lastTalkOn: Day | null }>(sql`
      select platform.day_of(max(started_at)) as "lastTalkOn" from calls.v_attempt
      where customer_id = ${customerId} and effective and started_at < ${dayStart(addDays(day, 1))}`);
    const bills = await this.db.rows<BillFact>(sql`select month, amount_fen as "amountFen" from customers.v_bill where customer_id = ${customerId}`);
    const uses = await this.db.rows<UseFact>(sql`
      select line_id as "lineId", month, data_quota_mb as "dataQuotaMb", data_used_mb as "dataUsedMb", voice_quota_min as "voiceQuotaMin",
             voice_used_min as "voiceUsedMin"
      from customers.v_package_use where customer_id = ${customerId}`);
    const messages = await this.db.rows<{ on: Day }>(sql`
      select platform.day_of(at) as on from contact.v_touch
      where customer_id = ${customerId} and ${CARE_MESSAGE} and at < ${dayStart(addDays(day, 1))} order by at`);
    const starChanges = await this.db.rows<StarChangeFact>(sql`
      select changed_on as on, old_star as from, new_star as to from customers.v_star_change where customer_id = ${customerId} order by changed_on, id`);
    const news = await this.newsOf(customerId);
    const today = await this.todayOf(customerId, day);
    const planned = await this.db.rows<PlannedFact>(sql`
      select rule_code as rule, cycle, due_on as on, state, platform.day_of(closed_at) as "closedOn" from care.due where customer_id = ${customerId} and not withdrawn`);
    const { month, day: dom, calendar, ...known } = person;
    const birthday = month !== null && dom !== null ? { month, day: dom, calendar } : null;
    const messagedOn = messages.map(({ on }) => on);
    return {
      ...known,
      id: customerId,
      birthday,
      userBirthday: await this.userBirthdayOf(customerId),
      health: await this.healthOf(customerId),
      visits,
      attended: await this.attendedBy(customerId),
      roaming,
      lastTalkOn,
      bills,
      uses,
      messagedOn,
      starChanges,
      ...news,
      today,
      planned,
    };
  }

  private attendedBy(customerId: string): Promise<CareFacts['attended'][number][]> {
    return this.db.rows(sql`
      select platform.day_of(e.starts_at) as on, e.kind from care.invitation i join care.event e on e.id = i.event_id
      where i.customer_id = ${customerId} and i.attended and e.cancelled_at is null`);
  }

  private async userBirthdayOf(customerId: string): Promise<Birthday | null> {
    return (await this.db.maybe<Birthday>(sql`select month, day, calendar from customers.v_user_birthday where customer_id = ${customerId}`)) ?? null;
  }

  private async healthOf(customerId: string): Promise<HealthFact | null> {
    return (
      (await this.db.maybe<HealthFact>(sql`select tier, since, reason from reporting.customer_health where customer_id = ${customerId}`)) ?? null
    );
  }

  /** What happened to the customer that somebody has to talk about. */
  private async newsOf(customerId: string): Promise<Pick<CareFacts, 'rightsChanges' | 'managerChanges' | 'followUps'>> {
    const rightsChanges = await this.db.rows<RightsChangeFact>(sql`select on_day as on, star_level as star from customers.v_star_right_change`);
    const managerChanges = await this.db.rows<ManagerChangeFact>(sql`
      select platform.day_of(changed_at) as on, old_manager_id as from, manager_id as to from customers.v_manager_change
      where customer_id = ${customerId} order by changed_at, id`);
    const followUps = await this.db.rows<FollowUpFact>(sql`
      select kind, reference, closed_on as "closedOn" from care.follow_up where customer_id = ${customerId} and withdrawn_at is null order by closed_on, id`);
    return { rightsChanges, managerChanges, followUps };
  }

  /** What the day is to the customer, and whether the client approved a greeting for it. */
  private async todayOf(customerId: string, day: Day): Promise<GreetingFacts> {
    const occasions = await this.db.rows<OccasionFact>(sql`
      select o.kind, o.name, o.mark_id as "markId" from customers.v_customer c cross join lateral (${occasionsFor(sql`${day}::date`)}) o where c.id = ${customerId}`);
    const approval = await this.db.maybe<{ template: string; current: boolean }>(
      sql`select a.template_code as template, a.current from ${APPROVED} a where a.day = ${day}::date`,
    );
    const closed = await this.db.maybe(sql`select 1 from calendar.v_day d where d.day = ${day}::date and ${CENTRAL_DAY}`);
    return { central: closed !== undefined, occasions, approval: approval ?? null };
  }

  async moment(day: Day): Promise<Moment> {
    const days = await this.calendar.days(addDays(day, -BACK), addDays(day, AHEAD));
    const daysThat = (test: (of: DayInfo) => boolean): Set<Day> => new Set(days.filter(test).map((of) => of.day));
    const working = daysThat((of) => of.working);
    const occasions = daysThat((of) => of.closedFestival === null && (!of.working || of.solarTerm !== null || of.festival !== null));
    return { day, isWorking: (asked) => working.has(asked), isOccasion: (asked) => occasions.has(asked) };
  }
}
