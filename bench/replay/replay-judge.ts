import { createHash } from 'node:crypto';
import { addDays, addMonths, type Day, daysBetween, lastDayOfMonth } from '../../src/kernel/day.js';
import type { Database } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import { type Fate, promiseOf, type ReplaySize } from './replay-world.js';

/** The promises as the requirements put them (CAR-1, CAR-2, GOV-4, GOV-5), written a second time: the product's own rules are not asked. */
const MONTHS: Readonly<Record<number, number>> = { 7: 1, 6: 2, 5: 3, 4: 5, 3: 5, 2: 5, 1: 5 };
const CALL_HOURS = [
  ['09:00', '12:00'],
  ['14:00', '20:00'],
] as const;
const SMS_HOURS = [['08:00', '21:00']] as const;
const CALLS_A_DAY = 2;
const CALLS_A_WEEK = 5;

/** See `promiseOf`: whom the product said beforehand that it would miss. */
type Reported = ReadonlySet<string>;

export interface Judgement {
  /** Whole periods of customers of one star; all promises are visited, excused, reported, tried or a fault. */
  periods: number;
  visited: number;
  /** Never answer, or may not be called at the end of the period. */
  excused: number;
  reported: number;
  /** Called in time, but nobody answered and the days were over. */
  tried: number;
  promotions: number;
  faults: string[];
  /** Of everything planned, called and sent: two runs of a seed agree in it. */
  digest: string;
}

interface Period {
  start: Day;
  end: Day;
}

function periodsOf({ from, until }: ReplaySize, months: number): Period[] {
  const monthsSince0 = Number(from.slice(0, 4)) * 12 + Number(from.slice(5, 7)) - 1;
  const into = monthsSince0 % months;
  const periods: Period[] = [];
  for (let start = addMonths(`${from.slice(0, 7)}-01`, into === 0 ? 0 : months - into); ; start = addMonths(start, months)) {
    const end = lastDayOfMonth(addMonths(start, months - 1));
    if (end > until) return periods;
    periods.push({ start, end });
  }
}

const blockedOn = ({ blocked }: Fate, day: Day): boolean => blocked !== null && blocked.on <= day && (blocked.until === null || day < blocked.until);

/** The star of a whole period, or none where it changed within. */
function starIn({ star, move }: Fate, { start, end }: Period): number {
  if (!move || end < move.on) return star;
  return move.on < start ? move.to : 0;
}

interface Call {
  day: Day;
  reached: boolean;
}

async function callsOf(db: Database): Promise<Map<number, Call[]>> {
  const rows = await db.rows<Call & { n: number }>(sql`
    select substr(c.customer_no, 2)::int as n, platform.day_of(a.started_at)::text as day, a.outcome = 'reached' as reached
    from calls.attempt a join customers.customer c on c.id = a.customer_id order by 1, a.started_at`);
  const calls = new Map<number, Call[]>();
  for (const { n, ...call } of rows) calls.set(n, [...(calls.get(n) ?? []), call]);
  return calls;
}

export async function judge(db: Database, fates: readonly Fate[], size: ReplaySize, reported: Reported): Promise<Judgement> {
  const calls = await callsOf(db);
  const result: Judgement = { periods: 0, visited: 0, excused: 0, reported: 0, tried: 0, promotions: 0, faults: [], digest: await digestOf(db) };
  for (const fate of fates) {
    const own = calls.get(fate.n) ?? [];
    for (const promise of [...revisitsOf(fate, size), ...promotionOf(fate, size)]) {
      if (promise.promoted) result.promotions += 1;
      else result.periods += 1;
      const kept = keptOf(fate, promise, own, reported);
      if (kept) result[kept] += 1;
      else
        result.faults.push(
          `customer ${fate.n} was not visited from ${promise.start} to ${promise.end}${promise.promoted ? ', promoted before' : ''}, and nobody was told`,
        );
    }
  }
  result.faults.push(...(await brokenLimits(db)), ...(await doubles(db)));
  return result;
}

interface Promised extends Period {
  promoted: boolean;
}

const revisitsOf = (fate: Fate, size: ReplaySize): Promised[] =>
  [...new Set([fate.star, fate.move?.to ?? 0].flatMap((star) => MONTHS[star] ?? []))].flatMap((months) =>
    periodsOf(size, months)
      .filter((period) => MONTHS[starIn(fate, period)] === months)
      .map((period) => ({ ...period, promoted: false })),
  );

/** Visited within a month of the promotion to five stars and more. */
function promotionOf({ move }: Fate, { until }: ReplaySize): Promised[] {
  if (!move || move.to <= move.from || move.to < 5) return [];
  const end = addMonths(move.on, 1);
  return end > until ? [] : [{ start: addDays(move.on, 1), end, promoted: true }];
}

function keptOf(
  fate: Fate,
  { start, end }: Promised,
  calls: readonly Call[],
  reported: Reported,
): 'visited' | 'excused' | 'reported' | 'tried' | null {
  const inTime = calls.filter(({ day }) => start <= day && day <= end);
  if (inTime.some(({ reached }) => reached)) return 'visited';
  if (fate.unreachable || blockedOn(fate, end)) return 'excused';
  if (reported.has(promiseOf(fate.n, end))) return 'reported';
  return inTime.length > 0 ? 'tried' : null;
}

interface TouchRow {
  n: number;
  channel: string;
  day: Day;
  time: string;
}

/** Caps, quiet hours and blocks, touch by touch. */
async function brokenLimits(db: Database): Promise<string[]> {
  const touches = await db.rows<TouchRow>(sql`
    select substr(c.customer_no, 2)::int as n, t.channel, platform.day_of(t.at)::text as day, to_char(t.at at time zone 'Asia/Shanghai', 'HH24:MI') as time
    from contact.touch t join customers.customer c on c.id = t.customer_id where t.allowed and t.state in ('confirmed', 'reserved') order by n, t.at`);
  const faults: string[] = [];
  const calls = new Map<number, Day[]>();
  for (const { n, channel, day, time } of touches) {
    const hours = channel === 'sms' ? SMS_HOURS : CALL_HOURS;
    if (!hours.some(([from, to]) => from <= time && time < to)) faults.push(`customer ${n} was contacted by ${channel} on ${day} at ${time}`);
    if (channel === 'call') calls.set(n, [...(calls.get(n) ?? []), day]);
  }
  for (const [n, days] of calls)
    for (const [i, day] of days.entries()) {
      if (days[i + CALLS_A_DAY] === day) faults.push(`customer ${n} was called more than ${CALLS_A_DAY} times on ${day}`);
      const later = days[i + CALLS_A_WEEK];
      if (later && daysBetween(day, later) < 7) faults.push(`customer ${n} was called more than ${CALLS_A_WEEK} times in the week from ${day}`);
    }
  const blocked = await db.rows<{ n: number; day: Day }>(sql`
    select substr(c.customer_no, 2)::int as n, platform.day_of(t.at)::text as day
    from contact.touch t join customers.customer c on c.id = t.customer_id
    join contact.block b on b.number = t.number and b.created_at <= t.at and (b.lifted_at is null or b.lifted_at > t.at)
    where t.allowed and t.state in ('confirmed', 'reserved')`);
  return [...faults, ...blocked.map(({ n, day }) => `customer ${n} was contacted on ${day}, though blocked`)];
}

/** The same message twice, or two calls of care for one customer on one day. */
async function doubles(db: Database): Promise<string[]> {
  const messages = await db.rows<{ n: number; day: Day }>(sql`
    select substr(c.customer_no, 2)::int as n, platform.day_of(m.created_at)::text as day
    from messaging.message m join customers.customer c on c.id = m.customer_id
    where m.state not in ('refused', 'expired') group by c.customer_no, platform.day_of(m.created_at), m.template_id having count(*) > 1`);
  const tasks = await db.rows<{ n: number }>(sql`
    select substr(c.customer_no, 2)::int as n from calls.task t join campaigns.campaign p on p.id = t.campaign_id and p.standing
    join customers.customer c on c.id = t.customer_id where t.state in ('open', 'claimed') group by c.customer_no, t.due_on having count(*) > 1`);
  return [
    ...messages.map(({ n, day }) => `customer ${n} got the same message twice on ${day}`),
    ...tasks.map(({ n }) => `customer ${n} has two calls on the list of one day`),
  ];
}

async function digestOf(db: Database): Promise<string> {
  const hash = createHash('sha256');
  for (const rows of [
    await db.rows(sql`
      select c.customer_no, d.rule_code, d.cycle, d.channel, d.due_on::text, d.deadline_on::text, d.state, d.closed_at
      from care.due d join customers.customer c on c.id = d.customer_id order by 1, 2, 3`),
    await db.rows(sql`
      select c.customer_no, a.started_at, a.outcome, u.username from calls.attempt a join customers.customer c on c.id = a.customer_id
      join staff.app_user u on u.id = a.manager_id order by 1, 2`),
    await db.rows(sql`
      select c.customer_no, m.created_at, m.body, m.state from messaging.message m join customers.customer c on c.id = m.customer_id order by 1, 2, 3`),
  ])
    hash.update(JSON.stringify(rows));
  return hash.digest('hex');
}

/** The last day of so many months from `from`, a first of a month. */
export const monthsFrom = (from: Day, months: number): Day => addDays(addMonths(from, months), -1);
