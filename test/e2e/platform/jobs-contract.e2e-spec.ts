import { getQueueToken } from '@nestjs/bull';
import type { TestingModule } from '@nestjs/testing';
import type { Queue } from 'bull';
import { ManualClock } from '../../../src/kernel/clock.js';
import { Database } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { QUEUE } from '../../../src/platform/jobs/bull-runner.js';
import type { Job } from '../../../src/platform/jobs/define-job.js';
import { JobExecution } from '../../../src/platform/jobs/job-execution.js';
import { JobsQueries } from '../../../src/platform/jobs/jobs.queries.js';
import { Leases } from '../../../src/platform/jobs/leases.js';
import { Outbox } from '../../../src/platform/jobs/outbox.js';
import { onBehalfOf, requestIdNow } from '../../../src/platform/process/trace.js';
import { programOnPath } from '../../support/programs.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { emptyJobTables, type Piece, poison, single, startApp, work, Workshop } from './workshop.js';

const RUNNERS = programOnPath('redis-server') ? ['in-process', 'Bull on Redis'] : ['in-process'];

describe.each(RUNNERS)('SYS-4 jobs by the runner: %s', (runner) => {
  let redis: RedisServer | undefined;
  let database: TestDatabase;
  let clock: ManualClock;
  let workshop: Workshop;
  let apps: TestingModule[];
  let prefix = 0;

  const start = async (jobs: { autoStart?: boolean } = {}): Promise<TestingModule> => {
    const redisOptions = redis ? { redisUrl: redis.url, redisPrefix: `contract${prefix}` } : {};
    const app = await startApp({ databaseUrl: database.url, clock, workshop, jobs: { schedules: false, ...redisOptions, ...jobs } });
    apps.push(app);
    return app;
  };
  const add = (app: TestingModule, job: Job<Piece>, keys: string[], runAt?: Date): Promise<void> =>
    app.get(Database).tx((tx) =>
      app.get(Outbox).addMany(
        tx,
        job,
        keys.map((key) => ({ key })),
        runAt ? { runAt } : {},
      ),
    );
  const rows = (app: TestingModule): Promise<{ attempts: number; runAt: Date; lastError: string | null; deadAt: Date | null }[]> =>
    app
      .get(Database)
      .rows(
        sql`select attempts, run_at as "runAt", last_error as "lastError", dead_at as "deadAt" from platform.outbox where job like 'test.%' order by id`,
      );
  const gone = (app: TestingModule): Promise<void> => until('the outbox is empty', async () => (await rows(app)).length === 0);
  const expireLeases = (app: TestingModule): Promise<number> =>
    app.get(Database).run(sql`update platform.outbox set leased_until = now() - interval '1 second' where leased_until is not null`);

  beforeAll(async () => {
    database = await createTestDatabase();
    if (runner !== 'in-process') redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.stop();
    await database.drop();
  });

  beforeEach(() => {
    clock = new ManualClock(new Date('2026-03-02T02:00:00Z'));
    workshop = new Workshop();
    apps = [];
    prefix++;
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await emptyJobTables(database.url);
  });

  it('a rolled back command leaves no work behind', async () => {
    const app = await start();
    const failing = app.get(Database).tx(async (tx) => {
      await app.get(Outbox).add(tx, work, { key: 'never' });
      throw new Error('the command fails');
    });
    await expect(failing).rejects.toThrow('the command fails');
    await add(app, work, ['after']);
    await until('the later job ran', () => workshop.times('after') === 1);
    expect(workshop.ran).not.toContain('never');
  });

  it('a committed command has its work done once, and the row goes', async () => {
    const app = await start();
    await add(app, work, ['a']);
    await gone(app);
    expect(workshop.ran).toEqual(['a']);
  });

  it('SYS-5 work and what it leaves in turn know the request that asked for them', async () => {
    const app = await start();
    const seen: (string | undefined)[] = [];
    const note = (): Promise<void> => Promise.resolve(void seen.push(requestIdNow()));
    workshop.behaviours.set('first', async () => {
      seen.push(requestIdNow());
      await add(app, work, ['second']);
    });
    workshop.behaviours.set('second', note);
    await onBehalfOf('request-17', () => add(app, work, ['first']));
    await until('both ran', () => seen.length === 2);
    workshop.behaviours.set('nobody', note);
    await add(app, work, ['nobody']);
    await gone(app);
    expect(seen).toEqual(['request-17', 'request-17', undefined]);
  });

  it('work for later waits for the Clock, not for the machine', async () => {
    const app = await start();
    await add(app, work, ['later'], new Date('2026-03-02T03:00:00Z'));
    await add(app, work, ['now']);
    await until('the due job ran', () => workshop.times('now') === 1);
    expect(workshop.ran).not.toContain('later');
    clock.set('2026-03-02T03:00:00Z');
    await gone(app);
    expect(workshop.times('later')).toBe(1);
  });

  it('work handed over by a process whose clock is ahead waits until the clock of who runs it has got there', async () => {
    const app = await start({ autoStart: false });
    const [leases, execution] = [app.get(Leases), app.get(JobExecution)];
    await add(app, work, ['early'], new Date('2026-03-02T02:00:02Z'));
    clock.set('2026-03-02T02:00:03Z');
    const [ticket] = await leases.claim(10);
    if (!ticket) throw new Error('it is due by the clock ahead');
    clock.set('2026-03-02T02:00:01Z');
    expect(await execution.run(ticket)).toEqual({ result: 'stale' });
    expect(workshop.ran).toEqual([]);
    expect(await leases.claim(10)).toEqual([]);
    clock.set('2026-03-02T02:00:02Z');
    await until('it is handed again', async () => {
      const [again] = await leases.claim(10);
      if (again) expect([again, await execution.run(again)]).toEqual([ticket, { result: 'done' }]);
      return again !== undefined;
    });
    expect(workshop.ran).toEqual(['early']);
  });

  it('a clock that was set back by hours is not waited for', async () => {
    const app = await start({ autoStart: false });
    await add(app, work, ['left before']);
    const [ticket] = await app.get(Leases).claim(10);
    clock.set('2026-03-01T22:00:00Z');
    expect(ticket && (await app.get(JobExecution).run(ticket))).toEqual({ result: 'done' });
  });

  it('a failed run is tried again after its back-off', async () => {
    const app = await start();
    workshop.behaviours.set('a', () => Promise.reject(new Error('the gateway is busy')));
    await add(app, work, ['a']);
    await until('the failure is written down', async () => (await rows(app))[0]?.lastError === 'the gateway is busy');
    expect(await rows(app)).toMatchObject([{ attempts: 1, runAt: new Date('2026-03-02T02:00:10Z'), deadAt: null }]);
    workshop.behaviours.clear();
    clock.advance(10_000);
    await gone(app);
    expect(workshop.times('a')).toBe(2);
  });

  it('a run that always fails becomes a dead letter that names nobody', async () => {
    const app = await start();
    await add(app, poison, ['p']);
    await until('the first failure is written down', async () => (await rows(app))[0]?.lastError !== null);
    clock.advance(1_000);
    await until('the row is dead', async () => (await rows(app))[0]?.deadAt !== null);
    expect(await rows(app)).toMatchObject([{ attempts: 2, lastError: 'no such line "…" at …' }]);
    expect(await app.get(JobsQueries).backlog()).toEqual({ due: 0, oldestSeconds: 0, dead: 1 });
    expect(workshop.times('p')).toBe(2);
  });

  it('a hundred poisoned rows do not hold up the sound ones (R6)', async () => {
    const app = await start();
    await add(
      app,
      poison,
      Array.from({ length: 100 }, (_, i) => `p${i}`),
    );
    await add(app, work, ['sound']);
    await until('the sound job ran', () => workshop.times('sound') === 1);
  });

  it('a job limited to one at a time never overlaps, with two workers', async () => {
    const [app] = await Promise.all([start(), start()]);
    await add(
      app,
      single,
      Array.from({ length: 10 }, (_, i) => `s${i}`),
    );
    await gone(app);
    expect(new Set(workshop.ran).size).toBe(10);
    expect(workshop.mostAtOnce).toBe(1);
  });

  it('two workers share 300 rows without doing one twice (R2)', async () => {
    const [app] = await Promise.all([start(), start()]);
    await add(
      app,
      work,
      Array.from({ length: 300 }, (_, i) => `w${i}`),
    );
    await gone(app);
    expect(workshop.ran).toHaveLength(300);
    expect(new Set(workshop.ran).size).toBe(300);
  });

  it('the same row handed over twice runs once', async () => {
    const app = await start({ autoStart: false });
    await add(app, work, ['a']);
    const [ticket] = await app.get(Leases).claim(1);
    if (!ticket) throw new Error('nothing was claimed');
    const execution = app.get(JobExecution);
    const results = await Promise.all([execution.run(ticket), execution.run(ticket)]);
    expect(results.map((run) => run.result).sort()).toEqual(['done', 'stale']);
    expect(workshop.times('a')).toBe(1);
  });

  it('work of a killed process goes on at once when the only process starts again', async () => {
    const killed = await start({ autoStart: false });
    await add(killed, work, ['handed', 'begun']);
    const tickets = await killed.get(Leases).claim(2);
    await killed.get(Leases).start(tickets[1] ?? { id: '0', job: '', attempt: 0 }, 30);
    await gone(await start());
    expect([...workshop.ran].sort()).toEqual(['begun', 'handed']);
  });

  it('work of a killed process is handed again when its lease runs out, while others live', async () => {
    const app = await start();
    const killed = await start({ autoStart: false });
    await app.get(Database).tx(async (tx) => {
      await app.get(Outbox).add(tx, work, { key: 'a' });
      await tx.run(sql`update platform.outbox set leased_until = now() + interval '30 seconds'`);
    });
    await add(app, work, ['b']);
    await until('the other job ran', () => workshop.times('b') === 1);
    expect(workshop.ran).not.toContain('a');
    await expireLeases(killed);
    await gone(app);
    expect(workshop.times('a')).toBe(1);
  });

  it('a row whose last run killed its worker is buried, not handed again', async () => {
    const app = await start({ autoStart: false });
    await add(app, poison, ['killer']);
    await app.get(Database).run(sql`update platform.outbox set attempts = 2, leased_until = now() - interval '1 second'`);
    expect(await app.get(Leases).claim(5)).toEqual([]);
    expect(await rows(app)).toMatchObject([{ lastError: 'the worker was lost during the run' }]);
    expect(await app.get(JobsQueries).backlog()).toMatchObject({ dead: 1 });
  });

  it('a flushed queue loses nothing', async () => {
    const app = await start();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const keys = Array.from({ length: 16 }, (_, i) => `f${i}`);
    keys.forEach((key) => workshop.behaviours.set(key, () => gate));
    await add(app, work, keys);
    await until('as many run as may', () => workshop.ran.length === 8);
    await redis?.flush();
    open();
    await until('the running ones are done', async () => (await rows(app)).length <= 8);
    await until('the lost ones are handed again', async () => {
      await app
        .get(Database)
        .run(sql`update platform.outbox set leased_until = now() - interval '1 second' where leased_until is not null and attempts = 0`);
      return (await rows(app)).length === 0;
    });
    expect([...workshop.ran].sort()).toEqual([...keys].sort());
  });

  if (runner !== 'in-process') {
    it('a queue that goes and comes back empty loses nothing', async () => {
      const app = await start();
      await add(app, work, ['before']);
      await gone(app);
      await redis?.restart();
      await add(app, work, ['after']);
      await gone(app);
      expect(workshop.ran).toEqual(['before', 'after']);
    });

    it('what is left in Redis of a job that was forgotten there is taken for no job that waits', async () => {
      const app = await start();
      const db = app.get(Database);
      await add(app, work, ['left'], new Date(clock.now().getTime() + 3_600_000));
      const { id } = await db.one<{ id: string }>(sql`select id from platform.outbox where payload ->> 'key' = 'left'`);
      const queue = app.get<Queue>(getQueueToken(QUEUE), { strict: false });
      await queue.client.hset(queue.toKey(`${id}-1`), { processedOn: '1', failedReason: 'not in the active state' });
      await db.run(sql`update platform.outbox set run_at = ${clock.now()} where id = ${id}`);
      await add(app, work, ['wakes']);
      await gone(app);
      expect([...workshop.ran].sort()).toEqual(['left', 'wakes']);
    });

    it('the queue holds ids, nothing of the content', async () => {
      const app = await start();
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const keys = Array.from({ length: 12 }, (_, i) => `secret${i}`);
      keys.forEach((key) => workshop.behaviours.set(key, () => gate));
      await add(app, work, keys);
      const queue = app.get<Queue>(getQueueToken(QUEUE), { strict: false });
      await until('some wait in Redis', async () => (await queue.getWaitingCount()) === 4);
      const waiting = await queue.getWaiting();
      expect(JSON.stringify(waiting.map((job) => job.toJSON()))).not.toContain('secret');
      open();
      await gone(app);
    });
  }

  it('a stop waits for what runs and takes nothing new', async () => {
    const app = await start();
    let open: () => void = () => undefined;
    workshop.behaviours.set('slow', () => new Promise((resolve) => (open = () => resolve())));
    await add(app, work, ['slow']);
    await until('the slow job runs', () => workshop.times('slow') === 1);
    const closing = app.close();
    const other = await start({ autoStart: false });
    await add(other, work, ['next']);
    open();
    await closing;
    expect(await rows(other)).toMatchObject([{ attempts: 0 }]);
    expect(workshop.ran).toEqual(['slow']);
  });
});
