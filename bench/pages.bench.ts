import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../src/app.module.js';
import { DemoCommands } from '../src/demo/demo.commands.js';
import { DEMO_PASSWORD } from '../src/demo/province.js';
import { ManualClock } from '../src/kernel/clock.js';
import { readConfig } from '../src/platform/config/config.js';
import { Database } from '../src/platform/database/database.js';
import { sql } from '../src/platform/database/sql.js';
import { createApp } from '../src/platform/http/create-app.js';
import { StaffCommands } from '../src/staff/staff.commands.js';
import { copyOf } from './copy.js';
import type { Benchmark, Way } from './frame.js';
import { crawl, Reader } from './pages/crawl.js';
import { multiply } from './pages/multiply.js';
import { NOW } from './province.js';
import { fingerprint } from './random.js';

const LARGE = 'pages_large';
const DEMO_CUSTOMERS = 5_000;
const CUSTOMERS_A_TEAM = 10_000;
const READERS = ['m01', 'planner1', 'supervisor1', 'client1', 'admin'];
const PASSWORD = 'bench-only';
/** Pages of one reader that are looked at. */
const AT_MOST = 500;
const SLOWEST = 15;
/** What takes longer looks broken; trials of a launch to a hundred thousand people come nearest. */
const LIMIT_MS = 5_000;
/** A hundred times as many customers: lists cost the same wherever they are cut from, figures of everybody more, but not in step. */
const AT_MOST_TIMES = 8;

interface House {
  db: Database;
  readers: Reader[];
  close(): Promise<void>;
}

async function open(databaseUrl: string, fill: (db: Database, demo: DemoCommands) => Promise<unknown>): Promise<House> {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-pages-'));
  const config = { ...readConfig({}), dataDir, databaseUrl, port: 0, demo: true };
  const module = AppModule.register({ config, databaseUrl, clock: new ManualClock(NOW), autoStart: false });
  const app = await createApp(module, { root: config.root, logLevel: 'info', logFile: join(dataDir, 'starcare.log') });
  await app.get(StaffCommands, { strict: false }).ensureAdmin(PASSWORD); // before anything else, as main does
  await app.listen(0, '127.0.0.1');
  const db = app.get(Database, { strict: false });
  await fill(db, app.get(DemoCommands, { strict: false }));
  const url = await app.getUrl();
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const logIn = (name: string): Promise<Reader> => Reader.logIn(url, name, name === 'admin' ? PASSWORD : DEMO_PASSWORD);
  return { db, readers: await Promise.all(READERS.map(logIn)), close };
}

interface Page {
  reader: string;
  address: string;
}

const nameOf = ({ reader, address }: Page): string => `${reader} ${address}`;

/** Milliseconds of each page, one a repetition. */
type Times = Map<string, number[]>;

function looking(name: string, house: House, pages: readonly Page[], times: Times): Way {
  const run = async (): Promise<number> => {
    for (const page of pages) {
      const reader = house.readers.find(({ username }) => username === page.reader);
      const { status, ms } = (await reader?.look(page.address)) ?? { status: 0, ms: 0 };
      if (status !== 200) throw new Error(`${nameOf(page)} answers ${status}`);
      times.set(nameOf(page), [...(times.get(nameOf(page)) ?? []), ms]);
    }
    return pages.length;
  };
  return { name, run };
}

async function pagesOf(house: House): Promise<Page[]> {
  const pages: Page[] = [];
  for (const reader of house.readers) {
    for (const address of await crawl(reader, AT_MOST)) pages.push({ reader: reader.username, address });
  }
  return pages;
}

const percentile = (times: readonly number[], share: number): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)] ?? NaN;
const medians = (times: Times): Map<string, number> => new Map([...times].map(([page, each]) => [page, percentile(each, 0.5)]));

/** Every kind of page that five readers come to by links, over the demo and over a whole province of demos. */
export const benchmark: Benchmark = {
  name: 'pages',
  rows: 500_000,
  smokeRows: 10_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const times = Math.max(2, Math.min(99, Math.round(rows / DEMO_CUSTOMERS)));
    const teams = Math.max(1, Math.round(rows / CUSTOMERS_A_TEAM));
    await (await open(databaseUrl, (_db, demo) => demo.ensure())).close();
    const largeUrl = await copyOf(databaseUrl, LARGE);
    const small = await open(databaseUrl, () => Promise.resolve());
    const large = await open(largeUrl, (db) => multiply(db, times, teams));
    const [size] = await large.db.rows(sql`
      select (select count(*) from customers.customer) as customers, (select count(*) from staff.app_user) as users,
        (select count(*) from calls.attempt) as calls, (select count(*) from calls.task) as tasks`);
    say(JSON.stringify(size));
    const pages = await pagesOf(small);
    const taken: Record<'small' | 'large', Times> = { small: new Map(), large: new Map() };
    const names = [`${pages.length} pages of the demo`, `the same over ${times} demos`] as const;
    return {
      input: fingerprint().update(`the demo of ${NOW.toISOString()}, ${times} times, its managers ${teams} times`).digest('hex'),
      unit: 'pages',
      ways: [looking(names[0], small, pages, taken.small), looking(names[1], large, pages, taken.large)],
      goals: [{ way: names[1], of: names[0], atMost: AT_MOST_TIMES }],
      check: () => {
        const [inDemo, inProvince] = [medians(taken.small), medians(taken.large)];
        const slowest = [...inProvince].sort(([, a], [, b]) => b - a);
        for (const [page, ms] of slowest.slice(0, SLOWEST)) say(`${ms.toFixed(0)} ms, ${inDemo.get(page)?.toFixed(0)} in the demo: ${page}`);
        for (const [name, each] of [['the demo', inDemo] as const, ['the province', inProvince] as const]) {
          const [half, most] = [0.5, 0.95].map((share) => percentile([...each.values()], share).toFixed(0));
          say(`${name}: half of the pages below ${half} ms, 95 % below ${most} ms`);
        }
        const slow = smoke ? [] : slowest.filter(([, ms]) => ms > LIMIT_MS);
        return Promise.resolve(slow.map(([page, ms]) => `${page} takes ${ms.toFixed(0)} ms, more than ${LIMIT_MS}`));
      },
      close: async () => {
        await small.close();
        await large.close();
      },
    };
  },
};
