import ExcelJS from 'exceljs';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { readMark } from '../../../src/platform/spreadsheet/csv-mark.js';
import { goodByeAt } from '../../support/good-bye.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { type ApiClient, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn, type PageVisitor } from '../../support/visitor.js';
import { smallWorld } from '../reports/small-world.js';

/** Seven rows, more than the three that go at once here. */
const SEVEN = { what: 'funnel-rows', filter: { campaign: 'spring', metric: 'attempts' } };
const ADDRESS = '/exports/files/funnel-rows?campaign=spring&metric=attempts';
const HOURS = 3_600_000;

interface Asked {
  id: string;
  number: string;
  state: string;
  rows: number;
  requestedBy: string;
  decidedBy: string | null;
  refusal: string | null;
  fault: string | null;
  expiresAt: string | null;
}

const dataDir = mkdtempSync(join(tmpdir(), 'starcare-exports-'));
let test: TestApp;
let house: House;
let admin: ApiClient;
let planner: ApiClient;
let supervisor: ApiClient;
let second: ApiClient;
let client: ApiClient;

const binary = (response: Response & NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
};
const fileOf = async (page: PageVisitor, address: string): Promise<Response> =>
  page.agent
    .get(address)
    .buffer(true)
    .parse(binary as never);
const asked = (answer: Response): Asked => answer.body as Asked;
const code = (answer: Response): string | undefined => (answer.body as { error?: { code: string } }).error?.code;
const ask = async (who: ApiClient, more: object = {}): Promise<Asked> => asked(await who.post('/exports', { ...SEVEN, reason: '核对报表', ...more }));
const now = async (who: ApiClient, id: string): Promise<Asked> => asked(await who.get(`/exports/${id}`));
const audited = (action: string): Promise<{ actor: string; id: string; detail: Record<string, unknown> }[]> =>
  test.db.rows(sql`select actor, object_id as id, detail from staff.audit_entry where action = ${action} order by id`);
const onDisk = (): string[] => {
  try {
    return readdirSync(join(dataDir, 'exports'));
  } catch {
    return [];
  }
};
const sheets = async (file: Buffer): Promise<ExcelJS.Workbook> => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  return book;
};

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  ({ house } = await smallWorld(test));
  admin = await house('admin');
  for (const [username, role, orgUnit] of [
    ['supervisor-2', 'supervisor', 'east'],
    ['supervisor-w', 'supervisor', 'west'],
    ['client-e', 'client', 'east'],
    ['judge-e', 'judge', 'east'],
  ])
    await admin.post('/users', { username, role, orgUnit, name: username, password: PASSWORD });
  planner = await house('planner-e');
  supervisor = await house('supervisor-e');
  second = await house('supervisor-2');
  client = await house('client-e');
  expect((await admin.put('/exports/settings', { rowsAtOnce: 3, hoursKept: 4 })).status).toBe(200);
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('SYS-2 an export of few rows', () => {
  let page: PageVisitor;
  let file: Response;

  beforeAll(async () => {
    page = await logIn(test, 'supervisor-e');
    file = await fileOf(page, '/exports/files/funnel-rows?campaign=spring&metric=converted');
  });

  it('goes at once, marked in its name, in a sheet of its own and on every printed page', async () => {
    expect(file.status).toBe(200);
    const [delivered] = await audited('export.delivered');
    const name = decodeURIComponent(/filename\*=UTF-8''(.+)$/.exec(file.headers['content-disposition'] ?? '')?.[1] ?? '');
    expect(name).toBe(`外呼明细-9supervisor-e-20261124-1000-E${delivered?.id}.xlsx`);
    const book = await sheets(file.body as Buffer);
    expect(book.worksheets.map((sheet) => sheet.name)).toEqual(['成交', '水印']);
    const mark = `E${delivered?.id} · 9supervisor-e 赵敏 · 2026-11-24 10:00`;
    expect(book.worksheets[0]?.headerFooter.oddFooter).toBe(`&C${mark}`);
    expect(book.worksheets[1]?.getCell('B1').value).toBe(mark);
    expect(book.worksheets[0]?.rowCount).toBe(1 + 2);
  });

  it('stands in the audit log with what, how many and which filter, before a byte has left', async () => {
    expect(await audited('export.delivered')).toMatchObject([
      { actor: 'supervisor-e', detail: { what: 'funnel-rows', format: 'xlsx', rows: 2, filter: { campaign: 'spring', metric: 'converted' } } },
    ]);
  });

  it('FED-6 writes numbers as text', async () => {
    const number = (await sheets(file.body as Buffer)).worksheets[0]?.getCell('D2');
    expect([typeof number?.value, number?.numFmt]).toEqual(['string', '@']);
  });

  it('is on the list of the person, whose it alone is', async () => {
    expect((await page.get('/exports')).text).toContain('外呼明细');
    expect(((await planner.get('/exports')).body as { items: [] }).items).toEqual([]);
  });

  it('REP-4 is refused where the page refuses: another scope, another role, a format or a filter that is none', async () => {
    expect((await (await logIn(test, 'planner-w')).get('/exports/files/funnel?campaign=spring')).status).toBe(404);
    expect((await (await logIn(test, 'client-e')).get(ADDRESS)).status).toBe(403);
    expect((await page.get('/exports/files/salaries')).status).toBe(404);
    expect((await page.get(`${ADDRESS}&format=pdf`)).status).toBe(422);
    expect(code(await supervisor.post('/exports', { ...SEVEN, filter: { campain: 'spring', metric: 'attempts' } }))).toBe('invalid_input');
    expect(((await supervisor.get('/exports')).body as { items: [] }).items).toHaveLength(1);
  });

  it('a manager’s holds her own calls only, with masked numbers', async () => {
    const own = await sheets((await fileOf(await logIn(test, 'm02'), '/exports/files/funnel-rows?campaign=spring&metric=attempts')).body as Buffer);
    const rows = own.worksheets[0]?.getSheetValues().slice(2) as unknown[][];
    expect(rows.map((row) => row[4])).toEqual(['139 **** 0004', '139 **** 0004']);
  });
});

describe('SYS-2 an export of many rows (金库)', () => {
  it('is not delivered: the page says how many rows and asks what for', async () => {
    const page = await logIn(test, 'planner-e');
    const form = await page.get(ADDRESS);
    expect([form.status, form.headers['content-disposition']]).toEqual([200, undefined]);
    expect(form.text).toContain('共7行，超过3行，要由第二人批准');
    const filter = JSON.stringify(SEVEN.filter);
    const again = await page.post('/exports', { what: SEVEN.what, filter, reason: '' });
    expect([again.status, again.text.includes('请写明用途')]).toEqual([422, true]);
    expect((await page.post('/exports', { what: SEVEN.what, filter: '{', reason: '核对报表' })).status).toBe(400);
    const sent = await page.post('/exports', { what: SEVEN.what, filter, reason: '核对报表' });
    expect([sent.status, sent.headers.location]).toEqual([303, expect.stringMatching(/^\/exports\/\d+$/)]);
    expect((await page.get(sent.headers.location ?? '')).text).toContain('待批准');
    const id = sent.headers.location?.split('/').at(-1) ?? '';
    expect((await page.get(`/exports/${id}/file`)).status).toBe(409);
    expect((await page.post(`/exports/${id}/withdraw`)).status).toBe(303);
    expect((await now(planner, id)).state).toBe('withdrawn');
  });

  it('needs a reason by API too', async () => {
    const answer = await planner.post('/exports', SEVEN);
    expect([answer.status, code(answer)]).toEqual([422, 'export_reason_missing']);
  });

  it('goes its way: asked for, approved by a second person, made by a job, fetched by the first alone, gone after its hours', async () => {
    const { id, state, rows } = await ask(planner);
    expect([state, rows]).toEqual(['waiting', 7]);
    expect(((await supervisor.get('/exports?box=waiting')).body as { items: Asked[] }).items.map((one) => one.id)).toContain(id);
    expect((await (await logIn(test, 'supervisor-e')).get('/reports/funnel')).text).toMatch(/sc-rail__n[^]*?1</);

    expect(asked(await supervisor.post(`/exports/${id}/approve`))).toMatchObject({ state: 'queued', decidedBy: 'supervisor-e' });
    expect(code(await planner.get(`/exports/${id}/file`))).toBe('export_not_ready');
    await drainJobs(test.app);
    const ready = await now(planner, id);
    expect([ready.state, ready.expiresAt]).toEqual(['ready', '2026-11-24T06:00:00.000Z']);
    expect(onDisk()).toHaveLength(1);

    expect((await supervisor.get(`/exports/${id}/file`)).status).toBe(404);
    const file = await fileOf(await logIn(test, 'planner-e'), `/exports/${id}/file`);
    const book = await sheets(file.body as Buffer);
    expect([book.worksheets[0]?.rowCount, book.worksheets[1]?.getCell('B1').value]).toEqual([8, `E${id} · 9planner-e 顾明哲 · 2026-11-24 10:00`]);
    await planner.get(`/exports/${id}/file`);
    const steps = await test.db.rows<{ step: string }>(sql`
      select actor || ' ' || action as step from staff.audit_entry where object_type = 'export' and object_id = ${id} order by id`);
    expect(steps.map(({ step }) => step)).toEqual([
      'planner-e export.asked',
      'supervisor-e export.approved',
      'system export.made',
      'planner-e export.downloaded',
      'planner-e export.downloaded',
    ]);

    test.clock.advance(4 * HOURS);
    const late = await planner.get(`/exports/${id}/file`);
    expect([late.status, code(late), (late.body as { error: { message: string } }).error.message]).toEqual([
      410,
      'export_expired',
      '文件已到期删除。还需要的话，请重新申请',
    ]);
    await tickSchedules(test.app);
    expect(onDisk()).toEqual([]);
    expect((await now(planner, id)).state).toBe('expired');
    expect(await audited('export.expired')).toMatchObject([{ actor: 'system', id }]);
    test.clock.advance(-4 * HOURS);
  });

  it('may be refused with a reason, which the first person reads', async () => {
    const { id } = await ask(planner);
    const empty = await supervisor.post(`/exports/${id}/refuse`, {});
    expect([empty.status, (await now(planner, id)).state]).toEqual([422, 'waiting']);
    expect(asked(await supervisor.post(`/exports/${id}/refuse`, { reason: '用不着明细' })).state).toBe('refused');
    expect(await now(planner, id)).toMatchObject({ state: 'refused', refusal: '用不着明细', decidedBy: 'supervisor-e' });
    expect((await (await logIn(test, 'planner-e')).get(`/exports/${id}`)).text).toContain('用不着明细');
    expect(code(await planner.get(`/exports/${id}/file`))).toBe('export_not_ready');
  });

  it('may be let go by the client of the unit, who gets no file, and by an administrator', async () => {
    const first = await ask(planner);
    expect(asked(await client.post(`/exports/${first.id}/approve`)).decidedBy).toBe('client-e');
    await drainJobs(test.app);
    expect((await client.get(`/exports/${first.id}/file`)).status).toBe(404);
    const other = await ask(supervisor);
    expect(asked(await admin.post(`/exports/${other.id}/approve`)).decidedBy).toBe('admin');
    await drainJobs(test.app);
  });

  it('is decided once: the same word twice, or two people at once, make one decision and one file', async () => {
    const { id } = await ask(planner);
    const answers = await Promise.all([supervisor, second, supervisor, admin].map((who) => who.post(`/exports/${id}/approve`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await drainJobs(test.app)).done.filter((job) => job === 'exports.make')).toHaveLength(1);
    expect((await supervisor.post(`/exports/${id}/refuse`, { reason: '太晚了' })).status).toBe(409);
    expect((await planner.post(`/exports/${id}/withdraw`)).status).toBe(409);
  });

  it('asked for twice with one key is one request', async () => {
    const key = { 'Idempotency-Key': 'export-once' };
    const [one, two] = [
      await planner.post('/exports', { ...SEVEN, reason: '核对报表' }, key),
      await planner.post('/exports', { ...SEVEN, reason: '核对报表' }, key),
    ];
    expect([one.status, asked(two).id]).toEqual([201, asked(one).id]);
  });
});

describe('SYS-2 nobody lets their own data go', () => {
  it('not the one who asked, whatever the role; the database says so too', async () => {
    for (const who of [supervisor, admin]) {
      const { id } = await ask(who);
      expect(code(await who.post(`/exports/${id}/approve`))).toBe('export_own');
      expect(code(await who.post(`/exports/${id}/refuse`, { reason: '试试' }))).toBe('export_own');
      expect((await now(who, id)).state).toBe('waiting');
      await expect(test.db.run(sql`update exports.export set decided_by = requested_by where id = ${id}`)).rejects.toThrow('nobody_lets_his_own_go');
    }
    const page = await logIn(test, 'supervisor-e');
    const own = ((await supervisor.get('/exports')).body as { items: Asked[] }).items.find((one) => one.state === 'waiting');
    expect((await page.get(`/exports/${own?.id}`)).text).not.toContain(`/exports/${own?.id}/approve`);
    expect((await page.post(`/exports/${own?.id}/approve`)).status).toBe(422);
  });

  it('not a program: a token asks, a person decides', async () => {
    const { token } = (await admin.post('/tokens', { name: 'robot', role: 'supervisor', orgUnit: 'east' })).body as { token: string };
    const { id } = await ask(planner);
    const answer = await test.http.post(`/api/v1/exports/${id}/approve`).set({ authorization: `Bearer ${token}` });
    expect([answer.status, code(answer)]).toEqual([403, 'export_needs_person']);
  });

  it('not a planner, a manager or a judge, and not a supervisor of another unit, who does not even see it', async () => {
    const { id } = await ask(planner);
    for (const who of ['planner-e', 'm01', 'judge-e']) expect((await (await house(who)).post(`/exports/${id}/approve`)).status).toBe(403);
    const west = await house('supervisor-w');
    expect((await west.post(`/exports/${id}/approve`)).status).toBe(404);
    expect((await west.get(`/exports/${id}`)).status).toBe(404);
    expect(((await west.get('/exports?box=waiting')).body as { items: [] }).items).toEqual([]);
    expect((await (await house('m01')).get(`/exports/${id}`)).status).toBe(404);
    expect(code(await second.post(`/exports/${id}/withdraw`))).toBe('export_not_own');
  });
});

describe('SYS-2 the file of an approved export', () => {
  const approved = async (who: ApiClient, more: object = {}): Promise<string> => {
    const { id } = await ask(who, more);
    await second.post(`/exports/${id}/approve`);
    return id;
  };

  it('as CSV holds the same rows, no more and no fewer, and its number in its quotes', async () => {
    const many = Array.from({ length: 20 }, (_, i) => `a${i}`);
    for (const name of many)
      await test.db.run(sql`insert into staff.audit_entry (at, actor_id, actor, action, object_type, object_id, detail)
        select ${test.clock.now()}, id, username, 'note.made', 'note', ${name}, '{"text": "=1+1"}' from staff.app_user where username = 'planner-e'`);
    const id = await approved(supervisor, { what: 'audit', format: 'csv', filter: { action: 'note.made' } });
    await drainJobs(test.app);
    const { text, headers } = await supervisor.get(`/exports/${id}/file`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text.trimEnd().split('\r\n')).toHaveLength(1 + many.length);
    expect(readMark(text)).toBe(Number(id));
    const opened = await approved(supervisor, { what: 'audit', format: 'csv', filter: { action: 'session.opened', actor: 'planner-e' } });
    await drainJobs(test.app);
    expect((await supervisor.get(`/exports/${opened}/file`)).text).toMatch(/planner-e"?,"?登录"?,"?session\.opened"?,"?用户"?,/);
    const trace = async (page: PageVisitor, file: string): Promise<Response> => {
      const token = csrfOf((await page.get('/account')).text);
      return page.agent
        .post('/exports/settings/trace')
        .set('accept', 'text/html')
        .field('_csrf', token)
        .attach('file', Buffer.from(file), 'found.csv');
    };
    const office = await logIn(test, 'admin');
    expect((await trace(office, text)).headers.location).toBe(`/exports/${id}`);
    const none = await trace(office, 'a,b\r\n1,2\r\n');
    expect([none.status, none.text.includes('这份文件里读不出编号')]).toEqual([422, true]);
    expect((await trace(await logIn(test, 'supervisor-e'), text)).status).toBe(403);
  });

  it('is made with the scope the person has when it is made: who has been disabled gets nothing', async () => {
    await admin.post('/users', { username: 'planner-3', role: 'planner', orgUnit: 'east', name: '短期', password: PASSWORD });
    const id = await approved(await house('planner-3'));
    await admin.patch('/users/planner-3', { active: false });
    await drainJobs(test.app);
    expect(await now(supervisor, id)).toMatchObject({ state: 'failed', fault: 'export_requester_gone' });
  });

  it('SYS-4 is made later when the database is away', async () => {
    const id = await approved(planner);
    const isBack = await goodByeAt(test.db, 'exports.export', "new.state = 'ready'");
    await drainJobs(test.app, { allowFailures: true });
    expect(await now(planner, id)).toMatchObject({ state: 'queued', fault: null });
    await isBack();
    test.clock.advance(30_000);
    await drainJobs(test.app);
    expect(await now(planner, id)).toMatchObject({ state: 'ready', fault: null });
  });

  it('holds what was let go: when the data has grown by far, it is not made', async () => {
    const id = await approved(planner);
    await test.db.run(sql`update exports.export set rows = -200 where id = ${id}`);
    await drainJobs(test.app);
    expect(await now(planner, id)).toMatchObject({ state: 'failed', fault: 'export_grown' });
    expect((await (await logIn(test, 'planner-e')).get(`/exports/${id}`)).text).toContain('请重新申请');
  });

  it('SYS-6 is given up when the customer its filter names is erased: without the filter it would hold everybody', async () => {
    const rows = [1, 2, 3, 4].map((n) => `1391000000${n},欧阳明,m01`);
    await planner.upload('/imports?feed=customers', `phone,name,manager\n${rows.join('\n')}\n`);
    await drainJobs(test.app);
    const wish = { what: 'customers', format: 'csv', filter: { name: '欧阳明' } };
    const [waiting, queued] = [await ask(planner, wish), await ask(planner, wish)];
    expect(code(await supervisor.post(`/exports/${queued.id}/approve`))).toBeUndefined();
    const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = '+8613910000001'`);
    expect((await admin.post(`/customers/${id}/erase`, { reason: '客户要求' })).status).toBe(200);
    expect(code(await supervisor.post(`/exports/${waiting.id}/approve`))).toBe('export_not_waiting');
    await drainJobs(test.app);
    for (const one of [waiting, queued]) expect(await now(planner, one.id)).toMatchObject({ state: 'failed', fault: 'export_forgotten' });
    expect((await (await logIn(test, 'planner-e')).get(`/exports/${waiting.id}`)).text).toContain('请重新提出');
  });

  it('that could not be made for hours is given up, with a sentence', async () => {
    const id = await approved(planner);
    await test.db.run(sql`delete from platform.outbox where job = 'exports.make'`);
    test.clock.advance(7 * HOURS);
    await tickSchedules(test.app);
    expect(await now(planner, id)).toMatchObject({ state: 'failed', fault: 'export_stuck' });
    test.clock.advance(-7 * HOURS);
  });
});

describe('SYS-2 the settings of exports', () => {
  it('are the administrator’s, keep who set what, and refuse what makes no sense', async () => {
    for (const who of [planner, supervisor, client]) expect((await who.put('/exports/settings', { rowsAtOnce: 9, hoursKept: 1 })).status).toBe(403);
    for (const wrong of [{ rowsAtOnce: -1, hoursKept: 24 }, { rowsAtOnce: 3, hoursKept: 0 }, { rowsAtOnce: 3 }])
      expect((await admin.put('/exports/settings', wrong)).status).toBe(422);
    const page = await logIn(test, 'admin');
    const wrong = await page.post('/exports/settings', { rowsAtOnce: 'viele', hoursKept: '24' });
    expect([wrong.status, wrong.text.includes('请填0到1,000,000之间的整数')]).toEqual([422, true]);
    expect((await page.post('/exports/settings', { rowsAtOnce: '5', hoursKept: '2' })).status).toBe(303);
    const shown = (await page.get('/exports/settings')).text;
    expect(shown).toContain('历次设置');
    expect((await admin.get('/exports/settings')).body).toEqual({ rowsAtOnce: 5, hoursKept: 2 });
    expect((await admin.put('/exports/settings', { rowsAtOnce: 5, hoursKept: 2 })).status).toBe(200);
    expect(await audited('export.settings_changed')).toMatchObject([
      { detail: { from: { rowsAtOnce: 1000, hoursKept: 24 }, to: { rowsAtOnce: 3, hoursKept: 4 } } },
      { detail: { from: { rowsAtOnce: 3, hoursKept: 4 }, to: { rowsAtOnce: 5, hoursKept: 2 } } },
    ]);
  });
});
