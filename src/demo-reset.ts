// `npm run demo:reset`: empties the data folder of a demo and loads the demo province anew, relative to this day.
import 'reflect-metadata';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { DEMO_LOADED } from './demo/demo.commands.js';
import { type Config, readConfig } from './platform/config/config.js';
import { StartError } from './platform/process/lifecycle.js';
import { bootOn, embeddedDatabase, logFile, newLifecycle } from './start-up.js';

const lifecycle = newLifecycle();

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the statement under way rejects
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Customers of somebody's own are never thrown away: what may go is the demo, or a database in which nothing is yet. */
async function refuseUnlessDemo(url: string, { dataDir }: Config): Promise<void> {
  const disposable = await withClient(url, async (client) => {
    const { rows } = await client.query<{ there: boolean }>("select to_regclass('platform.fact') is not null as there");
    if (!rows[0]?.there) return true;
    return (await client.query('select from platform.fact where key = $1', [DEMO_LOADED])).rowCount === 1;
  });
  if (!disposable) throw new StartError(`The database in ${dataDir} is not the demo: nothing was deleted. Set DATA_DIR to the folder of a demo.`);
}

async function empty(url: string, config: Config): Promise<void> {
  const { pathname } = new URL(url);
  const name = pathname.slice(1);
  await withClient(url.replace(pathname, '/postgres'), async (client) => {
    await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
    await client.query(`create database ${pg.escapeIdentifier(name)}`);
  });
  for (const folder of ['uploads', 'exports']) await rm(join(config.dataDir, folder), { recursive: true, force: true });
  await rm(logFile(config) ?? '', { force: true });
}

async function reset(): Promise<void> {
  const config = { ...readConfig(), demo: true };
  if (config.databaseUrl) throw new StartError('DATABASE_URL is set: this command only empties the embedded database of a demo.');
  const url = await embeddedDatabase(config, lifecycle);
  await refuseUnlessDemo(url, config);
  await empty(url, config);
  const { lines } = await bootOn(url, config, { lifecycle, autoStart: false });
  console.log(`The demo in ${config.dataDir} is new.`);
  lines.forEach((line) => console.log(line));
}

void lifecycle.runToEnd(reset);
