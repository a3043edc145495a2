import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { join } from 'node:path';
import { AppModule } from './app.module.js';
import { DemoCommands } from './demo/demo.commands.js';
import { SystemClock } from './kernel/clock.js';
import { type Config, ConfigError } from './platform/config/config.js';
import { MigrationError, migrate } from './platform/database/migrations.js';
import { createApp } from './platform/http/create-app.js';
import { PostgresError, startPostgres } from './platform/postgres/postgres.js';
import { Lifecycle, StartError } from './platform/process/lifecycle.js';
import { databaseFault, folderFault } from './platform/process/start-faults.js';
import type { Voice } from './platform/process/voice.js';
import { keyFromFile } from './platform/sealing/key-file.js';
import { AdminPasswordError, StaffCommands } from './staff/staff.commands.js';

/** The steps of a start, for the product (main.ts) and for the command that makes the demo anew (demo-reset.ts). */
export const knownErrors = [ConfigError, PostgresError, MigrationError, AdminPasswordError];
export const newLifecycle = (voice?: Voice): Lifecycle => new Lifecycle(knownErrors, voice);

/** The embedded database, which stops with us. @throws StartError when another process has it */
export async function embeddedDatabase(config: Config, lifecycle: Lifecycle): Promise<string> {
  const starting = startPostgres({ root: config.root, dataDir: config.dataDir, tell: console.log });
  lifecycle.onStop(() =>
    starting.then(
      (server) => server.stop(),
      () => undefined,
    ),
  );
  const server = await starting.catch((error: unknown) => {
    throw folderFault(error);
  });
  if (!server.owned) {
    const who = server.ownerPid ? `process ${server.ownerPid}` : 'another process';
    throw new StartError(`StarCare already runs on ${config.dataDir} (${who}): use that one, end it, or set DATA_DIR and PORT for a second one.`);
  }
  return server.url;
}

/** With its own database StarCare is on somebody's desk and logs to a file; on a server the log goes to standard output. */
export const logFile = (config: Config): string | undefined => (config.databaseUrl ? undefined : join(config.dataDir, 'starcare.log'));

function clock({ clockStart }: Config): SystemClock {
  const made = new SystemClock();
  if (clockStart) made.startAt(clockStart);
  return made;
}

/** Others can reach it, and what it says is kept in a log: its first administrator gets a password by the environment, and a good one. */
const isServer = ({ production, role }: Config): boolean => production || role !== 'all';

/** The first start makes `admin` and the top unit, before the modules put their reference data under it. */
async function admin(app: NestFastifyApplication, config: Config): Promise<string[]> {
  const password = await app.get(StaffCommands, { strict: false }).ensureAdmin(config.adminPassword, isServer(config));
  return password ? [`First start: log in as admin with the password ${password} (shown only now)`] : [];
}

const demo = (app: NestFastifyApplication, config: Config): Promise<string[]> =>
  config.demo ? app.get(DemoCommands, { strict: false }).ensure() : Promise.resolve([]);

/** On a desk of its own the key lies in the data folder; a server is given one, or stores no ID-card numbers. */
async function withSealKeys(config: Config): Promise<Config> {
  if (config.sealKeys.length > 0 || config.databaseUrl) return config;
  return { ...config, sealKeys: [await keyFromFile(join(config.dataDir, 'personal-data.key'))] };
}

export interface BootOptions {
  lifecycle: Lifecycle;
  /** false: jobs and schedules wait for the next start. Default true. */
  autoStart?: boolean;
}

/** Migrates, builds the application and fills what a first start fills. @returns the application, not listening, and what the console says */
export async function bootOn(databaseUrl: string, given: Config, options: BootOptions): Promise<{ app: NestFastifyApplication; lines: string[] }> {
  const config = await withSealKeys(given);
  await migrate(databaseUrl, join(config.root, 'migrations')).catch((error: unknown) => {
    throw config.databaseUrl ? databaseFault(error) : error;
  });
  const parts = { config, databaseUrl, clock: clock(config), autoStart: options.autoStart ?? true };
  const app = await createApp(AppModule.register(parts), {
    root: config.root,
    logLevel: config.logLevel,
    logFile: logFile(config),
    apiRateLimit: config.apiRateLimit,
    uploadLimit: config.uploadLimit,
    trustProxy: config.trustProxy,
    role: config.role,
  });
  options.lifecycle.onStop(() => app.close());
  const lines = await admin(app, config);
  await app.init();
  lines.push(...(await demo(app, config)));
  return { app, lines };
}
