import ExcelJS from 'exceljs';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Response } from 'supertest';
import { LeftFiles } from '../../../src/feeds/left-files.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn, type PageVisitor } from '../../support/visitor.js';
import { bookOf, zipOf } from '../../support/zip.js';

let test: TestApp;
let planner: ApiClient;
let page: PageVisitor;
const MB = 1024 * 1024;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-columns-'));
const uploads = (): string[] => readdirSync(join(dataDir, 'uploads'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir, uploadLimit: 8 * MB, unpackedLimit: 65 * MB } });
  const house = await createHouse(test);
  planner = await house('planner-e');
  page = await logIn(test, 'planner-e');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

/** Hands a file in by the page. @returns the address it led to */
async function upload(file: string, fields: Record<string, string> = {}): Promise<string> {
  const token = csrfOf((await page.get('/imports')).text);
  const request = page.agent.post('/imports').set('accept', 'text/html').field('_csrf', token);
  for (const [name, value] of Object.entries({ feed: 'customers', ...fields })) void request.field(name, value);
  const answer = await request.attach('file', Buffer.from(file), 'columns.csv');
  expect(answer.status).toBe(303);
  return answer.headers.location as string;
}

const say = async (address: string, columns: string[]): Promise<Response> => {
  const token = csrfOf((await page.get(address)).text);
  const form = new URLSearchParams({ _csrf: token });
  for (const column of columns) form.append('columns', column);
  return page.agent.post(`${address}/mapping`).set('accept', 'text/html').type('form').send(form.toString());
};
const state = async (address: string): Promise<Record<string, unknown>> => (await planner.get(address)).body as Record<string, unknown>;

describe('FED-2 which column is which', () => {
  const file = '客户的手机号码,称呼,内部评级\n13500000001,张三,A\n13500000002,李四,B\n';
  let address: string;

  it('a file with a header nobody knows waits, with its first values and a guess', async () => {
    address = await upload(file);
    const { text } = await page.get(address);
    expect(text).toContain('135 **** 0001、135 **** 0002');
    expect(text).toMatch(/<option value="phone" selected>手机号码（必填）<\/option>/);
    expect(text).toContain('猜的，请核对');
    expect(text).not.toContain('文件里没有认出');
    await drainJobs(test.app);
    expect(await state(address)).toMatchObject({ state: 'mapping', read: 0 });
  });

  it.each([
    ['a required column nobody named', ['', 'name', ''], '还没有说哪一列是“手机号码”', '客户的手机号码'],
    ['a column said twice', ['phone', 'name', 'name'], '“姓名”选了两次', '内部评级'],
    ['a column the feed does not have', ['phone', 'weather', ''], '没有“weather”这一列', '内部评级'],
  ])('%s is refused once, at the choice to mend, the others stay, and the import goes on waiting', async (_name, columns, words, at) => {
    const answer = await say(address, columns);
    expect([answer.status, answer.text.split(words).length - 1]).toEqual([422, 1]);
    expect([...answer.text.matchAll(/<select[^>]*aria-invalid="true"[^>]*aria-label="([^"]*)"/g)].map(([, label]) => label)).toEqual([`${at} 对应`]);
    const shown = [...answer.text.matchAll(/<select[^>]*name="columns"[^]*?<\/select>/g)].map(
      ([select]) => /<option value="([^"]*)" ?selected/.exec(select)?.[1] ?? '',
    );
    expect(shown).toEqual(columns.map((column) => (column === 'weather' ? '' : column)));
    expect(await state(address)).toMatchObject({ state: 'mapping' });
  });

  it('what is said is imported', async () => {
    expect((await say(address, ['phone', 'name', ''])).status).toBe(303);
    await drainJobs(test.app);
    expect(await state(address)).toMatchObject({ state: 'done', read: 2, created: 2 });
    expect(await test.db.rows(sql`select c.name from customers.customer c order by c.name`)).toEqual([{ name: '张三' }, { name: '李四' }]);
    expect((await say(address, ['phone', 'name', ''])).status).toBe(409);
  });

  it('is remembered: the next file with these headers is not asked about, by page or API', async () => {
    const next = await upload(file.replace('13500000002', '13500000003'));
    await drainJobs(test.app);
    expect(await state(next)).toMatchObject({ state: 'done', created: 1, unchanged: 1 });
    expect((await page.get(next)).text).toContain('记住的');
    const answer = await planner.upload('/imports?feed=customers', file.replace('13500000002', '13500000004'));
    await drainJobs(test.app);
    expect(await state(`/imports/${(answer.body as { id: string }).id}`)).toMatchObject({ state: 'done', created: 1, unchanged: 1 });
  });

  it('the API takes a file whose headers are known without asking, and reports the others', async () => {
    const { id } = (await planner.upload('/imports?feed=customers', 'phone,爱好\n13500000001,钓鱼\n')).body as { id: string };
    await drainJobs(test.app);
    expect(await state(`/imports/${id}`)).toMatchObject({ state: 'done', unchanged: 1 });
  });

  it('a file without a required column says so before anything is pressed, and the list claims nothing of its rows', async () => {
    const lacking = await upload('姓名,星级\n张三,5\n');
    expect((await page.get(lacking)).text).toContain('文件里没有认出“手机号码”，这一列必填');
    const other = await upload('手机号码,姓名\n13500000001,王五\n', { ask: 'always' });
    expect((await page.get(other)).text).not.toContain('0行，全部接收');
    for (const one of [lacking, other]) expect((await planner.post(`${one}/cancel`)).status).toBe(200);
  });

  it('who wants to look first is asked, and may stop: the file is gone', async () => {
    const asked = await upload('手机号码,姓名\n13500000001,王五\n', { ask: 'always' });
    expect(await state(asked)).toMatchObject({ state: 'mapping' });
    expect(uploads()).toHaveLength(1);
    const stopped = await planner.post(`${asked}/cancel`);
    expect([stopped.status, (stopped.body as { state: string }).state]).toEqual([200, 'cancelled']);
    expect(uploads()).toEqual([]);
    expect((await planner.post(`${asked}/cancel`)).status).toBe(409);
  });
});

/** Whether this machine lets a test mount a disk of its own, small enough to be filled. */
function canMount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dataDir], { stdio: 'ignore' });
    execFileSync('umount', [dataDir]);
    return true;
  } catch {
    console.log('skipped: no disk can be mounted here, so none can be filled');
    return false;
  }
}

/** What does not pack. */
function noise(bytes: number): Buffer {
  let state = 1;
  return Buffer.from(Uint8Array.from({ length: bytes }, () => (state = (state * 48_271) % 2_147_483_647) >> 8));
}

/** A workbook as Excel writes it. */
async function workbook(rows: ExcelJS.CellValue[][], merged: string[] = []): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('客户');
  rows.forEach((cells, r) => cells.forEach((value, c) => (sheet.getCell(r + 1, c + 1).value = value)));
  for (const range of merged) sheet.mergeCells(range);
  return Buffer.from(await book.xlsx.writeBuffer());
}

async function imported(file: Buffer | string, query = 'feed=customers'): Promise<Record<string, unknown>> {
  const { id } = (await planner.upload(`/imports?${query}`, file, 'file')).body as { id: string };
  await drainJobs(test.app);
  return state(`/imports/${id}`);
}

describe('FED-6 what no table is ends in a clear message, with nothing written', () => {
  const ROW = '<row><c><v>13500000001</v></c></row>';
  const wide = Array.from({ length: 501 }, (_, i) => `列${i}`).join(',');
  it.each<[string, () => Buffer | string, string, string]>([
    ['a zip bomb that lies about its size', () => zipOf({ 'xl/worksheets/sheet1.xml': Buffer.alloc(70 * MB) }), 'zip_bomb', '不像一张表'],
    [
      'an honest workbook that unpacks to more than this installation allows',
      () => zipOf({ 'a.png': noise(MB), 'xl/worksheets/sheet1.xml': Buffer.alloc(66 * MB, ' ') }),
      'zip_too_large',
      '超过65MB',
    ],
    ['two sheets that both hold something', () => zipOf(bookOf({ sheets: { 一月: ROW, 二月: ROW } })), 'book_many_sheets', '一月、二月'],
    ['a row without an end', () => `phone,name\n13500000001,${'长'.repeat(1_100_000)}\n`, 'row_too_long', '第2行'],
    ['more than 500 columns', () => `phone,${wide}\n13500000001\n`, 'too_many_columns', '502个'],
    ['a header merged over two rows', () => '手机号码,客户信息,\n,姓名,星级\n13500000001,张三,3\n', 'header_merged', '第2行'],
    ['a merged title over groups of columns', () => '客户信息,,费用\n手机号码,姓名,ARPU\n13500000001,张三,3\n', 'header_not_first', '第2行'],
  ])('%s', async (_name, make, reason, words) => {
    const { id } = (await planner.upload('/imports?feed=customers', make(), 'file.csv')).body as { id: string };
    await drainJobs(test.app);
    const done = await state(`/imports/${id}`);
    expect([done.state, done.reason, done.read, done.created]).toEqual(['failed', reason, 0, 0]);
    expect(done.message).toContain(words);
    expect(await test.db.rows(sql`select 1 from feeds.reject_pack where import_id = ${id} limit 1`)).toEqual([]);
    expect(uploads()).toEqual([]);
  });

  it.each([
    ['a merged title above the header', ['A1:C1'], [['2026年11月客户清单'], ['手机号码', '姓名', '星级']], 'header_not_first', '第2行'],
    [
      'a header merged over two rows',
      ['A1:A2', 'B1:C1'],
      [
        ['手机号码', '客户信息'],
        ['', '姓名', '星级'],
      ],
      'header_merged',
      '第2行',
    ],
  ])('a workbook with %s', async (_name, merged, head, reason, words) => {
    const done = await imported(await workbook([...head, [13500000001, '张三', 3]], merged));
    expect([done.state, done.reason, done.read]).toEqual(['failed', reason, 0]);
    expect(done.message).toContain(words);
  });

  it('a file of a header alone is done, and says that there was nothing in it, each time', async () => {
    for (const file of ['手机号码,姓名\n', '手机号码,姓名\n']) {
      expect(await imported(file)).toMatchObject({
        state: 'done',
        reason: 'no_rows',
        message: expect.stringContaining('没有数据') as string,
        read: 0,
      });
    }
  });

  it('FED-6 the traps of a workbook are named cell by cell; what is meant is read', async () => {
    const rows: ExcelJS.CellValue[][] = [
      ['手机号码', '客户编码', '生日', 'ARPU'],
      [13500000031, 'A-1', new Date(Date.UTC(1990, 0, 2)), 88.5],
      ['13500000032\t', '="00123"', '1990-01-02', '88.5'],
      ['1.35E+10', 'A-3', '1990-01-02', 1],
      [13500000034, 1.10101199003071e17, '1990-01-02', 1],
      [13500000035, 'A-5', 32875, 1],
      [13500000036, { error: '#N/A' }, '1990-01-02', 1],
      [13500000037, { formula: 'A1' }, '1990-01-02', { error: '#DIV/0!' }],
    ];
    const done = await imported(await workbook(rows));
    expect(done).toMatchObject({ state: 'done', read: 7, created: 2, rejected: 5 });
    const told = (await planner.get(`/imports/${String(done.id)}/rejects.csv`)).text.split('\r\n').slice(1, -1);
    expect(told.map((line) => line.split(',').slice(4, 7).join(','))).toEqual([
      '4,手机号码,1.35E+10',
      '5,客户编码,1.10101199003071E+17',
      '6,生日,32875',
      '7,客户编码,#N/A',
      '8,客户编码; ARPU,#FORMULA =A1; #DIV/0!',
    ]);
    expect(
      await test.db.rows(sql`select c.customer_no, c.birth_day from customers.line l join customers.customer c on c.id = l.customer_id
      where l.number in ('+8613500000031', '+8613500000032') order by l.number`),
    ).toEqual([
      { customer_no: 'A-1', birth_day: 2 },
      { customer_no: '00123', birth_day: 2 },
    ]);
  });

  it('FED-6 spreadsheet traps are named; trailing tabs, blanks and empty columns do no harm', async () => {
    const file =
      '手机号码,生日,入网日期\t,,\n1.33113E+10,1990-01-02,2020-01-01,,\n13500000011 \t,32874,2020-01-01,,\n13500000012\t,1990-01-02\t,45231,,\n13500000013 ,19900102 , 2020/1/1\t,,\n';
    const { id } = (await planner.upload('/imports?feed=customers', file)).body as { id: string };
    await drainJobs(test.app);
    expect(await state(`/imports/${id}`)).toMatchObject({ state: 'done', read: 4, created: 1, rejected: 3 });
    const rejects = (await planner.get(`/imports/${id}/rejects.csv`)).text;
    for (const words of ['科学计数法', '日期序号，像是1990-01-01', '日期序号，像是2023-11-01']) expect(rejects).toContain(words);
  });
});

describe('a file there is no room for is refused, and nothing of it is kept', () => {
  const large = Buffer.concat([Buffer.from('手机号码\n'), Buffer.alloc(9 * MB, '13500000001\n')]);

  it('FED-1 by API: more than the installation allows', async () => {
    const answer = await planner.upload('/imports?feed=customers', large);
    expect([answer.status, answer.body]).toMatchObject([413, { error: { code: 'file_too_large', param: 'file' } }]);
    expect((answer.body as { error: { message: string } }).error.message).toContain('超过8MB');
    expect(uploads()).toEqual([]);
  });

  it('FED-1 by page: the form comes back with what was typed, and the sentence at the file', async () => {
    const token = csrfOf((await page.get('/imports')).text);
    const fields = { _csrf: token, feed: 'segment', segment: 'vip', segmentName: '贵宾' };
    const answer = await page.agent.post('/imports').set('accept', 'text/html').field(fields).attach('file', large, 'large.csv');
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('超过8MB');
    expect(answer.text).toMatch(/value="segment" selected/);
    expect(answer.text).toContain('value="贵宾"');
    expect(uploads()).toEqual([]);
  });

  (canMount() ? it : it.skip)('a full disk: whoever sends the file is told, and the process lives on', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', join(dataDir, 'uploads')]);
    try {
      const answer = await planner.upload('/imports?feed=customers', large.subarray(0, 4 * MB));
      expect([answer.status, answer.body]).toMatchObject([507, { error: { code: 'disk_full', param: 'file' } }]);
      expect(uploads()).toEqual([]);
    } finally {
      execFileSync('umount', [join(dataDir, 'uploads')]);
    }
    expect(await imported('手机号码\n13500000041\n')).toMatchObject({ state: 'done', created: 1 });
  });
});

describe('FED-3, R28 a file of nothing but errors', () => {
  const COUNT = 120_000;
  /** Every second number is too short, which the reader sees; the others are no customers, which the database sees. */
  const number = (i: number): string => (i % 2 === 0 ? `1${i}` : `139${String(i).padStart(8, '0')}`);
  const file = `手机号码,推荐套餐\n${Array.from({ length: COUNT }, (_, i) => `${number(i)},"套餐,${i}"\n`).join('')}`;
  let id: string;
  let rejects: string;

  it('is taken whole: all rows are refused, counted by reason, and take less room than the file', async () => {
    await planner.post('/segments', { code: 'all-wrong', name: '全错' });
    id = ((await planner.upload('/imports?feed=segment&segment=all-wrong', file)).body as { id: string }).id;
    await drainJobs(test.app);
    expect(await state(`/imports/${id}`)).toMatchObject({ state: 'done', read: COUNT, rejected: COUNT, created: 0, duplicate: 0 });
    const { reasons, bytes } = await test.db.one<{ reasons: object; bytes: number }>(sql`
      select i.reject_reasons as reasons, (select sum(pg_column_size(rows))::int from feeds.reject_pack where import_id = i.id) as bytes
      from feeds.import i where i.id = ${id}`);
    expect(reasons).toEqual({ phone_length: COUNT / 2, customer_unknown: COUNT / 2 });
    expect(bytes).toBeLessThan(Buffer.byteLength(file) * 1.5);
    expect(uploads()).toEqual([]);
  });

  it('gives back every row in the order of the file, as it stood', async () => {
    rejects = (await planner.get(`/imports/${id}/rejects.csv`)).text;
    const lines = rejects.split('\r\n');
    expect([lines.length, lines[0], lines[COUNT + 1]]).toEqual([COUNT + 2, '\ufeff手机号码,推荐套餐,row_number,column,value,reason', '']);
    const wrong = lines.slice(1, -1).filter((line, i) => !line.startsWith(`${number(i)},"套餐,${i}",${i + 2},手机号码,${number(i)},`));
    expect(wrong).toEqual([]);
  });

  it('shows the first of each reason on its page, and says what to look at first', async () => {
    const { text } = await page.get(`/imports/${id}?reason=customer_unknown`);
    expect(text).toContain('查无此客户 60,000');
    expect(text).toContain('<code>13900000099</code>');
    expect(text).not.toContain('<code>100</code>');
    expect(text).toContain('文件种类和列对应');
  });

  it('the same file again names the same rejects without keeping them twice', async () => {
    const again = ((await planner.upload('/imports?feed=segment&segment=all-wrong', file)).body as { id: string }).id;
    await drainJobs(test.app);
    expect(await state(`/imports/${again}`)).toMatchObject({ state: 'done', reason: 'already_imported', rejected: COUNT });
    expect((await planner.get(`/imports/${again}/rejects.csv`)).text === rejects).toBe(true);
    expect(await test.db.rows(sql`select 1 from feeds.reject_pack where import_id = ${again}`)).toEqual([]);
  });

  (existsSync('/dev/full') ? it : it.skip)('ends with what to do when the disk is full, and keeps nothing', async () => {
    const { id: full } = (await planner.upload('/imports?feed=customers', 'phone\n1\n')).body as { id: string };
    const path = (await test.db.one<{ path: string }>(sql`select stored_path as path from feeds.import where id = ${full}`)).path;
    symlinkSync('/dev/full', `${path}.rejects`);
    await drainJobs(test.app);
    expect(await state(`/imports/${full}`)).toMatchObject({ state: 'failed', reason: 'disk_full', read: 0 });
    expect((await state(`/imports/${full}`)).message).toContain('磁盘满了');
    expect(uploads()).toEqual([]);
  });

  it('ends with a word when the file is gone from the server', async () => {
    const { id: lost } = (await planner.upload('/imports?feed=customers', 'phone\n1\n')).body as { id: string };
    for (const name of uploads()) rmSync(join(dataDir, 'uploads', name));
    await drainJobs(test.app);
    expect(await state(`/imports/${lost}`)).toMatchObject({ state: 'failed', reason: 'file_lost' });
  });
});

const telco = resolve('../shared/data/telco-churn-train.csv');
if (!existsSync(telco)) console.log('skipped: the real table of ../shared/data/telco-churn-train.csv is not here');

(existsSync(telco) ? describe : describe.skip)('FED-1, CAM-2 a real table of 4,926 telecom customers', () => {
  it('becomes a segment by the page, every cell of every row in its place', async () => {
    const [header = '', ...lines] = readFileSync(telco, 'utf8').trim().split(/\r?\n/); // no cell of it is quoted
    const phone = (i: number): string => `138${String(i).padStart(8, '0')}`;
    expect(await imported(`手机号码\n${lines.map((_, i) => phone(i)).join('\n')}\n`)).toMatchObject({ read: 4926, created: 4926 });
    const file = [`${header},手机号码`, ...lines.map((line, i) => `${line},${phone(i)}`)].join('\n');
    const address = await upload(file, { feed: 'segment', segment: 'telco', segmentName: '流失' });
    await drainJobs(test.app);
    expect(await state(address)).toMatchObject({ state: 'done', read: 4926, created: 4926, rejected: 0, duplicate: 0 });
    const members = await test.db.rows<{ attributes: Record<string, string> }>(sql`
      select m.attributes from segments.member m join segments.segment s on s.id = m.segment_id join customers.line l on l.id = m.line_id
      where s.code = 'telco' order by l.number`);
    const names = header.split(',');
    const told = members.map(({ attributes }) => names.map((name) => attributes[name] ?? '').join(','));
    expect(told).toEqual(
      lines.map((line) =>
        line
          .split(',')
          .map((cell) => cell.trim())
          .join(','),
      ),
    );
  });
});

describe('FED-4 what a killed process left in the folder', () => {
  it('is swept away when it is a day old; the file of a waiting import stays', async () => {
    const address = await upload('手机号码,姓名\n13500000021,王五\n', { ask: 'always' });
    writeFileSync(join(dataDir, 'uploads', 'half'), 'phone');
    const [old, now] = [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-22T00:00:00Z')];
    for (const name of uploads()) utimesSync(join(dataDir, 'uploads', name), old, old);
    expect(await test.app.get(LeftFiles, { strict: false }).sweep(now.getTime())).toBe(1);
    expect(uploads()).toHaveLength(1);
    await planner.post(`${address}/cancel`);
  });
});
