import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { callAs, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

let test: TestApp;
let house: House;
let id: string;

const feed = async (name: string, text: string): Promise<void> => {
  const { id: importId } = (await (await house('planner-e')).upload(`/imports?feed=${name}`, text)).body as { id: string };
  await drainJobs(test.app);
  const done = (await (await house('planner-e')).get(`/imports/${importId}`)).body as { state: string; rejected: number };
  expect(done).toMatchObject({ state: 'done', rejected: 0 });
};
const code = ({ status, body }: Response): string => `${status} ${(body as { error?: { code: string } }).error?.code ?? ''}`;

const OUTSIDE = ['m02', 'm11', 'planner-w'];

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  await feed(
    'customers',
    'phone,name,star_level,customer_no,line_kind,package,manager\n13800138000,陈志远,6,JS1,主卡,畅享199,m01\n13800138001,陈志远,6,JS1,副卡,畅享59,m01\n',
  );
  ({ id } = await test.db.one<{ id: string }>(sql`select id from customers.customer where customer_no = 'JS1'`));
});
afterAll(() => test.close());

describe('CUS-4 the star’s rights', () => {
  it('are those of the table, with how often a year; nobody knows their term before a change of star is told', async () => {
    const answer = await (await house('m01')).get(`/customers/${id}/rights`);
    expect(answer.body).toMatchObject({ starLevel: 6, since: null, until: null });
    expect(answer.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ code: 'lounge', labelZh: '机场贵宾厅', perYear: 3 })]) as unknown,
    });
  });

  it('grow with the star, and say until when it is held', async () => {
    await feed('star-changes', 'phone,old_star,new_star,changed_on\n13800138000,6,7,2026-03-15\n');
    const page = (await (await logIn(test, 'm01')).get(`/customers/${id}`)).text;
    for (const words of ['7星权益', '2027-03-14复评', '机场贵宾厅', '每年6次', '随时可用']) expect(page).toContain(words);
    expect((await (await house('m01')).get(`/customers/${id}/rights`)).body).toMatchObject({ since: '2026-03-15', until: '2027-03-14' });
  });

  it('are what the table says now', async () => {
    await test.db.run(sql`update customers.star_right set per_year = 9 where star_level = 7 and code = 'lounge'`);
    expect((await (await logIn(test, 'm01')).get(`/customers/${id}`)).text).toContain('每年9次');
  });

  it('a customer who is not rated has none', async () => {
    await feed('customers', 'phone,name,manager\n13600000000,周零,m01\n');
    const { id: other } = await test.db.one<{ id: string }>(sql`select id from customers.customer where name = '周零'`);
    expect((await (await logIn(test, 'm01')).get(`/customers/${other}`)).text).toContain('未评级，没有星级权益');
  });

  it('SYS-1 are not shown outside of the scope', async () => {
    for (const who of OUTSIDE) expect(code(await (await house(who)).get(`/customers/${id}/rights`))).toBe('404 not_found');
  });
});

describe('CUS-4 package use and bills', () => {
  beforeAll(async () => {
    await feed(
      'usage',
      'phone,month,data_quota_mb,data_used_mb,voice_quota_min,voice_used_min,extra_fee\n' +
        '13800138000,2026-10,51200,63898,1000,320,62.00\n13800138000,2026-09,51200,25600,1000,410,0\n13800138001,2026-10,8192,1024,100,20,0\n',
    );
    await feed(
      'bills',
      'phone,month,amount,items\n13800138000,2026-10,261.00,套餐199 流量62\n13800138000,2026-09,199.00,\n13800138000,2026-08,199.00,\n',
    );
  });

  it('stand side by side by month, the newest first, against what the package holds', async () => {
    expect((await (await house('m01')).get(`/customers/${id}/usage`)).body).toMatchObject({
      items: [
        {
          month: '2026-10-01',
          dataUsedMb: 63_898,
          dataQuotaMb: 51_200,
          voiceUsedMin: 320,
          extraFeeFen: 6_200,
          amountFen: 26_100,
          items: '套餐199 流量62',
        },
        { month: '2026-09-01', dataUsedMb: 25_600, extraFeeFen: 0, amountFen: 19_900 },
        { month: '2026-08-01', dataUsedMb: null, amountFen: 19_900 },
      ],
    });
  });

  it('are shown as a table with bars, red where the package was not enough, with the average of the bills', async () => {
    const panel = (await (await logIn(test, 'm01')).get(`/customers/${id}/usage`)).text;
    expect(panel).toMatch(/sc-bad[^>]*>62\.4 <span class="sc-muted">\/ 50\.0<\/span><span class="sc-sr"> 超出套餐/);
    expect(panel).toMatch(/<progress class="sc-bar" value="50" max="100"/);
    expect(panel).toContain('近3个月账单平均219.67元');
  });

  it('each line has its own; a line of somebody else is not found', async () => {
    const { id: line } = await test.db.one<{ id: string }>(sql`select id from customers.line where number = '+8613800138001'`);
    expect((await (await house('m01')).get(`/customers/${id}/usage?line=${line}`)).body).toMatchObject({ line, items: [{ dataUsedMb: 1024 }] });
    const panel = (await (await logIn(test, 'm01')).get(`/customers/${id}/usage`)).text;
    expect(panel).toContain(`/customers/${id}/usage?line=${line}`);
    expect(code(await (await house('m01')).get(`/customers/${id}/usage?line=999999`))).toBe('404 not_found');
    for (const who of OUTSIDE) expect(code(await (await house(who)).get(`/customers/${id}/usage`))).toBe('404 not_found');
  });

  it('a customer of whom nothing is known yet is told so', async () => {
    const { id: other } = await test.db.one<{ id: string }>(sql`select id from customers.customer where name = '周零'`);
    expect((await (await logIn(test, 'm01')).get(`/customers/${other}/usage`)).text).toContain('还没有用量与账单');
  });
});

describe('CUS-4 what is planned next, and why', () => {
  it('stands on the page with its rule and facts, and why the other rules stay silent', async () => {
    const admin = await house('admin');
    const rule = (await admin.get('/care/rules/star-revisit')).body as object;
    expect((await admin.put('/care/rules/star-revisit', { ...rule, enabled: true })).status).toBe(200);
    await admin.post('/care/plan-runs', { date: '2026-11-24' });
    await drainJobs(test.app);
    const page = await logIn(test, 'm01');
    expect((await page.get(`/customers/${id}`)).text).toContain(`hx-get="/customers/${id}/planned"`);
    const planned = (await page.get(`/customers/${id}/planned`)).text;
    expect(planned).toContain('星级回访');
    expect(planned).toContain('各自说明原因');
  });
});

/** Last: its days pass for the tokens of everybody, too. */
describe('CUS-1 a change of star that is told beforehand', () => {
  it('comes on its day, once: what is written later stands', async () => {
    await feed('star-changes', 'phone,old_star,new_star,changed_on\n13800138000,7,5,2026-12-01\n');
    const star = async (): Promise<number> =>
      (await test.db.one<{ star: number }>(sql`select star_level::int as star from customers.customer where id = ${id}`)).star;
    expect(await star()).toBe(7);
    test.clock.set('2026-11-30T23:50:00+08:00');
    await tickSchedules(test.app);
    expect(await star()).toBe(7);
    test.clock.set('2026-12-01T00:30:00+08:00');
    await tickSchedules(test.app);
    expect(await star()).toBe(5);
    await test.db.run(sql`update customers.customer set star_level = 7 where id = ${id}`);
    test.clock.set('2026-12-02T00:30:00+08:00');
    await tickSchedules(test.app);
    expect(await star()).toBe(7);
  });
});

describe('CAR-3 the rights of a star are written by two people at once', () => {
  interface Rights {
    version: string;
    items: { code: string; labelZh: string; labelEn: string; perYear: number | null }[];
  }
  const extra = (name: string) => ({ code: name, labelZh: name, labelEn: name, perYear: null });
  // the clock has moved on: who was logged in before is out
  const of = async (star: number): Promise<Rights> => (await (await callAs(test, 'planner-e')).get(`/star-rights/${star}`)).body as Rights;

  it('who did not see what the other added is told, by the API and on the page, and does not take it away', async () => {
    const planner = await callAs(test, 'planner-e');
    const page = await logIn(test, 'planner-e');
    const read = await of(4);
    const shown = /name="version" value="(\w+)"/.exec((await page.get('/customers/star-rights/4')).text)?.[1];
    expect(shown).toBe(read.version);
    expect((await planner.put('/star-rights/4', { items: [...read.items, extra('体检')], version: read.version })).status).toBe(200);
    const late = await planner.put('/star-rights/4', { items: [...read.items, extra('停车')], version: read.version });
    expect(late.body).toMatchObject({ error: { code: 'star_rights_changed' } });
    const boxes = Object.fromEntries(
      [...read.items, extra('停车')].flatMap(({ code, labelZh, labelEn, perYear }, n) =>
        Object.entries({ code, labelZh, labelEn, perYear: String(perYear ?? '') }).map(([name, value]) => [`${name}.${n}`, value]),
      ),
    );
    const refused = await page.post('/customers/star-rights/4', { ...boxes, version: read.version });
    expect([refused.status, refused.text.includes('value="停车"'), refused.text.includes('有人改过这个星级')]).toEqual([409, true, true]);
    expect((await of(4)).items.map(({ code }) => code)).toContain('体检');
    const version = /name="version" value="(\w+)"/.exec(refused.text)?.[1] ?? '';
    expect((await page.post('/customers/star-rights/4', { ...boxes, version })).status).toBe(303);
    expect((await of(4)).items.map(({ code }) => code)).toContain('停车');
  });
});
