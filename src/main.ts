import 'reflect-metadata';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { DemoCommands } from './demo/demo.commands.js';
import { SystemClock } from './kernel/clock.js';
import { type Config, ConfigError, readConfig } from './platform/config/config.js';
import { MigrationError, migrate } from './platform/database/migrations.js';
import { createApp } from './platform/http/create-app.js';
import { freePort } from './platform/postgres/port.js';
import { PostgresError, startPostgres } from './platform/postgres/postgres.js';
import { Lifecycle, StartError } from './platform/process/lifecycle.js';
import { StaffCommands } from './staff/staff.commands.js';

const lifecycle = new Lifecycle([ConfigError, PostgresError, MigrationError]);

const portTaken = (port: number): StartError =>
  new StartError(`Port ${port} is taken, by another program or by a StarCare that already runs: end it, or set PORT.`);

/** The given database, or the embedded one, which stops with us. */
async function database(config: Config): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const starting = startPostgres({ root: config.root, dataDir: config.dataDir, tell: console.log });
  lifecycle.onStop(() =>
    starting.then(
      (server) => server.stop(),
      () => undefined,
    ),
  );
  const server = await starting;
  if (!server.owned) {
    const who = server.ownerPid ? `process ${server.ownerPid}` : 'another process';
    throw new StartError(`StarCare already runs on ${config.dataDir} (${who}): use that one, end it, or set DATA_DIR and PORT for a second one.`);
  }
  return server.url;
}

/** With its own database StarCare is on somebody's desk and logs to a file; on a server the log goes to standard output. */
const logFile = (config: Config): string | undefined => (config.databaseUrl ? undefined : join(config.dataDir, 'starcare.log'));

function clock({ clockStart }: Config): SystemClock {
  const made = new SystemClock();
  if (clockStart) made.startAt(clockStart);
  return made;
}

/** The first start makes `admin` and the top unit, before the modules put their reference data under it. */
async function admin(app: NestFastifyApplication, config: Config): Promise<string[]> {
  const password = await app.get(StaffCommands, { strict: false }).ensureAdmin(config.adminPassword);
  return password ? [`First start: log in as admin with the password ${password} (shown only now)`] : [];
}

const demo = (app: NestFastifyApplication, config: Config): Promise<string[]> =>
  config.demo ? app.get(DemoCommands, { strict: false }).ensure() : Promise.resolve([]);

async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<string> {
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken(port) : error;
  });
  const { address, port: bound } = app.getHttpServer().address() as { address: string; port: number };
  return `http://${address === '0.0.0.0' || address === '::' ? 'localhost' : address}:${bound}`;
}

async function boot(): Promise<void> {
  const config = readConfig();
  // before the first start spends a minute on data
  if (config.port !== 0 && (await freePort(config.port)) !== config.port) throw portTaken(config.port);
  const databaseUrl = await database(config);
  await migrate(databaseUrl, join(config.root, 'migrations'));
  const app = await createApp(AppModule.register({ config, databaseUrl, clock: clock(config) }), {
    root: config.root,
    logLevel: config.logLevel,
    logFile: logFile(config),
    apiRateLimit: config.apiRateLimit,
    role: config.role,
  });
  lifecycle.onStop(() => app.close());
  const more = await admin(app, config);
  await app.init();
  more.push(...(await demo(app, config)));
  const address = await listen(app, config);
  console.log(`StarCare 星关怀 is ready: ${address}`);
  more.forEach((line) => console.log(line));
}

void lifecycle.run(boot);
