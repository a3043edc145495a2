import type { INestApplicationContext } from '@nestjs/common';
import { AbsencesCommands } from '../../src/calendar/rota/absences.commands.js';
import { AttemptsCommands } from '../../src/calls/attempts/attempts.commands.js';
import { CallDeskCommands } from '../../src/calls/desk/call-desk.commands.js';
import { StandInJobs } from '../../src/calls/handover/stand-in.jobs.js';
import { CareReferenceCommands } from '../../src/care/care-reference.commands.js';
import { CareJobs } from '../../src/care/care.jobs.js';
import { CareRulesCommands } from '../../src/care/care-rules.commands.js';
import type { RuleCode } from '../../src/care/care.types.js';
import { ForecastJobs } from '../../src/care/forecast/forecast.jobs.js';
import { MissesQueries } from '../../src/care/forecast/misses.queries.js';
import { ContactCommands } from '../../src/contact/contact.commands.js';
import { StarsChanged } from '../../src/customers/customers.events.js';
import { StarChangesCommands } from '../../src/customers/star-changes.commands.js';
import type { ManualClock } from '../../src/kernel/clock.js';
import { addDays, atTime, type Day, daysBetween } from '../../src/kernel/day.js';
import { Database } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import { Events } from '../../src/platform/jobs/events.js';
import { JobExecution } from '../../src/platform/jobs/job-execution.js';
import { Leases } from '../../src/platform/jobs/leases.js';
import { SessionQueries } from '../../src/staff/login/session.queries.js';
import type { CurrentUser } from '../../src/staff/staff.types.js';
import {
  addCustomers,
  addStaff,
  chance,
  type Fate,
  fateOf,
  type Leave,
  leavesOf,
  managerName,
  PLANNER,
  promiseOf,
  type ReplaySize,
  SUPERVISOR,
} from './replay-world.js';

const RULES: readonly [code: RuleCode, settings: object][] = [
  ['star-revisit', { period: 'calendar' }],
  ['star-promotion', {}],
  ['birthday', {}],
];
/** Two halves of a working day; a call and its note take two minutes. */
const SESSIONS = ['09:10', '14:10'];
const AFTER_WORK = '19:00';
const CALL_MS = 120_000;
const ANSWERS = 0.7;
const TALK_SECONDS = 60;
/** The whole list of a forecast. */
const [ALL_AHEAD, ALL] = [90, 1_000_000];

/** The product lived through day by day by people of a seed: mornings by its own schedules, calls at its own desk, through its own gate. */
export class Replay {
  readonly fates: readonly Fate[];
  private readonly leaves: readonly Leave[];
  private readonly db: Database;
  private managers: CurrentUser[] = [];
  /** How often in a row nobody answered, by customer. */
  private readonly unanswered = new Map<string, number>();
  private ids: ReadonlyMap<number, Customer> = new Map();
  private fateById: ReadonlyMap<string, Fate> = new Map();
  calls = 0;
  /** Whom the product said beforehand that it would miss. */
  readonly reported = new Set<string>();

  constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: ManualClock,
    private readonly size: ReplaySize,
  ) {
    this.fates = Array.from({ length: size.customers }, (_, n) => fateOf(size, n));
    this.leaves = leavesOf(size);
    this.db = this.of(Database);
  }

  private of<T>(type: new (...args: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  async prepare(): Promise<void> {
    const { size, db } = this;
    this.clock.set(atTime(addDays(size.from, -1), '20:00'));
    await addStaff(db, size);
    await addCustomers(db, this.fates, size.from);
    const customers = await db.rows<Customer & { n: number }>(sql`
      select substr(c.customer_no, 2)::int as n, c.id, l.id as "lineId", l.number
      from customers.customer c join customers.line l on l.customer_id = c.id where c.customer_no like 'R%'`);
    this.ids = new Map(customers.map((customer) => [customer.n, customer]));
    this.fateById = new Map(
      customers.flatMap(({ id, n }) => {
        const fate = this.fates[n];
        return fate ? [[id, fate] as const] : [];
      }),
    );
    this.managers = await Promise.all(Array.from({ length: size.managers }, (_, n) => this.person(managerName(n))));
    await this.of(CareReferenceCommands).ensure();
    const planner = await this.person(PLANNER);
    for (const [code, settings] of RULES) await this.of(CareRulesCommands).change(planner, code, { enabled: true, settings: { ...settings } });
  }

  private async person(username: string): Promise<CurrentUser> {
    const { id } = await this.db.one<{ id: string }>(sql`select id from staff.app_user where username = ${username}`);
    const user = await this.of(SessionQueries).bySession(id);
    if (!user) throw new Error(`${username} is not there`);
    return user;
  }

  async run(): Promise<void> {
    const { from, until, everyDays } = this.size;
    for (let day = from, seen = addDays(from, -1); day <= until; seen = day, day = addDays(day, everyDays)) {
      for (let past = addDays(seen, 1); past <= day; past = addDays(past, 1)) await this.happen(past);
      await this.wake(day);
      if (await this.isWorkingDay(day)) for (const session of SESSIONS) await this.work(day, session);
      this.clock.set(atTime(day, AFTER_WORK)); // messages of a free day
      await this.drain();
    }
  }

  /** What care's own schedules do before the day begins: who stands in for whom, the plan, and who will be missed. */
  private async wake(day: Day): Promise<void> {
    this.clock.set(atTime(day, '06:05'));
    const now = this.clock.now();
    await this.of(StandInJobs).ofDay(now);
    await this.of(CareJobs).planToday(now);
    await this.drain();
    const failed = await this.db.maybe<{ error: string }>(sql`select error from care.plan_run where day = ${day}::date and state = 'failed'`);
    if (failed) throw new Error(`the plan of ${day} failed: ${failed.error}`);
    if (daysBetween(this.size.from, day) % this.size.forecastEvery > 0) return;
    await this.of(ForecastJobs).forecastToday(now);
    await this.drain();
    const missed = await this.of(MissesQueries).list(await this.person(PLANNER), { within: ALL_AHEAD }, ALL);
    for (const { customerId, deadlineOn } of missed) this.reported.add(promiseOf(this.fateById.get(customerId)?.n ?? -1, deadlineOn));
  }

  private async drain(): Promise<void> {
    const [leases, execution] = [this.of(Leases), this.of(JobExecution)];
    for (let tickets = await leases.claim(1); tickets.length > 0; tickets = await leases.claim(1)) {
      for (const ticket of tickets) {
        const run = await execution.run(ticket);
        if ('error' in run) throw new Error(`job ${ticket.job} failed`, { cause: run.error });
      }
    }
  }

  /** What the night's files and the people of the floor tell: stars, blocks, leave. */
  private async happen(day: Day): Promise<void> {
    this.clock.set(atTime(day, '01:00'));
    await this.moveStars(day);
    for (const fate of this.fates) if (fate.blocked?.on === day || fate.blocked?.until === day) await this.block(fate, fate.blocked.on === day);
    for (const { manager, from, to, deputy } of this.leaves.filter(({ notedOn }) => notedOn === day)) {
      const form = { from, to, kind: 'leave' as const, ...(deputy === null ? {} : { deputy: managerName(deputy) }) };
      await this.of(AbsencesCommands).add(await this.person(SUPERVISOR), managerName(manager), form);
    }
    await this.drain();
  }

  private async moveStars(day: Day): Promise<void> {
    const moves = this.fates.flatMap(({ n, move }) =>
      move?.on === day ? [{ ...move, id: this.ids.get(n)?.id, line: this.ids.get(n)?.lineId }] : [],
    );
    if (moves.length === 0) return;
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        insert into customers.star_change (customer_id, line_id, old_star, new_star, changed_on, created_at)
        select id, line, "from", "to", ${day}::date, ${this.clock.now()} from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as m(id bigint, line bigint, "from" int, "to" int)`);
      await this.of(StarChangesCommands).applyNewest(tx, sql`select unnest(${moves.map(({ id }) => id)}::bigint[])`);
      await this.of(Events).publish(tx, StarsChanged, { importId: null });
    });
  }

  private async block({ n }: Fate, on: boolean): Promise<void> {
    const number = this.ids.get(n)?.number ?? '';
    const reach = { number, channel: 'all', scope: 'all', reason: 'replay', actorId: null } as const;
    await this.db.tx(async (tx) => {
      if (on) await this.of(ContactCommands).block(tx, { ...reach, source: 'replay' });
      else await this.of(ContactCommands).unblock(tx, reach);
    });
  }

  /** All who are there take one customer after the other, until their lists or their halves of the day are through. */
  private async work(day: Day, from: string): Promise<void> {
    let at = this.managers.filter((_, n) => !this.leaves.some((leave) => leave.manager === n && leave.from <= day && day <= leave.to));
    for (let slot = 0; at.length > 0 && slot < this.size.callsADay / SESSIONS.length; slot += 1) {
      const still: CurrentUser[] = [];
      for (const manager of at) {
        this.clock.set(new Date(atTime(day, from).getTime() + slot * CALL_MS));
        if (await this.callNext(manager, day, `${from}.${slot}`)) still.push(manager);
      }
      at = still;
      await this.drain();
    }
  }

  private async isWorkingDay(day: Day): Promise<boolean> {
    return (await this.db.maybe(sql`select from calendar.v_day where day = ${day}::date and working`)) !== undefined;
  }

  private async callNext(manager: CurrentUser, day: Day, when: string): Promise<boolean> {
    const next = await this.of(CallDeskCommands).next(manager);
    if (!('taskId' in next)) return false;
    const { taskId } = next;
    const { customer, topics } = await this.db.one<{ customer: string; topics: string[] }>(sql`
      select t.customer_id as customer, coalesce(array_agg(d.rule_code) filter (where d.state = 'open'), '{}') as topics
      from calls.task t left join care.due d on d.task_id = t.id where t.id = ${taskId} group by 1`);
    const reached = this.answers(customer, day, when);
    this.clock.advance(CALL_MS / 2);
    await this.of(AttemptsCommands).record(
      manager,
      taskId,
      reached ? { outcome: 'reached', talkSeconds: TALK_SECONDS, topics } : { outcome: 'no_answer', talkSeconds: 0 },
    );
    this.calls += 1;
    return true;
  }

  /** Who can be reached at all answers the third call at the latest. */
  private answers(customer: string, day: Day, when: string): boolean {
    const fate = this.fateById.get(customer);
    const missed = this.unanswered.get(customer) ?? 0;
    const answers = !fate?.unreachable && (missed >= 2 || chance(this.size.seed, fate?.n ?? 0, day, when) < ANSWERS);
    this.unanswered.set(customer, answers ? 0 : missed + 1);
    return answers;
  }
}

interface Customer {
  id: string;
  lineId: string;
  number: string;
}
