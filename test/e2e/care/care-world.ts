import { uuidAt } from '../../../src/kernel/ids.js';
import type { Queryable } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import type {
  BillFact,
  Birthday,
  CareFacts,
  FollowUpFact,
  HealthFact,
  ManagerChangeFact,
  PlannedFact,
  RightsChangeFact,
  RoamingFact,
  StarChangeFact,
  UseFact,
} from '../../../src/care/care.types.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../../support/test-app.js';
import { drainJobs } from '../../support/drain-jobs.js';

export interface Person {
  id: string;
  lineId: string;
  phone: string;
}

export interface PersonFacts {
  star?: number;
  /** Username; null = nobody's. */
  manager?: string | null;
  status?: CareFacts['status'];
  birthday?: CareFacts['birthday'];
  unit?: string;
  joinedOn?: string | null;
  city?: string | null;
}

let made = 0;

/** A customer with one line. */
export async function person(db: Queryable, facts: PersonFacts = {}): Promise<Person> {
  made += 1;
  const phone = `+8613${String(800_000_000 + made)}`;
  const { star = 7, manager = 'm01', status = 'active', birthday = null, unit = 'east-1', joinedOn = null, city = null } = facts;
  return db.one<Person>(sql`
    with c as (
      insert into customers.customer (name, gender, star_level, status, birth_month, birth_day, birth_calendar, joined_on, city, manager_id, org_unit_id, created_at, updated_at)
      select ${`客户${made}`}, 'male', ${star}, ${status}, ${birthday?.month ?? null}, ${birthday?.day ?? null}, ${birthday?.calendar ?? 'solar'}, ${joinedOn}::date, ${city},
             u.id, coalesce(u.org_unit_id, o.id), '2026-01-01', '2026-01-01'
      from (select (select id from staff.org_unit where code = ${unit}) as id) o left join staff.app_user u on u.username = ${manager}
      returning id)
    insert into customers.line (customer_id, number, status, created_at, updated_at)
    select c.id, ${phone}, ${status}, '2026-01-01', '2026-01-01' from c
    returning customer_id as id, id as "lineId", number as phone`);
}

export interface VisitMade {
  on: string;
  outcome?: string;
  campaign?: string;
  topics?: readonly string[];
  source?: 'feed' | 'agent';
}

/** A contact of the past, in the ledger and in the books, at ten in the morning. */
export async function contacted(db: Queryable, { id, lineId, phone }: Person, visit: VisitMade): Promise<string> {
  const at = new Date(`${visit.on}T10:00:00+08:00`);
  const [attempt, touch] = [uuidAt(at), uuidAt(at)];
  await db.run(sql`
    with t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      values (${touch}, true, 'history', ${id}, ${phone}, 'call', 'care', 'test', ${at}) returning id)
    insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, topics, created_at)
    select ${attempt}, p.id, ${id}, ${lineId}, u.id, t.id, 1, ${at}, ${visit.outcome ?? 'reached'}, ${visit.source ?? 'feed'}, 60, 'switch', ${visit.topics ?? []}, ${at}
    from t, campaigns.campaign p, (select id from staff.app_user where username in ('m01', 'admin') order by username desc limit 1) u
    where p.code = ${visit.campaign ?? 'daily-care'}`);
  return attempt;
}

export async function roamed(db: Queryable, { id, lineId }: Person, use: Partial<RoamingFact> & { month: string }): Promise<void> {
  await db.run(sql`
    insert into customers.roaming_use (customer_id, line_id, month, destination, days, fee_fen, returned_on, created_at, updated_at)
    values (${id}, ${lineId}, ${use.month}, ${use.destination ?? '日本'}, ${use.days ?? null}, ${use.feeFen ?? null}, ${use.returnedOn ?? null}, '2026-01-01', '2026-01-01')`);
}

/** What the customer's line used of its package. */
export async function used(db: Queryable, { id, lineId }: Person, use: Omit<UseFact, 'lineId'>): Promise<void> {
  await db.run(sql`
    insert into customers.package_use (customer_id, line_id, month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, created_at, updated_at)
    values (${id}, ${lineId}, ${use.month}, ${use.dataQuotaMb}, ${use.dataUsedMb}, ${use.voiceQuotaMin}, ${use.voiceUsedMin}, '2026-01-01', '2026-01-01')`);
}

/** Somebody of that birthday uses the customer's card, and another of its cards, which nobody is reached on. */
export async function usedBy(db: Queryable, { id, lineId }: Person, { calendar, month, day }: Birthday, alsoAnother = false): Promise<void> {
  if (alsoAnother) {
    made += 1;
    await db.run(sql`
      insert into customers.line (customer_id, number, kind, status, created_at, updated_at)
      values (${id}, ${`+8613${String(800_000_000 + made)}`}, 'extra', 'suspended', '2026-01-01', '2026-01-01')`);
  }
  await db.run(sql`
    update customers.line set user_birth_calendar = ${calendar}, user_birth_month = ${month}, user_birth_day = ${day}, actual_user_name = '王小明'
    where customer_id = ${id} and (id = ${lineId} or ${alsoAnother}::boolean)`);
}

/** A care message that went out at noon. */
export async function messaged(db: Queryable, { id, phone }: Person, on: string): Promise<void> {
  const at = new Date(`${on}T12:00:00+08:00`);
  await db.run(sql`
    insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
    values (${uuidAt(at)}, true, 'history', ${id}, ${phone}, 'sms', 'care', 'test', ${at})`);
}

/** A bill of the customer's line. */
export async function billed(db: Queryable, { id, lineId }: Person, { month, amountFen }: BillFact): Promise<void> {
  await db.run(sql`
    insert into customers.bill (customer_id, line_id, month, amount_fen, created_at, updated_at)
    values (${id}, ${lineId}, ${month}, ${amountFen}, '2026-01-01', '2026-01-01')`);
}

/** A change of star of the customer's line, as the feed leaves it. */
/** What retention judged of somebody. */
export async function judged(db: Queryable, { id }: Person, { tier, since, reason }: HealthFact): Promise<void> {
  const reasons = reason === null ? [] : [{ code: reason, level: 'sub' }];
  await db.run(
    sql`insert into retention.health (customer_id, tier, reasons, since) values (${id}, ${tier}, ${JSON.stringify(reasons)}::jsonb, ${since}::date)`,
  );
}

export async function starChanged(db: Queryable, { id, lineId }: Person, { on, from, to }: StarChangeFact): Promise<void> {
  await db.run(sql`
    insert into customers.star_change (customer_id, line_id, old_star, new_star, changed_on, created_at) values (${id}, ${lineId}, ${from}, ${to}, ${on}, '2026-01-01')`);
}

/** The rights of a star were changed at noon, by whoever was first. */
export async function rightsChanged(db: Queryable, { on, star }: RightsChangeFact): Promise<void> {
  await db.run(sql`
    insert into customers.star_right_change (star_level, changes, changed_by, changed_at)
    select ${star}, '[{"code":"lounge","what":"changed","labelZh":"机场贵宾厅","labelEn":"Airport lounge","before":3,"after":6}]', min(id), ${`${on}T12:00:00+08:00`}
    from staff.app_user`);
}

/** The customer was given to another manager, as hand-over, card and file leave it in the record. */
export async function managerChanged(db: Queryable, { id }: Person, { on, from, to }: ManagerChangeFact): Promise<void> {
  await db.run(sql`
    insert into customers.profile_fact (customer_id, field, value, old_value, learned_at) values (${id}, 'manager', ${to}, ${from}, ${`${on}T12:00:00+08:00`})`);
}

/** The customer came to an event, at noon. */
export async function cameTo(db: Queryable, { id, lineId }: Person, { on, kind }: CareFacts['attended'][number]): Promise<void> {
  await db.run(sql`
    with e as (
      insert into care.event (kind, title, place, starts_at, ends_at, host_id, invite_by, org_unit_id, created_by, created_at)
      select ${kind}, '活动', '营业厅', ${`${on}T12:00:00+08:00`}, ${`${on}T13:00:00+08:00`}, u.id, 'call', u.org_unit_id, u.id, '2026-01-01'
      from staff.app_user u order by u.id limit 1 returning id, created_by)
    insert into care.invitation (event_id, customer_id, line_id, added_by, added_at, attended)
    select e.id, ${id}, ${lineId}, e.created_by, '2026-01-01', true from e`);
}

/** Somebody asked for a follow-up call. */
export async function followUpAsked(db: Queryable, { id }: Person, { kind, reference, closedOn }: FollowUpFact): Promise<void> {
  await db.run(sql`
    insert into care.follow_up (kind, reference, customer_id, closed_on, asked_at) values (${kind}, ${reference}, ${id}, ${closedOn}, '2026-01-01')`);
}

/** Messages that a rule planned before, as plan runs leave them. */
export async function planned(db: Queryable, { id }: Person, rows: readonly PlannedFact[]): Promise<void> {
  if (rows.length === 0) return;
  await db.run(sql`
    with run as (insert into care.plan_run (day, rules, state, created_at) values ('2026-01-01', '{}', 'done', '2026-01-01') returning id)
    insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, state, closed_at, plan_run_id, created_at)
    select p.rule, ${id}, p.cycle, 'sms', p."on", p."on", p."on", '{}', 1, p.state,
           platform.day_start(p."closedOn"), run.id, '2026-01-01'
    from run, jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as p(rule text, cycle text, "on" date, state text, "closedOn" date)`);
}

export interface DueRow {
  rule: string;
  customer: string;
  cycle: string;
  channel: string;
  state: string;
  dueOn: string;
  deadlineOn: string;
  taskId: string | null;
}

export interface RunAnswer {
  id: string;
  state: string;
  planned: Record<string, number>;
  messages: Record<string, number>;
  unsent: Record<string, { reason: string; template: string; count: number }>;
  skipped: Record<string, number>;
  error: string | null;
}

/** Care with the people of the house, every rule still switched off. */
export class CareWorld {
  private constructor(
    readonly test: TestApp,
    readonly house: House,
    readonly planner: ApiClient,
  ) {}

  static async open(options: TestAppOptions = {}): Promise<CareWorld> {
    const test = await createTestApp(options);
    const house = await createHouse(test);
    return new CareWorld(test, house, await house('planner-e'));
  }

  async enable(code: string, settings?: object): Promise<void> {
    const { version } = (await this.planner.get(`/care/rules/${code}`)).body as { version: number };
    const answer = await this.planner.put(`/care/rules/${code}`, { enabled: true, version, ...(settings ? { settings } : {}) });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** Asks for a plan run, lets it happen, and gives its answer. */
  async run(date: string, rules?: string[], as = this.planner): Promise<RunAnswer> {
    const asked = await as.post('/care/plan-runs', { date, ...(rules ? { rules } : {}) });
    if (asked.status !== 202) throw new Error(asked.text);
    await drainJobs(this.test.app);
    return (await as.get(`/care/plan-runs/${(asked.body as { id: string }).id}`)).body as RunAnswer;
  }

  due(who?: Person): Promise<DueRow[]> {
    return this.test.db.rows<DueRow>(sql`
      select rule_code as rule, customer_id as customer, cycle, channel, state, due_on as "dueOn", deadline_on as "deadlineOn", task_id as "taskId"
      from care.due where ${who?.id ?? null}::bigint is null or customer_id = ${who?.id ?? null}::bigint order by customer_id, rule_code, cycle`);
  }
}
