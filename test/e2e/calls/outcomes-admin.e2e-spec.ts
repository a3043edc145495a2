import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
let admin: PageVisitor;

type Fields = Record<string, string>;
interface Row {
  code: string;
  labelZh: string;
  key: string;
  version: number;
  retiredAt: string | null;
}

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  admin = await logIn(test, 'admin');
});
afterAll(() => test.close());

const PAGE = '/admin/outcomes';
const at = (field: string, answer: Response): string | undefined =>
  new RegExp(`id="${field}-error">.*?</i>(.*?)</div>`).exec(unescaped(answer.text))?.[1];
const rowOf = (text: string, code: string): string => text.split('<tr ').find((row) => row.startsWith(`id="outcome-${code}"`)) ?? '';
const versionOf = async (code: string): Promise<string> => /name="version" value="(\d+)"/.exec((await admin.get(`${PAGE}/${code}`)).text)?.[1] ?? '';
const lastAudit = (): Promise<object> =>
  test.db.one(
    sql`select e.actor, e.action, e.object_type as object, e.object_id as id, e.detail from staff.audit_entry e where e.object_type like 'outcome%' order by e.id desc limit 1`,
  );
const kept = (code: string): Promise<Record<string, unknown>> => test.db.one(sql`select * from calls.outcome where code = ${code}`);

/** The boxes of the page of `already_has` as they stand. */
const ALREADY = {
  labelZh: '已办理',
  labelEn: 'Has it',
  key: '6',
  redial: 'never',
  rest: 'none',
  coolingOffDays: '',
  needsReason: 'on',
  tone: 'grey',
};
const change = async (code: string, fields: Fields): Promise<Response> =>
  admin.post(`${PAGE}/${code}`, { version: await versionOf(code), ...fields });
const VISITED = {
  code: 'visited_shop',
  labelZh: '愿去营业厅',
  labelEn: 'Will come by',
  key: 'j',
  reach: 'effective',
  visit: 'on',
  closesTask: 'on',
  redial: 'never',
  rest: 'days',
  coolingOffDays: '14',
  tone: 'ok',
};

describe('CAM-6 SYS-1 the page of outcomes', () => {
  it('says of each what follows from it, in the order of the desk', async () => {
    const { text } = await admin.get(PAGE);
    const read = unescaped(text);
    expect(rowOf(read, 'converted')).toMatch(/>1<[^]*成交[^]*接通[^]*有效接通[^]*回访[^]*成交[^]*完成[^]*按联系规则/);
    expect(rowOf(read, 'callback')).toMatch(/按约定时间回拨/);
    expect(rowOf(read, 'do_not_call')).toContain('不再外呼');
    expect(rowOf(read, 'complaint')).toContain('建工单');
    expect(rowOf(read, 'invalid_number')).toMatch(/只计外呼[^]*结束，未联系上[^]*号码记为空号/);
    const order = [...read.matchAll(/<tr id="outcome-([a-z_]+)">/g)].map(([, code]) => code);
    expect(order.slice(0, 3)).toEqual(['converted', 'interested', 'reached']);
    expect(order.indexOf('no_answer')).toBe(9);
    expect(read).toContain('没有停用的结果');
    expect((await admin.get('/admin/settings')).text).toContain('href="/admin/outcomes"');
  });

  it.each(['supervisor-e', 'planner-e', 'm01'])('is not for %s', async (who) => {
    const page = await logIn(test, who);
    expect((await page.get(PAGE)).status).toBe(403);
    expect((await page.post(`${PAGE}/already_has/retire`)).status).toBe(403);
    expect((await page.post('/admin/outcome-reasons/tariff/retire')).status).toBe(403);
    expect(await refusal((await centre.house(who)).post('/outcomes/already_has/retire'))).toBe('403 role_refused');
  });

  it('shows what figures count by as fixed, with the reason', async () => {
    const { text } = await admin.get(`${PAGE}/already_has`);
    expect(text).toContain('过去的数字也会跟着变');
    expect(text).toContain('先给这个结果改名并停用');
    // what cannot be retired is not advised to be
    expect((await admin.get(`${PAGE}/refused`)).text).not.toContain('改名并停用');
    expect(text).not.toMatch(/name="(connected|effective|visit|converted|closesTask|blocksCalls|lineHealth|code)"/);
    expect((await admin.get(`${PAGE}/nothing`)).status).toBe(404);
  });
});

describe('CAM-6 an outcome', () => {
  it('is changed with its old value in the log, and the desk follows at once', async () => {
    const answer = await change('already_has', { ...ALREADY, labelZh: '已有同类', key: 'l', rest: 'days', coolingOffDays: '21', needsReason: '' });
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    const detail = {
      labelZh: { from: '已办理', to: '已有同类' },
      key: { from: '6', to: 'L' },
      coolingOffDays: { from: 0, to: 21 },
      needsReason: { from: true, to: false },
    };
    expect(await lastAudit()).toEqual({ actor: 'admin', action: 'outcome.changed', object: 'outcome', id: 'already_has', detail });
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await centre.take('m01');
    expect((await (await logIn(test, 'm01')).get('/desk')).text).toMatch(/value="already_has" data-key="L"[^>]*>.*?已有同类/);
    const settings =
      unescaped((await admin.get('/admin/settings')).text)
        .split('<tr>')
        .find((row) => row.includes('href="/admin/outcomes"')) ?? '';
    expect(settings).toMatch(/admin\/audit\?object=outcome/);
    expect((await change('already_has', ALREADY)).status).toBe(303);
  });

  it('saved as it is changes nothing', async () => {
    const before = await lastAudit();
    expect((await change('already_has', ALREADY)).status).toBe(303);
    expect((await admin.get(PAGE)).text).toContain('没有改动');
    expect(await lastAudit()).toEqual(before);
  });

  it('keeps its flags whatever is posted', async () => {
    expect((await change('already_has', { ...ALREADY, converted: 'on', visit: '', reach: 'none', closesTask: '', labelEn: 'Has one' })).status).toBe(
      303,
    );
    expect(await kept('already_has')).toMatchObject({ connected: true, effective: true, visit: true, converted: false, closes_task: true });
    expect((await change('already_has', ALREADY)).status).toBe(303);
  });

  it.each<[string, string, Fields, string, RegExp]>([
    ['no name', 'already_has', { ...ALREADY, labelZh: '' }, 'labelZh', /^.+$/],
    ['a name too long', 'already_has', { ...ALREADY, labelEn: 'x'.repeat(25) }, 'labelEn', /24/],
    ['the name of another', 'already_has', { ...ALREADY, labelZh: '拒绝' }, 'labelZh', /“拒绝”已是refused/],
    ['a name that is a code', 'already_has', { ...ALREADY, labelEn: 'Busy' }, 'labelEn', /“Busy”已是busy/],
    ['the key of another', 'already_has', { ...ALREADY, key: '5' }, 'key', /键5已是“拒绝/],
    ['a key of the desk', 'already_has', { ...ALREADY, key: 'g' }, 'key', /别的事：B C G/],
    ['two keys', 'already_has', { ...ALREADY, key: '66' }, 'key', /一个字母或数字/],
    ['days that are none', 'already_has', { ...ALREADY, rest: 'days', coolingOffDays: '' }, 'coolingOffDays', /整数|3650/],
    ['a redial after the end', 'already_has', { ...ALREADY, redial: 'same_day' }, 'redial', /只能选“不再拨”/],
    [
      'a callback made of another',
      'assistant',
      { ...ALREADY, labelZh: '语音助手', labelEn: 'Assistant', key: 'x', redial: 'callback' },
      'redial',
      /约回拨/,
    ],
    [
      'a ticket of nobody',
      'assistant',
      { ...ALREADY, labelZh: '语音助手', labelEn: 'Assistant', key: 'x', redial: 'later', opensTicket: 'on' },
      'opensTicket',
      /没人接听/,
    ],
    ['a rule unknown', 'already_has', { ...ALREADY, redial: 'soon' }, 'redial', /只能是/],
  ])('says at its box of %s, keeps what was typed and changes nothing', async (_, code, fields, field, sentence) => {
    const before = await kept(code);
    const answer = await change(code, fields);
    // a box that is not shown has its sentence above the form
    const said = at(field, answer) ?? unescaped(answer.text);
    expect([answer.status, said]).toEqual([422, expect.stringMatching(sentence)]);
    expect(await kept(code)).toEqual(before);
  });

  it('is not overwritten by somebody who has not seen it', async () => {
    const version = await versionOf('already_has');
    expect((await change('already_has', { ...ALREADY, labelEn: 'Has one' })).status).toBe(303);
    const answer = await admin.post(`${PAGE}/already_has`, { ...ALREADY, version, labelEn: 'Mine' });
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('别人刚改过')]);
    expect(answer.text).toContain('value="Mine"');
    expect(await kept('already_has')).toMatchObject({ label_en: 'Has one' });
    expect((await change('already_has', ALREADY)).status).toBe(303);
  });

  it('changes places with its neighbour of the same group, and not beyond the last', async () => {
    expect((await admin.post(`${PAGE}/reached/move`, { direction: 'up' })).status).toBe(303);
    const order = async (): Promise<(string | undefined)[]> =>
      [...(await admin.get(PAGE)).text.matchAll(/<tr id="outcome-([a-z_]+)">/g)].map(([, code]) => code).slice(0, 3);
    expect(await order()).toEqual(['converted', 'reached', 'interested']);
    expect(await lastAudit()).toMatchObject({ action: 'outcome.moved', id: 'reached', detail: { sort: { from: 3, to: 2 } } });
    expect((await admin.post(`${PAGE}/converted/move`, { direction: 'up' })).status).toBe(303);
    expect((await admin.post(`${PAGE}/reached/move`, { direction: 'down' })).status).toBe(303);
    expect(await order()).toEqual(['converted', 'interested', 'reached']);
    expect((await admin.post(`${PAGE}/reached/move`, { direction: 'left' })).status).toBe(422);
  });
});

describe('CAM-6 a new outcome', () => {
  it('comes last at the desk with its flags, and calls end with it', async () => {
    expect((await admin.get(`${PAGE}/new`)).text).toContain('改了过去的数字也会变');
    const answer = await admin.post(PAGE, VISITED);
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    expect(await kept('visited_shop')).toMatchObject({
      sort: 19,
      key: 'J',
      connected: true,
      effective: true,
      visit: true,
      converted: false,
      closes_task: true,
      cooling_off_days: 14,
      tone: 'ok',
    });
    expect(await lastAudit()).toMatchObject({
      actor: 'admin',
      action: 'outcome.added',
      id: 'visited_shop',
      detail: { labelZh: '愿去营业厅', visit: true },
    });
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const { attempt } = await centre.call('m01', { outcome: 'visited_shop', talkSeconds: 40 });
    expect(attempt.task).toMatchObject({ state: 'done' });
  });

  it('may be called what a part of the page is called, and takes the name of one that was renamed and retired', async () => {
    const shared = { ...VISITED, code: 'other', key: 'v', visit: '', labelZh: '已办理', labelEn: 'Has it' };
    expect(at('labelZh', await admin.post(PAGE, shared))).toMatch(/“已办理”已是already_has/);
    expect((await change('already_has', { ...ALREADY, labelZh: '旧的已办理', labelEn: 'Had it' })).status).toBe(303);
    expect((await admin.post(`${PAGE}/already_has/retire`)).status).toBe(303);
    expect((await admin.post(PAGE, shared)).status).toBe(303);
    const ids = [...(await admin.get(PAGE)).text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect((await admin.post(`${PAGE}/other/move`, { direction: 'up' })).headers.location).toBe(`${PAGE}#outcome-other`);
    expect((await change('other', { ...shared, labelZh: '另外的', labelEn: 'Other one' })).status).toBe(303);
    expect((await admin.post(`${PAGE}/other/retire`)).status).toBe(303);
    expect((await admin.post(`${PAGE}/already_has/restore`)).status).toBe(303);
    expect((await change('already_has', ALREADY)).status).toBe(303);
  });

  it('that promises a callback or is a sale opens the box of the desk as the first ones do', async () => {
    const shared = { reach: 'effective', rest: 'none', tone: 'info' };
    expect(
      (await admin.post(PAGE, { ...shared, code: 'think_again', labelZh: '考虑后再联系', labelEn: 'Thinks', key: 'k', redial: 'callback' })).status,
    ).toBe(303);
    const sale = {
      ...shared,
      code: 'sold_card',
      labelZh: '办副卡',
      labelEn: 'Second card',
      key: 'u',
      redial: 'never',
      converted: 'on',
      closesTask: 'on',
    };
    expect((await admin.post(PAGE, sale)).status).toBe(303);
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    await centre.take('m01');
    const m01 = await logIn(test, 'm01');
    const desk = (await m01.get('/desk')).text;
    expect(desk).toMatch(/value="think_again" data-key="K" data-callback="1"/);
    expect(desk).toMatch(/value="sold_card" data-key="U" data-order="1"/);
    const action = /id="attempt" method="post" action="([^"]+)"/.exec(desk)?.[1] ?? '';
    const posted = { outcome: 'think_again', callbackAt: '2026-11-24T06:30:00.000Z', then: 'stay', talkSeconds: '20' };
    expect((await m01.post(action, posted)).status).toBe(303);
    expect(await test.db.one(sql`select last_outcome, callback_at from calls.task`)).toEqual({
      last_outcome: 'think_again',
      callback_at: new Date('2026-11-24T06:30:00.000Z'),
    });
    for (const code of ['think_again', 'sold_card']) expect((await admin.post(`${PAGE}/${code}/retire`)).status).toBe(303);
  });

  const own = { ...VISITED, code: 'other_one', labelZh: '另一个', labelEn: 'Another', key: 'i' };
  it.each<[string, Fields, string, RegExp, number?]>([
    ['a code that is none', { code: 'Ours!' }, 'code', /小写字母/],
    ['a code taken', { code: 'busy' }, 'code', /“busy”已有人用/, 409],
    ['no key', { key: '' }, 'key', /^.+$/],
    ['a visit of nobody', { reach: 'connected' }, 'visit', /没人接听/],
    ['a sale of nobody', { reach: 'none', visit: '', converted: 'on' }, 'converted', /没人接听/],
    ['a block that leaves the task open', { blocksCalls: 'on', closesTask: '', redial: 'later' }, 'closesTask', /一起结束/],
    ['a void number that answered', { lineHealth: 'invalid' }, 'lineHealth', /不能记成/],
    ['a callback that ends the task', { redial: 'callback' }, 'redial', /约回拨须/],
    ['too long a rest', { coolingOffDays: '9999' }, 'coolingOffDays', /3650/],
  ])('is refused at its box with %s', async (_, wrong, field, sentence, status = 422) => {
    const answer = await admin.post(PAGE, { ...own, ...wrong });
    expect([answer.status, at(field, answer)]).toEqual([status, expect.stringMatching(sentence)]);
    expect(answer.text).toContain('value="另一个"');
  });
});

describe('CAM-6 a retired outcome', () => {
  const retire = async (code: string): Promise<void> => {
    expect((await admin.post(`${PAGE}/${code}/retire`)).status).toBe(303);
  };
  afterEach(async () => {
    await test.db.run(sql`update calls.outcome set retired_at = null, key = '6' where code = 'already_has'`);
    await test.db.run(sql`update calls.outcome set retired_at = null where code = 'assistant'`);
  });

  it.each(['converted', 'refused', 'do_not_call', 'complaint', 'callback', 'busy', 'no_answer', 'reached', 'cut_off', 'invalid_number'])(
    '%s cannot be: other parts of the product go by it',
    async (code) => {
      const answer = await admin.post(`${PAGE}/${code}/retire`);
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('不能停用')]);
      expect(answer.text).not.toContain(`action="${PAGE}/${code}/retire"`);
      expect(await kept(code)).toMatchObject({ retired_at: null });
    },
  );

  it('leaves the desk and is refused there and by the API with a sentence', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('c1');
    const api = await centre.house('m01');
    await retire('already_has');
    expect(await lastAudit()).toMatchObject({ action: 'outcome.retired', id: 'already_has', detail: { offered: { from: true, to: false } } });
    test.clock.advance(60_000);
    const task = await centre.take('m01');
    const m01 = await logIn(test, 'm01');
    const desk = (await m01.get('/desk')).text;
    expect((await m01.get('/desk')).text).not.toMatch(/value="already_has"|data-key="6"/);
    const action = /id="attempt" method="post" action="([^"]+)"/.exec(desk)?.[1] ?? '';
    const answer = await m01.post(action, { outcome: 'already_has', reason: 'tariff', note: '聊了很久' });
    expect([answer.status, at('outcome', answer)]).toEqual([422, expect.stringMatching(/已办理.*已停用/)]);
    expect(answer.text).toContain('聊了很久');
    expect(await refusal(api.post(`/tasks/${task.id}/attempts`, { outcome: 'already_has', talkSeconds: 5 }))).toBe('422 outcome_retired outcome');
    const contact = { channel: 'inbound', outcome: 'already_has', talkSeconds: 5 };
    expect(await refusal(api.post(`/customers/${task.customer.id}/contacts`, contact))).toBe('422 outcome_retired outcome');
    expect((await m01.get(`/customers/${task.customer.id}/contact`)).text).not.toContain('value="already_has"');
    expect(await test.db.rows(sql`select 1 from calls.attempt`)).toEqual([]);
  });

  it('stays with the calls that have it: corrections, the history of the customer and figures name it', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('c1');
    const { attempt } = await centre.call('m01', { outcome: 'already_has', reason: 'tariff', talkSeconds: 30 });
    const second = await centre.customers('m01', [6]);
    test.clock.advance(60_000);
    await retire('already_has');
    const m01 = await logIn(test, 'm01');
    expect((await m01.get(`/attempts/${attempt.id}/correct`)).text).toMatch(/value="already_has"[^>]*checked[^]*?已办理[^]*?已停用/);
    const api = await centre.house('m01');
    await must(api.patch(`/attempts/${attempt.id}`, { outcome: 'reached', reason: '听错了' }), 200);
    expect(await must(api.patch(`/attempts/${attempt.id}`, { outcome: 'already_has', reason: '没听错' }), 200)).toMatchObject({
      outcome: 'already_has',
    });
    const { customerId } = await test.db.one<{ customerId: string }>(sql`select customer_id as "customerId" from calls.attempt`);
    expect(JSON.stringify(await must(api.get(`/customers/${customerId}/timeline`), 200))).toContain('已办理');
    const funnel = await must((await centre.house('planner-e')).get('/campaigns/c1/funnel'), 200);
    expect(funnel).toMatchObject({ rows: [{ attempts: 1, connected: 1, effective: 1 }] });
    const outcomes = (await must(api.get('/outcomes'), 200)) as { items: Row[]; retired: { items: Row[] } };
    expect(outcomes.items.map(({ code }) => code)).not.toContain('already_has');
    expect(outcomes.retired.items.map(({ code }) => code)).toContain('already_has');
    // a call made after it was retired cannot be corrected to it either
    test.clock.advance(60_000);
    const later = await must(api.post(`/customers/${second[0] ?? ''}/contacts`, { channel: 'inbound', outcome: 'reached', talkSeconds: 5 }), 201);
    const id = (later as { id: string }).id;
    expect(await refusal(api.patch(`/attempts/${id}`, { outcome: 'already_has', reason: 'x' }))).toBe('422 outcome_retired outcome');
    expect((await m01.get(`/attempts/${id}/correct`)).text).not.toContain('value="already_has"');
  });

  it('is still taken from files of call records', async () => {
    await centre.customers('m01', [5]);
    await centre.draft('old');
    await retire('already_has');
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line order by id desc limit 1`);
    const rows = ['phone,started_at,outcome,talk_seconds,campaign,manager', `${number.slice(3)},2026-11-20 10:00:00,已办理,30,old,m01`];
    expect(await centre.hand('call-records', rows)).toMatchObject({ state: 'done', created: 1, rejected: 0 });
  });

  it('gives its key away, and comes back once it has another', async () => {
    await retire('already_has');
    const code = {
      code: 'has_card',
      labelZh: '已有副卡',
      labelEn: 'Has a card',
      key: '6',
      reach: 'effective',
      redial: 'never',
      closesTask: 'on',
      rest: 'none',
      tone: 'grey',
    };
    expect((await admin.post(PAGE, code)).status).toBe(303);
    const answer = await admin.post(`${PAGE}/already_has/restore`);
    expect([answer.status, at('key', answer)]).toEqual([422, expect.stringMatching(/键6已是“已有副卡/)]);
    expect(answer.text).toContain('value="已办理"');
    expect((await change('already_has', { ...ALREADY, key: 'l' })).status).toBe(303);
    expect((await admin.post(`${PAGE}/already_has/restore`)).status).toBe(303);
    expect(await lastAudit()).toMatchObject({ action: 'outcome.restored', id: 'already_has' });
    expect(await kept('already_has')).toMatchObject({ retired_at: null, key: 'L' });
    await retire('has_card');
  });
});

describe('CAM-6 second-level reasons', () => {
  const REASONS = '/admin/outcome-reasons';
  const seen = async (code: string): Promise<string> =>
    new RegExp(`action="${REASONS}/${code}">.*?name="version" value="(\\d+)"`).exec((await admin.get(PAGE)).text)?.[1] ?? '';

  it('are added, renamed and retired, with the log', async () => {
    expect((await admin.post(REASONS, { code: 'moving', labelZh: '要搬家', labelEn: 'Moving' })).status).toBe(303);
    expect(await lastAudit()).toMatchObject({ action: 'outcome-reason.added', object: 'outcome_reason', id: 'moving' });
    expect((await admin.post(`${REASONS}/moving`, { version: await seen('moving'), labelZh: '搬家', labelEn: 'Moving' })).status).toBe(303);
    expect(await lastAudit()).toMatchObject({ action: 'outcome-reason.changed', detail: { labelZh: { from: '要搬家', to: '搬家' } } });
    await centre.customers('m01', [7, 6]);
    await centre.campaign('c1');
    const task = await centre.take('m01');
    const m01 = await logIn(test, 'm01');
    expect((await m01.get('/desk')).text).toContain('value="moving"');
    await must((await centre.house('m01')).post(`/tasks/${task.id}/release`, { reason: 'x' }), 200, 204);
    expect((await admin.post(`${REASONS}/moving/retire`)).status).toBe(303);
    expect(await lastAudit()).toMatchObject({ action: 'outcome-reason.retired', detail: { offered: { from: true, to: false } } });
    test.clock.advance(60_000);
    await centre.take('m01');
    expect((await m01.get('/desk')).text).not.toContain('value="moving"');
    const refused = { outcome: 'refused', reason: 'moving', talkSeconds: 5 };
    const late = (await centre.house('m01')).post(`/tasks/${task.id}/attempts`, refused);
    expect(await late).toMatchObject({ status: 422, body: { error: { code: 'reason_retired', param: 'reason' } } });
    expect((await late).text).toContain('“搬家 / Moving”');
    expect((await admin.post(`${REASONS}/moving/restore`)).status).toBe(303);
    await centre.record('m01', task.id, refused);
  });

  it.each<[string, string, Fields, number, RegExp]>([
    ['a code taken', '', { code: 'tariff', labelZh: '别的', labelEn: 'Else' }, 409, /“tariff”已有人用/],
    ['a name taken', '', { code: 'fresh', labelZh: '资费', labelEn: 'Fresh' }, 422, /“资费”已是tariff/],
    ['an empty name', '/tariff', { version: '1', labelZh: '', labelEn: 'Tariff' }, 422, /id="labelZh-error"/],
    ['somebody before', '/tariff', { version: '0', labelZh: '价钱', labelEn: 'Tariff' }, 409, /别人刚改过/],
  ])('are refused with %s', async (_, path, fields, status, sentence) => {
    const answer = await admin.post(`${REASONS}${path}`, fields);
    expect([answer.status, unescaped(answer.text)]).toEqual([status, expect.stringMatching(sentence)]);
  });

  it('the last one stays', async () => {
    const codes = (await test.db.rows<{ code: string }>(sql`select code from calls.outcome_reason order by sort`)).map(({ code }) => code);
    for (const code of codes.slice(1)) expect((await admin.post(`${REASONS}/${code}/retire`)).status).toBe(303);
    const answer = await admin.post(`${REASONS}/${codes[0] ?? ''}/retire`);
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('最后一个原因')]);
    for (const code of codes.slice(1)) expect((await admin.post(`${REASONS}/${code}/restore`)).status).toBe(303);
    expect((await admin.post(`${REASONS}/nothing/retire`)).status).toBe(404);
  });
});

describe('CAM-6 the page of outcomes', () => {
  it('a form without the token of its page is refused', async () => {
    const bare = await admin.agent.post(`${PAGE}/already_has/retire`).type('form').send({ _csrf: 'wrong' });
    expect(bare.status).toBe(403);
    expect(csrfOf((await admin.get(PAGE)).text)).not.toBe('');
    expect(await kept('already_has')).toMatchObject({ retired_at: null });
  });
});
