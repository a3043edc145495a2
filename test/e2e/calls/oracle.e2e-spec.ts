import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sql, sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import type { ApiClient } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, must } from './call-centre.js';

const BANK = join(process.cwd(), '../shared/data/bank');
const suite = existsSync(BANK) ? describe : describe.skip;
if (!existsSync(BANK)) console.warn('the real campaign of shared/data/bank is not here: its figures are not checked');

type Row = Record<string, number>;
interface Oracle {
  total: Row;
  manager: Record<string, Row>;
  hour: Record<string, Row>;
}

suite('CAM-7 a real campaign gives exactly the figures that were counted independently', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'starcare-bank-'));
  let test: TestApp;
  let admin: ApiClient;
  let oracle: Oracle;

  beforeAll(async () => {
    test = await createTestApp({ config: { dataDir } });
    admin = await (await CallCentre.open(test)).house('admin');
    oracle = JSON.parse(readFileSync(join(BANK, 'oracle.json'), 'utf8')) as Oracle;
    const rest = ['m03', 'm04', 'm05', 'm06', 'm07', 'm08', 'm09', 'm10', 'm12'];
    for (const username of rest)
      await must(admin.post('/users', { username, name: username, role: 'manager', orgUnit: 'east-1', password: 'starcare-test' }), 201);
    await must(admin.post('/segments', { code: 'bank', name: '银行名单' }), 201);
    await must(
      admin.post('/campaigns', {
        code: 'bank-2025',
        name: '银行活动',
        kind: 'marketing',
        startsOn: '2025-05-01',
        endsOn: '2025-12-31',
        segment: 'bank',
      }),
      201,
    );
  }, 120_000);
  afterAll(async () => {
    await test.close();
    rmSync(dataDir, { recursive: true });
  });

  async function hand(feed: string, file: string, query = ''): Promise<Row> {
    const answer = (await must(admin.upload(`/imports?feed=${feed}${query}`, readFileSync(join(BANK, file)), file), 202)) as { id: string };
    await drainJobs(test.app);
    return (await must(admin.get(`/imports/${answer.id}`), 200)) as Row;
  }

  const figures = (key: Sql): Promise<(Row & { key: string })[]> =>
    test.db.rows(sql`
      select ${key}::text as key, count(*)::int as attempts, count(*) filter (where connected)::int as connected, count(*) filter (where talk18)::int as talk18,
             count(*) filter (where converted)::int as converted, count(*) filter (where order_state = 'succeeded')::int as "ordersSucceeded",
             count(distinct customer_id)::int as "customersAttempted", count(distinct customer_id) filter (where effective)::int as "customersReached"
      from reporting.attempt group by 1`);

  const same = (rows: (Row & { key: string })[], expected: Record<string, Row>): void => {
    const found = Object.fromEntries(rows.map(({ key, ...row }) => [key, row]));
    for (const [key, row] of Object.entries(expected)) expect({ key, ...found[key] }).toMatchObject({ key, ...row });
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  };

  it('in total, by manager and by hour, and handed in twice they stay', async () => {
    expect(await hand('customers', 'customers.csv')).toMatchObject({ state: 'done', rejected: 0 });
    expect(await hand('segment', 'segment.csv', '&segment=bank')).toMatchObject({ state: 'done', rejected: 0 });
    expect(await hand('call-records', 'call-records.csv')).toMatchObject({ state: 'done', created: oracle.total.attempts, rejected: 0 });
    const check = async (): Promise<void> => {
      same(await figures(sql`'total'`), { total: oracle.total });
      same(await figures(sql`manager_username`), oracle.manager);
      same(await figures(sql`hour`), oracle.hour);
    };
    await check();
    expect(await hand('call-records', 'call-records.csv')).toMatchObject({ state: 'done', reason: 'already_imported', created: 0 });
    await test.db.run(sql`update feeds.import set sha256 = 'forgotten'`);
    expect(await hand('call-records', 'call-records.csv')).toMatchObject({ created: 0, updated: 0, unchanged: oracle.total.attempts });
    await check();
    expect(await test.db.one(sql`select count(*)::int as n from contact.touch where state = 'history'`)).toEqual({ n: oracle.total.attempts });
    const inDefault = await test.db.one(
      sql`select (select count(*) from only calls.attempt_default)::int + (select count(*) from only contact.touch_default)::int as n`,
    );
    expect(inDefault).toEqual({ n: 0 });
  }, 180_000);
});
