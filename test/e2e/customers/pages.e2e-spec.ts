import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { unescaped } from '../../support/visitor.js';

let test: TestApp;
let house: House;
let id: string;

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  const planner = await house('planner-e');
  await planner.upload(
    '/imports?feed=customers',
    'phone,name,gender,star_level,manager,birthday\n13800138000,陈志远,男,7,m01,11-26\n13800138001,周慧,女,3,m01,\n',
  );
  await drainJobs(test.app);
  ({ id } = await test.db.one<{ id: string }>(sql`select id from customers.customer where name = '陈志远'`));
});
afterAll(() => test.close());

const HTML = 'text/html';

/** A person at a browser without JavaScript. */
class Browser {
  private constructor(private readonly agent: ReturnType<TestApp['agent']>) {}

  static async of(username: string): Promise<Browser> {
    const browser = new Browser(test.agent());
    const login = await browser.get('/login');
    await browser.post('/login', { username, password: PASSWORD, _csrf: token(login.text) });
    return browser;
  }

  async get(path: string): Promise<Response> {
    return this.agent.get(path).set('accept', HTML);
  }

  async post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.agent
      .post(path)
      .set({ accept: HTML, ...headers })
      .type('form')
      .send(form);
  }

  /** Opens a page and sends its form back with some boxes changed. */
  async send(page: string, path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.post(path, { ...form, _csrf: token((await this.get(page)).text) }, headers);
  }

  async upload(fields: Record<string, string>, file: string): Promise<Response> {
    const csrf = token((await this.get('/imports')).text);
    let request = this.agent.post('/imports').set('accept', HTML).field('_csrf', csrf);
    for (const [name, value] of Object.entries(fields)) request = request.field(name, value);
    return request.attach('file', Buffer.from(file), 'list.csv');
  }
}

const token = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

describe('SYS-2 a manager sees numbers masked', () => {
  it('shows one on demand, and the look stands in the audit log', async () => {
    const browser = await Browser.of('m01');
    const page = await browser.get(`/customers/${id}`);
    expect(page.text).toContain('138 **** 8000');
    expect(page.text).not.toContain('138 0013 8000');
    const line = /name="line" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const silent = await browser.send(`/customers/${id}`, `/customers/${id}/reveal`, { line });
    expect(silent.status).toBe(422);
    expect(silent.text).not.toContain('138 0013 8000');
    expect(await test.db.rows(sql`select 1 from staff.audit_entry where action = 'customer.number-revealed'`)).toEqual([]);
    const revealed = await browser.send(`/customers/${id}`, `/customers/${id}/reveal`, { line, reason: 'call_back' });
    expect(revealed.text).toContain('138 0013 8000');
    expect(await test.db.rows(sql`select actor, object_id, detail from staff.audit_entry where action = 'customer.number-revealed'`)).toEqual([
      { actor: 'm01', object_id: id, detail: { line, reason: 'call_back' } },
    ]);
  });

  it('cannot reveal a number of somebody else', async () => {
    const browser = await Browser.of('m02');
    expect((await browser.get(`/customers/${id}`)).status).toBe(404);
    const refused = await browser.send('/customers', `/customers/${id}/reveal`, { reason: 'check' });
    expect([404, 403]).toContain(refused.status);
    expect(refused.text).not.toContain('8000');
  });
});

describe('CUS-4 the search box takes what one has', () => {
  it.each(['13800138000', '8000', '陈志'])('%s leads straight to the one customer', async (q) => {
    const found = await (await Browser.of('m01')).get(`/customers?q=${encodeURIComponent(q)}`);
    expect([found.status, found.headers.location]).toEqual([303, `/customers/${id}`]);
  });

  it('a number that is too short is told at the field', async () => {
    const refused = await (await Browser.of('m01')).get('/customers?q=138001');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('这里是6位');
  });

  it('nothing found says what to try', async () => {
    expect((await (await Browser.of('m01')).get('/customers?q=zzz')).text).toContain('没有符合的客户');
  });
});

describe('CUS-3 a customer is edited in a form', () => {
  it('keeps the old birthday, and says so', async () => {
    const browser = await Browser.of('m01');
    const saved = await browser.send(`/customers/${id}/edit`, `/customers/${id}`, {
      name: '陈志远',
      birthday: '10-18',
      birthdayCalendar: 'lunar',
      note: '已致歉',
      'profile.interests': '摄影',
    });
    expect([saved.status, saved.headers.location]).toEqual([303, `/customers/${id}`]);
    const page = (await browser.get(`/customers/${id}`)).text;
    expect(page).toContain('已保存陈志远的资料');
    expect(page).toContain('农历十月十八');
    expect(page).toContain('原为11-26');
    expect(page).toContain('摄影');
  });

  it('a day no calendar has comes back at the field, with what was typed', async () => {
    const refused = await (
      await Browser.of('m01')
    ).send(`/customers/${id}/edit`, `/customers/${id}`, { birthday: '1999-02-29', birthdayCalendar: 'solar' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('历法里没有1999-02-29这一天');
    expect(refused.text).toContain('value="1999-02-29"');
  });

  it('two people at once: what one changed stays when the other saves a form that was opened before', async () => {
    const browser = await Browser.of('planner-e');
    const form = await browser.get(`/customers/${id}/edit`);
    const seen = unescaped(/name="seen" value="([^"]*)"/.exec(form.text)?.[1] ?? '');
    const boxes = JSON.parse(seen) as Record<string, string>;
    await (await house('planner-e')).patch(`/customers/${id}`, { starLevel: 6, city: '镇江', profile: { interests: '钓鱼' } });
    const saved = await browser.post(`/customers/${id}`, { ...boxes, seen, district: '玄武', _csrf: token(form.text) });
    expect(saved.status).toBe(303);
    const { body } = await (await house('planner-e')).get(`/customers/${id}`);
    expect(body).toMatchObject({ starLevel: 6, city: '镇江', district: '玄武', profile: { interests: { value: '钓鱼' } } });
  });

  it('a form that is refused keeps all that was chosen and emptied', async () => {
    const browser = await Browser.of('planner-e');
    const typed = {
      birthday: '1999-02-29',
      birthdayCalendar: 'solar',
      gender: 'female',
      class: 'enterprise',
      starLevel: '2',
      smsConsent: 'false',
      city: '',
      'profile.interests': '',
    };
    const refused = await browser.send(`/customers/${id}/edit`, `/customers/${id}`, typed);
    expect(refused.status).toBe(422);
    for (const chosen of ['female', 'enterprise', '2', 'false']) expect(refused.text).toContain(`<option value="${chosen}" selected>`);
    expect(refused.text).not.toMatch(/value="(镇江|钓鱼)"/);
  });

  it('a customer is given to nobody who has left, and stays with one who has', async () => {
    const [admin, planner] = [await house('admin'), await house('planner-e')];
    await admin.patch('/users/m02', { active: false });
    expect((await planner.patch(`/customers/${id}`, { manager: 'm02' })).body).toMatchObject({
      error: { code: 'manager_left', param: 'manager' },
    });
    await admin.patch('/users/m02', { active: true });
    await planner.patch(`/customers/${id}`, { manager: 'm02' });
    await admin.patch('/users/m02', { active: false });
    expect((await planner.patch(`/customers/${id}`, { manager: 'm02', note: '核对' })).status).toBe(200);
    await admin.patch('/users/m02', { active: true });
    await planner.patch(`/customers/${id}`, { manager: 'm01' });
  });

  it.each(['starLevel', 'class'])('by the API nobody is without %s', async (field) => {
    const answer = await (await house('planner-e')).patch(`/customers/${id}`, { [field]: null });
    expect([answer.status, (answer.body as { error?: { param: string } }).error?.param]).toEqual([422, field]);
  });

  it('CUS-2 one field is edited where it stands; without JavaScript on a page of its own with all it ever was', async () => {
    const browser = await Browser.of('m01');
    const path = `/customers/${id}/profile/email`;
    const wrong = await browser.send(path, path, { 'profile.email': 'chen@' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('邮箱请写成');
    expect(wrong.text).toContain('value="chen@"');
    expect((await browser.send(path, path, { 'profile.email': 'Chen@example.com' })).headers.location).toBe(`/customers/${id}`);
    await browser.send(path, path, { 'profile.email': 'zhiyuan@example.com' });
    const page = (await browser.get(path)).text;
    expect(page).toContain('value="zhiyuan@example.com"');
    expect(page).toMatch(/chen@example\.com[^<]*<span[^>]*>林晓雯/);
    expect((await browser.get(`/customers/${id}/profile/salary`)).status).toBe(404);
    expect((await (await Browser.of('m02')).get(path)).status).toBe(404);
  });

  it('CUS-2 with htmx the row comes back with the new score', async () => {
    const browser = await Browser.of('m01');
    const answer = await browser.send(`/customers/${id}`, `/customers/${id}/profile/wecom`, { 'profile.wecom': 'added' }, { 'hx-request': 'true' });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\s*<dd id="fact-wecom">已添加/);
    expect(answer.text).toMatch(/id="score" hx-swap-oob="true"/);
  });

  it('SYS-2 a masked number sent back as it stood changes nothing', async () => {
    const browser = await Browser.of('m01');
    const path = `/customers/${id}/profile/second_contact`;
    await browser.send(path, path, { 'profile.second_contact': '王芳 配偶 13800138009' });
    const page = (await browser.get(path)).text;
    expect(page).toContain('value="王芳 配偶 138 **** 8009"');
    await browser.send(path, path, { 'profile.second_contact': '王芳 配偶 138 **** 8009' });
    expect((await test.db.one<{ value: string }>(sql`select value from customers.profile_fact where field = 'second_contact'`)).value).toBe(
      '王芳 配偶 +8613800138009',
    );
  });

  it('CUS-3 a wrong birthday is corrected in a leap month, with the apology', async () => {
    const browser = await Browser.of('m01');
    const path = `/customers/${id}/profile/birthday`;
    await browser.send(path, path, { birthday: '06-06', birthdayCalendar: 'lunar_leap', apologised: 'true' });
    const page = (await browser.get(`/customers/${id}`)).text;
    expect(page).toContain('农历闰六月初六');
    expect(page).toMatch(/原为农历十月十八，林晓雯 [\d-]+更正，已致歉/);
  });

  it('a foreign token is refused and changes nothing', async () => {
    const refused = await (await Browser.of('m01')).post(`/customers/${id}`, { name: '别人', _csrf: 'stolen' });
    expect(refused.status).toBe(403);
    expect((await test.db.one<{ name: string }>(sql`select name from customers.customer where id = ${id}`)).name).toBe('陈志远');
  });
});

describe('FED-3 a planner hands in a file on the page', () => {
  it('sees how it ended, what was refused, and why', async () => {
    const browser = await Browser.of('planner-e');
    const sent = await browser.upload(
      { feed: 'segment', segment: 'vip', segmentName: '贵宾' },
      '手机号码,到期月\n13800138000,2026-12\n1380013800,2027-01\n13812345678,2027-01\n',
    );
    expect(sent.status).toBe(303);
    const path = sent.headers.location ?? '';
    expect((await browser.get(path)).text).toContain('hx-trigger="every 2s"');
    await drainJobs(test.app);
    const page = (await browser.get(path)).text;
    for (const words of ['有拒收', '手机号应为11位，这里是10位', '没有这个号码的客户，或不在您的范围内', '留给客群', '一行不少'])
      expect(page).toContain(words);
    expect(page).not.toContain('every 2s');
    expect((await browser.get(`${path}?reason=phone_length`)).text).not.toContain('<code>13812345678</code>');
    expect((await browser.get(`${path}/rejects.csv`)).text).toContain('1380013800,2027-01,3');
    expect((await browser.get('/segments/vip')).text).toContain('2026-12');
    expect((await browser.get('/segments')).text).toContain('贵宾');
  });

  it('an unknown segment comes back at the field, and what was typed stays', async () => {
    const refused = await (await Browser.of('planner-e')).upload({ feed: 'segment', segment: 'nowhere' }, 'phone\n');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="nowhere"');
    expect(refused.text).toContain('id="segment-error"');
  });

  it('a file without the token is refused before it is kept', async () => {
    const agent = test.agent();
    const refused = await agent.post('/imports').set('accept', HTML).field('feed', 'customers').attach('file', Buffer.from('phone\n'), 'x.csv');
    expect([401, 403, 303]).toContain(refused.status);
  });

  it('a manager has no imports', async () => {
    expect((await (await Browser.of('m01')).get('/imports')).status).toBe(403);
  });
});
