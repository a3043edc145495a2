// `npm run backup -- <folder>`: writes the whole database into a new folder, while people work.
import 'reflect-metadata';
import { SystemClock } from './kernel/clock.js';
import { BackupError } from './platform/backup/manifest.js';
import { writeBackup } from './platform/backup/write-backup.js';
import { readConfig } from './platform/config/config.js';
import { startPostgres } from './platform/postgres/postgres.js';
import { Lifecycle } from './platform/process/lifecycle.js';
import { knownErrors } from './start-up.js';

const lifecycle = new Lifecycle([...knownErrors, BackupError]);

/** With StarCare running its database is up already, and stays up. */
async function databaseUrl(): Promise<string> {
  const { databaseUrl: given, root, dataDir } = readConfig();
  if (given) return given;
  const server = await startPostgres({ root, dataDir, tell: console.log });
  lifecycle.onStop(() => server.stop());
  return server.url;
}

async function backUp(): Promise<void> {
  const folder = process.argv[2] ?? `starcare-${new SystemClock().now().toISOString().slice(0, 16).replaceAll(':', '')}`;
  const { tables } = await writeBackup(await databaseUrl(), folder);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${folder}: ${tables.length} tables, ${rows} rows. Keep the key of personal data apart from it; without it ID-card numbers cannot be read.`,
  );
}

void lifecycle.runToEnd(backUp);
