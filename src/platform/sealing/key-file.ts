import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../config/config.js';
import { newSealKey, readSealKey, type SealKey } from './seal-key.js';

const OWNER_ONLY = 0o600;
/** Bits of a mode that let others in. */
const OTHERS = 0o077;

/**
 * The key of a single desk: made at the first start and kept in a file that only its owner may read.
 * @throws ConfigError when the file holds no key, or others may read it
 */
export async function keyFromFile(path: string): Promise<SealKey> {
  await mkdir(dirname(path), { recursive: true });
  await makeOnce(path);
  // Windows keeps no such bits
  if (process.platform !== 'win32' && ((await stat(path)).mode & OTHERS) !== 0)
    throw new ConfigError(`${path} holds the key of personal data and may be read by others: chmod 600`);
  const key = readSealKey(await readFile(path, 'utf8'));
  if (!key) throw new ConfigError(`${path} does not hold a key: bring back the right file, or personal data sealed with it stays unreadable`);
  return key;
}

/** Whole or not at all: a key cut short by a crash would lock out what comes after. */
async function makeOnce(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${newSealKey()}\n`, { flag: 'wx', mode: OWNER_ONLY });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}
