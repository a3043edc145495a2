// `npm run demo:reset`: empties the embedded database; the next start makes the demo province anew, relative to that day.
import path from 'node:path';
import pg from 'pg';
import { readConfig } from '../dist/platform/config/config.js';
import { startPostgres } from '../dist/platform/postgres/postgres.js';

const root = path.resolve(import.meta.dirname, '..');
const config = readConfig(process.env, root);

async function reset() {
  if (config.databaseUrl) throw new Error('DATABASE_URL is set: this command only empties the embedded database.');
  const server = await startPostgres({ root, dataDir: config.dataDir, tell: console.log });
  if (!server.owned) throw new Error(`StarCare is running on ${config.dataDir} (process ${server.ownerPid ?? 'unknown'}): stop it first.`);
  try {
    const client = new pg.Client({ connectionString: server.url.replace(/\/[^/]*$/, '/postgres') });
    await client.connect();
    await client.query('drop database if exists starcare with (force)');
    await client.end();
  } finally {
    await server.stop();
  }
}

await reset().then(
  () => console.log(`The database in ${config.dataDir} is empty. npm start makes the demo anew.`),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
