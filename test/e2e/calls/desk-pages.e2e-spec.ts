import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { csrfOf, logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, must } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
let m01: PageVisitor;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  m01 = await logIn(test, 'm01');
});
afterAll(() => test.close());

async function page(path: string): Promise<string> {
  const answer = await m01.get(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.headers.location ?? ''}`);
  return answer.text;
}
const actionOf = (html: string): string => /id="attempt" method="post" action="([^"]+)"/.exec(html)?.[1] ?? 'no desk';
const startOf = (html: string): string => /name="startedAt" value="([^"]+)"/.exec(html)?.[1] ?? '';

async function press(
  path: string,
  html: string,
  values: Record<string, string | string[]> = {},
): Promise<{ status: number; location: string; text: string }> {
  const answer = await m01.agent
    .post(path)
    .set('accept', 'text/html')
    .type('form')
    .send({ _csrf: csrfOf(html), ...values });
  return { status: answer.status, location: answer.headers.location ?? '', text: answer.text };
}

/** The desk with the next customer, by the plain button. */
async function begin(): Promise<string> {
  const { location } = await press('/desk/next', await page('/today'));
  return page(location);
}

/** The rail says where somebody is, also where a form came back. */
const CALLS_CURRENT = /href="\/desk" aria-current="page"/;

describe('the desk refuses with a sentence at the field, and what was typed stays', () => {
  beforeEach(async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
  });

  it.each<[string, Record<string, string>, string]>([
    ['no outcome', { note: '聊了很久' }, '请先选一个结果'],
    ['a refusal without its reason', { outcome: 'refused', note: '聊了很久' }, '须选原因'],
    ['a sale without its product', { outcome: 'converted', note: '聊了很久' }, '成交须填产品'],
    ['a callback at night', { outcome: 'callback', callbackAt: 'other', callbackOther: '2026-11-24T22:00', note: '聊了很久' }, '22:00 在静默时段'],
  ])('%s is 422', async (_name, values, sentence) => {
    const desk = await begin();
    const answer = await press(actionOf(desk), desk, values);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
    expect(answer.text).toContain('聊了很久');
    expect(answer.text).toMatch(/class="sc-err"/);
    expect(answer.text).toMatch(CALLS_CURRENT);
  });

  it('a lost lease is 409, the note is still there and nothing is saved', async () => {
    const desk = await begin();
    test.clock.advance(31 * 60_000);
    await tickSchedules(test.app);
    const answer = await press(actionOf(desk), desk, { outcome: 'reached', note: '说了两句' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('没有保存：这个任务已交还名单');
    expect(answer.text).toContain('说了两句');
    expect(await test.db.rows(sql`select 1 from calls.attempt`)).toEqual([]);
  });

  it('a planner has no desk, and a foreign token is refused', async () => {
    const planner = await logIn(test, 'planner-e');
    expect((await planner.get('/desk')).status).toBe(403);
    expect((await m01.post('/desk/next', { _csrf: 'foreign' })).status).toBe(403);
  });
});

describe('CAM-5 the day of a manager, with plain forms', () => {
  it('today shows promises, the list with reasons and masked numbers; the desk the whole number', async () => {
    await centre.customers('m01', [7, 5]);
    await centre.campaign('c1', { name: '5G 升档季' });
    const today = await page('/today');
    expect(today).toContain('上午好，林晓雯');
    expect(today).toContain('活动：5G 升档季');
    expect(today).not.toMatch(/\+86\d{11}|\d{3} \d{4} \d{4}/);
    const desk = await begin();
    expect(desk).toMatch(/139 0\d{3} \d{4}/);
    expect(desk).toContain('您好，我是中国电信客户经理');
  });

  it('saving gives the next customer at once; a double press is one attempt', async () => {
    await centre.customers('m01', [7, 5]);
    await centre.campaign('c1');
    const desk = await begin();
    const form = { outcome: 'reached', startedAt: startOf(desk), talkSeconds: '95', talkSource: 'desk', topics: 'c1', note: '好的' };
    const [first, second] = await Promise.all([press(actionOf(desk), desk, form), press(actionOf(desk), desk, form)]);
    expect([first.location, second.location]).toEqual(['/desk', '/desk']);
    expect(await test.db.rows(sql`select outcome, talk_seconds, talk_source, topics from calls.attempt`)).toEqual([
      { outcome: 'reached', talk_seconds: 95, talk_source: 'desk', topics: ['c1'] },
    ]);
    const next = await page('/desk');
    expect(actionOf(next)).not.toBe(actionOf(desk));
    expect(next).toContain('上一条');
  });

  it('a callback is listed under promises, late when its minute has passed, and begins from there', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const desk = await begin();
    await press(actionOf(desk), desk, { outcome: 'callback', callbackAt: 'other', callbackOther: '2026-11-24T10:30', then: 'stay' });
    await centre.moveTo('2026-11-24T10:35');
    const today = await page('/today');
    expect(today).toContain('答应过的事');
    expect(today).toMatch(/过点5分/);
    const claim = /action="(\/tasks\/\d+\/claim)"/.exec(today)?.[1] ?? '';
    expect((await press(claim, today)).location).toBe('/desk');
    expect(await page('/desk')).toContain('约定 10:30 回拨');
  });

  it('CAM-4 a callback of somebody away without a deputy falls to the supervisor: her rail counts it, she dials, saves, and may hand it over', async () => {
    await centre.customers('m01', [7, 7]);
    await centre.campaign('c1');
    for (const time of ['15:00', '16:00']) {
      const desk = await begin();
      await press(actionOf(desk), desk, { outcome: 'callback', callbackAt: 'other', callbackOther: `2026-11-24T${time}`, then: 'stay' });
    }
    const supervisor = await logIn(test, 'supervisor-e');
    const read = async (path: string): Promise<string> => (await supervisor.get(path)).text;
    const badge = async (): Promise<string | undefined> =>
      /href="\/today"[^]*?<\/a>/.exec(await read('/tickets'))?.[0].match(/(\d+)<\/span><\/a>/)?.[1];
    expect(await badge()).toBeUndefined();
    const away = { from: '2026-11-24', to: '2026-11-24', kind: 'leave' };
    await must((await centre.house('supervisor-e')).post('/users/m01/absences', away), 201);
    await drainJobs(test.app);
    expect(await badge()).toBe('2');
    await centre.moveTo('2026-11-24T15:01');
    const today = await read('/today');
    expect(today).toMatch(/过点1分/);
    const claim = /action="(\/tasks\/\d+\/claim)"/.exec(today)?.[1] ?? '';
    expect((await supervisor.post(claim, { _csrf: csrfOf(today) })).headers.location).toBe('/desk');
    const desk = await read('/desk');
    expect(desk).toContain('约定 15:00 回拨');
    const task = actionOf(desk).split('/')[2] ?? '';
    const links = [today, desk].flatMap((html) => [...html.matchAll(/\s(?:href|hx-get)="(\/[^"#]*)/g)].map(([, href = '']) => unescaped(href)));
    expect(links).toEqual(expect.arrayContaining([`/tasks/${task}/ticket`, `/tasks/${task}/sms`, '/replies/mine']));
    const closed: string[] = [];
    for (const href of new Set(links)) if ((await supervisor.get(href)).status === 403) closed.push(href);
    expect(closed).toEqual([]);
    expect((await supervisor.post(`/tasks/${task}/dial`, { _csrf: csrfOf(desk) })).status).toBe(200);
    const form = { _csrf: csrfOf(desk), outcome: 'reached', startedAt: startOf(desk), talkSeconds: '40', then: 'stay' };
    expect((await supervisor.post(actionOf(desk), form)).headers.location).toBe('/desk');
    expect(
      await test.db.rows(sql`select u.username from calls.attempt a join staff.v_user u on u.id = a.manager_id where a.outcome = 'reached'`),
    ).toEqual([{ username: 'supervisor-e' }]);
    const preview = await read('/handover?from=supervisor-e&to=m01&moves=tasks');
    expect(preview).toMatch(/<option value="supervisor-e" selected>/);
    const figures = /<tr><th scope="row">林晓雯<\/th>([^]*?)<\/tr>/.exec(preview)?.[1] ?? '';
    expect([...figures.matchAll(/(\d+)(?:<\/a>)?<\/td>/g)].map(([, count]) => count)).toEqual(['0', '1', '1']);
    const opened = [...preview.matchAll(/href="([^"]*show&#x3D;[^"]*)#rows">(\d+)</g)];
    expect(opened).toHaveLength(4);
    for (const [, href = '', count] of opened) expect((await read(unescaped(href))).match(/class="sc-behind"/g)).toHaveLength(Number(count));
  });

  it('R24 the row and the desk say who had the customer today, over campaigns and systems, and the cap that they fill together', async () => {
    const [id] = await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await centre.campaign('c2', { kind: 'care', name: '满意度回访' });
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${id}`);
    const robot = { phone: number, channel: 'call', purpose: 'care', source: 'robot' };
    const planner = await centre.house('planner-e');
    await must(planner.post('/contact/touches', { ...robot, at: '2026-11-24T08:30:00+08:00', source: 'api:robot' }), 201);
    await must(planner.post('/contact/touches', { ...robot, at: '2026-11-23T09:00:00+08:00', source: 'api:shop' }), 201);
    const contacted = (html: string): string[] =>
      [...html.matchAll(/ti-history" aria-hidden="true"><\/i>([^<]*)</g)].map((found) => (found[1] ?? '').replace(/\s+/g, ' ').trim());
    expect(contacted(await page('/today'))).toEqual(Array(2).fill('今天 08:30 电话 · robot'));
    const desk = await begin();
    expect(contacted(desk)).toEqual(['今天 08:30 电话 · robot']); // not the call she is about to make
    expect(desk).toContain(`/customers/${id}/lines/`);
    await press(actionOf(desk), desk, { outcome: 'no_answer', then: 'stay' });
    await press('/desk/next', await page('/today'));
    const today = await page('/today');
    expect(contacted(today)).toEqual(Array(2).fill('今天 10:00 电话 · 活动c1'));
    expect(today).toContain('联系次数已满；可再拨');
    const list = await logIn(test, 'planner-e');
    expect(contacted((await list.get('/campaigns/c2/list')).text)).toEqual(['今天 10:00 电话 · 活动c1']);
  });

  it('GOV-8, R24 while a robot holds the customer the row says so, the call is refused with the moment it may be tried again', async () => {
    const [id] = await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${id}`);
    await must((await centre.house('planner-e')).post('/contact/reservations', { phone: number, channel: 'call', purpose: 'care' }), 201);
    const today = await page('/today');
    expect(today).toMatch(/正在联系 10:00 电话 · planner-e/);
    await press(/action="(\/tasks\/\d+\/claim)"/.exec(today)?.[1] ?? '', today);
    expect(await page('/today')).toMatch(/联系次数已满[^<]*10:30/);
  });

  it('the last outcome is corrected with a reason', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const desk = await begin();
    const { location } = await press(actionOf(desk), desk, { outcome: 'no_answer' });
    const after = await page(location);
    const correct = /href="(\/attempts\/[^"]+\/correct)"/.exec(after)?.[1] ?? '';
    const form = await page(correct);
    const { name } = await test.db.one<{ name: string }>(sql`select name from customers.customer`);
    expect(form).toContain(`<b>${name}</b> · 原来记为：无人接`);
    const refused = await press(correct, form, { outcome: 'reached', reason: '' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('有1处要改：为什么更正：请填写');
    for (const text of [form, refused.text]) expect(text).toMatch(CALLS_CURRENT);
    expect((await press(correct, form, { outcome: 'reached', reason: '点错了' })).location).toBe('/desk');
    expect(await test.db.one(sql`select outcome from calls.attempt`)).toEqual({ outcome: 'reached' });
  });

  it('when all is done the desk says so, and in quiet hours it says until when', async () => {
    expect(await page('/desk?none=empty')).toContain('名单打完了');
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await centre.moveTo('2026-11-24T12:30');
    const { location } = await press('/desk/next', await page('/today'));
    expect(await page(location)).toContain('静默时段，14:00 自动恢复');
  });

  it('who may be called only later is not offered now: the desk says how many, and from when', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('c1');
    expect(await page('/desk')).toContain('有2位客户等您联系');
    await centre.call('m01', { outcome: 'no_answer' });
    const one = await page('/desk');
    expect(one).toContain('有1位客户等您联系');
    expect(one).toContain('其中1位稍后');
    await centre.call('m01', { outcome: 'no_answer' });
    const none = await page('/desk');
    expect(none).toContain('现在没有可打的');
    expect(none).toMatch(/名单上还有2位，[^<]*\d{2}:\d{2}起可以打/);
    const { location } = await press('/desk/next', none);
    expect(await page(location)).toContain('现在没有可打的');
  });

  it('given back, the customer is on the list again', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const desk = await begin();
    const release = /action="(\/tasks\/\d+\/release)"/.exec(desk)?.[1] ?? '';
    expect((await press(release, desk, { reason: '先吃饭' })).location).toBe('/today');
    expect((await centre.tasks('m01')).map((task) => task.state)).toEqual(['open']);
  });

  it('speaks English too', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await begin();
    const english = (await m01.agent.get('/desk?lang=en').set('accept', 'text/html').redirects(1)).text;
    expect(english).toContain('Save and next');
    expect(english).toContain('Refused');
  });
});
