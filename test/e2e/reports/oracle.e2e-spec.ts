import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ExcelJS from 'exceljs';
import type supertest from 'supertest';
import { CUTS } from '../../../src/reports/funnel.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

const folder = resolve('../shared/data/bank');
const there = existsSync(resolve(folder, 'oracle.json'));
if (!there) console.log('skipped: the real campaign of ../shared/data/bank is not here');

type Counts = Record<string, number>;
interface Oracle {
  total: Counts;
  manager: Record<string, Counts>;
  hour: Record<string, Counts>;
}

/** A real outbound campaign of 4,119 customers and 10,451 calls, counted by somebody else. */
(there ? describe : describe.skip)('CAM-7, FED-4 the figures of a real campaign', () => {
  let test: TestApp;
  let admin: ApiClient;
  const oracle = there ? (JSON.parse(readFileSync(resolve(folder, 'oracle.json'), 'utf8')) as Oracle) : { total: {}, manager: {}, hour: {} };

  const hand = async (query: string, file: string): Promise<Record<string, unknown>> => {
    const answer = await admin.upload(`/imports?${query}`, readFileSync(resolve(folder, file)), file);
    expect(answer.status).toBe(202);
    await drainJobs(test.app);
    return (await admin.get(`/imports/${(answer.body as { id: string }).id}`)).body as Record<string, unknown>;
  };
  const importAll = async (): Promise<Record<string, unknown>[]> => [
    await hand('feed=customers', 'customers.csv'),
    await hand('feed=segment&segment=bank', 'segment.csv'),
    await hand('feed=call-records', 'call-records.csv'),
  ];
  const funnel = async (by: string): Promise<{ total: Counts; rows: (Counts & { key: string })[] }> =>
    (await admin.get(`/campaigns/bank-2025/funnel?by=${by}`)).body as { total: Counts; rows: (Counts & { key: string })[] };

  const expectOracle = async (): Promise<void> => {
    for (const [cut, expected] of Object.entries({ manager: oracle.manager, hour: oracle.hour })) {
      const { total, rows } = await funnel(cut);
      expect(total).toMatchObject(oracle.total);
      expect(rows.map((row) => row.key).sort()).toEqual(Object.keys(expected).sort());
      for (const row of rows) expect(row).toMatchObject(expected[row.key] ?? {});
    }
  };

  beforeAll(async () => {
    test = await createTestApp();
    const house = await createHouse(test);
    admin = await house('admin');
    for (let n = 1; n <= 12; n++) {
      const username = `m${String(n).padStart(2, '0')}`;
      const answer = await admin.post('/users', { username, name: username, role: 'manager', orgUnit: 'east-1', password: PASSWORD });
      expect([201, 409]).toContain(answer.status); // the house has some of them already
    }
    await admin.post('/segments', { code: 'bank', name: '真实活动' });
    await admin.post('/campaigns', {
      code: 'bank-2025',
      name: '真实活动',
      kind: 'marketing',
      startsOn: '2025-05-01',
      endsOn: '2025-12-31',
      segment: 'bank',
    });
  });
  afterAll(() => test.close());

  it('takes every row of the three files', async () => {
    const [customers, segment, calls] = await importAll();
    expect(customers).toMatchObject({ state: 'done', read: 4119, created: 4119, rejected: 0 });
    expect(segment).toMatchObject({ state: 'done', read: 4119, created: 4119, rejected: 0 });
    expect(calls).toMatchObject({ state: 'done', read: 10_451, created: 10_451, rejected: 0 });
  });

  it('gives exactly the figures counted independently: total, by manager, by hour', expectOracle);

  it.each(CUTS)('adds up to them over every row of the cut by %s', async (cut) => {
    const { total, rows } = await funnel(cut);
    expect(total).toMatchObject(oracle.total);
    for (const key of ['attempts', 'connected', 'talk18', 'converted', 'ordersSucceeded'])
      expect([key, rows.reduce((sum, row) => sum + (row[key] ?? 0), 0)]).toEqual([key, oracle.total[key]]);
  });

  it.each(['manager', 'hour'] as const)('REP-4 stand in the export by %s, cell by cell', async (cut) => {
    const { agent } = await logIn(test, 'admin');
    const file = await agent.get(`/exports/files/funnel?campaign=bank-2025&by=${cut}`).buffer(true).parse(bytes).expect(200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(file.body);
    const rows = (book.worksheets[0]?.getSheetValues().slice(2) as unknown[][]).map((row) => [row[2], row[3]]);
    expect(rows.pop()).toEqual([oracle.total.attempts, oracle.total.connected]);
    expect(rows.sort()).toEqual(
      Object.values(oracle[cut])
        .map(({ attempts, connected }) => [attempts, connected])
        .sort(),
    );
  });

  it('keeps them when the same files come again, and says so', async () => {
    for (const answer of await importAll()) expect(answer).toMatchObject({ state: 'done', reason: 'already_imported', created: 0, updated: 0 });
    await expectOracle();
  });

  it('counts every record again when the file is not recognised, and writes none twice', async () => {
    await test.db.run(sql`update feeds.import set sha256 = 'forgotten'`);
    expect(await hand('feed=call-records', 'call-records.csv')).toMatchObject({ created: 0, updated: 0, unchanged: 10_451, rejected: 0 });
    await expectOracle();
  });

  it('leaves one touch a call in the ledger, each in the partition of its month', async () => {
    expect(
      await test.db.one(sql`
        select (select count(*)::int from contact.touch where state = 'history') as touches,
               (select count(*)::int from only calls.attempt_default) + (select count(*)::int from only contact.touch_default) as stray`),
    ).toEqual({ touches: oracle.total.attempts, stray: 0 });
  });
});

/** A file as bytes: supertest would read it as text. */
function bytes(response: supertest.Response & NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
}
