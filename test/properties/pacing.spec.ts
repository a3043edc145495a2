import pg from 'pg';
import { batchSize } from '../../src/messaging/sending/cutting.commands.js';
import { MADE_UP_MS, type Pace, PacingCommands } from '../../src/messaging/sending/pacing.commands.js';
import { Database } from '../../src/platform/database/database.js';
import type { Sql } from '../../src/platform/database/sql.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Simulated seconds. */
const SPAN_S = 60;
const START = Date.parse('2026-11-24T02:00:00Z');
/** What the sending does with a stretch: messages of so long a time leave together. */
const SLICE_MS = 200;

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One process: takes a stretch, sends its batch slice by slice, works a while, takes the next. */
interface Sender {
  pace: Pace;
  batch: number;
  /** From the last hand-over of a batch to the next request: the answer, the marks, the next cut. */
  busyMs: () => number;
  nextAt: number;
}

interface Sent {
  at: number;
  count: number;
}

describe('SMS-4 the rate of a gateway, shared by processes', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let pacing: PacingCommands;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // the database's clock, in the hands of the test
    await client.query(`
      create schema sim; create table sim.clock (at timestamptz); insert into sim.clock values (now());
      create function sim.clock_timestamp() returns timestamptz language sql as 'select at from sim.clock';
      set search_path = sim, pg_catalog, public`);
    const one = async <T extends object>(statement: Sql): Promise<T> => {
      const { text, values } = statement.compile();
      return (await client.query(text, values)).rows[0] as T;
    };
    pacing = new PacingCommands(Object.assign(Object.create(Database.prototype) as Database, { one }));
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function openGateway(code: string, rate: number): Promise<void> {
    await client.query(
      `insert into messaging.gateway (code, kind, rate_per_second, created_at) values ($1, 'simulator', $2, now())
       on conflict (code) do update set rate_per_second = $2, free_at = '-infinity'`,
      [code, rate],
    );
  }

  async function run(senders: readonly Sender[]): Promise<Sent[]> {
    const sent: Sent[] = [];
    const end = START + SPAN_S * 1000;
    for (;;) {
      const [next] = [...senders].sort((a, b) => a.nextAt - b.nextAt);
      if (!next || next.nextAt >= end) return sent.filter(({ at }) => at < end);
      await client.query('update sim.clock set at = $1', [new Date(next.nextAt)]);
      const { waitMs, gapMs } = await pacing.take(next.pace, next.batch);
      const begin = next.nextAt + waitMs;
      const size = Math.max(1, Math.floor(SLICE_MS / gapMs));
      let last = next.nextAt;
      for (let from = 0; from < next.batch; from += size) {
        last = Math.max(last, begin + from * gapMs);
        sent.push({ at: last, count: Math.min(size, next.batch - from) });
      }
      next.nextAt = last + next.busyMs();
    }
  }

  const total = (sent: readonly Sent[]): number => sent.reduce((sum, { count }) => sum + count, 0);
  /** Most in any second that begins with a hand-over. */
  function busiest(sent: readonly Sent[]): number {
    const order = [...sent].sort((a, b) => a.at - b.at);
    return Math.max(...order.map(({ at }, i) => total(order.slice(i, i + 400).filter((other) => other.at < at + 1000 - 1))));
  }

  const RATES = [5, 30, 100, 333, 1000, 4000];
  const CASES = RATES.flatMap((rate) => [1, 2, 5].map((processes) => [rate, processes] as const));

  it.each(CASES)('%i a second by %i processes is kept to 2 %%', async (rate, processes) => {
    const random = randomOf(rate * 10 + processes);
    await openGateway('shared', rate);
    const pace = { gateway: 'shared', gatewayRate: rate, blastId: null, blastRate: null };
    const senders = Array.from({ length: processes }, () => ({
      pace,
      batch: batchSize(rate),
      busyMs: () => 20 + random() * 120,
      nextAt: START + random() * 50,
    }));
    const sent = await run(senders);
    const wanted = rate * SPAN_S;
    expect(Math.abs(total(sent) - wanted)).toBeLessThanOrEqual(Math.max(wanted * 0.02, 1));
    // never much faster than the contract: a second's worth, the slice under way, and what was made up
    expect(busiest(sent)).toBeLessThanOrEqual(rate + 1 + (rate * (SLICE_MS + MADE_UP_MS)) / 1000);
  });

  it('a blast with a lower rate of its own never passes it, and another takes what is left of the gateway’s', async () => {
    const random = randomOf(7);
    await openGateway('mixed', 200);
    await client.query(`
      insert into staff.org_unit (id, code, name, kind, path) overriding system value values (900, 'paced', '省', 'province', '/900/');
      insert into messaging.template (id, code, name, purpose, org_unit_id, created_at) overriding system value
      select 9001, 'paced', 'paced', 'service', id, now() from staff.org_unit order by id limit 1`);
    const { rows } = await client.query<{ id: string }>(`
      insert into messaging.blast (code, name, template_id, gateway_code, org_unit_id, created_at)
      select 'paced', 'paced', 9001, 'mixed', id, now() from staff.org_unit order by id limit 1 returning id`);
    const gateway = { gateway: 'mixed', gatewayRate: 200 };
    const sender = (pace: Pace, batch: number): Sender => ({ pace, batch, busyMs: () => 20 + random() * 120, nextAt: START });
    const slow = sender({ ...gateway, blastId: rows[0]?.id ?? '', blastRate: 40 }, batchSize(40));
    const quick = sender({ ...gateway, blastId: null, blastRate: null }, batchSize(200));
    const all = await run([slow, quick]);
    // the slow one's slices are those of its own gap
    const bySlow = all.filter(({ count }) => count <= (40 * SLICE_MS) / 1000);
    expect(total(all)).toBeLessThanOrEqual(200 * SPAN_S * 1.02);
    expect(total(all)).toBeGreaterThanOrEqual(200 * SPAN_S * 0.98);
    expect(total(bySlow)).toBeLessThanOrEqual(40 * SPAN_S * 1.02);
    expect(total(bySlow)).toBeGreaterThan(40 * SPAN_S * 0.7);
  });
});
