import { randomBytes } from 'node:crypto';
import { createDatabase, dropDatabase, onlyOne, renameDatabase } from './server-database.js';

export interface TestDatabase {
  url: string;
  name: string;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('TEST_DATABASE_URL is not set: this test belongs into a jest project with the database set-up');
  return url;
}

/** A database of its own for one test file, cloned from the migrated template ('template0': empty). Drop it in afterAll. */
export async function createTestDatabase(template = 'starcare_template'): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(5).toString('hex')}`;
  const server = serverUrl();
  const url = await createDatabase(server, name, template);
  return { url, name, drop: () => dropDatabase(server, name) };
}

/**
 * A template that is dear to fill: made by the first test file that asks, on a database of its own; the others, in other processes too, wait.
 * @param fill gives the address of the filled database, with nobody connected any more
 */
export async function onceForAll(name: string, fill: () => Promise<string>): Promise<string> {
  const server = serverUrl();
  await onlyOne(server, name, async () => renameDatabase(server, new URL(await fill()).pathname.slice(1), name));
  return name;
}
