import pg from 'pg';
import { DataFolder, Product } from '../support/product.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const PEOPLE = 5000;
const PASSWORD = 'starcare-fault';
/** How many must have left when the process is killed: once early, once late. */
const KILL_AT = [700, 3000];

interface BlastAnswer {
  state: string;
  audience: number;
  counts: Record<string, number>;
}

/** The product's API over the wire, as somebody outside uses it. */
class Desk {
  private constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  static async open(product: Product): Promise<Desk> {
    const address = await product.ready();
    const answer = await send(`${address}/api/v1/session`, { username: 'admin', password: PASSWORD });
    return new Desk(address, (answer as { token: string }).token);
  }

  post(path: string, body: object = {}): Promise<unknown> {
    return send(`${this.address}/api/v1${path}`, body, this.token);
  }

  async blast(): Promise<BlastAnswer> {
    return (await send(`${this.address}/api/v1/sms/blasts/killed`, undefined, this.token)) as BlastAnswer;
  }
}

async function send(url: string, body?: object, token?: string): Promise<unknown> {
  const headers: Record<string, string> = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  if (answer.status >= 300) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A segment of 5,000 customers, put in by SQL. */
const SEGMENT = `
  with made as (
    insert into customers.customer (customer_no, name, gender, star_level, org_unit_id, created_at, updated_at)
    select 'c' || n, '客户' || n, 'male', 3, (select id from staff.org_unit where parent_id is null), '2026-01-01', '2026-01-01' from generate_series(1, ${PEOPLE}) n
    returning id, customer_no),
  lines as (
    insert into customers.line (customer_id, number, created_at, updated_at)
    select id, '+86139' || lpad(substring(customer_no from 2), 8, '0'), '2026-01-01', '2026-01-01' from made returning id, customer_id),
  segment as (
    insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
    select 'everybody', '全部', ${PEOPLE}, id, '2026-01-01', '2026-01-01' from staff.org_unit where parent_id is null returning id)
  insert into segments.member (segment_id, line_id, customer_id, added_at)
  select segment.id, lines.id, lines.customer_id, '2026-01-01' from lines, segment`;

const sumOf = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe('A blast whose process is killed with -9 (SMS-3, R1)', () => {
  const folder = new DataFolder();
  let database: TestDatabase;
  let outside: pg.Client;
  let product: Product | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    outside = new pg.Client({ connectionString: database.url });
    await outside.connect();
  });

  afterAll(async () => {
    await product?.kill('SIGTERM');
    await outside.end();
    await database.drop();
    folder.clear();
  });

  const start = (clock: string): Promise<Desk> => {
    product = Product.start(folder.path, { DATABASE_URL: database.url, ADMIN_PASSWORD: PASSWORD, CLOCK: clock });
    return Desk.open(product);
  };
  const handedOver = async (): Promise<number> =>
    Number((await outside.query<{ n: string }>('select count(*) as n from messaging.simulator_inbox')).rows[0]?.n);

  /** As anybody could count in the database while nothing runs. */
  async function expectBalance(): Promise<void> {
    const { rows } = await outside.query<{ n: string }>('select count(*) as n from messaging.recipient');
    expect(Number(rows[0]?.n)).toBe(PEOPLE);
  }

  it('goes on by itself after each start, loses nobody and texts nobody twice', async () => {
    let desk = await start('2026-11-24T10:00:00+08:00');
    await outside.query(SEGMENT);
    await desk.post('/sms/gateways', { code: 'counted', kind: 'simulator', ratePerSecond: 1500, window: 50, simulator: { latencyMs: [200, 600] } });
    await desk.post('/sms/blasts', { code: 'killed', template: 'roaming-return', segment: 'everybody', gateway: 'counted' });
    await desk.post('/sms/blasts/killed/start');
    for (const [i, count] of KILL_AT.entries()) {
      await until(`${count} have left`, async () => (await handedOver()) >= count, 60_000);
      await product?.kill('SIGKILL');
      expect(await handedOver()).toBeLessThan(PEOPLE);
      await expectBalance();
      desk = await start(`2026-11-24T10:1${i}:00+08:00`);
    }
    await until(
      'the blast is done',
      async () => {
        const now = await desk.blast();
        expect(sumOf(now.counts)).toBe(PEOPLE);
        return now.state === 'done';
      },
      60_000,
    );
    expect(await desk.blast()).toMatchObject({ audience: PEOPLE, counts: { delivered: PEOPLE } });
    const { rows } = await outside.query('select number, count(*)::int as n from messaging.simulator_inbox group by number having count(*) <> 1');
    expect(rows).toEqual([]);
    expect(await handedOver()).toBe(PEOPLE);
  });
});
