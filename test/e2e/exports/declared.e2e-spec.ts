import ExcelJS from 'exceljs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { ExportRegistry } from '../../../src/exports/export-registry.js';
import { FORMATS, type Format } from '../../../src/exports/exports.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { CsvParser } from '../../../src/platform/spreadsheet/csv-parser.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';

/** A filter for each export that finds rows in the poisoned world below. A new export stands here too, or the first test fails. */
const FILTERS: Record<string, () => string> = {
  audit: () => 'action=block.added',
  blocks: () => '',
  'blast-messages': () => 'blast=poison',
  'blast-figures': () => 'blast=poison',
  'campaign-list': () => 'campaign=poison',
  breaches: () => '',
  'care-forecast': () => '',
  'care-forecast-rows': () => '',
  'care-misses': () => 'within=90',
  coverage: () => 'from=2026-11-01&to=2026-11-30',
  'coverage-rows': () => 'metric=visitsDue&from=2026-11-01&to=2026-11-30',
  customers: () => '',
  'event-invitations': () => `event=${happening}`,
  funnel: () => 'campaign=poison',
  'funnel-rows': () => 'campaign=poison&metric=attempts',
  'model-scores': () => 'model=poison&segment=poison',
  monthly: () => 'month=2026-11',
  orders: () => '',
  promises: () => '',
  productivity: () => '',
  'productivity-rows': () => 'metric=attempts',
  'provider-returns': () => '',
  providers: () => '',
  returns: () => '',
  rejects: () => `id=${rejected}`,
  'retention-analysis': () => '',
  'retention-cases': () => '',
  'segment-members': () => 'segment=poison',
  tickets: () => '',
  'unmatched-records': () => '',
};
/** The sheets after the data: what the figures mean, and the watermark. */
const AFTER_DATA = new Set(['指标口径', '水印']);
/** What spreadsheets would run, were it let: each is somebody's name, package, column, reason or note. */
const POISON = ['=HYPERLINK("http://x.cn")', '+SUM(A1:A9)', '-1+1|cmd', '@SUM(1)', '＝1+1'];
const NUMBERS = ['13955500001', '13955500002', '13955500003', '13955500004', '13955500005'];
/** Would run: begins like a formula and is no plain signed number. */
const RUNS = /^\s*[=+\-@＝＋－＠](?![\d.,%]+$)/;

const dataDir = mkdtempSync(join(tmpdir(), 'starcare-declared-'));
let test: TestApp;
let house: House;
let rejected = '';
let happening = '';
let page: PageVisitor;

async function must<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  await drainJobs(test.app);
  return answer.body as T;
}

async function poison(): Promise<void> {
  const [admin, planner, manager] = await Promise.all(['admin', 'planner-e', 'm01'].map(house));
  if (!admin || !planner || !manager) throw new Error('nobody is in the house');
  const quote = (text = ''): string => `"${text.replaceAll('"', '""')}"`;
  const customers = NUMBERS.map((number, i) => `${number},${quote(POISON[i])},5,m01,${quote(POISON[i])},${quote(POISON[i])},Y,Y`);
  await must(
    planner.upload('/imports?feed=customers', ['phone,name,star_level,manager,package,city,sms_consent,call_consent', ...customers].join('\n')),
  );
  await must(planner.post('/segments', { code: 'poison', name: POISON[0] }));
  const members = NUMBERS.map((number, i) => `${number},${quote(POISON[i])}`);
  await must(planner.upload('/imports?feed=segment&segment=poison', [`phone,${quote(POISON[1])}`, ...members].join('\n')));
  ({ id: rejected } = await must<{ id: string }>(
    planner.upload('/imports?feed=customers', ['phone,name', ...POISON.map((text) => `${quote(text)},${quote(text)}`)].join('\n')),
  ));
  await must(planner.post('/campaigns', { code: 'poison', name: POISON[0], kind: 'marketing', startsOn: '2026-11-01', segment: 'poison' }));
  await must(planner.post('/campaigns/poison/launch'));
  const dispatched = NUMBERS.map((number, i) => `${quote(POISON[i])},${number},poison,2026-11-30,省公司,${quote(POISON[i])}`);
  await must(planner.upload('/imports?feed=dispatch', ['dispatch_no,phone,campaign,deadline,source,note', ...dispatched].join('\n')));
  const done = await must<{ task: { id: string } }>(manager.post('/call-desk/next', {}));
  await must(manager.post(`/tasks/${done.task.id}/attempts`, { outcome: 'reached', talkSeconds: 30 }));
  const { task } = await must<{ task: { id: string } }>(manager.post('/call-desk/next', {}));
  await must(manager.post(`/tasks/${task.id}/attempts`, { outcome: 'suspended', talkSeconds: 0, note: POISON[0] }));
  await must(planner.post('/sms/templates', { code: 'poison', name: 'x', purpose: 'marketing', signature: '中国电信', body: '{{name}}' }));
  await must(admin.post('/sms/templates/poison/approve'));
  await must(planner.post('/sms/blasts', { code: 'poison', template: 'poison', segment: 'poison', gateway: 'simulator' }));
  await must(planner.post('/sms/blasts/poison/start'));
  for (const reason of POISON) await must(planner.post('/contact/blocks', { phone: '13955500009', channel: 'all', reason }));
  await must(
    planner.upload(
      '/imports?feed=call-records',
      `被叫,开始时间,工号,释放原因,通话时长,录音\n${NUMBERS[0]},2026-11-22 09:00:10,=9,16,30,${POISON[3]}`,
    ),
  );
  for (const text of POISON) await must(manager.post('/tickets', { kind: 'fault', text, phone: NUMBERS[0] }));
  await must(manager.post('/retention/cases', { phone: NUMBERS[4], source: 'termination', note: POISON[0] }));
  const salon = { kind: 'salon', title: POISON[0], place: 'x', day: '2026-12-01', from: '14:00', to: '16:00' };
  ({ id: happening } = await must<{ id: string }>(planner.post('/care/events', salon)));
  await must(planner.post(`/care/events/${happening}/invitations`, { segment: 'poison' }));
  await test.db.run(sql`update care.invitation set excluded = null, note = ${POISON[1]}`);
  const weights = {
    intercept: 0,
    columns: [{ kind: 'category', name: POISON[1], levels: { [POISON[0] ?? '']: 1 }, rare: 2, missing: 3, centre: 0 }],
  };
  await test.db.run(sql`
    insert into retention.churn_model (code, version, org_unit_id, segment_id, label, positive, parameters, card, in_use, made_by, made_at)
    select 'poison', 1, s.org_unit_id, s.id, 'x', 'x', ${JSON.stringify(weights)}::jsonb, '{}', true, s.created_by, ${test.clock.now()}
    from segments.segment s where s.code = 'poison'`);
  const { id } = await must<{ id: string }>(planner.post('/care/plan-runs', { date: '2026-11-24' }));
  await test.db.run(sql`
    insert into reports.breach (campaign_id, rate, direction, opened_at, seen_at, attempts, connected)
    select id, 'total', 'below', ${test.clock.now()}, ${test.clock.now()}, 200, 20 from campaigns.campaign where code = 'poison'`);
  await test.db.run(sql`
    insert into calls.sales_order (attempt_id, campaign_id, customer_id, product, close_reason, opened_at)
    select id, campaign_id, customer_id, ${POISON[0]}, ${POISON[1]}, started_at from calls.attempt limit 1`);
  for (const text of POISON)
    await test.db.run(sql`
      insert into calls.promise (customer_id, attempt_id, kind, text, owner_id, due_on, made_by, made_at)
      select customer_id, id, 'other', ${text}, manager_id, '2026-11-25', manager_id, started_at from calls.attempt limit 1`);
  await test.db.run(sql`
    insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, plan_run_id, created_at)
    select 'star-revisit', id, '2026-11', 'call', '2026-11-20', '2026-11-30', '2026-11-01', '{}', 1, ${id}, ${test.clock.now()} from customers.customer`);
  await test.db.run(sql`
    with f as (insert into care.forecast (day, until_on, org_path, policy, state, created_at, finished_at)
      values ('2026-11-24', '2027-02-21', '/', '', 'done', ${test.clock.now()}, ${test.clock.now()}) returning id),
    d as (insert into care.forecast_day select f.id, u.id, '2026-11-24', 5, 40 from f, staff.app_user u where u.username = 'm01'),
    r as (insert into care.forecast_row select f.id, u.id, '2026-11-24', c.id, 'star-revisit', 'call', '2026-11-30', true, true
      from f, staff.app_user u, customers.customer c where u.username = 'm01')
    insert into care.forecast_miss select f.id, c.id, null, 'star-revisit', '2026-11', 5, '2026-11-30', 'no_manager', true from f, customers.customer c`);
}

/** The data of a file as text, each sheet with its header first; a cell that is a formula says so. */
async function sheetsOf(file: Buffer, format: Format): Promise<string[][][]> {
  if (format === 'csv') {
    const parser = new CsvParser(',');
    return [[...parser.push(file.toString('utf8').replace(/^\ufeff/, '')), ...parser.end()]];
  }
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  return book.worksheets.filter(({ name }) => !AFTER_DATA.has(name)).map(textsOf);
}

function textsOf(sheet: ExcelJS.Worksheet): string[][] {
  const rows: string[][] = [];
  sheet.eachRow({ includeEmpty: true }, (row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, ({ value, type }) =>
      cells.push(type === ExcelJS.ValueType.Formula ? `=${JSON.stringify(value)}` : typeof value === 'object' ? '' : String(value)),
    );
    rows.push(cells);
  });
  return rows;
}

/** Of a file that has one. */
const cellsOf = async (file: Buffer, format: Format): Promise<string[][]> => (await sheetsOf(file, format))[0] ?? [];

const take = async (what: string, format: Format): Promise<Buffer> => {
  const answer = await page.agent
    .get(`/exports/files/${what}?${FILTERS[what]?.() ?? ''}&format=${format}`)
    .buffer(true)
    .parse(((response: NodeJS.EventEmitter, done: (error: null, body: Buffer) => void) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
    }) as never);
  if (answer.status !== 200 || !answer.headers['content-disposition']) throw new Error(`${answer.status} ${String(answer.body)}`);
  return answer.body as Buffer;
};

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  house = await createHouse(test);
  await poison();
  page = await logIn(test, 'admin');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('REP-4 every declared export is walked below, and has a title in both languages', async () => {
  const sources = test.app.get(ExportRegistry, { strict: false }).all();
  expect(sources.map(({ code }) => code).sort()).toEqual(Object.keys(FILTERS).sort());
  for (const locale of ['zh', 'en']) {
    await page.get(`/account?lang=${locale}`);
    for (const { code, formats } of sources) {
      await take(code, formats?.[0] ?? 'csv');
      expect((await page.get('/exports')).text).not.toContain(`exports.what.${code}`);
    }
  }
  await page.get('/account?lang=zh');
});

describe.each(Object.keys(FILTERS))('REP-4 the export %s', (what) => {
  const formats = (): readonly Format[] =>
    test.app
      .get(ExportRegistry, { strict: false })
      .all()
      .find(({ code }) => code === what)?.formats ?? FORMATS;

  it('FED-6 holds no cell a spreadsheet would run, and numbers of people as text', async () => {
    for (const format of formats()) {
      const cells = (await sheetsOf(await take(what, format), format)).flat(2);
      expect(cells.filter((cell) => RUNS.test(cell))).toEqual([]);
    }
    if (!formats().includes('xlsx')) return;
    const book = new ExcelJS.Workbook();
    const file = await take(what, 'xlsx');
    await book.xlsx.load(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
    const asNumbers: unknown[] = [];
    book.worksheets[0]?.eachRow((row) => row.eachCell(({ value }) => typeof value === 'number' && value > 1e9 && asNumbers.push(value)));
    expect(asNumbers).toEqual([]);
  });

  it('has as many rows as it says, more than none, as many cells in each as in the header', async () => {
    for (const format of formats()) {
      const sheets = (await sheetsOf(await take(what, format), format)).map(([header = [], ...rows]) => ({ header, rows }));
      const { told } = await test.db.one<{ told: number }>(sql`select rows as told from exports.export order by id desc limit 1`);
      expect([format, sheets.flatMap(({ rows }) => rows).length]).toEqual([format, told]);
      expect(told).toBeGreaterThan(0);
      for (const { header, rows } of sheets) {
        expect(rows.filter((row) => row.length > header.length)).toEqual([]);
        if (format === 'csv') expect(rows.filter((row) => row.length !== header.length)).toEqual([]);
      }
    }
  });
});

it('FED-3 a file of rejected rows comes back as it went out, guarded cells and all: the same rows are rejected for the same reasons', async () => {
  const planner = await house('planner-e');
  const first = await cellsOf(await take('rejects', 'csv'), 'csv');
  const text = (await planner.get(`/imports/${rejected}/rejects.csv`)).text;
  expect(text).toContain("'=HYPERLINK");
  const { id } = await must<{ id: string }>(planner.upload('/imports?feed=customers', `${text}\r\n`));
  const again = (await planner.get(`/imports/${id}/rejects.csv`)).text;
  const parser = new CsvParser(',');
  expect([...parser.push(again.replace(/^\ufeff/, '')), ...parser.end()]).toEqual(first);
  expect((await planner.get(`/imports/${id}`)).body).toMatchObject({ read: POISON.length, rejected: POISON.length });
});
