import ExcelJS from 'exceljs';
import type supertest from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { type Figures, smallWorld } from './small-world.js';

let test: TestApp;
let figures: Figures;

const ask = async (path: string, as = 'supervisor-e') => (await figures.house(as)).get(`/campaigns/spring/${path}`);
const funnel = (query = '', as?: string) => ask(`funnel${query}`, as);

beforeAll(async () => {
  test = await createTestApp();
  figures = await smallWorld(test);
});
afterAll(() => test.close());

describe('CAM-7 the funnel of a campaign', () => {
  it('refuses a campaign outside the scope as if it did not exist', async () => {
    const { status, body } = await funnel('', 'planner-w');
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });

  it('refuses a cut it does not know, naming the parameter', async () => {
    const { status, body } = await funnel('?by=shoe-size');
    expect(status).toBe(422);
    expect(body.error.param).toBe('by');
  });

  it('counts attempts, connected, 18 seconds, converted and successful orders', async () => {
    const { body } = await funnel('?by=manager');
    expect(body.total).toMatchObject({
      attempts: 7,
      connected: 4,
      effective: 3,
      talk18: 2,
      converted: 2,
      ordersOpen: 1,
      ordersSucceeded: 1,
      ordersFailed: 0,
    });
    expect(body.total).toMatchObject({
      customersAttempted: 4,
      customersReached: 3,
      reach: 0.75,
      connectRate: 4 / 7,
      talk18Share: 0.5,
      conversionRate: 0.5,
      orderSuccessRate: 0.5,
    });
    expect(body.total.marketingSuccessRate).toBeCloseTo(1 / 3);
  });

  it('keeps first dials and second-dial recovery apart', async () => {
    const { body } = await funnel('?by=manager');
    expect(body.total).toMatchObject({
      firstDials: 4,
      firstDialsConnected: 2,
      firstDialConnectRate: 0.5,
      tasksRedialled: 2,
      tasksRecovered: 1,
      secondDialRecovery: 0.5,
    });
  });

  it('says null where nothing divides, and for people in cuts unless asked', async () => {
    const plain = (await funnel('?by=hour')).body;
    const night = plain.rows.find((row: { key: string }) => row.key === '19');
    expect(night).toMatchObject({ attempts: 1, connected: 0, talk18Share: null, conversionRate: null, reach: null, customersReached: null });
    const asked = (await funnel('?by=hour&distinct=1')).body;
    expect(asked.rows.find((row: { key: string }) => row.key === '19')).toMatchObject({ customersAttempted: 1, customersReached: 0, reach: 0 });
  });

  it.each(['manager', 'team', 'hour', 'day', 'star', 'region', 'source', 'variant'])('adds up to the total when cut by %s', async (cut) => {
    const { body } = await funnel(`?by=${cut}`);
    for (const key of ['attempts', 'connected', 'talk18', 'converted', 'ordersSucceeded']) {
      expect(body.rows.reduce((sum: number, row: Record<string, number>) => sum + (row[key] ?? 0), 0)).toBe(body.total[key]);
    }
  });

  it('cuts days in Shanghai: a call at 00:30 belongs to the new day (R17)', async () => {
    const { body } = await funnel('?by=day&from=2026-11-24&to=2026-11-24');
    expect(body.rows).toEqual([expect.objectContaining({ key: '2026-11-24', attempts: 1 })]);
  });

  it('shows a manager nothing but her own calls', async () => {
    const { body } = await funnel('?by=manager', 'm01');
    expect(body.rows.map((row: { key: string }) => row.key)).toEqual(['m01']);
    expect(body.total.attempts).toBe(5);
  });

  it('follows a corrected outcome at once (CAM-6)', async () => {
    const before = (await funnel()).body.total.connected;
    await test.db.run(sql`update calls.attempt set outcome = 'no_answer' where id = ${figures.refusedAttempt}`);
    expect((await funnel()).body.total.connected).toBe(before - 1);
    await test.db.run(sql`update calls.attempt set outcome = 'refused' where id = ${figures.refusedAttempt}`);
  });
});

describe('CAM-8 the control band', () => {
  it('does not judge too few calls', async () => {
    const { body } = await ask('band');
    expect(body).toMatchObject({ state: 'too-few', lower: 0.34, upper: 0.46, causes: [] });
  });

  it("CAM-8 is judged for the whole list of campaigns at once, within the reader's scope", async () => {
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.campaign where code = 'spring'`);
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/campaigns')).text).toContain(`hx-get="/reports/bands?campaigns=${id}"`);
    const chips = await page.get(`/reports/bands?campaigns=${id}`);
    expect(chips.text).toMatch(new RegExp(`id="band-${id}" hx-swap-oob="true">.*样本太少`));
    expect(chips.text).toContain('57.1%');
    expect((await (await logIn(test, 'planner-w')).get(`/reports/bands?campaigns=${id}`)).text).not.toContain('band-');
    expect((await page.get('/reports/bands?campaigns=1;2')).status).toBe(422);
  });
});

describe('R45 every figure opens exactly the rows it counts', () => {
  it.each([
    'attempts',
    'connected',
    'effective',
    'talk18',
    'converted',
    'ordersOpen',
    'ordersSucceeded',
    'firstDials',
    'customersReached',
    'tasksRecovered',
  ])('%s: tile, table, API and rows agree', async (metric) => {
    const { agent } = await logIn(test, 'supervisor-e');
    const { body } = await funnel();
    const page = await agent.get(`/reports/funnel?campaign=spring&metric=${metric}`).expect(200);
    const drill = page.text.slice(page.text.indexOf('id="drill"'));
    expect((drill.match(/<td class="sc-phone">/g) ?? []).length).toBe(body.total[metric]);
  });

  it('masks the numbers in the rows', async () => {
    const { agent } = await logIn(test, 'supervisor-e');
    const page = await agent.get('/reports/funnel?campaign=spring&metric=attempts').expect(200);
    expect(page.text).toContain('139 **** 0001');
    expect(page.text).not.toContain('139 0000 0001');
  });
});

describe('R47, REP-4 the export is the page', () => {
  it('writes the same numbers as the API, in the order of the page, and leaves a line in the audit log', async () => {
    const { agent } = await logIn(test, 'supervisor-e');
    const file = await agent.get('/exports/files/funnel?campaign=spring&by=manager').buffer(true).parse(binary).expect(200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(file.body);
    const rows = book.worksheets[0]?.getSheetValues().slice(2) as unknown[][];
    const { body } = await funnel('?by=manager');
    const expected = [...body.rows, body.total].map((row) => [row.attempts, row.connected, row.connectRate]);
    expect(rows.map((row) => row.slice(2, 5))).toEqual(expected);
    const audit = await test.db.rows(sql`select action from staff.audit_entry where action = 'export.delivered' and detail ->> 'what' = 'funnel'`);
    expect(audit).toHaveLength(1);
  });

  it('exports exactly the rows behind a figure', async () => {
    const { agent } = await logIn(test, 'supervisor-e');
    const file = await agent.get('/exports/files/funnel-rows?campaign=spring&metric=connected').buffer(true).parse(binary).expect(200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(file.body);
    expect(book.worksheets[0]?.rowCount).toBe(1 + 4);
  });

  it('refuses an export of rows that names no figure', async () => {
    const { agent } = await logIn(test, 'supervisor-e');
    await agent.get('/exports/files/funnel-rows?campaign=spring').expect(400);
  });
});

/** A file as bytes: supertest would read it as text. */
function binary(response: supertest.Response & NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
}
