import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CallDeskCommands } from '../src/calls/call-desk.commands.js';
import { TaskSheets } from '../src/calls/task-sheet.queries.js';
import { prepared, sql } from '../src/platform/database/sql.js';
import { SessionQueries } from '../src/staff/session.queries.js';
import type { CurrentUser } from '../src/staff/staff.types.js';
import { type Floor, openFloor } from './claim-floor.js';
import type { Benchmark, Way } from './frame.js';
import { fingerprint, randomOf } from './random.js';

/** People at the desk at once; more than that wait for the pool anyway. */
const AT_ONCE = 500;
const MANAGERS = { full: 1_000, smoke: 200 };

interface Pressed {
  ids: string[];
  statuses: Record<string, number>;
  p50: number;
  p99: number;
}

/** Everything that was handed out, by way and run: an id twice in one run is the bug this product must not have. */
class Book {
  readonly wrong: string[] = [];

  hand(way: string, ids: readonly string[], expected: number): void {
    const different = new Set(ids).size;
    if (different < ids.length) this.wrong.push(`${way}: ${ids.length - different} of ${ids.length} tasks were given twice`);
    if (ids.length < expected) this.wrong.push(`${way}: ${expected - ids.length} of ${expected} people got no task while tasks remained`);
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

function sqlWays(floor: Floor, book: Book, rows: number): Way[] {
  const { db, managers } = floor;
  const random = randomOf(20_240_601);
  const now = new Date('2026-11-24T02:30:00Z');
  const first = db.one<{ id: string }>(sql`select min(id) as id from calls.task`);
  const desk = floor.app.get(CallDeskCommands, { strict: false });
  const people = db.rows<CurrentUser>(sql`
    select u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", o.name as "orgName", o.path as "orgPath", u.locale
    from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id where u.id = any(${managers}::bigint[])`);
  return [
    {
      name: 'update one random row by pk',
      prepare: () => floor.reopen(),
      run: async () => {
        const base = Number((await first).id);
        await together(managers, async (owner) => {
          const id = base + Math.floor(random() * rows);
          await db.run(prepared(sql`update calls.task set state = 'claimed', claimed_by = ${owner}, lease_until = ${now} where id = ${id}`));
        });
        return managers.length;
      },
    },
    {
      name: 'bare claim, skip locked',
      prepare: () => floor.reopen(),
      run: async () => {
        const ids: string[] = [];
        await together(managers, async (owner) => {
          ids.push(...(await db.rows<{ id: string }>(prepared(bareClaim(owner, now)))).map((row) => row.id));
        });
        book.hand('bare claim', ids, managers.length);
        return ids.length;
      },
    },
    {
      name: "claim with the gate's decision",
      prepare: () => floor.reopen(),
      run: async () => {
        const ids: string[] = [];
        await together(await people, async (user) => {
          const next = await desk.next(user);
          if ('taskId' in next) ids.push(next.taskId);
        });
        book.hand('claim with the gate', ids, managers.length);
        return ids.length;
      },
    },
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

async function pressAll(url: string, tokens: readonly string[]): Promise<Pressed> {
  const child = spawn(process.execPath, ['bench/press.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ url, tokens }));
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
      prepare: () => floor.reopen(),
      run: async () => {
        const { ids, p50, p99, statuses } = await pressAll(url, floor.tokens);
        book.hand(name, ids, floor.tokens.length);
        say(`${name}: all ${floor.tokens.length} at once, p50 ${p50} ms, p99 ${p99} ms, answers ${JSON.stringify(statuses)}`);
        return ids.length;
      },
    });
    return {
      input: fingerprint().update(`${rows} tasks by hash, ${floor.managers.length} managers, mulberry32 20240601`).digest('hex'),
      unit: 'claims',
      ways: [...sqlWays(floor, book, rows), http('bare node:http', bare.url), http('product over HTTP', floor.url)],
      goals: [
        { way: 'bare claim, skip locked', atLeast: smoke ? 0.4 : 0.8 },
        { way: 'product over HTTP', of: 'bare node:http', atLeast: smoke ? 0.3 : 0.55 },
      ],
      check: () => Promise.resolve(book.wrong),
      close: async () => {
        bare.server.close();
        await floor.close();
      },
    };
  },
};
