import pg from 'pg';
import { type LineEvent, LineProcess } from '../support/line-process.js';
import { programOnPath } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const RUNNERS = programOnPath('redis-server') ? ['in-process', 'Bull on Redis'] : ['in-process'];
const KEYS = Array.from({ length: 30 }, (_, i) => `piece ${i}`);

describe.each(RUNNERS)('SYS-4 a worker is killed with -9, runner: %s', (runner) => {
  let redis: RedisServer | undefined;
  let database: TestDatabase;
  let client: pg.Client;
  let workers: LineProcess<LineEvent>[];

  const startWorker = (mode: 'hold' | 'work'): LineProcess<LineEvent> => {
    const worker = new LineProcess<LineEvent>('test/support/hold-worker.ts', [database.url, redis?.url ?? '', mode]);
    workers.push(worker);
    return worker;
  };
  const began = (worker: LineProcess<LineEvent>): number => worker.heard.filter((said) => said.event === 'began').length;
  const column = async (query: string): Promise<string[]> => (await client.query<{ value: string }>(query)).rows.map((row) => row.value);
  const allDone = async (): Promise<void> => {
    await until('every row is gone', async () => (await column('select id::text as value from platform.outbox')).length === 0, 45_000);
    expect(await column('select key as value from public.done order by key')).toEqual([...KEYS].sort());
  };

  beforeEach(async () => {
    workers = [];
    redis = runner === 'in-process' ? undefined : await startRedis();
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('create table public.done (key text primary key)');
    await client.query(
      `insert into platform.outbox (job, payload, run_at, created_at)
       select 'faults.piece', jsonb_build_object('key', key), now(), now() from unnest($1::text[]) key`,
      [KEYS],
    );
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await client.end();
    await database.drop();
    await redis?.stop();
  });

  it('the only worker starts again: its work goes on, each piece once', async () => {
    const first = startWorker('hold');
    await until('it holds as many as it can', () => began(first) === 8);
    await first.kill();
    startWorker('work');
    await allDone();
  });

  it('another worker lives: it takes over when the leases run out, each piece once', async () => {
    const first = startWorker('hold');
    await until('it holds as many as it can', () => began(first) === 8);
    const second = startWorker('work');
    await second.says('up');
    await first.kill();
    await allDone();
  });
});
