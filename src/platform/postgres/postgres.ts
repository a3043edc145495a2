import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { Cluster, SUPERUSER } from './cluster.js';
import { clusterHome } from './home.js';
import { Ownership } from './ownership.js';
import { freePort } from './port.js';
import { PostgresError } from './postgres-error.js';

export { PostgresError } from './postgres-error.js';

const DEFAULT_PORT = 54_320;
const DATABASE = 'starcare';
const ATTEMPTS = 40;
const PAUSE_MS = 250;

export interface PostgresOptions {
  /** Where node_modules/ lies. */
  root: string;
  /** The cluster goes to `<dataDir>/postgres`. */
  dataDir: string;
  /** Taken when free, else any other; 0 = any. A running server keeps its port. */
  port?: number;
  /** false switches fsync off: for tests only. */
  durable?: boolean;
  /** Gets sentences a person at the console should read. */
  tell?: (line: string) => void;
}

export interface RunningPostgres {
  /** Database `starcare`, as superuser. */
  url: string;
  port: number;
  /** false: another process (ownerPid, when known) started or adopted this server before us; stop() then leaves it alone. */
  owned: boolean;
  ownerPid: number | undefined;
  /** Stops the server if it is ours. Safe to call twice. */
  stop(): Promise<void>;
}

const transient = (log: string): boolean =>
  /shared memory block|lock file "postmaster.pid" already exists|is in use|starting up|shutting down/.test(log);
const portTaken = (log: string): boolean => /could not bind|could not create any TCP\/IP sockets/.test(log);

/** Keeps one server up while this process owns it. */
class Keeper {
  private port = 0;
  private password = '';
  private ownership: Ownership | undefined;
  private ownerPid: number | undefined;
  private stopping = false;
  private reviving: Promise<void> | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly tell: (line: string) => void,
  ) {}

  /** Adopts the running server or starts it; waits out a predecessor that is still going down. */
  async up(wanted: number): Promise<RunningPostgres> {
    this.password = await this.cluster.password();
    for (let attempt = 1; ; attempt++) {
      const failure = await this.attempt(wanted);
      if (!failure) break;
      if (attempt >= ATTEMPTS || this.stopping) throw new PostgresError(`the embedded database does not start: ${failure}`);
      await wait(PAUSE_MS);
    }
    return { url: this.url(DATABASE), port: this.port, owned: this.ownership !== undefined, ownerPid: this.ownerPid, stop: () => this.stop() };
  }

  /** @returns undefined when the server is up and ours to use, else why not yet. @throws PostgresError when waiting cannot help. */
  private async attempt(wanted: number): Promise<string | undefined> {
    try {
      await this.ensureRunning(wanted);
      await this.connect();
      return undefined;
    } catch (error) {
      if (error instanceof PostgresError) throw error;
      return String(error);
    }
  }

  private url(database: string): string {
    return `postgres://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }

  private async ensureRunning(wanted: number): Promise<void> {
    const running = await this.cluster.runningPort();
    if (running) {
      this.port = running;
      return;
    }
    this.port = await freePort(wanted);
    if (wanted !== 0 && this.port !== wanted) this.tell(`Port ${wanted} is taken: the database listens on ${this.port}`);
    const log = await this.cluster.start(this.port);
    if (log && !transient(log) && !portTaken(log)) throw new PostgresError(`the embedded database does not start:\n${log}`);
    if (log) throw new Error(log);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    client.on('error', () => undefined); // the statement under way rejects; an event without a listener would end the process
    try {
      await client.connect();
      await client.query(`create database ${DATABASE}`).catch((error: { code?: string }) => {
        if (error.code !== '42P04' && error.code !== '23505') throw error; // it exists, or somebody made it this moment
      });
      const claim = await Ownership.claim(this.url('postgres'), () => void (this.reviving = this.revive()));
      if (claim instanceof Ownership) this.ownership = claim;
      else this.ownerPid = claim.ownerPid;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') throw new PostgresError('the password of the embedded database does not match its cluster');
      throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The server went away under us (killed, out of memory): bring it back on the same port, the pools reconnect. */
  private async revive(): Promise<void> {
    if (this.stopping) return;
    this.tell('The database went away: starting it again');
    this.ownership = undefined;
    for (let told = false; !this.stopping; told = true) {
      const failure = await this.up(this.port).then(() => undefined, String);
      if (!failure) return this.tell('The database is back');
      if (!told && !this.stopping) this.tell(`The database has not come back yet, it is tried until it has: ${failure}`);
      await wait(PAUSE_MS);
    }
  }

  private async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.reviving; // what it is about to start is stopped with the rest
    if (!this.ownership) return;
    await this.ownership.release();
    await this.cluster.stop();
  }
}

/** Starts, or adopts, the embedded server of a data folder. @throws PostgresError with a sentence for the console. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const tell = options.tell ?? (() => undefined);
  const account = await serverAccount();
  const home = await clusterHome(options.dataDir, account, tell);
  const bin = await findBinaries(options.root, home, account);
  const cluster = new Cluster({ home, bin, account, durable: options.durable ?? true });
  await cluster.create();
  return new Keeper(cluster, tell).up(options.port ?? DEFAULT_PORT);
}
