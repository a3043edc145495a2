import { request } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DataFolder, Product } from '../support/product.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const ROWS = 4000;
const PASSWORD = 'starcare-fault';
/** Every hundredth row is wrong, and the last line names the first number again. */
const FILE = `phone,name\n${Array.from({ length: ROWS }, (_, i) => (i % 100 === 99 ? `${i},短` : `136${String(i).padStart(8, '0')},客户${i}`)).join('\n')}\n13600000000,后来\n`;
const EXPECTED = { state: 'done', read: ROWS + 1, created: ROWS - ROWS / 100, updated: 0, unchanged: 0, duplicate: 1, rejected: ROWS / 100 };

/** The way of one import over the wire, and what stands in the database beside it. */
class Desk {
  constructor(
    readonly address: string,
    private readonly token: string,
  ) {}

  static async open(product: Product): Promise<Desk> {
    const address = await product.ready();
    const body = JSON.stringify({ username: 'admin', password: PASSWORD });
    const answer = await fetch(`${address}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return new Desk(address, ((await answer.json()) as { token: string }).token);
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  async upload(): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([FILE]), 'killed.csv');
    const answer = await fetch(`${this.address}/api/v1/imports?feed=customers`, { method: 'POST', headers: this.headers, body: form });
    return ((await answer.json()) as { id: string }).id;
  }

  /** Begins an upload and sends no end. */
  uploadHalf(): void {
    const headers = { ...this.headers, 'content-type': 'multipart/form-data; boundary=x' };
    const half = request(`${this.address}/api/v1/imports?feed=customers`, { method: 'POST', headers });
    half.on('error', () => undefined);
    half.write(`--x\r\ncontent-disposition: form-data; name="file"; filename="half.csv"\r\n\r\n${FILE}`);
  }

  async look(id: string): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.address}/api/v1/imports/${id}`, { headers: this.headers })).json()) as Record<string, unknown>;
  }
}

describe('An import whose process is killed with -9 (FED-4)', () => {
  const folder = new DataFolder();
  let database: TestDatabase;
  let outside: pg.Client;
  /** Holds the lock the product is to run into: an open transaction would see one old picture of who waits. */
  let holder: pg.Client;
  let product: Product;
  let minute = 10;

  beforeAll(async () => {
    database = await createTestDatabase();
    outside = new pg.Client({ connectionString: database.url });
    await outside.connect();
    holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
  });

  afterAll(async () => {
    await product.kill('SIGTERM');
    await outside.end();
    await holder.end();
    await database.drop();
    folder.clear();
  });

  /** Each start is minutes later: what the dead process held has run out. */
  const launch = (): void => {
    minute += 5;
    product = Product.start(folder.path, { DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD, CLOCK: `2026-11-24T10:${minute}:00+08:00` });
  };
  const start = (): Promise<Desk> => {
    launch();
    return Desk.open(product);
  };
  const count = async (table: string): Promise<number> =>
    Number((await outside.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
  const waitsFor = (event: string) => async (): Promise<boolean> => {
    const { rows } = await outside.query('select 1 from pg_stat_activity where datname = current_database() and wait_event = $1', [event]);
    return rows.length > 0;
  };
  const uploads = (): string[] => (existsSync(join(folder.path, 'uploads')) ? readdirSync(join(folder.path, 'uploads')) : []);

  /** Kills the process while it stands at a lock of ours. */
  async function killAt(lock: string, event: string, stand: () => unknown): Promise<void> {
    await holder.query('begin');
    await holder.query(lock);
    await stand();
    await until(`the import waits at ${event}`, waitsFor(event), 30_000);
    await product.kill('SIGKILL');
    await holder.query('rollback');
    await until('its connections are gone', async () => {
      const { rows } = await outside.query('select 1 from pg_stat_activity where datname = current_database()');
      return rows.length === 2; // ours
    });
    await outside.query('update platform.outbox set leased_until = now() where leased_until is not null'); // as if a minute had passed
    for (const table of ['customers.customer', 'customers.line', 'feeds.reject_pack']) expect([table, await count(table)]).toEqual([table, 0]);
  }

  it('during the upload, after staging, and in the middle of the merge: nothing is half there, and it goes on by itself', async () => {
    let desk = await start();
    desk.uploadHalf();
    await until('half a file has arrived', () => Promise.resolve(uploads().length === 1));
    await product.kill('SIGKILL');
    expect(await count('feeds.import')).toBe(0);

    desk = await start();
    let id = '';
    await killAt(`select pg_advisory_xact_lock(hashtext('feeds.merge'), hashtext('customers'))`, 'advisory', async () => (id = await desk.upload()));
    await killAt('lock table customers.line in share mode', 'relation', launch); // customers are written, lines are not
    await killAt('lock table feeds.reject_pack in share mode', 'relation', launch); // merged, faults not kept

    desk = await start();
    await until('the import is done', async () => (await desk.look(id)).state === 'done', 60_000);
    expect(await desk.look(id)).toMatchObject(EXPECTED);
    expect(await count('customers.line')).toBe(EXPECTED.created);
    expect(await count('feeds.reject_pack, jsonb_array_elements(rows)')).toBe(EXPECTED.rejected);
    expect(uploads()).toHaveLength(1); // the half one, swept away when it is a day old
  });
});
