import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CallDeskCommands } from '../src/calls/desk/call-desk.commands.js';
import { TaskSheets } from '../src/calls/desk/task-sheet.queries.js';
import { prepared, sql } from '../src/platform/database/sql.js';
import { SessionQueries } from '../src/staff/login/session.queries.js';
import { type Floor, openFloor, type Person } from './claim-floor.js';
import type { Benchmark, Way } from './frame.js';
import { median } from './judge.js';
import { fingerprint, randomOf } from './random.js';

/** People at the desk at once; more than that wait for the pool anyway. */
const AT_ONCE = 500;
const MANAGERS = { full: 1_000, smoke: 200 };

/** Of a thousand who press within a second, 99 of 100 have their customer within this time. */
const MOST_P99_MS = 2_000;

interface Pressed {
  ids: string[];
  statuses: Record<string, number>;
  p50: number;
  p99: number;
}

/** Everything that was handed out, by way and run: an id twice in one run is the bug this product must not have. */
class Book {
  readonly wrong: string[] = [];
  readonly p99 = new Map<string, number[]>();

  hand(way: string, ids: readonly string[], expected: number): void {
    const different = new Set(ids).size;
    if (different < ids.length) this.wrong.push(`${way}: ${ids.length - different} of ${ids.length} tasks were given twice`);
    if (ids.length < expected) this.wrong.push(`${way}: ${expected - ids.length} of ${expected} people got no task while tasks remained`);
  }

  /** How the burst went: one line a run. */
  burst(way: string, { ids, p50, p99, statuses }: Pressed, expected: number): string {
    this.hand(way, ids, expected);
    this.p99.set(way, [...(this.p99.get(way) ?? []), p99]);
    const twice = ids.length - new Set(ids).size;
    const figures = `p50 ${p50} ms, p99 ${p99} ms, ${twice} given twice, ${expected - ids.length} empty-handed`;
    return `${way}: all ${expected} at once, ${figures}, answers ${JSON.stringify(statuses)}`;
  }
}

async function together<T>(people: readonly T[], press: (person: T) => Promise<void>): Promise<void> {
  const waiting = [...people];
  const one = async (): Promise<void> => {
    for (let person = waiting.pop(); person !== undefined; person = waiting.pop()) await press(person);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

const bareClaim = (owner: string, now: Date) => sql`
  update calls.task set state = 'claimed', claimed_by = ${owner}, lease_until = ${now}
  where id = (select id from calls.task where owner_id = ${owner} and state = 'open' and callback_at is null
              order by due_on, star desc, expected_value desc, id limit 1 for update skip locked)
  returning id`;

/** One way to claim: the id of the task, or undefined. Everybody presses, first those who are early. */
function sqlWay(floor: Floor, book: Book, name: string, press: (person: Person) => Promise<string | undefined>): Way {
  const all = async (people: readonly Person[]): Promise<string[]> => {
    const ids: string[] = [];
    await together(people, async (person) => {
      const id = await press(person);
      if (id !== undefined) ids.push(id);
    });
    return ids;
  };
  return {
    name,
    prepare: async () => {
      await floor.reopen();
      await all(floor.early);
    },
    run: async () => {
      const ids = await all(floor.people);
      if (name !== LIMIT) book.hand(name, ids, floor.people.length);
      return ids.length;
    },
  };
}

const LIMIT = 'update one random row by pk';
const GATE = "claim with the gate's decision";
const BARE = 'bare node:http';
const PRODUCT = 'product over HTTP';

function sqlWays(floor: Floor, book: Book, rows: number): Way[] {
  const { db } = floor;
  const random = randomOf(20_240_601);
  const now = new Date('2026-11-24T02:30:00Z');
  const first = db.one<{ id: string }>(sql`select min(id) as id from calls.task`);
  const desk = floor.app.get(CallDeskCommands, { strict: false });
  return [
    sqlWay(floor, book, LIMIT, async ({ id: owner }) => {
      const id = Number((await first).id) + Math.floor(random() * rows);
      await db.run(prepared(sql`update calls.task set state = 'claimed', claimed_by = ${owner}, lease_until = ${now} where id = ${id}`));
      return String(id);
    }),
    sqlWay(floor, book, 'bare claim, skip locked', async ({ id }) => (await db.maybe<{ id: string }>(prepared(bareClaim(id, now))))?.id),
    sqlWay(floor, book, GATE, async (person) => {
      const next = await desk.next(person);
      return 'taskId' in next ? next.taskId : undefined;
    }),
  ];
}

/** Bare node:http around exactly what the product's route does: who asks, the claim, the sheet. */
async function bareServer(floor: Floor): Promise<{ server: Server; url: string }> {
  const sessions = floor.app.get(SessionQueries, { strict: false });
  const desk = floor.app.get(CallDeskCommands, { strict: false });
  const sheets = floor.app.get(TaskSheets, { strict: false });
  const server = createServer((request, response) => {
    void (async () => {
      await text(request);
      const user = await sessions.byToken(request.headers.authorization?.slice('Bearer '.length) ?? '');
      const next = user ? await desk.next(user) : undefined;
      if (!user || !next || 'empty' in next) return response.writeHead(204).end();
      const body = JSON.stringify({ task: await sheets.item(user, next.taskId) });
      return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function pressAll(url: string, people: readonly Person[]): Promise<Pressed> {
  const child = spawn(process.execPath, ['bench/press.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ url, tokens: people.map(({ token }) => token) }));
  return JSON.parse(await text(child.stdout)) as Pressed;
}

export const benchmark: Benchmark = {
  name: 'claim',
  rows: 1_000_000,
  smokeRows: 20_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const floor = await openFloor(databaseUrl, rows, smoke ? MANAGERS.smoke : MANAGERS.full);
    const bare = await bareServer(floor);
    const book = new Book();
    const http = (name: string, url: string): Way => ({
      name,
      prepare: async () => {
        await floor.reopen();
        await pressAll(url, floor.early);
      },
      run: async () => {
        const pressed = await pressAll(url, floor.people);
        say(book.burst(name, pressed, floor.people.length));
        return pressed.ids.length;
      },
    });
    // seconds on a machine that does other things mean nothing: a small run tells them, a full one is held to them
    const tooLate = (): string[] => {
      const p99 = median(book.p99.get(PRODUCT) ?? []);
      return !smoke && p99 > MOST_P99_MS ? [`${PRODUCT}: p99 ${p99} ms of all at once, wanted ${MOST_P99_MS}`] : [];
    };
    return {
      input: fingerprint().update(`${rows} tasks by hash, ${floor.people.length} managers, mulberry32 20240601`).digest('hex'),
      unit: 'claims',
      ways: [...sqlWays(floor, book, rows), http(BARE, bare.url), http(PRODUCT, floor.url)],
      goals: [
        { way: 'bare claim, skip locked', atLeast: smoke ? 0.4 : 0.8 },
        { way: GATE, atLeast: smoke ? 0.25 : 0.5 },
        { way: PRODUCT, of: BARE, atLeast: smoke ? 0.3 : 0.55 },
      ],
      check: () => Promise.resolve([...book.wrong, ...tooLate()]),
      close: async () => {
        bare.server.close();
        await floor.close();
      },
    };
  },
};
