import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Benchmark, Way } from './frame.js';
import { type BenchFiles, writeFiles } from './import-files.js';
import { type Loaded, loadByHand } from './import-limit.js';
import { type Imported, ProductProcess } from './import-product.js';

const MOST_MB_ABOVE_IDLE = 220;
const DEADLOCK = '40P01';
/** R27: 100,000 rows in 60 seconds on any machine that runs StarCare. */
const LEAST_ROWS_A_SECOND = 100_000 / 60;

/** What each way said, to be held against each other. */
class Ledger {
  readonly wrong: string[] = [];
  private readonly byHand = new Map<string, Loaded>();
  peak = 0;
  /** Rows a second of the slowest import. */
  slowest = Infinity;

  hand(kind: string, loaded: Loaded): number {
    this.byHand.set(kind, loaded);
    return loaded.read;
  }

  product(kind: string, done: Imported): number {
    const limit = this.byHand.get(kind);
    const kept = done.created + done.updated + done.unchanged;
    if (done.state !== 'done' || done.reason) this.wrong.push(`${kind}: ended as ${done.state} ${done.reason ?? ''}`);
    if (kept + done.duplicate + done.rejected !== done.read) this.wrong.push(`${kind}: does not balance: ${JSON.stringify(done)}`);
    if (limit && (limit.read !== done.read || limit.kept !== kept || limit.rejected !== done.rejected))
      this.wrong.push(`${kind}: SQL by hand says ${JSON.stringify(limit)}, the product ${JSON.stringify(done)}`);
    return done.read;
  }
}

class Bench {
  readonly ledger = new Ledger();

  constructor(
    private readonly database: pg.Client,
    private readonly url: string,
    private readonly product: ProductProcess,
    private readonly files: BenchFiles,
    private readonly say: (line: string) => void,
  ) {}

  /** No customer, no segment, and nothing left to write of what was. */
  private async empty(): Promise<void> {
    await this.truncate();
    await this.database.query('checkpoint');
  }

  /** The product's own jobs read these tables in an order of their own: whoever is ended for a deadlock with one of them tries again. */
  private async truncate(triesLeft = 10): Promise<void> {
    try {
      await this.database.query('truncate customers.customer, segments.segment, feeds.import restart identity cascade');
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || triesLeft === 0) throw error;
      await this.truncate(triesLeft - 1);
    }
  }

  /** The product's way; its memory is watched from idle to the end. */
  private way(name: string, kind: string, { hand, prepare }: { hand: () => Promise<Imported>; prepare?: () => Promise<void> }): Way {
    return {
      name,
      ...(prepare ? { prepare } : {}),
      run: async () => {
        const idle = this.product.memory().now;
        this.product.forgetPeak();
        const start = performance.now();
        const done = await hand();
        this.ledger.slowest = Math.min(this.ledger.slowest, (1000 * done.read) / (performance.now() - start));
        const above = this.product.memory().peak - idle;
        this.ledger.peak = Math.max(this.ledger.peak, above);
        const [load = 0] = loadavg();
        this.say(`${name}: ${JSON.stringify(done)}; ${above.toFixed(0)} MB above idle (${idle.toFixed(0)} MB); load ${load.toFixed(1)}`);
        return this.ledger.product(kind, done);
      },
    };
  }

  /** Customers come by the API, the segment by the page. */
  ways(): Way[] {
    const { customers, byHand, again, segment } = this.files;
    const hand = (kind: 'customers' | 'segment', path: string) => async () => this.ledger.hand(kind, await loadByHand(this.url, kind, path));
    return [
      { name: 'customers by hand', prepare: () => this.empty(), run: hand('customers', byHand) },
      { name: 'segment by hand', run: hand('segment', segment) },
      this.way('customers', 'customers', { hand: () => this.product.import('feed=customers', customers), prepare: () => this.empty() }),
      this.way('segment', 'segment', { hand: () => this.product.importByPage({ feed: 'segment', segment: 'bench', segmentName: 'bench' }, segment) }),
      this.way('customers again', 'customers', { hand: () => this.product.import('feed=customers', again), prepare: () => this.mark() }),
    ];
  }

  private async mark(): Promise<void> {
    await this.database.query('drop table if exists marked');
    await this.database.query(`
      create temp table marked as
      select 'c' as kind, id, xmin::text as version from customers.customer union all select 'l', id, xmin::text from customers.line`);
    await this.database.query('checkpoint');
  }

  async check(): Promise<string[]> {
    const { rows } = await this.database.query<{ n: number }>(`
      select count(*)::int as n
      from marked m
      full join (select 'c' as kind, id, xmin::text as version from customers.customer union all select 'l', id, xmin::text from customers.line) x
        using (kind, id, version)
      where m.id is null or x.id is null`);
    const rewritten = rows[0]?.n ?? -1;
    const rate = Math.round(this.ledger.slowest);
    this.say(`rows rewritten by an unchanged file: ${rewritten}; most memory above idle: ${this.ledger.peak.toFixed(0)} MB`);
    this.say(`R27: 100,000 rows in ${(100_000 / rate).toFixed(1)} s by the slowest import, 60 s are allowed`);
    const wrong = [...this.ledger.wrong];
    if (rewritten !== 0) wrong.push(`an unchanged file rewrote ${rewritten} rows`);
    if (rate < LEAST_ROWS_A_SECOND) wrong.push(`${rate} rows a second, 100,000 rows in 60 seconds are promised (R27)`);
    if (this.ledger.peak > MOST_MB_ABOVE_IDLE) wrong.push(`${this.ledger.peak.toFixed(0)} MB above idle, ${MOST_MB_ABOVE_IDLE} are allowed`);
    return wrong;
  }
}

export const benchmark: Benchmark = {
  name: 'import',
  rows: 1_000_000,
  smokeRows: 100_000,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'starcare-import-'));
    const files = await writeFiles(folder, rows);
    const product = await ProductProcess.start(databaseUrl, folder);
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    const bench = new Bench(database, databaseUrl, product, files, say);
    return {
      input: files.sha256,
      unit: 'rows',
      ways: bench.ways(),
      // a small file is mostly waiting: for the job to be taken up, for the next look at its state
      goals: [
        { way: 'customers', of: 'customers by hand', atMost: smoke ? 3 : 1.25 },
        { way: 'segment', of: 'segment by hand', atMost: smoke ? 3 : 1.25 },
        { way: 'customers again', of: 'customers', atMost: smoke ? 1 : 0.5 },
      ],
      check: () => bench.check(),
      close: async () => {
        await product.stop();
        await database.end();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
