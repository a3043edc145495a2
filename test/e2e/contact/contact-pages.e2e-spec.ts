import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { empty } from '../../support/empty.js';
import { createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';

let test: TestApp;
let house: House;
let planner: PageVisitor;
let manager: PageVisitor;

const LIU = '+8613800138000';

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  await test.db.run(sql`
    with made as (
      insert into customers.customer (name, star_level, manager_id, org_unit_id, sms_consent, call_consent, created_at, updated_at)
      select '刘海涛', 5, u.id, u.org_unit_id, true, true, ${test.clock.now()}, ${test.clock.now()} from staff.app_user u where u.username = 'm01' returning id)
    insert into customers.line (customer_id, number, created_at, updated_at) select id, ${LIU}, ${test.clock.now()}, ${test.clock.now()} from made`);
  [planner, manager] = [await logIn(test, 'planner-e'), await logIn(test, 'm01')];
});
afterAll(() => test.close());
beforeEach(() => test.clock.set('2026-11-24T10:00:00+08:00'));

describe('the page "may we contact"', () => {
  it('keeps a wrong number and says at the field what is wrong with it', async () => {
    const answer = await planner.get('/contact/decisions?phone=1380013800');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="1380013800"');
    expect(answer.text).toContain('手机号应为11位，这里是10位');
  });

  it('a customer outside of the scope looks like one that does not exist', async () => {
    const stranger = await logIn(test, 'planner-w');
    const answer = await stranger.get('/contact/decisions?phone=13800138000');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('没有找到，或不在您的范围内');
    expect(answer.text).not.toContain('刘海涛');
  });

  it('shows the verdict, each rule with its evidence, and the other ways; a manager sees the number masked', async () => {
    test.clock.set('2026-11-24T12:30:00+08:00');
    const answer = await manager.get('/contact/decisions?phone=13800138000&channel=call&purpose=marketing');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('不可以联系');
    expect(answer.text).toContain('刘海涛');
    expect(answer.text).toContain('138 **** 8000');
    expect(answer.text).toContain('今天已拨0/2次');
    expect(answer.text).toContain('10条规则：7条通过，1条不通过，2条不适用');
    expect(await test.db.rows(sql`select id from contact.touch`)).toEqual([]);
  });

  it('the top bar says whether calls may go out, and when again', async () => {
    const bar = async (at: string): Promise<string> => {
      test.clock.set(at);
      const { text } = await planner.get('/contact/decisions');
      return /sc-dot[^>]*><\/span>([^<]*)</.exec(text)?.[1] ?? '';
    };
    expect(await bar('2026-11-24T10:00:00+08:00')).toBe('可外呼至12:00');
    expect(await bar('2026-11-24T12:30:00+08:00')).toBe('静默中，14:00恢复');
    expect(await bar('2026-11-24T20:30:00+08:00')).toBe('静默中，11-25 09:00恢复');
    expect(await bar('2026-10-01T10:00:00+08:00')).toBe('静默中，10-04 09:00恢复');
  });
});

describe('GOV-1 why a customer may not be contacted', () => {
  const refuse = async (at: string, ask: { channel: 'call' | 'sms'; purpose: 'marketing' | 'care' }, text?: string): Promise<void> => {
    const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${LIU}`);
    const contact = test.app.get(ContactCommands, { strict: false });
    const request = { customerId: id, number: LIU, source: 'desk', at: new Date(at), ...ask, ...(text ? { text } : {}) };
    await test.db.tx((tx) => contact.reserve(tx, request));
  };

  it('every decision stands there, the newest first, with the rule, the setting and the facts of then', async () => {
    await refuse('2026-11-22T22:00:00+08:00', { channel: 'call', purpose: 'care' });
    await refuse('2026-11-23T10:00:00+08:00', { channel: 'call', purpose: 'care' });
    await refuse('2026-11-23T10:01:00+08:00', { channel: 'call', purpose: 'care' });
    await refuse('2026-11-23T10:02:00+08:00', { channel: 'call', purpose: 'care' });
    await refuse('2026-11-23T10:03:00+08:00', { channel: 'sms', purpose: 'care' }, '祝您新春快乐');
    expect((await manager.get('/contact/decisions?phone=13800138000')).text).toContain('href="/contact/decisions/ledger?phone=13800138000"');
    const { text } = await manager.get('/contact/decisions/ledger?phone=13800138000');
    const body = text
      .slice(text.indexOf('<tbody>'))
      .replaceAll(/<[^>]+>|\s+/g, ' ')
      .replaceAll(/ +/g, ' ');
    const inOrder = [
      '由省级统一祝福 祝福由省级统一发送',
      '联系次数已满 当天已满2次',
      '已预留',
      '不在可联系的时段 当时可联系的时段：09:00–12:00 14:00–20:00',
    ];
    const places = inOrder.map((words) => body.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).not.toMatch(/contact\.(fact|reason|evidence)\./);
    await empty(test.db, 'contact.touch');
  });

  it('is not shown to anybody outside of the scope', async () => {
    const stranger = await logIn(test, 'planner-w');
    expect((await stranger.get('/contact/decisions/ledger?phone=13800138000')).status).toBe(404);
  });
});

describe('R21 nobody overrides', () => {
  it('the page says of each rule that refuses why there is no override and what is left', async () => {
    await planner.post('/contact/blocks', { phone: LIU, channel: 'sms', productFamily: '5g', reason: '客户要求' });
    test.clock.set('2026-11-24T22:00:00+08:00');
    const { text } = await planner.get('/contact/decisions?phone=13800138000&channel=sms&purpose=marketing');
    expect(text).toContain('为什么没有“放行”');
    expect(text).toContain('时段没有单次放行');
    expect(text).not.toContain('退订没有人能放行');
    expect(text).toContain('不收这类产品 5g');
    await empty(test.db, 'contact.block');
  });

  it('R22 a campaign asked for brings its opt-outs and its product line; one that is unknown is said at its field', async () => {
    const api = await house('planner-e');
    await api.post('/campaigns', { code: 'cloud', name: '云盘', kind: 'marketing', startsOn: '2026-11-01', productFamily: 'cloud' });
    expect(
      (await planner.post('/contact/blocks', { phone: LIU, channel: 'sms', scope: 'campaign', campaign: 'cloud', reason: '客户要求' })).status,
    ).toBe(303);
    const ask = (campaign: string) => planner.get(`/contact/decisions?phone=13800138000&channel=sms&purpose=marketing&campaign=${campaign}`);
    const { text } = await ask('cloud');
    for (const words of ['退订没有人能放行', '不参加这个活动 云盘']) expect(text).toContain(words);
    expect((await ask('')).text).toContain('可以联系：');
    const wrong = await ask('nowhere');
    expect([wrong.status, wrong.text.includes('id="campaign-error"')]).toEqual([422, true]);
    expect((await planner.get('/contact/blocks')).text).toMatch(/不参加这个活动 <span class="sc-muted">云盘/);
    await empty(test.db, 'contact.block');
  });

  it('R22 the form keeps what was typed and says at the field which product line or campaign is missing', async () => {
    const missing = await planner.post('/contact/blocks', { phone: LIU, channel: 'all', scope: 'product', reason: 'x' });
    expect([missing.status, missing.text.includes('id="productFamily-error"')]).toEqual([422, true]);
    expect(missing.text).toMatch(/<option value="product" selected/);
  });
});

describe('GOV-2 the page of the do-not-contact list', () => {
  it('is not for managers', async () => {
    expect((await manager.get('/contact/blocks')).status).toBe(403);
    expect((await manager.post('/contact/blocks', { phone: LIU, channel: 'all', reason: 'x' })).status).toBe(403);
  });

  it('shows the form again with the sentence at the field', async () => {
    const answer = await planner.post('/contact/blocks', { phone: '12345', channel: 'all', reason: '客户来电要求' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('手机号应为11位，这里是5位');
    expect(answer.text).toContain('value="客户来电要求"');
  });

  it('a number is added, found masked, and lifted with a reason; an opt-out is not lifted by anybody', async () => {
    expect((await planner.post('/contact/blocks', { phone: LIU, channel: 'call', reason: '客户来电要求' })).status).toBe(303);
    expect((await planner.post('/contact/blocks', { phone: LIU, channel: 'sms', scope: 'marketing', reason: 'TD' })).status).toBe(303);
    const page = (await planner.get('/contact/blocks?phone=138 0013 8000')).text;
    expect(page).toContain('138 **** 8000');
    expect(page).not.toContain('13800138000</th>');
    const [block, optOut] = await test.db.rows<{ id: string }>(sql`select id from contact.block order by id`);
    const lift = (id: string | undefined, reason: string) => planner.post(`/contact/blocks/${id}/lift`, { reason });
    expect((await lift(block?.id, '')).status).toBe(422);
    expect((await lift(optOut?.id, '误操作')).status).toBe(409);
    expect((await lift(block?.id, '客户改变主意')).status).toBe(303);
    expect(await test.db.rows(sql`select channel from contact.v_block`)).toEqual([{ channel: 'sms' }]);
  });
});

describe('GOV-5 the page of the rules', () => {
  const version = async (): Promise<string> => /name="version" value="(\d+)"/.exec((await planner.get('/contact/rules')).text)?.[1] ?? '';
  const save = async (who: PageVisitor, rule: string, settings: Record<string, string>) =>
    who.post(`/contact/rules/${rule}`, { version: await version(), ...settings });

  it('is not for managers, and a supervisor changes nothing', async () => {
    expect((await manager.get('/contact/rules')).status).toBe(403);
    const supervisor = await logIn(test, 'supervisor-e');
    expect((await supervisor.get('/contact/rules')).text).toContain('2');
    expect((await save(supervisor, 'cap_reached', { 'caps.callsPerDay': '1' })).status).toBe(403);
  });

  it('shows every rule with its help, its settings and what may not be passed', async () => {
    const { text } = await planner.get('/contact/rules');
    for (const rule of ['客户状态', '免打扰名单', '退订', '营销同意', '号码健康', '保护状态', '冷静期', '省级统一祝福', '频次', '静默时段'])
      expect(text).toContain(`<h2>${rule}</h2>`);
    expect(text).toContain('value="09:00–12:00 14:00–20:00"');
    expect(text).toContain('不能超出硬限：08:00–21:00');
    expect(text).not.toMatch(/contact\.(setting|about|rule)\./);
  });

  it.each([
    ['cap_reached', { 'caps.callsPerDay': '3' }, '不能超出硬限：2'],
    ['cap_reached', { 'caps.callsPerDay': 'viele' }, '请填0到10的整数'],
    ['cap_reached', { 'limits.callsPerDay': '9' }, '硬限只有管理员可以改'],
    ['cooling_off', { 'rests.afterRefusal': '60' }, '不能少于硬限：90'],
    ['cooling_off', { 'rests.afterSuccess': '999' }, '请填0到365的整数'],
    ['cooling_off', { 'leastRests.afterSuccess': '7' }, '硬限只有管理员可以改'],
    ['opted_out', { 'replyWords.stop': 'TD T 退订' }, '不能少了：拒收 R'],
    ['opted_out', { 'replyWords.resume': 'KT ｔｄ' }, '既是退订又是恢复：ｔｄ'],
    ['opted_out', { 'replyWords.resume': '请'.repeat(21) }, '每个不超过20字'],
    ['quiet_hours', { callWindow: '07:00-12:00' }, '不能超出硬限：08:00–21:00'],
    ['quiet_hours', { callWindow: '12:00-09:00' }, '请写成09:00-12:00'],
    ['quiet_hours', { 'hardWindow.call': '00:00-24:00' }, '硬限只有管理员可以改'],
  ] as [string, Record<string, string>, string][])('a planner cannot widen what administrators set: %s %o', async (rule, settings, sentence) => {
    const answer = await save(planner, rule, settings);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
  });

  it('a planner narrows, an administrator moves the limit; both stand in the history; a stale page is told so', async () => {
    const old = await version();
    expect((await save(planner, 'cap_reached', { 'caps.callsPerDay': '1' })).status).toBe(303);
    expect((await planner.get('/contact/decisions?phone=13800138000')).text).toContain('今天已拨0/1次');
    expect((await planner.post('/contact/rules/cap_reached', { version: old, 'caps.callsPerDay': '2' })).status).toBe(409);
    const admin = await logIn(test, 'admin');
    expect((await save(admin, 'cap_reached', { 'limits.callsPerDay': '3', 'caps.callsPerDay': '3' })).status).toBe(303);
    expect((await save(admin, 'quiet_hours', { 'hardWindow.sms': '09:00-20:00' })).status).toBe(303);
    const { text } = await planner.get('/contact/rules');
    expect(text).toContain('08:00–21:00 → 09:00–20:00');
    expect(text).toMatch(/每天通话次数<\/td><td>2 → 1<\/td><td>顾明哲/);
    expect((await save(admin, 'cap_reached', { 'limits.callsPerDay': '2' })).status).toBe(303);
    expect((await planner.get('/contact/decisions?phone=13800138000')).text).toContain('今天已拨0/2次');
    const audited = await test.db.rows(sql`select detail ->> 'path' as path from staff.audit_entry where action = 'gate.setting_changed'`);
    expect(audited).toHaveLength(5);
  });
});

describe('the page of the calendar', () => {
  it('is for administrators only', async () => {
    expect((await planner.get('/admin/calendar')).status).toBe(403);
  });

  it('says when the notice of a year is not out, and takes a day', async () => {
    const admin = await logIn(test, 'admin');
    expect((await admin.get('/admin/calendar?year=2027')).text).toContain('这一年的放假通知还没有公布');
    expect((await admin.post('/admin/calendar', { day: '2026-02-30x', working: 'true' })).status).toBe(422);
    expect((await admin.post('/admin/calendar', { day: '2026-11-25', working: 'false', name: '停工' })).headers.location).toBe(
      '/admin/calendar?year=2026',
    );
    expect((await admin.get('/admin/calendar?year=2026')).text).toContain('停工');
  });
});
