// One embedded PostgreSQL (without fsync) for all projects, and one migrated template that every test file clones.
'use strict';
const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

module.exports = async () => {
  require(path.join(root, 'scripts', 'register.cjs'));
  const { startPostgres } = require(path.join(root, 'src/platform/postgres/postgres.ts'));
  const { migrate } = require(path.join(root, 'src/platform/database/migrations.ts'));
  const { createDatabase } = require('./server-database.ts');
  const { sweepServers } = require('./leftovers.ts');

  await sweepServers(root);
  const dataDir = mkdtempSync(path.join(tmpdir(), `starcare-test-${process.pid}-`));
  chmodSync(dataDir, 0o755); // the database account has to pass through
  const server = await startPostgres({ root, dataDir, port: 0, durable: false });
  process.env.TEST_DATABASE_URL = server.url;
  const template = await createDatabase(server.url, 'starcare_template');
  await migrate(template, path.join(root, 'migrations'));
  globalThis.starcareTestServer = { server, dataDir };
};
