import { chown } from 'node:fs/promises';
import { PostgresError } from './postgres-error.js';
import { type Account, run } from './run.js';

const NAME = 'postgres';

async function lookUp(): Promise<Account | undefined> {
  const uid = await run('id', ['-u', NAME]);
  const gid = await run('id', ['-g', NAME]);
  return uid.code === 0 && gid.code === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : undefined;
}

/** As root: the account `postgres`, created when there is none. As anybody else: undefined, the server runs as ourselves. */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp();
  if (existing) return existing;
  const made = await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  const account = await lookUp();
  if (!account) {
    throw new PostgresError(
      `started as root, and the account "${NAME}" could not be created (${made.output}): start as a normal user, or set DATABASE_URL`,
    );
  }
  return account;
}

/** Hands one path to the account, nothing below it; nothing to do when the server runs as ourselves. */
export async function handOver(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/** Whether the account may run (or enter) the path: all folders above it count. */
export async function mayEnter(path: string, account: Account | undefined): Promise<boolean> {
  return (await run('/usr/bin/test', ['-x', path], account)).code === 0;
}
