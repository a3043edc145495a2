import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

let test: TestApp;
let house: House;
let id: string;

interface Line {
  id: string;
  phone: string;
  kind: string;
  userName: string | null;
  userBirthday: string | null;
  hotlineBlacklisted: boolean;
  doNotCall: boolean;
  doNotText: boolean;
  noMarketing: boolean;
}

const file = async (text: string): Promise<void> => {
  await (await house('planner-e')).upload('/imports?feed=customers', text);
  await drainJobs(test.app);
};
const card = async (
  who = 'planner-e',
): Promise<{ lines: Line[]; tier: string | null; profile: Record<string, { value: string; learnedBy: string }> }> =>
  (await (await house(who)).get(`/customers/${id}`)).body as never;
const lineOf = async (phone: string): Promise<Line> => (await card()).lines.find((line) => line.phone === phone) as Line;
const code = (answer: { status: number; body: unknown }): string =>
  `${answer.status} ${(answer.body as { error?: { code: string } }).error?.code ?? ''}`;

/** Why the gate would refuse a call now. */
const gate = async (number: string): Promise<string[]> => {
  const answer = (await (await house('planner-e')).get(`/contact/decisions?phone=${encodeURIComponent(number)}`)).body as {
    now: { call: { reasons: string[] } };
  };
  return answer.now.call.reasons;
};

const [MAIN, SECOND, HOME] = ['+8613800138000', '+8613800138001', '+862583210001'];

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  await file(
    '手机号码,姓名,星级,客户编码,号卡类型,套餐,热线黑名单,客户经理\n' +
      `13800138000,陈志远,7,JS1,主卡,畅享199,否,m01\n13800138001,陈志远,7,JS1,第二卡,畅享59,是,m01\n025-83210001,陈志远,7,JS1,宽带,融合宽带,,m01\n`,
  );
  ({ id } = await test.db.one<{ id: string }>(sql`select id from customers.customer where customer_no = 'JS1'`));
});
afterAll(() => test.close());

describe('CUS-1 a customer owns lines, each with facts of its own', () => {
  it('main card, further card and broadband come by feed; the customer is reached on the main card, never on the broadband line', async () => {
    const { lines } = await card();
    expect(lines.map(({ phone, kind }) => [phone, kind])).toEqual([
      [MAIN, 'main'],
      [SECOND, 'extra'],
      [HOME, 'broadband'],
    ]);
    await file('手机号码,状态\n13800138000,停机\n');
    expect((await card()).lines[0]?.phone).toBe(SECOND);
    await file('手机号码,状态\n13800138001,停机\n025-83210001,停机\n');
    expect((await card()).lines.map(({ phone }) => phone)).toEqual([MAIN, SECOND, HOME]);
    await file('手机号码,状态\n13800138000,正常\n13800138001,正常\n025-83210001,正常\n');
  });

  it.each([
    ['5A', 'diamond'],
    ['2A', 'gold'],
    ['关键人', 'silver'],
    ['银卡', 'silver'],
  ])('the grade %s of the feed is the tier %s', async (grade, tier) => {
    await file(`手机号码,客户等级\n13800138000,${grade}\n`);
    expect((await card()).tier).toBe(tier);
  });

  it('where the feed has no tier the star has one, for the page, the search and the filters alike', async () => {
    await file('手机号码,姓名,星级,客户经理\n13600000005,陈五星,5,m01\n13600000000,陈零星,0,m01\n');
    const items = (await (await house('planner-e')).get(`/customers?name=${encodeURIComponent('陈')}`)).body as {
      items: { name: string; tier: string | null }[];
    };
    expect(items.items.map(({ name, tier }) => [name, tier])).toEqual(
      expect.arrayContaining([
        ['陈五星', 'gold'],
        ['陈零星', null],
      ]),
    );
    expect(await test.db.rows(sql`select name, tier from customers.v_customer where name in ('陈五星', '陈零星') order by name`)).toEqual([
      { name: '陈五星', tier: 'gold' },
      { name: '陈零星', tier: null },
    ]);
  });
});

describe('CUS-1 the hotline’s blacklist and do-not-call are two fields', () => {
  it('a blacklisted line may be called, a blocked one is served by the hotline', async () => {
    expect(await lineOf(SECOND)).toMatchObject({ hotlineBlacklisted: true, doNotCall: false });
    expect(await gate(SECOND)).not.toContain('blocked');
    await (await house('planner-e')).post('/contact/blocks', { phone: MAIN, channel: 'call', reason: '本人要求' });
    expect(await lineOf(MAIN)).toMatchObject({ hotlineBlacklisted: false, doNotCall: true, doNotText: false });
    expect(await gate(MAIN)).toContain('blocked');
  });

  it('an opt-out of marketing is neither', async () => {
    await (await house('planner-e')).post('/contact/blocks', { phone: SECOND, channel: 'sms', scope: 'marketing', reason: 'TD' });
    expect(await lineOf(SECOND)).toMatchObject({ doNotCall: false, doNotText: false, noMarketing: true });
  });

  it('a planner changes the blacklist of one line, with its history; a manager may not, and nobody without naming the line', async () => {
    const planner = await house('planner-e');
    const { id: line } = await lineOf(HOME);
    expect(code(await (await house('m01')).patch(`/customers/${id}`, { line, hotlineBlacklist: true }))).toBe('403 role_refused');
    expect(code(await planner.patch(`/customers/${id}`, { hotlineBlacklist: true }))).toBe('422 line_needed');
    expect(code(await planner.patch(`/customers/${id}`, { line: '999999', hotlineBlacklist: true }))).toBe('404 not_found');
    await planner.patch(`/customers/${id}`, { line, hotlineBlacklist: true });
    await planner.patch(`/customers/${id}`, { line, hotlineBlacklist: true });
    expect(await lineOf(HOME)).toMatchObject({ hotlineBlacklisted: true, doNotCall: false });
    expect(await test.db.rows(sql`select value, old_value, line_id from customers.profile_fact where field = 'hotline_blacklist'`)).toEqual([
      { value: 'true', old_value: 'false', line_id: line },
    ]);
  });

  it('the page shows both, and who may change the blacklist changes it there', async () => {
    const page = await logIn(test, 'planner-e');
    const { id: line } = await lineOf(HOME);
    const text = (await page.get(`/customers/${id}`)).text;
    for (const words of ['免打扰', '不可外呼', '已退订营销', '热线黑名单', '在名单里，来电不转人工']) expect(text).toContain(words);
    expect((await page.post(`/customers/${id}/lines/${line}/hotline`, { hotlineBlacklist: 'false' })).status).toBe(303);
    expect(await lineOf(HOME)).toMatchObject({ hotlineBlacklisted: false });
    const manager = await logIn(test, 'm01');
    expect((await manager.get(`/customers/${id}`)).text).not.toContain('/hotline"');
    expect((await manager.post(`/customers/${id}/lines/${line}/hotline`, { hotlineBlacklist: 'true' })).status).toBe(403);
  });
});

describe('R23 a masked number is stopped without being seen', () => {
  it('from the customer’s page, where the last four digits stand', async () => {
    const page = await logIn(test, 'm01');
    const { id: line } = await lineOf(SECOND);
    expect((await page.get(`/customers/${id}`)).text).toContain(`/customers/${id}/lines/${line}/stop`);
    const form = (await page.get(`/customers/${id}/lines/${line}/stop`)).text;
    expect(form).toContain('138 **** 8001');
    const silent = await page.post(`/customers/${id}/lines/${line}/stop`, { channel: 'call', scope: 'all' });
    expect(silent.status).toBe(422);
    const done = await page.post(`/customers/${id}/lines/${line}/stop`, { channel: 'call', scope: 'all', reason: '客户当面要求' });
    expect([done.status, done.headers.location]).toEqual([303, `/customers/${id}`]);
    const after = (await page.get(`/customers/${id}`)).text;
    expect(after).toContain('已停止联系尾号8001');
    for (const answer of [form, silent.text, after]) expect(answer).not.toMatch(/138 ?0013 ?8001/);
    expect(await lineOf(SECOND)).toMatchObject({ doNotCall: true, doNotText: false });
    expect(await gate(SECOND)).toContain('blocked');
  });

  it('R22, R23 also from a list or the desk: for the campaign it was about, its product line, or all marketing, and back to where one was', async () => {
    const planner = await house('planner-e');
    await planner.post('/campaigns', { code: 'fibre', name: '千兆提速', kind: 'marketing', startsOn: '2026-11-01', productFamily: 'fibre' });
    const page = await logIn(test, 'm01');
    const { id: line } = await lineOf(MAIN);
    const stop = `/customers/${id}/lines/${line}/stop`;
    const form = (await page.get(`${stop}?campaign=fibre&back=/today`)).text;
    for (const words of ['不要这类产品：fibre', '不要这个活动：千兆提速', 'href="/today"']) expect(form).toContain(words);
    expect((await page.get(`${stop}?campaign=unknown`)).text).not.toContain('不要这个活动');
    await planner.post('/campaigns', { code: 'plain', name: '满意度', kind: 'marketing', startsOn: '2026-11-01' });
    const plain = (await page.get(`${stop}?campaign=plain`)).text;
    expect([plain.includes('不要这个活动：满意度'), plain.includes('不要这类产品')]).toEqual([true, false]);
    const send = async (fields: object) => (await page.post(stop, { channel: 'sms', reason: 'x', campaign: 'fibre', ...fields })).headers.location;
    expect(await send({ scope: 'campaign', back: '/today' })).toBe('/today');
    expect(await send({ scope: 'product', back: '//elsewhere.cn' })).toBe(`/customers/${id}`);
    expect((await page.post(stop, { channel: 'sms', reason: 'x', scope: 'campaign' })).status).toBe(422);
    const kept = await test.db.rows(sql`
      select b.scope, b.product_family as family, c.code from contact.v_block b left join campaigns.campaign c on c.id = b.campaign_id
      where b.number = ${MAIN} and b.channel = 'sms' and b.scope in ('product', 'campaign') order by b.scope`);
    expect(kept).toEqual([
      { scope: 'campaign', family: null, code: 'fibre' },
      { scope: 'product', family: 'fibre', code: null },
    ]);
  });

  it('R22 the customer’s page says that some of it was stopped', async () => {
    expect(await lineOf(MAIN)).toMatchObject({ optedOutPartly: true });
    expect((await (await logIn(test, 'm01')).get(`/customers/${id}`)).text).toContain('已退订部分产品或活动');
  });

  it('R23 by whoever has the customer on her list, though another manager owns them', async () => {
    const { id: line } = await lineOf(MAIN);
    const stop = `/customers/${id}/lines/${line}/stop`;
    const helper = await logIn(test, 'm02');
    expect((await helper.get(stop)).status).toBe(404);
    await test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, star, created_at)
      select c.id, ${id}, ${line}, u.id, '2026-11-24', 5, ${test.clock.now()} from campaigns.campaign c, staff.app_user u where c.code = 'fibre' and u.username = 'm02'`);
    expect((await helper.get(stop)).status).toBe(200);
    await test.db.run(sql`delete from calls.task`);
  });

  it('by the API, whose answer keeps it masked; twice is once', async () => {
    const { id: line } = await lineOf(HOME);
    const client = await house('m01');
    const first = await client.post(`/customers/${id}/lines/${line}/blocks`, { channel: 'all', reason: '不再联系' });
    const again = await client.post(`/customers/${id}/lines/${line}/blocks`, { channel: 'all', reason: '不再联系' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body).toMatchObject({ phone: '258 **** 0001', channel: 'all', scope: 'all' });
    expect((again.body as { id: string }).id).toBe((first.body as { id: string }).id);
  });

  it('not for a customer of somebody else, and not for a line of another customer', async () => {
    const { id: line } = await lineOf(MAIN);
    for (const who of ['m02', 'm11', 'planner-w'])
      expect(code(await (await house(who)).post(`/customers/${id}/lines/${line}/blocks`, { channel: 'all', reason: 'x' }))).toBe('404 not_found');
    const other = await test.db.one<{ id: string }>(sql`select id from customers.line where number = '+8613600000005'`);
    expect(code(await (await house('m01')).post(`/customers/${id}/lines/${other.id}/blocks`, { channel: 'all', reason: 'x' }))).toBe('404 not_found');
  });
});

describe('CUS-2 each card has its own actual user', () => {
  it('with name and birthday, who learned it, and what it was before', async () => {
    const client = await house('m01');
    const { id: line } = await lineOf(SECOND);
    const told = { line, profile: { actual_user: '陈小明', actual_user_birthday: '农历闰六月初六' } };
    expect((await client.patch(`/customers/${id}`, told)).status).toBe(200);
    expect(await lineOf(SECOND)).toMatchObject({ userName: '陈小明', userBirthday: 'lunar leap 06-06' });
    expect(await lineOf(MAIN)).toMatchObject({ userName: null, userBirthday: null });
    await client.patch(`/customers/${id}`, { profile: { actual_user: '本人' } });
    expect(await lineOf(MAIN)).toMatchObject({ userName: '本人' });
    expect((await card()).profile.actual_user).toMatchObject({ value: '本人', learnedBy: '林晓雯' });
    await client.patch(`/customers/${id}`, { line, profile: { actual_user: '陈晓明', actual_user_birthday: null } });
    expect(await lineOf(SECOND)).toMatchObject({ userName: '陈晓明', userBirthday: null });
    const page = await logIn(test, 'm01');
    const field = (await page.get(`/customers/${id}/profile/actual_user?line=${line}`)).text;
    expect(field).toContain('value="陈晓明"');
    expect(field).toContain('陈小明');
    expect(field).not.toContain('本人');
  });

  it('is edited on the page at its line; a line of somebody else is not found', async () => {
    const page = await logIn(test, 'm01');
    const { id: line } = await lineOf(HOME);
    const path = `/customers/${id}/profile/actual_user_birthday`;
    const wrong = await page.post(path, { line, 'profile.actual_user_birthday': '13-40' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="13-40"');
    expect((await page.post(path, { line, 'profile.actual_user_birthday': '2012-05-04' })).status).toBe(303);
    expect(await lineOf(HOME)).toMatchObject({ userBirthday: '2012-05-04' });
    expect((await page.get(`${path}?line=999999`)).status).toBe(404);
    expect(code(await (await house('m01')).patch(`/customers/${id}`, { line: '999999', profile: { actual_user: 'x' } }))).toBe('404 not_found');
  });
});

describe('R26 second contacts are a set of other numbers', () => {
  it('one number stands once, and the customer’s own is none', async () => {
    const client = await house('m01');
    expect(code(await client.patch(`/customers/${id}`, { profile: { second_contact: '本人 138-0013-8001' } }))).toBe('422 profile_contact_own');
    await client.patch(`/customers/${id}`, { profile: { second_contact: '王芳 配偶 13900139000; 王芳 13900139000; 陈父 13900139001' } });
    expect((await card()).profile.second_contact?.value).toBe('王芳 配偶 139 0013 9000; 陈父 139 0013 9001');
    const page = (await (await logIn(test, 'm01')).get(`/customers/${id}`)).text;
    expect(page).toContain('王芳 配偶 · <span class="sc-phone">139 **** 9000</span>');
  });
});
