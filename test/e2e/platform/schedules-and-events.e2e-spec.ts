import type { TestingModule } from '@nestjs/testing';
import { ManualClock } from '../../../src/kernel/clock.js';
import { Database } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { Events } from '../../../src/platform/jobs/events.js';
import { JobsQueries } from '../../../src/platform/jobs/jobs.queries.js';
import { Outbox } from '../../../src/platform/jobs/outbox.js';
import { ScheduleTicker } from '../../../src/platform/jobs/schedule-ticker.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { emptyJobTables, NobodyCares, poison, SomethingHappened, startApp, work, Workshop } from './workshop.js';

let database: TestDatabase;
let clock: ManualClock;
let workshop: Workshop;
let apps: TestingModule[];

const start = async (jobs: Parameters<typeof startApp>[0]['jobs'] = { autoStart: false }): Promise<TestingModule> => {
  const app = await startApp({ databaseUrl: database.url, clock, workshop, jobs });
  apps.push(app);
  return app;
};
const waiting = async (app: TestingModule): Promise<string[]> => {
  const rows = await app.get(Database).rows<{ job: string }>(sql`select job from platform.outbox where dead_at is null order by id`);
  return rows.map((row) => row.job);
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  clock = new ManualClock(new Date('2026-03-01T21:00:00Z')); // 05:00 in Shanghai
  workshop = new Workshop();
  apps = [];
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await emptyJobTables(database.url);
});

describe('events', () => {
  it('an event without subscribers leaves no row', async () => {
    const app = await start();
    await app.get(Database).tx((tx) => app.get(Events).publish(tx, NobodyCares, { key: 'x' }));
    expect(await waiting(app)).toEqual([]);
  });

  it('a rolled back event is not heard', async () => {
    const app = await start();
    const failing = app.get(Database).tx(async (tx) => {
      await app.get(Events).publish(tx, SomethingHappened, { key: 'x' });
      throw new Error('the command fails');
    });
    await expect(failing).rejects.toThrow('the command fails');
    expect(await waiting(app)).toEqual([]);
  });

  it('a subscriber that fails is called again, the other one is not', async () => {
    const app = await start();
    await app.get(Database).tx((tx) => app.get(Events).publish(tx, SomethingHappened, { key: 'x' }));
    expect(await waiting(app)).toEqual(['test.first-listener', 'test.second-listener']);
    workshop.behaviours.set('first x', () => Promise.reject(new Error('not now')));
    const drained = await drainJobs(app, { allowFailures: true });
    expect(drained.failed.map((failure) => failure.job)).toEqual(['test.first-listener']);
    workshop.behaviours.clear();
    clock.advance(10_000);
    await drainJobs(app);
    expect(workshop.ran).toEqual(['first x', 'second x', 'first x']);
  });

  it('the role web announces and runs nothing', async () => {
    const web = await start({ role: 'web' });
    await web.get(Database).tx((tx) => web.get(Events).publish(tx, SomethingHappened, { key: 'x' }));
    expect(await waiting(web)).toHaveLength(2);
    expect(() => web.get(ScheduleTicker)).toThrow();
    await drainJobs(await start({ role: 'worker', autoStart: false }));
    expect(workshop.ran).toEqual(['first x', 'second x']);
  });
});

describe('drained by hand', () => {
  it('a failing handler fails the test that drains', async () => {
    const app = await start();
    await app.get(Outbox).add(app.get(Database), poison, { key: 'p' });
    await expect(drainJobs(app)).rejects.toThrow('job test.poison failed');
  });

  it('the backlog tells what is due, how old it is and what is dead', async () => {
    const app = await start();
    const add = (key: string, runAt?: Date): Promise<void> => app.get(Outbox).add(app.get(Database), work, { key }, runAt ? { runAt } : {});
    await add('a');
    await add('later', new Date('2026-03-02T00:00:00Z'));
    clock.advance(90_000);
    expect(await app.get(JobsQueries).backlog()).toEqual({ due: 1, oldestSeconds: 90, dead: 0 });
    await drainJobs(app);
    expect(await app.get(JobsQueries).backlog()).toEqual({ due: 0, oldestSeconds: 0, dead: 0 });
  });
});

describe('schedules', () => {
  it('before its time a daily schedule does not run; two workers run it once; it does not run again that day', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    await tickSchedules(a);
    expect(workshop.ran.filter((ran) => ran.startsWith('daily'))).toEqual([]);
    clock.set('2026-03-01T22:00:00Z');
    await Promise.all([a.get(ScheduleTicker).tick(), b.get(ScheduleTicker).tick()]);
    await drainJobs(a);
    clock.set('2026-03-02T10:00:00Z');
    await tickSchedules(await start());
    expect(workshop.ran.filter((ran) => ran.startsWith('daily'))).toEqual(['daily 2026-03-01T22:00:00.000Z']);
  });

  it('a process that was down at six runs the day later, but not the day before', async () => {
    clock.set('2026-03-04T07:30:00Z');
    await tickSchedules(await start());
    expect(workshop.ran.filter((ran) => ran.startsWith('daily'))).toEqual(['daily 2026-03-03T22:00:00.000Z']);
  });

  it('each minute runs once with two workers', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    await Promise.all([a.get(ScheduleTicker).tick(), b.get(ScheduleTicker).tick()]);
    await Promise.all([a.get(ScheduleTicker).tick(), b.get(ScheduleTicker).tick()]);
    await drainJobs(a);
    clock.advance(60_000);
    await tickSchedules(b);
    expect(workshop.ran).toEqual(['minute 2026-03-01T21:00:00.000Z', 'minute 2026-03-01T21:01:00.000Z']);
  });

  it('a minute is left out while the run before is not over (R3)', async () => {
    const app = await start();
    for (let minute = 0; minute < 5; minute++) {
      await app.get(ScheduleTicker).tick();
      clock.advance(60_000);
    }
    expect(await waiting(app)).toEqual(['test.each-minute']);
  });

  it('a schedule that keeps failing leaves one dead letter, not one a minute', async () => {
    const app = await start();
    for (let minute = 0; minute < 12; minute++) {
      workshop.behaviours.set(`minute ${clock.now().toISOString()}`, () => Promise.reject(new Error('still broken')));
      await tickSchedules(app, { allowFailures: true });
      clock.advance(60_000);
    }
    expect((await app.get(JobsQueries).backlog()).dead).toBeLessThanOrEqual(2);
  });
});

it('the schedules of a running process look at the Clock by themselves', async () => {
  await start({ autoStart: true });
  await until('the minute ran', () => workshop.times('minute 2026-03-01T21:00:00.000Z') === 1);
});

it('a lost wake-up connection is made again and nothing waits for it', async () => {
  const app = await start({ autoStart: true, schedules: false });
  const listeners = sql`select pid from pg_stat_activity where datname = current_database() and query like 'listen %'`;
  const db = app.get(Database);
  await until('somebody listens', async () => (await db.rows(listeners)).length === 1);
  await db.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`);
  await app.get(Outbox).add(db, work, { key: 'a' });
  await until('the job ran', () => workshop.times('a') === 1);
  await until('somebody listens again', async () => (await db.rows(listeners)).length === 1);
});
