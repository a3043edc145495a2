import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { ManualClock } from '../../src/kernel/clock.js';
import { type Config, readConfig } from '../../src/platform/config/config.js';
import { Database } from '../../src/platform/database/database.js';
import { createApp } from '../../src/platform/http/create-app.js';
import { StaffCommands } from '../../src/staff/staff.commands.js';
import { PASSWORD } from './house.js';
import { createTestDatabase, onceForAll } from './test-database.js';

/** A Tuesday morning in calling hours; the shared data ends before it. */
export const TUESDAY_10 = '2026-11-24T10:00:00+08:00';

/**
 * Each new connection reads the catalogue and plans every statement anew: with thirty that is a tenth of a file's time. Only where jobs wait to be drained:
 * those that run by themselves do so side by side, as many as the product's pool is made for, and a plan run needs three connections to itself.
 */
const FEW_CONNECTIONS = 5;

export interface TestApp {
  app: NestFastifyApplication;
  /** The product's own connection to the test's own database. */
  db: Database;
  databaseUrl: string;
  clock: ManualClock;
  /** http://127.0.0.1:port */
  url: string;
  /** One visitor: keeps cookies from request to request. */
  agent(): ReturnType<typeof supertest.agent>;
  /** Stateless requests, for the API. */
  http: ReturnType<typeof supertest>;
  /** Closes the app and drops the database. */
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** The standing time; move it with `clock.set` and `clock.advance`. */
  now?: string;
  config?: Partial<Config>;
  /** true: the relay and the schedules run by themselves, as in the product. Default: jobs wait for `drainJobs`. */
  autoStart?: boolean;
  /** The database to clone; default: one that the product has started on once, with nobody but the administrator in it. */
  template?: string;
  /** Where the log goes; default: standard output. */
  logFile?: string;
  /** Milliseconds one statement of a page may run; default: as in the product. */
  readingLimitMs?: number;
  /** A second process of the same installation: shares the first one's database, which drops it. */
  beside?: TestApp;
}

/**
 * What every first start on this day writes (calendar, standing campaigns, partitions of the months around it) is written once for all files. A
 * standing time of one's own gets an empty database, as if the first start were then.
 */
const templateFor = ({ template, now }: TestAppOptions): Promise<string> | string | undefined =>
  template ?? (now === undefined ? onceForAll('starcare_started', startOnce) : undefined);

async function startOnce(): Promise<string> {
  const { app, databaseUrl } = await createTestApp({ now: TUESDAY_10 });
  await app.close();
  return databaseUrl;
}

/** The whole product in this process, on a database of its own, with a clock that stands still. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { beside } = options;
  const database = beside ? { url: beside.databaseUrl, drop: () => Promise.resolve() } : await createTestDatabase(await templateFor(options));
  const clock = new ManualClock(new Date(options.now ?? TUESDAY_10));
  const config: Config = { ...readConfig({ LOG_LEVEL: 'error' }), databaseUrl: database.url, port: 0, ...options.config };
  const { autoStart = false } = options;
  const module = AppModule.register({ config, databaseUrl: database.url, clock, autoStart, ...(!autoStart && { poolSize: FEW_CONNECTIONS }) });
  const { root, logLevel, apiRateLimit, uploadLimit, trustProxy, role } = config;
  const { logFile, readingLimitMs } = options;
  const app = await createApp(module, { root, logLevel, logFile, apiRateLimit, readingLimitMs, uploadLimit, trustProxy, role });
  await app.get(StaffCommands, { strict: false }).ensureAdmin(PASSWORD); // before anything else, as main does
  await app.listen(0, '127.0.0.1'); // listening for good: else supertest listens and closes around each request
  const server = app.getHttpServer();
  return {
    app,
    db: app.get(Database, { strict: false }),
    databaseUrl: database.url,
    clock,
    url: await app.getUrl(),
    agent: () => supertest.agent(server),
    http: supertest(server),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}
