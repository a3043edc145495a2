// `npm run schema:check`: migrates an empty database and lists where the entities differ from it; exit code 1 when they do.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { startPostgres } from '../postgres/postgres.js';
import { migrate } from './migrations.js';
import { entitiesBelow, schemaDrift } from './schema-drift.js';

async function check(): Promise<void> {
  const root = process.cwd();
  const dataDir = mkdtempSync(join(tmpdir(), `starcare-schema-${process.pid}-`));
  chmodSync(dataDir, 0o755);
  const server = await startPostgres({ root, dataDir, port: 0, durable: false });
  try {
    await migrate(server.url, join(root, 'migrations'));
    const entities = await entitiesBelow(join(root, 'dist'));
    const drift = await schemaDrift(server.url, entities);
    drift.forEach((line) => console.error(line));
    console.log(
      drift.length > 0 ? `${drift.length} differences between entities and migrations` : `${entities.length} entities agree with the migrations`,
    );
    if (drift.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

void check();
