import ExcelJS from 'exceljs';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

/** As it might come in November 2026, in its own words. */
const NOTICE = `一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月30日（周六）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。`;

interface Told {
  applied: boolean;
  published: boolean;
  read: number;
  off: number;
  work: number;
  duplicate: number;
  faulty: number;
  faults: { line: number; code: string; message: string }[];
  warnings: { code: string; message: string }[];
  changes: { day: string; working: boolean }[];
}

let test: TestApp;
let house: House;
let admin: ApiClient;

const told = async (path: string, file: string | Buffer, name = 'notice.csv'): Promise<{ status: number; body: Told }> => {
  const { status, body } = await admin.upload(path, file, name);
  return { status, body: body as Told };
};
async function workbook(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('通知');
  sheet.columns = ['日期', '类型', '名称'].map((header) => ({ header, key: header }));
  sheet.addRow({ 日期: new Date(Date.UTC(2027, 5, 9)), 类型: '休', 名称: '端午节' });
  sheet.addRow({ 日期: '2027/9/26', 类型: '班', 名称: '国庆节' });
  return Buffer.from(await book.xlsx.writeBuffer());
}
const stamp = (): Promise<object[]> =>
  test.db.rows(sql`select day::text, xmin::text from calendar.day union all select day::text, xmin::text from calendar.notice_day order by 1, 2`);
const dayOf = async (day: string): Promise<object | undefined> => {
  const { days } = (await admin.get(`/calendar/days?year=${day.slice(0, 4)}`)).body as { days: { day: string }[] };
  return days.find((one) => one.day === day);
};

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  admin = await house('admin');
});
afterAll(() => test.close());

describe('CAR-5 the yearly notice', () => {
  it.each(['planner-e', 'supervisor-e', 'm01'])('%s may not import it', async (who) => {
    expect((await (await house(who)).upload('/calendar/notice?year=2027', NOTICE)).status).toBe(403);
    const page = await logIn(test, who);
    expect((await page.post('/admin/calendar/notice/take-up', { year: '2027', text: NOTICE })).status).toBe(403);
  });

  it.each<[what: string, path: string, file: string | Buffer, code: string, param: string]>([
    ['without a year', '/calendar/notice', NOTICE, 'invalid_input', 'year'],
    ['for a year the calendar does not have', '/calendar/notice?year=2050', '2050-01-01,off,元旦', 'year_unknown', 'year'],
    ['of another year', '/calendar/notice?year=2028', '2027-01-01,off,元旦', 'notice_faulty', 'file'],
    ['that contradicts itself', '/calendar/notice?year=2027', '2027-01-02,off,元旦\n2027-01-02,work,元旦', 'notice_faulty', 'file'],
    ['that is empty', '/calendar/notice?year=2027', '\n', 'notice_faulty', 'file'],
    ['that is a picture', '/calendar/notice?year=2027', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'notice_unreadable', 'file'],
    ['that is a whole book', '/calendar/notice?year=2027', 'x'.repeat(300_000), 'notice_too_big', 'file'],
  ])('a notice %s is refused and nothing changes', async (_what, path, file, code, param) => {
    const before = await stamp();
    const answer = await admin.upload(path, file);
    expect(answer.status).toBe(422);
    expect((answer.body as { error: object }).error).toMatchObject({ code, param });
    expect(await stamp()).toEqual(before);
  });

  it('a preview says what it would do, with the faults by line, and writes nothing', async () => {
    const before = await stamp();
    const good = await told('/calendar/notice?year=2027&preview=true', NOTICE, 'notice.txt');
    expect(good.body).toMatchObject({
      applied: false,
      published: false,
      read: 33,
      off: 27,
      work: 6,
      duplicate: 0,
      faulty: 0,
      faults: [],
      warnings: [],
    });
    expect(good.body.changes.map(({ day }) => day)).toContain('2027-02-10');
    const bad = await told('/calendar/notice?year=2027&preview=true', `${NOTICE}\n八、其他：13月1日放假。`);
    expect(bad.body.faults).toMatchObject([{ line: 8, code: 'day', message: '看不懂这个日期，应写成2027-02-06' }]);
    expect(await stamp()).toEqual(before);
  });

  it('taken up, it decides the year, marks it published, and the same file again changes nothing', async () => {
    const first = await told('/calendar/notice?year=2027', NOTICE);
    expect(first.body).toMatchObject({ applied: true, published: true, read: 33, off: 27, work: 6 });
    expect((await admin.get('/calendar/days?year=2027')).body).toMatchObject({ published: true, source: 'notice' });
    expect(await dayOf('2027-02-14')).toMatchObject({ working: true, kind: 'makeup', name: '春节' });
    expect(await dayOf('2027-02-10')).toMatchObject({ working: false, kind: 'holiday', name: '春节' });
    const before = await stamp();
    expect((await told('/calendar/notice?year=2027', NOTICE)).body).toMatchObject({ applied: false, changes: [] });
    expect(await stamp()).toEqual(before);
    const audit = await test.db.rows<{ n: number }>(sql`select detail from staff.audit_entry where action = 'calendar.notice_taken_up'`);
    expect(audit).toEqual([{ detail: { year: 2027, off: 27, work: 6, changes: first.body.changes.length } }]);
  });

  it.each<[what: string, file: () => Promise<Buffer>]>([
    [
      'GBK',
      () =>
        Promise.resolve(
          Buffer.concat([Buffer.from('2027-06-09,'), Buffer.from([0xd0, 0xdd]), Buffer.from(',x\n2027-09-26,'), Buffer.from([0xb0, 0xe0])]),
        ),
    ],
    ['XLSX', workbook],
  ])('is read from %s as well', async (_what, file) => {
    expect((await told('/calendar/notice?year=2027&preview=true', await file())).body).toMatchObject({ read: 2, off: 1, work: 1, faults: [] });
  });

  it('a day set by hand wins over the notice and is not lost by it', async () => {
    await admin.put('/calendar/days?year=2027', { days: [{ day: '2027-02-14', working: false, name: '台风停工' }] });
    const again = await told('/calendar/notice?year=2027&preview=true', NOTICE.replace('2月14日（周日）', '2月13日（周六）'));
    expect(again.body.changes).toMatchObject([{ day: '2027-02-13', working: true }]);
    expect(again.body.warnings.map(({ code }) => code)).toEqual(['replaces', 'by_hand']);
    await told('/calendar/notice?year=2027', NOTICE.replace('2月14日（周日）', '2月13日（周六）'));
    expect(await dayOf('2027-02-13')).toMatchObject({ working: true });
    expect(await dayOf('2027-02-14')).toMatchObject({ working: false, name: '台风停工' });
    await admin.put('/calendar/days?year=2027', { days: [{ day: '2027-02-14', working: false, name: '' }] });
    expect(await test.db.rows(sql`select day from calendar.override`)).toEqual([]);
  });

  it('taken back, the year is what it was before; a second time there is nothing to take back', async () => {
    const back = (year: number) => test.http.delete(`/api/v1/calendar/notice?year=${year}`).set('authorization', `Bearer ${admin.token}`);
    expect((await back(2027)).body).toMatchObject({ published: false });
    expect(await dayOf('2027-02-10')).toMatchObject({ working: true, kind: 'workday' });
    expect(await dayOf('2027-02-13')).toMatchObject({ working: false, kind: 'weekend' });
    expect((await back(2027)).body).toEqual({ year: 2027, published: false, changes: [] });
    expect((await back(2026)).body).toEqual({ year: 2026, published: true, changes: [] });
  });

  it('CAR-12 the planner is told while a plan reaches into a year that is not published', async () => {
    const planner = await logIn(test, 'planner-e');
    expect((await planner.get('/care')).text).toContain('2027年的放假通知还没有公布');
    await told('/calendar/notice?year=2027', NOTICE);
    expect((await planner.get('/care')).text).not.toContain('放假通知还没有公布');
    await test.http.delete('/api/v1/calendar/notice?year=2027').set('authorization', `Bearer ${admin.token}`);
  });

  it('on the page: the file is looked at, mended in its text, taken up, taken back', async () => {
    const page = await logIn(test, 'admin');
    const year = await page.get('/admin/calendar?year=2027');
    expect(year.text).toContain('这一年的放假通知还没有公布');
    const csrf = /name="_csrf" value="([^"]+)"/.exec(year.text)?.[1] ?? '';
    const none = await page.agent.post('/admin/calendar/notice').set('accept', 'text/html').field('_csrf', csrf).field('year', '2027');
    expect([none.status, none.text.includes('name="file"')]).toEqual([422, true]);
    const looked = await page.agent
      .post('/admin/calendar/notice')
      .set('accept', 'text/html')
      .field('_csrf', csrf)
      .field('year', '2027')
      .attach('file', Buffer.from('2027-02-15,班,春节\n2027-02-10,休,春节'), 'n.csv');
    expect(looked.status).toBe(422);
    expect(looked.text).toContain('有1处不对，不能导入');
    expect(looked.text).toContain('2027-02-15是周一至周五，本来就上班，多半写错了日期');
    expect(looked.text).toContain('2027-02-10,休,春节');
    const mended = await page.post('/admin/calendar/notice/text', { year: '2027', text: NOTICE });
    expect(mended.status).toBe(200);
    expect(mended.text).toContain('还没有导入');
    expect(mended.text).toContain('formaction="/admin/calendar/notice/take-up"');
    const taken = await page.post('/admin/calendar/notice/take-up', { year: '2027', text: NOTICE });
    expect([taken.status, taken.headers.location]).toEqual([303, '/admin/calendar?year=2027']);
    const after = await page.get('/admin/calendar?year=2027');
    expect(after.text).toContain('已采用2027年放假通知');
    expect(after.text).toContain('依据导入的放假通知');
    await page.post('/admin/calendar/notice/take-back', { year: '2027' });
    expect((await page.get('/admin/calendar?year=2027')).text).toContain('已撤回2027年放假通知');
  });
});

describe('CAR-5 days that no almanac knows', () => {
  const cold = { kind: 'cold', from: '2026-12-01', to: '2026-12-03', name: '寒潮蓝色预警', region: '东城' };
  const marks = async (who: string): Promise<object[]> =>
    ((await (await house(who)).get('/calendar/marks?from=2026-11-01&to=2026-12-31')).body as { items: object[] }).items;

  it.each<[what: string, who: string, body: object, status: number, param: string | null]>([
    ['by a manager', 'm01', cold, 403, null],
    ['of an unknown kind', 'planner-e', { ...cold, kind: 'fog' }, 422, 'kind'],
    ['on a day there is not', 'planner-e', { ...cold, from: '2026-02-30' }, 422, 'from'],
    ['the wrong way round', 'planner-e', { ...cold, to: '2026-11-30' }, 422, 'to'],
    ['of half a year', 'planner-e', { ...cold, to: '2027-06-01' }, 422, 'to'],
    ['long ago', 'planner-e', { ...cold, from: '2026-01-01', to: '2026-01-02' }, 422, 'to'],
    ['without a name', 'planner-e', { ...cold, name: '' }, 422, 'name'],
  ])('a mark %s is refused', async (_what, who, body, status, param) => {
    const answer = await (await house(who)).post('/calendar/marks', body);
    expect(answer.status).toBe(status);
    if (param) expect((answer.body as { error: object }).error).toMatchObject({ param });
    expect(await marks('admin')).toEqual([]);
  });

  it('is noted once, stands in the published view for each of its days, and is seen in its own unit alone', async () => {
    const planner = await house('planner-e');
    const made = await planner.post('/calendar/marks', cold);
    expect(made.status).toBe(201);
    expect((await planner.post('/calendar/marks', cold)).status).toBe(409);
    await planner.post('/calendar/marks', { kind: 'member-day', from: '2026-12-08', name: '会员日' });
    const days = await test.db.rows(
      sql`select m.day, m.kind, m.region, o.code from calendar.v_day_mark m join staff.org_unit o on o.path = m.org_path order by 1`,
    );
    expect(days).toEqual([
      ...['2026-12-01', '2026-12-02', '2026-12-03'].map((day) => ({ day, kind: 'cold', region: '东城', code: 'east' })),
      { day: '2026-12-08', kind: 'member-day', region: null, code: 'east' },
    ]);
    expect(await marks('m01')).toMatchObject([{ name: '寒潮蓝色预警' }, { name: '会员日', from: '2026-12-08', to: '2026-12-08' }]);
    expect(await marks('planner-w')).toEqual([]);
  });

  it('is taken back by its own unit, not by another', async () => {
    const remove = async (who: string, id: string) =>
      (await test.http.delete(`/api/v1/calendar/marks/${id}`).set('authorization', `Bearer ${(await house(who)).token}`)).status;
    const [{ id = '' } = {}] = (await marks('planner-e')) as { id: string }[];
    expect(await remove('planner-w', id)).toBe(404);
    expect(await remove('planner-e', id)).toBe(204);
    expect(await remove('planner-e', id)).toBe(404);
  });

  it('on the page: everybody sees the year, a planner notes a day and takes it back', async () => {
    const manager = await logIn(test, 'm01');
    const seen = await manager.get('/calendar?year=2026');
    expect(seen.text).toContain('会员日');
    expect(seen.text).not.toContain('action="/calendar/marks"');
    expect(seen.text).not.toContain('/admin/calendar/notice');
    const planner = await logIn(test, 'planner-e');
    expect((await planner.post('/calendar/marks', { ...cold, to: '2026-11-01' })).text).toContain('结束日期早于开始日期');
    expect((await planner.post('/calendar/marks', cold)).status).toBe(303);
    const page = await planner.get('/calendar?year=2026');
    expect(page.text).toContain('已添加：寒潮蓝色预警');
    const id = /\/calendar\/marks\/(\d+)\/remove/.exec(page.text)?.[1] ?? '';
    expect((await planner.post(`/calendar/marks/${id}/remove`, { year: '2026' })).headers.location).toBe('/calendar?year=2026');
  });
});
