import ExcelJS from 'exceljs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellReader } from '../../../src/feeds/cell.policy.js';
import { FeedRegistry } from '../../../src/feeds/feed-registry.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { handIn, type Imported } from '../../support/hand-in.js';
import { gbk } from '../../support/gbk.js';
import { type ApiClient, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { type ColumnCase, type FeedCase, FEEDS, PHONES, WEST_PHONE } from './feed-cases.js';

let test: TestApp;
let planner: ApiClient;
let registry: FeedRegistry;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-all-feeds-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  const house = await createHouse(test);
  planner = await house('planner-e');
  registry = test.app.get(FeedRegistry, { strict: false });
  await (await house('planner-w')).upload('/imports?feed=customers', `phone,manager\n${WEST_PHONE},m11\n`);
  await planner.upload('/imports?feed=customers', `phone,manager,star_level\n${PHONES.map((phone) => `${phone},m01,5\n`).join('')}`);
  await planner.post('/segments', { code: 'targets', name: '目标' });
  const campaign = { code: 'autumn', name: '秋', kind: 'marketing', startsOn: '2026-10-01', endsOn: '2026-12-31', filter: { starLevel: [5] } };
  expect((await planner.post('/campaigns', campaign)).status).toBe(201);
  await drainJobs(test.app);
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

async function hand({ feed, query = '' }: FeedCase, file: Buffer | string, name?: string): Promise<Imported> {
  const done = await handIn(test, planner, `feed=${feed}${query}`, file, name);
  expect([done.state, done.reason]).toEqual(['done', done.reason]); // the reason, for the message of a failure
  return done;
}

const counts = ({ read, created, updated, unchanged, duplicate, rejected }: Imported): object => ({
  read,
  created,
  updated,
  unchanged,
  duplicate,
  rejected,
});
const rejectsOf = async ({ id }: Imported): Promise<string> => (await planner.get(`/imports/${id}/rejects.csv`)).text;

/** The good cell of a column in the row of a key; what must be unlike in each row follows the key. */
function cellOf({ feed, key }: FeedCase, column: ColumnCase, id: string): string {
  if (column.en === key) return id;
  if (feed === 'call-records' && column.en === 'order_no') return `N${id}`;
  return column.good;
}
const rowOf = (one: FeedCase, id: string): string[] => one.columns.map((column) => cellOf(one, column, id));
const rowOfPhone = (one: FeedCase, phone: string): string[] =>
  one.columns.map((column) => (column.en === 'phone' ? phone : cellOf(one, column, phone)));
const csv = (rows: readonly (readonly string[])[]): string => rows.map((cells) => `${cells.join(',')}\n`).join('');
const english = (one: FeedCase): string[] => one.columns.map(({ en }) => en);
const chinese = (one: FeedCase): string[] => one.columns.map(({ zh }) => zh);
/** What a first row of a key counts as. */
const fresh = ({ onlyUpdates }: FeedCase): object => (onlyUpdates ? { created: 0, updated: 1 } : { created: 1, updated: 0 });

const padded = (text: string): string => text.replaceAll('/', '-').replace(/-(\d)(?!\d)/g, '-0$1');
/** A workbook keeps wall-clock time without a zone. */
const wallClock = (text: string): Date => new Date(text.includes(' ') ? `${text.replace(' ', 'T')}Z` : padded(text));
const typed = (text: string, { cell }: ColumnCase): string | number | Date =>
  text === '' || cell === undefined ? text : cell === 'number' ? Number(text) : wallClock(text);

/** A workbook as a person fills it: numbers are numbers, days are days. */
async function workbook(one: FeedCase, id: string): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Sheet1');
  sheet.columns = chinese(one).map((header) => ({ header, key: header }));
  sheet.addRow(Object.fromEntries(one.columns.map((column) => [column.zh, typed(cellOf(one, column, id), column)])));
  return Buffer.from(await book.xlsx.writeBuffer());
}

it('FED-1 every feed of the interface is there', () => {
  const known = registry.all().map((feed) => feed.code);
  expect(FEEDS.map(({ feed }) => feed).filter((feed) => !known.includes(feed))).toEqual([]);
});

describe.each(FEEDS.map((one): [string, FeedCase] => [one.feed, one]))('feed %s', (_feed, one) => {
  const [first, second, third, spare] = one.keys;
  const file = (): string => csv([english(one), rowOf(one, first), rowOf(one, first), one.columns.map(({ en }) => (en === one.key ? '' : 'x'))]);

  it('FED-2 knows its columns by English and Chinese name, and the required ones are required', () => {
    const declared = registry.byCode(one.feed).columns;
    const own = one.feed === 'segment' ? one.columns.slice(0, 1) : one.columns;
    const said = own.map(({ en }) => declared.find(({ name }) => name === en)).map((column) => [column?.name, column?.required ?? false]);
    expect(said).toEqual(own.map(({ en, required }) => [en, required ?? false]));
  });

  it('FED-1 FED-3 an English file: one row is taken, its repetition a duplicate, the empty one rejected', async () => {
    const done = await hand(one, file());
    expect(counts(done)).toEqual({ read: 3, ...fresh(one), unchanged: 0, duplicate: 1, rejected: 1 });
    expect(await test.db.rows(one.stored(first))).toEqual([one.expected]);
  });

  it('FED-4 the same file again changes nothing and says so', async () => {
    const again = await hand(one, file());
    expect(again.reason).toBe('already_imported');
    expect(counts(again)).toEqual({ read: 3, created: 0, updated: 0, unchanged: 1, duplicate: 1, rejected: 1 });
  });

  it('FED-4 the same row in another file, its columns the other way round, is unchanged', async () => {
    const done = await hand(one, csv([english(one).reverse(), rowOf(one, first).reverse()]));
    expect(counts(done)).toEqual({ read: 1, created: 0, updated: 0, unchanged: 1, duplicate: 0, rejected: 0 });
  });

  it('FED-1 FED-2 a Chinese file in GBK says the same', async () => {
    const done = await hand(one, gbk(csv([chinese(one), rowOf(one, second)]).replaceAll('\n', '\r\n')));
    expect(counts(done)).toEqual({ read: 1, ...fresh(one), unchanged: 0, duplicate: 0, rejected: 0 });
    expect(await test.db.rows(one.stored(second))).toEqual([one.expected]);
  });

  it('FED-1 FED-6 a Chinese workbook with numbers and days in its cells says the same', async () => {
    const done = await hand(one, await workbook(one, third), '导出.xlsx');
    expect(counts(done)).toEqual({ read: 1, ...fresh(one), unchanged: 0, duplicate: 0, rejected: 0 });
    expect(await test.db.rows(one.stored(third))).toEqual([one.expected]);
  });

  it('FED-3 FED-6 a wrong cell rejects its row, also in an optional column; the rejects, corrected, go through as they are', async () => {
    const wrong = one.columns.filter((column) => column.wrong !== undefined);
    const rows = wrong.map((faulty) => one.columns.map((column) => (column === faulty ? (column.wrong ?? '') : cellOf(one, column, spare))));
    const before = await test.db.rows(one.stored(spare));
    const done = await hand(one, csv([english(one), ...rows]));
    expect(counts(done)).toMatchObject({ read: wrong.length, rejected: wrong.length });
    expect(await test.db.rows(one.stored(spare))).toEqual(before);
    const [head = '', ...told] = (await rejectsOf(done)).split('\r\n').filter(Boolean);
    expect(head).toBe(`\ufeff${[...english(one), 'row_number', 'column', 'value', 'reason'].join(',')}`);
    const width = one.columns.length;
    expect(told.map((line) => line.split(',').slice(width, width + 3))).toEqual(
      wrong.map(({ en, wrong: cell = '' }, i) => [String(i + 2), en, cell]),
    );
    const corrected = told.map((line) => [...rowOf(one, spare), ...line.split(',').slice(width)].join(','));
    const mended = await hand(one, [head, ...corrected].join('\r\n'));
    expect(counts(mended)).toEqual({ read: wrong.length, ...fresh(one), unchanged: 0, duplicate: wrong.length - 1, rejected: 0 });
    expect(await test.db.rows(one.stored(spare))).toEqual([one.expected]);
  });

  if (!one.knownNumbers) return;

  it('SYS-1 a number of nobody and a number of another city are rejected alike', async () => {
    const done = await hand(one, csv([english(one), rowOfPhone(one, '13999999999'), rowOfPhone(one, WEST_PHONE)]));
    expect(counts(done)).toEqual({ read: 2, created: 0, updated: 0, unchanged: 0, duplicate: 0, rejected: 2 });
    const told = (await rejectsOf(done)).split('\r\n').slice(1, 3);
    expect(told.map((line) => line.split(',').pop())).toEqual(['没有这个号码的客户，或不在您的范围内', '没有这个号码的客户，或不在您的范围内']);
  });
});

describe('FED-2 the words of the interface', () => {
  it.each([
    ['customers', 'gender', { 男: 'male', 女: 'female', M: 'male', F: 'female' }],
    ['customers', 'tier', { 钻石: 'diamond', 金: 'gold', 银: 'silver', 会员: 'member', 普通: 'ordinary' }],
    [
      'customers',
      'class',
      { 个人: 'individual', 家庭: 'household', 政企: 'enterprise', individual: 'individual', household: 'household', enterprise: 'enterprise' },
    ],
    ['customers', 'line_kind', { 主卡: 'main', 副卡: 'secondary', 其他: 'other' }],
    ['customers', 'status', { 正常: 'active', 停机: 'suspended', 离网: 'churned', active: 'active', suspended: 'suspended', churned: 'churned' }],
    ['customers', 'birthday_calendar', { 公历: 'solar', 农历: 'lunar' }],
    ['customers', 'birthday', { '2001-02-03': '2001-02-03', '20010203': '2001-02-03', '2001/2/3': '2001-02-03', '11-26': '0000-11-26' }],
    ['customers', 'sms_consent', { 是: 't', 否: 'f', '1': 't', '0': 'f', Y: 't', N: 'f', true: 't', false: 'f' }],
    ['offers', 'kind', { 套餐: 'package', 流量包: 'data-pack', 业务包: 'business-pack', 副卡: 'second-card' }],
    ['call-records', 'order_state', { success: 'succeeded', failed: 'failed', open: 'open' }],
    ['orders', 'state', { success: 'succeeded', failed: 'failed', open: 'open' }],
    ['blocks', 'channel', { call: 'call', sms: 'sms', all: 'all' }],
  ])('%s %s: %j', (feed, name, words: Record<string, string>) => {
    const column = registry.byCode(feed).columns.find((each) => each.name === name);
    expect(column).toBeDefined();
    const read = column && cellReader(column);
    expect(Object.fromEntries(Object.keys(words).map((word) => [word, read?.(word)]))).toEqual(words);
  });
});

describe('RET-2 churn scores are a history', () => {
  const scores = FEEDS.find(({ feed }) => feed === 'churn-scores') as FeedCase;
  const now = (phone: string): Promise<object> =>
    test.db.one(sql`
      select s.score::float8 as score, s.scored_on as day, s.reasons from retention.v_churn_score s
      join customers.line l on l.id = s.line_id where l.number = ${`+86${phone}`}`);

  it('the newest is the current one, an older one that comes late is kept and changes nothing', async () => {
    const file = `phone,score,scored_on,reasons\n${PHONES[0]},12%,2026-11-23,降档\n${PHONES[0]},0.99,2026-01-31,\n`;
    expect(counts(await hand(scores, file))).toMatchObject({ created: 2 });
    expect(await now(PHONES[0])).toEqual({ score: 0.12, day: '2026-11-23', reasons: '降档' });
    expect(
      await test.db.rows(
        sql`select 1 from retention.churn_score where line_id = (select id from customers.line where number = ${`+86${PHONES[0]}`})`,
      ),
    ).toHaveLength(3);
  });

  it('one without a day is of today; said again it is unchanged, said otherwise it is corrected', async () => {
    expect(counts(await hand(scores, `phone,score\n${PHONES[1]},0.5\n`))).toMatchObject({ created: 1 });
    expect(counts(await hand(scores, `phone,score\n${PHONES[1]},50%\n`))).toMatchObject({ unchanged: 1 });
    expect(counts(await hand(scores, `phone,score\n${PHONES[1]},0.6\n`))).toMatchObject({ updated: 1 });
    expect(await now(PHONES[1])).toEqual({ score: 0.6, day: '2026-11-24', reasons: null });
  });

  it('goes with the line to the customer who has it now', async () => {
    const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${PHONES[3]}`}`);
    await test.db.run(sql`update customers.line set customer_id = ${id} where number = ${`+86${PHONES[1]}`}`);
    expect(await test.db.rows(sql`select score::float8 as score from retention.v_churn_score where customer_id = ${id} order by 1`)).toEqual([
      { score: 0.6 },
      { score: 0.8725 },
    ]);
  });
});

describe('RET-1 churn intent', () => {
  it('is one for a line, source and day: the same again with a reason tells more of it', async () => {
    const intent = FEEDS.find(({ feed }) => feed === 'churn-intent') as FeedCase;
    expect(counts(await hand(intent, `phone,noted_on\n${PHONES[0]},2026-11-22\n`))).toMatchObject({ created: 1 });
    expect(counts(await hand(intent, `phone,noted_on,reason\n${PHONES[0]},2026-11-22,搬家\n`))).toMatchObject({ updated: 1 });
    expect(counts(await hand(intent, `phone,noted_on,source\n${PHONES[0]},2026-11-22,营业厅\n`))).toMatchObject({ created: 1 });
  });
});
