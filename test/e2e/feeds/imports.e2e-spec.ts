import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { handIn, type Imported } from '../../support/hand-in.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { until } from '../../support/until.js';
import { logIn } from '../../support/visitor.js';
import { zipOf } from '../../support/zip.js';

let test: TestApp;
let house: House;
let planner: ApiClient;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-feeds-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  house = await createHouse(test);
  planner = await house('planner-e');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

const importFile = (file: Buffer | string, { feed = 'customers', who = planner, name = 'file.csv' } = {}): Promise<Imported> =>
  handIn(test, who, `feed=${feed}`, file, name);

const counts = ({ state, read, created, updated, unchanged, duplicate, rejected }: Imported): unknown[] => [
  state,
  read,
  { created, updated, unchanged, duplicate, rejected },
];
const customer = (number: string): Promise<Record<string, unknown>> =>
  test.db.one(sql`
    select c.name, c.gender, c.star_level, c.tier, c.class, c.city, c.birth_year, c.birth_month, c.birth_day, c.birth_calendar, c.status,
           c.sms_consent, c.call_consent, c.customer_no, u.username as manager, o.code as unit, l.kind, l.package, l.arpu_fen, l.contract_end, l.status as line_status
    from customers.line l join customers.customer c on c.id = l.customer_id join staff.org_unit o on o.id = c.org_unit_id
    left join staff.app_user u on u.id = c.manager_id
    where l.number = ${number}`);
const rejectsOf = async (id: string, who = planner): Promise<string[]> => (await who.get(`/imports/${id}/rejects.csv`)).text.split('\r\n');

describe('a broken file is refused with what is wrong and the way out', () => {
  it.each<[string, Buffer | string, string, string]>([
    ['without a required column', '姓名,星级\n张三,1\n', 'column_missing', '缺少必填列“手机号码”，一行也没有读'],
    ['without anything in it', '', 'file_empty', '文件是空的'],
    ['that is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), 'file_image', '这是图片'],
    ['that is a PDF', '%PDF-1.7\n1 0 obj', 'file_pdf', '这是PDF'],
    ['that is a program', Buffer.from('\x7fELF\x02\x01\x01\0\0'), 'file_binary', '不是表格'],
    ['that is an old Excel file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'file_xls', '.xls'],
    ['that is a page in Excel’s clothes', '<html><table><tr><td>手机号码</td></tr></table></html>', 'file_html', '网页格式'],
    ['that is an archive', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'file_archive', '解开'],
    ['that is a ZIP of tables', zipOf({ '客户.csv': '手机号码\n13800138000\n' }), 'book_none', '解开'],
    ['of nothing but the mark of its encoding', '\ufeff', 'file_empty', '文件是空的'],
    ['of nothing but blank lines', '\r\n,,\r\n \r\n', 'file_empty', '文件是空的'],
    ['that is a broken workbook', Buffer.from('PK\x03\x04 and then nothing', 'latin1'), 'file_broken', 'CSV'],
    ['with a title above the header', '2026年11月客户清单,,\n手机号码,姓名\n13800138000,张三\n', 'header_not_first', '第2行'],
    ['with a column twice', '手机号码,phone\n13800138000,13800138000\n', 'column_twice', 'phone'],
    ['with a quote that is never closed', '手机号码,姓名\n13800138000,"张三\n13800138001,李四\n', 'quote_not_closed', '第2行'],
  ])('FED-6 a file %s', async (_name, file, reason, words) => {
    const done = await importFile(file);
    expect([done.state, done.reason]).toEqual(['failed', reason]);
    expect(done.message).toContain(words);
    expect(done.read).toBe(0);
    expect((await test.db.one(sql`select count(*)::int as n from customers.line`)).n).toBe(0);
  });

  it.each([
    ['/imports?feed=weather', 422, 'feed_unknown'],
    ['/imports?feed=segment', 422, 'segment_required'],
    ['/imports?feed=segment&segment=nowhere', 422, 'segment_unknown'],
    ['/imports', 422, 'invalid_input'],
  ])('%s is refused with %i %s', async (path, status, code) => {
    const answer = await planner.upload(path, 'phone\n13800138000\n');
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([status, code]);
  });

  it('without a file there is nothing to import', async () => {
    const answer = await planner.post('/imports?feed=customers');
    expect((answer.body as { error: { code: string } }).error.code).toBe('file_missing');
  });

  it('SYS-1 managers and supervisors hand in no files', async () => {
    for (const username of ['m01', 'supervisor-e'])
      expect((await (await house(username)).upload('/imports?feed=customers', 'phone\n')).status).toBe(403);
  });

  it('no uploaded file stays behind', () => {
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});

describe('FED-1, FED-2 the customers feed', () => {
  const header =
    '手机号码,姓名,性别,星级,客户等级,客户类型,城市,套餐,ARPU,号卡类型,合约到期,生日,历法,入网日期,客户经理,状态,营销短信同意,营销外呼同意';
  const row = '138 0013 8000,陈志远,男,7,钻石,个人,南京,"畅享,融合""199""",244.1,主卡,2027-02-28,1978-10-18,农历,2009/6/18,M01,正常,是,Y';

  it('takes every column, whatever its spelling', async () => {
    expect(counts(await importFile(`\ufeff${header}\r\n${row}\r\n`))).toEqual([
      'done',
      1,
      { created: 1, updated: 0, unchanged: 0, duplicate: 0, rejected: 0 },
    ]);
    expect(await customer('+8613800138000')).toEqual({
      name: '陈志远',
      gender: 'male',
      star_level: 7,
      tier: 'diamond',
      class: 'individual',
      city: '南京',
      birth_year: 1978,
      birth_month: 10,
      birth_day: 18,
      birth_calendar: 'lunar',
      status: 'active',
      sms_consent: true,
      call_consent: true,
      customer_no: null,
      manager: 'm01',
      unit: 'east-1',
      kind: 'main',
      package: '畅享,融合"199"',
      arpu_fen: 24410,
      contract_end: '2027-02-28',
      line_status: 'active',
    });
  });

  it('FED-4 the same bytes again: already imported, nothing changed, counted as unchanged', async () => {
    const done = await importFile(`\ufeff${header}\r\n${row}\r\n`);
    expect(done).toMatchObject({ state: 'done', reason: 'already_imported', message: '这个文件以前导过，没有任何改动', read: 1, unchanged: 1 });
  });

  it('FED-4 other bytes with the same facts: unchanged, and no row is rewritten', async () => {
    const versions = (): Promise<unknown> =>
      test.db.rows(sql`select l.xmin::text, c.xmin::text as c from customers.line l join customers.customer c on c.id = l.customer_id`);
    const before = await versions();
    expect(counts(await importFile(`${header}\n${row}\n\n`))[2]).toMatchObject({ unchanged: 1, updated: 0 });
    expect(await versions()).toEqual(before);
  });

  it('a column the file lacks, or a blank, leaves what is known; a blank consent is no longer known', async () => {
    expect(counts(await importFile('phone,star_level,name,sms_consent\n13800138000,6,,\n'))[2]).toMatchObject({ updated: 1 });
    expect(await customer('+8613800138000')).toMatchObject({
      star_level: 6,
      name: '陈志远',
      manager: 'm01',
      sms_consent: null,
      call_consent: true,
      package: '畅享,融合"199"',
    });
  });

  it('GBK with CRLF, quoted line breaks and semicolons', async () => {
    // 手机号码;姓名 / 13800138001;"张<LF>三" in GBK
    const gbk = Buffer.concat([
      Buffer.from([0xca, 0xd6, 0xbb, 0xfa, 0xba, 0xc5, 0xc2, 0xeb]),
      Buffer.from(';'),
      Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]),
      Buffer.from('\r\n13800138001;"'),
      Buffer.from([0xd5, 0xc5]),
      Buffer.from('\n'),
      Buffer.from([0xc8, 0xfd]),
      Buffer.from('"\r\n'),
    ]);
    expect(counts(await importFile(gbk))[2]).toMatchObject({ created: 1 });
    expect((await customer('+8613800138001')).name).toBe('张\n三');
  });

  it('a later row of the same line replaces an earlier one, which counts as duplicate', async () => {
    expect(counts(await importFile('phone,name\n13800138002,甲\n+86 138-0013-8002,乙\n13800138003,丙\n'))).toEqual([
      'done',
      3,
      { created: 2, updated: 0, unchanged: 0, duplicate: 1, rejected: 0 },
    ]);
    expect((await customer('+8613800138002')).name).toBe('乙');
  });

  it('CUS-1 lines join by customer number; the main card decides; a line without one is its own customer', async () => {
    const file = [
      'phone,customer_no,line_kind,name,star_level,status',
      '13900000001,C1,主卡,王家,5,正常',
      '13900000002,C1,副卡,王家副,2,停机',
      '13900000003,,主卡,散客,1,离网',
    ].join('\n');
    expect(counts(await importFile(file))[2]).toMatchObject({ created: 3 });
    expect(await customer('+8613900000002')).toMatchObject({
      customer_no: 'C1',
      name: '王家',
      star_level: 5,
      status: 'active',
      line_status: 'suspended',
    });
    expect(await customer('+8613900000003')).toMatchObject({ customer_no: null, name: '散客', status: 'churned' });
    const { n } = await test.db.one(sql`select count(distinct l.customer_id)::int as n from customers.line l where number like '+861390000000%'`);
    expect(n).toBe(2);
  });

  it('CUS-1 a customer number that comes later adopts the customer, and takes further lines along', async () => {
    const before = await test.db.one<{ customer_id: string }>(sql`select customer_id from customers.line where number = '+8613900000003'`);
    expect(counts(await importFile('phone,customer_no\n13900000004,C9\n13900000003,C9\n'))[2]).toMatchObject({ created: 1, updated: 1 });
    const after = await test.db.rows<{ customer_id: string }>(sql`
      select customer_id from customers.line where number in ('+8613900000003', '+8613900000004')`);
    expect(after).toEqual([before, before]);
    expect((await customer('+8613900000003')).status).toBe('active'); // its new line is
  });

  it('XLSX: numbers as numbers, days as days; the watermark of our own exports is no second table', async () => {
    const { Workbook } = (await import('exceljs')).default;
    const book = new Workbook();
    const sheet = book.addWorksheet('客户');
    sheet.columns = ['手机号码', '入网日期', 'ARPU', '备注'].map((header) => ({ header, key: header }));
    sheet.addRow({ 手机号码: 13900000009, 入网日期: new Date(Date.UTC(2020, 4, 1)), ARPU: 88.5, 备注: 'x' });
    book.addWorksheet('水印').addRow(['导出编号', 'E1']);
    const done = await importFile(Buffer.from(await book.xlsx.writeBuffer()), { name: '客户.xlsx' });
    expect(counts(done)[2]).toMatchObject({ created: 1 });
    expect((await customer('+8613900000009')).arpu_fen).toBe(8850);
  });
});

describe('FED-3 every rejected row is told with row, column, value and reason', () => {
  const file = [
    '手机号码,姓名,星级,客户经理,生日,历法,备注',
    '13700000001,好,3,m01,,,a',
    '1370000000,短,3,m01,,,b',
    '13700000002,"坏,两处",8,nobody,,,c',
    '13700000003,经理,3,nobody,,,d',
    '13700000004,别市,3,m11,,,e',
    '13700000005,序号,3,m01,36892,,f',
    '13700000006,生日,3,m01,2001-02-30,公历,g',
    '13700000007,农历,3,m01,2001-02-30,农历,h',
    '1.37E+10,科学,3,m01,,,i',
  ].join('\n');
  let done: Imported;

  beforeAll(async () => {
    done = await importFile(file, { name: '客户资料_南京.csv' });
  });

  it('counts them and keeps the rest', () => {
    expect(counts(done)).toEqual(['done', 9, { created: 2, updated: 0, unchanged: 0, duplicate: 0, rejected: 7 }]);
  });

  it('gives them back as a file of the same columns', async () => {
    const answer = await planner.get(`/imports/${done.id}/rejects.csv`);
    expect(answer.headers['content-disposition']).toContain(encodeURIComponent('客户资料_南京-rejects-9planner-e-20261124-1000-E'));
    expect(answer.text.split('\r\n')).toEqual([
      '\ufeff手机号码,姓名,星级,客户经理,生日,历法,备注,row_number,column,value,reason',
      '1370000000,短,3,m01,,,b,3,手机号码,1370000000,手机号应为11位，这里是10位',
      '13700000002,"坏,两处",8,nobody,,,c,4,星级,8,星级只有0到7',
      '13700000003,经理,3,nobody,,,d,5,客户经理,nobody,没有这个用户名的客户经理，或不在您的范围内',
      '13700000004,别市,3,m11,,,e,6,客户经理,m11,没有这个用户名的客户经理，或不在您的范围内',
      '13700000005,序号,3,m01,36892,,f,7,生日,36892,这是Excel的日期序号，像是2001-01-01',
      '13700000006,生日,3,m01,2001-02-30,公历,g,8,生日,2001-02-30,历法里没有这一天',
      '1.37E+10,科学,3,m01,,,i,10,手机号码,1.37E+10,号码被Excel变成了科学计数法，后面几位已经丢失',
      '',
    ]);
  });

  it('takes the corrected file back and drops its own four columns', async () => {
    const [head, ...rows] = await rejectsOf(done.id);
    const mended = rows.filter(Boolean).map((row, i) =>
      row
        .replace(/^[^,]+/, `1360000000${i}`)
        .replace(/,8,nobody|,3,nobody|,3,m11/, ',3,m01')
        .replace('36892', '2001-01-01')
        .replace('2001-02-30', '2001-02-20'),
    );
    expect(counts(await importFile([head, ...mended].join('\r\n')))[2]).toEqual({ created: 7, updated: 0, unchanged: 0, duplicate: 0, rejected: 0 });
  });

  it('several faults of one row stand in one line, parted by semicolons', async () => {
    const two = await importFile('phone,star_level,sms_consent\n13700000001,9,也许\n');
    expect((await rejectsOf(two.id))[1]).toBe(
      '13700000001,9,也许,2,star_level; sms_consent,9; 也许,星级只有0到7; 应为是或否（1/0、Y/N、true/false也可以）',
    );
  });

  it('the same bytes again name the same rejects', async () => {
    const again = await importFile(file);
    expect(again).toMatchObject({ reason: 'already_imported', read: 9, unchanged: 2, rejected: 7, created: 0 });
    expect(await rejectsOf(again.id)).toEqual(await rejectsOf(done.id));
  });

  it('speaks the language of the asker', async () => {
    const answer = await test.http
      .get(`/api/v1/imports/${done.id}/rejects.csv`)
      .set({ authorization: `Bearer ${planner.token}`, 'accept-language': 'en' });
    expect(answer.text).toContain('A mobile number has 11 digits; this one has 10');
  });
});

describe('SYS-1 an import stays within the scope', () => {
  it('a number of another city is refused and left alone', async () => {
    const west = await house('planner-w');
    await importFile('phone,name,manager\n13500000001,西城,m11\n', { who: west });
    const done = await importFile('phone,name\n13500000001,东城改\n');
    expect(counts(done)[2]).toMatchObject({ rejected: 1 });
    expect((await customer('+8613500000001')).name).toBe('西城');
  });

  it('an import of another city is not found', async () => {
    const done = await importFile('phone\n13500000009\n');
    const west = await house('planner-w');
    expect((await west.get(`/imports/${done.id}`)).status).toBe(404);
    expect((await west.get(`/imports/${done.id}/rejects.csv`)).status).toBe(404);
    expect(((await west.get('/imports')).body as { items: unknown[] }).items).toHaveLength(1);
  });
});

describe('FED-4 an import never half-counts', () => {
  const MERGE_LOCK = sql`hashtext('feeds.merge'), hashtext('customers')`;
  const file = 'phone,name\n13300000001,一\n1330000000,短\n13300000002,二\n';
  /** Backends that have staged their rows and wait for the merge before theirs. */
  const waiting = (): Promise<{ pid: number }[]> =>
    test.db.rows(sql`select pid from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`);

  /** Runs `deed` while the import has read its file and may not merge yet. */
  async function whileStaged(deed: (id: string) => Promise<void>): Promise<{ id: string; failed: unknown[] }> {
    const { id } = (await planner.upload('/imports?feed=customers', file)).body as Imported;
    let running: ReturnType<typeof drainJobs> | undefined;
    await test.db.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(${MERGE_LOCK})`);
      running = drainJobs(test.app, { allowFailures: true });
      await until('the import waits for the merge before it', async () => (await waiting()).length === 1);
      await deed(id);
    });
    return { id, failed: (await running)?.failed ?? [] };
  }

  it('the connection dies in the middle: nothing is kept, and the next run starts from the beginning', async () => {
    const { id, failed } = await whileStaged(async (importId) => {
      expect((await planner.get(`/imports/${importId}`)).body).toMatchObject({
        ...{ state: 'running', read: 3, rejected: 1, created: 0 },
        bytesRead: Buffer.byteLength(file),
      });
      for (const { pid } of await waiting()) await test.db.run(sql`select pg_terminate_backend(${pid})`);
      await until('the connection is gone', async () => (await waiting()).length === 0);
    });
    expect(failed).toHaveLength(1);
    expect(await test.db.rows(sql`select 1 from customers.line where number like '+86133%'`)).toEqual([]);
    expect(await test.db.rows(sql`select 1 from feeds.reject_pack where import_id = ${id}`)).toEqual([]);
    test.clock.advance(60_000);
    await drainJobs(test.app);
    expect(counts((await planner.get(`/imports/${id}`)).body as Imported)).toEqual([
      'done',
      3,
      { created: 2, updated: 0, unchanged: 0, duplicate: 0, rejected: 1 },
    ]);
  });

  it('somebody stops it: nothing is kept, and it cannot be stopped twice', async () => {
    await test.db.run(sql`delete from customers.line where number like '+86133%'`);
    await test.db.run(sql`update feeds.import set sha256 = 'other' where state = 'done'`);
    const page = await logIn(test, 'planner-e');
    const { id } = await whileStaged(async (importId) => {
      expect((await page.get(`/imports/${importId}`)).text).toContain('停止并撤销');
      expect((await page.post(`/imports/${importId}/cancel`)).headers.location).toBe(`/imports/${importId}`);
    });
    expect((await planner.get(`/imports/${id}`)).body).toMatchObject({ state: 'cancelled', read: 0, created: 0, rejected: 0 });
    expect(await test.db.rows(sql`select 1 from customers.line where number like '+86133%'`)).toEqual([]);
    const { text } = await page.get(`/imports/${id}`);
    expect([text.includes('已停止，一行也没有写入'), text.includes('停止并撤销')]).toEqual([true, false]);
    expect((await page.post(`/imports/${id}/cancel`)).status).toBe(409);
    expect((await planner.post(`/imports/${id}/cancel`)).body).toMatchObject({ error: { code: 'import_ended' } });
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});

describe('FED-4 a file that takes the server down', () => {
  it('is given up after its fourth start, with the number to tell', async () => {
    const { id } = (await planner.upload('/imports?feed=customers', 'phone,name\n13300000077,一\n')).body as Imported;
    await test.db.run(sql`update feeds.import set state = 'running', starts = 4 where id = ${id}`);
    await drainJobs(test.app);
    const page = await planner.get(`/imports/${id}`);
    expect(page.body).toMatchObject({ state: 'failed', reason: 'cut_off', created: 0 });
    expect(await test.db.rows(sql`select 1 from customers.line where number = '+8613300000077'`)).toEqual([]);
    expect(readdirSync(join(dataDir, 'uploads'))).toEqual([]);
  });
});

describe('star changes and roaming', () => {
  it('CAR-1 the newest change decides the star, one that comes late does not', async () => {
    await importFile('phone,star_level\n13400000001,3\n');
    const first = await importFile('手机号码,原星级,新星级,变动日期\n13400000001,3,5,2026-10-01\n13400000999,1,2,2026-10-01\n', {
      feed: 'star-changes',
    });
    expect(counts(first)[2]).toEqual({ created: 1, updated: 0, unchanged: 0, duplicate: 0, rejected: 1 });
    await importFile('phone,old_star,new_star,changed_on\n13400000001,2,3,2026-05-01\n', { feed: 'star-changes' });
    expect((await customer('+8613400000001')).star_level).toBe(5);
    const again = await importFile('phone,old_star,new_star,changed_on\n13400000001,3,6,2026-10-01\n', { feed: 'star-changes' });
    expect(counts(again)[2]).toMatchObject({ updated: 1 });
    expect((await customer('+8613400000001')).star_level).toBe(6);
  });

  it('CAR-6 roaming use by line, month and destination', async () => {
    const file =
      '手机号码,月份,回国日期,目的地,天数,漫游费\n13400000001,2026-10,2026-10-20,日本,5,88.5\n13400000001,202610,,,,\n13400000001,2026/10,2026-10-21,日本,6,90\n';
    expect(counts(await importFile(file, { feed: 'roaming' }))[2]).toEqual({ created: 2, updated: 0, unchanged: 0, duplicate: 1, rejected: 0 });
    expect(await test.db.rows(sql`select month, destination, days, fee_fen, returned_on from customers.roaming_use order by destination`)).toEqual([
      { month: '2026-10-01', destination: '', days: null, fee_fen: null, returned_on: null },
      { month: '2026-10-01', destination: '日本', days: 6, fee_fen: 9000, returned_on: '2026-10-21' },
    ]);
    expect(counts(await importFile(`${file}\n`, { feed: 'roaming' }))[2]).toMatchObject({ unchanged: 2 });
  });
});

describe('FED-1 package use and bills', () => {
  it('are facts of a line and a month; the same again is unchanged, a correction an update', async () => {
    const use =
      '手机号码,月份,套餐流量,已用流量,套餐外费用\n13400000001,2026-10,20480,21000,3.5\n13400000001,2026-10,20480,22000,4\n13400000999,2026-10,1,1,\n';
    expect(counts(await importFile(use, { feed: 'usage' }))).toEqual([
      'done',
      3,
      { created: 1, updated: 0, unchanged: 0, duplicate: 1, rejected: 1 },
    ]);
    expect(await test.db.rows(sql`select month, data_used_mb, extra_fee_fen, voice_used_min from customers.v_package_use`)).toEqual([
      { month: '2026-10-01', data_used_mb: 22000, extra_fee_fen: 400, voice_used_min: null },
    ]);
    const bill = 'phone,month,amount\n13400000001,2026-10,129.00\n';
    expect(counts(await importFile(bill, { feed: 'bills' }))[2]).toMatchObject({ created: 1 });
    expect(counts(await importFile(`${bill}\n`, { feed: 'bills' }))[2]).toMatchObject({ unchanged: 1 });
    expect(counts(await importFile(bill.replace('129', '139'), { feed: 'bills' }))[2]).toMatchObject({ updated: 1 });
  });
});
