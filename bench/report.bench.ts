import { sql } from '../src/platform/database/sql.js';
import { CUTS } from '../src/reports/funnel.types.js';
import { copyOf } from './copy.js';
import type { Benchmark, Way } from './frame.js';
import type { Province } from './province.js';
import { fingerprint } from './random.js';
import { DAYS, FIRST_DAY, insertCalls, openReports, TOKENS } from './report-calls.js';

const SMALL = 'report_small';
const ROUNDS = 5;
/** As on a service that has been up for an hour: PostgreSQL plans a prepared statement anew five times before it keeps a plan. */
const WARM_ROUNDS = 6;
const P95_MS = 50;

/** What people look at: every cut of everything, of one campaign, of a week, of one campaign's month. */
const PERIODS: Readonly<Record<string, string>> = {
  all: '',
  campaign: '&campaign=bench-7',
  week: '&from=2026-11-16&to=2026-11-22',
  month: '&campaign=bench-7&from=2026-10-01&to=2026-10-31',
};
const KINDS = CUTS.flatMap((cut) =>
  Object.entries(PERIODS).map(([period, query]) => ({ name: `${cut}/${period}`, path: `/api/v1/reports/funnel?by=${cut}${query}` })),
);

const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;

type Times = Map<string, number[]>;

async function look(url: string, token: string, times: Times): Promise<number> {
  for (const { name, path } of KINDS) {
    const start = performance.now();
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
  }
  return KINDS.length;
}

const slowest = (times: Times): string =>
  [...times]
    .map(([name, each]) => [name, p95(each)] as const)
    .sort((a, b) => b[1] - a[1])
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
    .join(', ');
const ofAll = (times: Times): number => p95([...times.values()].flat());

/** Counts the calls of the last day, also those that were written behind the back of the rollups. */
async function countLastDay({ db }: Province): Promise<void> {
  const first = sql`platform.uuid_floor(platform.day_start(${FIRST_DAY}::date + ${DAYS - 1}::int))`;
  await db.run(sql`insert into reports.customer_change select distinct customer_id from calls.attempt where id >= ${first}`);
  await db.run(sql`select reports.settle_rollups()`);
}

/** While one transaction after the other writes calls, every counting anew finds the kept counts right. */
async function wrongWhileWriting({ db }: Province, from: number, batch: number): Promise<string[]> {
  const correct = async (): Promise<number> => Number((await db.one<{ n: string }>(sql`select reports.correct_rollups() as n`)).n);
  await correct(); // what was written without the rollups
  let writing = true;
  const writer = (async () => {
    for (let n = 0; n < 5; n++) await insertCalls(db, from + n * batch, batch, true);
  })().finally(() => (writing = false));
  const found: number[] = [];
  do found.push(await correct());
  while (writing);
  await writer;
  found.push(await correct());
  return found.filter((n) => n > 0).map((n) => `${n} kept counts differ from a count of the rows while calls are written`);
}

export const benchmark: Benchmark = {
  name: 'report',
  rows: 1_000_000,
  smokeRows: 30_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const batch = smoke ? 2_000 : 20_000;
    const few = await openReports(await copyOf(databaseUrl, SMALL), Math.ceil(rows / 10));
    say(`${Math.ceil(rows / 10)} calls are there, their counts made from nothing in ${few.rebuiltIn.toFixed(1)} s`);
    const many = await openReports(databaseUrl, rows);
    say(`${rows} calls are there, their counts made from nothing in ${many.rebuiltIn.toFixed(1)} s`);
    let next = rows;
    const inserting = (name: string, rollups: boolean): Way => ({
      name,
      // what was written without the rollups is no part of what they cost
      prepare: async () => {
        if (rollups) await countLastDay(many);
      },
      run: async () => {
        next += batch;
        await insertCalls(many.db, next - batch, batch, rollups);
        if (rollups) await many.db.run(sql`select reports.settle_rollups()`);
        return batch;
      },
    });
    const taken = new Map<string, Times>();
    const looking = async (name: string, url: string, token: string): Promise<Way> => {
      for (let n = 0; n < WARM_ROUNDS; n++) await look(url, token, new Map());
      const times: Times = new Map();
      taken.set(name, times);
      const run = async (): Promise<number> => {
        let looks = 0;
        for (let n = 0; n < ROUNDS; n++) looks += await look(url, token, times);
        return looks;
      };
      return { name, run };
    };
    const atMost = smoke ? 3 : 1.5;
    const names = [`funnel over ${Math.ceil(rows / 10)}`, `funnel over ${rows}`] as const;
    return {
      input: fingerprint().update(`${rows} calls by hash, 200 campaigns, 200 managers, 90 days`).digest('hex'),
      unit: 'rows or looks',
      ways: [
        inserting('calls without rollups', false),
        inserting('calls with rollups, settled', true),
        await looking(names[0], few.url, TOKENS.province),
        await looking(names[1], many.url, TOKENS.province),
        await looking('one city of eight', many.url, TOKENS.team),
      ],
      goals: [
        { way: 'calls with rollups, settled', atMost: smoke ? 3 : 2 },
        { way: names[1], of: names[0], atMost },
      ],
      check: async () => {
        for (const [name, times] of taken) say(`p95 in ms, ${name}: ${ofAll(times).toFixed(1)}; by kind ${slowest(times)}`);
        const [small, large] = names.map((name) => ofAll(taken.get(name) ?? new Map()));
        const wrong = await wrongWhileWriting(many, next, batch);
        if (!smoke && !((large ?? NaN) <= P95_MS)) wrong.push(`the p95 over ${rows} calls is ${large?.toFixed(1)} ms, more than ${P95_MS}`);
        if (!((large ?? NaN) <= (small ?? NaN) * atMost))
          wrong.push(`the p95 over ${rows} calls is ${large?.toFixed(1)} ms, more than ${atMost} times ${small?.toFixed(1)} ms`);
        return wrong;
      },
      close: async () => {
        await few.close();
        await many.close();
      },
    };
  },
};
