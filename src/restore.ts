// `npm run restore -- <folder>`: fills an empty database from a back-up and compares every table with it.
import 'reflect-metadata';
import { join } from 'node:path';
import { BackupError } from './platform/backup/manifest.js';
import { restoreBackup } from './platform/backup/restore-backup.js';
import { readConfig } from './platform/config/config.js';
import { Lifecycle, StartError } from './platform/process/lifecycle.js';
import { embeddedDatabase, knownErrors } from './start-up.js';

const lifecycle = new Lifecycle([...knownErrors, BackupError]);

async function restore(): Promise<void> {
  const folder = process.argv[2];
  if (!folder) throw new StartError('Name the folder of the back-up: npm run restore -- <folder>');
  const config = readConfig();
  const url = config.databaseUrl ?? (await embeddedDatabase(config, lifecycle));
  const { tables, takenAt } = await restoreBackup(url, folder, join(config.root, 'migrations'));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`Restored as of ${takenAt}: ${tables.length} tables, ${rows} rows, each table as it was counted then.`);
  console.log(
    'Nothing goes out yet: gateways, bulletins and webhooks are off, running blasts paused. Make sure that the original sends no more, then switch them on again.',
  );
}

void lifecycle.runToEnd(restore);
