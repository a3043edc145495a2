import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handOver } from './account.js';
import type { Binaries } from './binaries.js';
import { PostgresError } from './postgres-error.js';
import { type Account, run } from './run.js';
import { asOptions, settings } from './tuning.js';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

export const SUPERUSER = 'postgres';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

export interface ClusterParts {
  home: string;
  bin: Binaries;
  account: Account | undefined;
  /** false: no fsync, for tests only. */
  durable: boolean;
}

/** One PostgreSQL cluster on disk: `<home>/data`, `<home>/password`, `<home>/server.log`. */
export class Cluster {
  readonly data: string;
  private readonly passwordFile: string;
  private readonly log: string;

  constructor(private readonly parts: ClusterParts) {
    this.data = join(parts.home, 'data');
    this.passwordFile = join(this.data, 'starcare.password');
    this.log = join(parts.home, 'server.log');
  }

  password(): Promise<string> {
    return readFile(this.passwordFile, 'utf8');
  }

  /**
   * Makes the cluster when there is none. It is made under another name and moved in place whole: a kill in the middle, or two first
   * starts at once, leave either no cluster or a complete one.
   */
  async create(): Promise<boolean> {
    await this.sweepDrafts();
    if (existsSync(join(this.data, 'PG_VERSION'))) return this.checkVersion();
    const draft = join(this.parts.home, `draft-${process.pid}`);
    await handOver(this.parts.home, this.parts.account); // what lies in it is another first start's, or made by the account itself
    await this.initdb(draft);
    await rename(draft, this.data).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true });
      if (!existsSync(join(this.data, 'PG_VERSION'))) throw error;
    });
    return true;
  }

  private async initdb(draft: string): Promise<void> {
    const { bin, account, home, durable } = this.parts;
    const pwfile = join(home, `password-${process.pid}`);
    await writeFile(pwfile, randomBytes(24).toString('hex'), { mode: 0o600 });
    await handOver(pwfile, account);
    // the builtin provider sorts by code point and knows upper and lower case without any locale of the machine
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const args = [
      '-D',
      draft,
      '-U',
      SUPERUSER,
      `--pwfile=${pwfile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      ...locale,
      ...(durable ? [] : ['--no-sync']),
    ];
    const result = await run(bin.initdb, args, account);
    if (result.code !== 0) {
      await rm(pwfile, { force: true });
      throw new PostgresError(`the database could not be created in ${home}: ${result.output.slice(-800)}`);
    }
    await rename(pwfile, join(draft, 'starcare.password'));
  }

  /** What a start that was killed left behind. */
  private async sweepDrafts(): Promise<void> {
    for (const name of await readdir(this.parts.home)) {
      const pid = /^(?:draft|password)-(\d+)$/.exec(name)?.[1];
      if (pid && !isAlive(Number(pid))) await rm(join(this.parts.home, name), { recursive: true, force: true });
    }
  }

  private async checkVersion(): Promise<false> {
    const found = (await readFile(join(this.data, 'PG_VERSION'), 'utf8')).trim();
    const major = this.parts.bin.version.split('.')[0];
    if (found !== major)
      throw new PostgresError(`the database in ${this.data} was made by PostgreSQL ${found}, this StarCare brings ${major}: see docs/operations.md`);
    return false;
  }

  /** The port of the running server, or undefined. A stale postmaster.pid does not count as running. */
  async runningPort(): Promise<number | undefined> {
    const status = await run(this.parts.bin.pgCtl, ['-D', this.data, 'status'], this.parts.account);
    if (status.code !== 0) return undefined;
    const lines = (await readFile(join(this.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const port = Number(lines[3]);
    return Number.isInteger(port) && port > 0 ? port : undefined;
  }

  /** @returns undefined when the server is up, else the last lines of its log. */
  async start(port: number): Promise<string | undefined> {
    const { bin, account, durable } = this.parts;
    await this.rotateLog();
    const from = await stat(this.log).then(
      (s) => s.size,
      () => 0,
    );
    const args = ['-D', this.data, '-w', '-t', '120', '-l', this.log, '-o', asOptions(settings(port, durable)), 'start'];
    const result = await run(bin.pgCtl, args, account);
    if (result.code === 0) return undefined;
    const log = await readFile(this.log).catch(() => Buffer.from(result.output));
    return log.subarray(from).toString('utf8').trim().slice(-1500) || result.output;
  }

  private async rotateLog(): Promise<void> {
    await mkdir(this.parts.home, { recursive: true });
    const size = await stat(this.log).then(
      (s) => s.size,
      () => 0,
    );
    if (size > LOG_LIMIT_BYTES) await rename(this.log, `${this.log}.old`);
  }

  async stop(): Promise<void> {
    const result = await run(this.parts.bin.pgCtl, ['-D', this.data, '-w', '-t', '60', '-m', 'fast', 'stop'], this.parts.account);
    if (result.code !== 0 && (await this.runningPort())) throw new PostgresError(`the database did not stop: ${result.output}`);
  }
}
