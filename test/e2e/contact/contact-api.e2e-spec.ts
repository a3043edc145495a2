import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { empty } from '../../support/empty.js';
import { type ApiClient, clientOf, createHouse, type House } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

let test: TestApp;
let house: House;

const LIU = '+8613800138000'; // a customer of m01
const WANG = '+8613733338000'; // a customer of m11, in the west
const NOBODY = '+8613900000009';

async function fill(): Promise<void> {
  await test.db.run(sql`
    with made as (
      insert into customers.customer (name, star_level, manager_id, org_unit_id, sms_consent, call_consent, created_at, updated_at)
      select c.name, 5, u.id, u.org_unit_id, true, true, ${test.clock.now()}, ${test.clock.now()}
      from (values ('刘海涛', 'm01'), ('王芳', 'm11')) as c(name, manager) join staff.app_user u on u.username = c.manager
      returning id, name)
    insert into customers.line (customer_id, number, created_at, updated_at)
    select id, case name when '刘海涛' then ${LIU} else ${WANG} end, ${test.clock.now()}, ${test.clock.now()} from made`);
}

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  await fill();
});
afterAll(() => test.close());
beforeEach(() => test.clock.set('2026-11-24T10:00:00+08:00'));

interface Now {
  allowed: boolean;
  reasons: string[];
  until: string | null;
}
interface Decisions {
  phone: string;
  now: { call: Now; sms: Now };
  items: { channel: string; allowed: boolean; reasons: string[]; source: string }[];
}
interface Refused {
  error: { code: string; param: string; message: string };
  until: string | null;
}

const decisions = async (who: string, phone: string, more = ''): Promise<Decisions> => {
  const answer = await (await house(who)).get(`/contact/decisions?phone=${encodeURIComponent(phone)}${more}`);
  expect(answer.status).toBe(200);
  return answer.body as Decisions;
};

const campaign = async (who: string, code: string, more: object = {}): Promise<void> => {
  const answer = await (await house(who)).post('/campaigns', { code, name: code, kind: 'marketing', startsOn: '2026-11-01', ...more });
  expect([201, 409]).toContain(answer.status);
};
const refusalOf = async (sent: Promise<Response>): Promise<string> => ((await sent).body as Refused).error.code;

describe('GOV-2 the do-not-contact list by API', () => {
  it.each(['m01', 'client'])('a %s may not write to it', async (who) => {
    if (who === 'client') {
      const admin = await house('admin');
      await admin.post('/users', { username: 'client', name: '甲方', role: 'client', orgUnit: 'province', password: 'starcare-test' });
    }
    const answer = await (await house(who)).post('/contact/blocks', { phone: LIU, channel: 'all', reason: '客户要求' });
    expect(answer.status).toBe(403);
  });

  it.each([
    [{ phone: '138001380', channel: 'all', reason: 'x' }, 'phone', '这里是9位'],
    [{ phone: '1.38001E+10', channel: 'all', reason: 'x' }, 'phone', '科学计数'],
    [{ phone: LIU, channel: 'fax', reason: 'x' }, 'channel', '只能是'],
    [{ phone: LIU, channel: 'all' }, 'reason', ''],
    [{ phone: LIU, channel: 'all', reason: 'x', until: 'soon' }, 'until', ''],
    [{ phone: LIU, channel: 'all', reason: 'x', until: '2026-11-23' }, 'until', '已经过了'],
    [{ phone: LIU, channel: 'all', reason: 'x', until: '2026-11-24T10:00:00' }, 'until', '已经过了'],
  ])('refuses %o at its field', async (body, param, words) => {
    const answer = await (await house('planner-e')).post('/contact/blocks', body);
    expect(answer.status).toBe(422);
    expect((answer.body as Refused).error.param).toBe(param);
    expect((answer.body as Refused).error.message).toContain(words);
  });

  it('takes any spelling, also of a number nobody has, and says so when asked', async () => {
    const planner = await house('planner-e');
    const answer = await planner.post('/contact/blocks', { phone: '139 0000-0009', channel: 'call', reason: '投诉骚扰', until: '2026-11-30' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ phone: NOBODY, channel: 'call', scope: 'all', until: '2026-11-30T15:59:59.999Z' });
    const { now, items } = await decisions('planner-e', NOBODY, '&purpose=service');
    expect(now.call).toMatchObject({ allowed: false, reasons: ['blocked'] });
    expect(now.sms).toMatchObject({ allowed: true, reasons: [] });
    expect(items).toEqual([]);
  });

  it.each([
    [{ scope: 'product' }, 'productFamily', '哪一类产品'],
    [{ scope: 'campaign' }, 'campaign', '哪个活动'],
    [{ scope: 'marketing', productFamily: '5g' }, 'scope', '只填一种'],
    [{ productFamily: '5g', campaign: 'spring' }, 'scope', '只填一种'],
    [{ campaign: 'west-only' }, 'campaign', '没有编码为west-only的活动'],
    [{ campaign: 'nowhere' }, 'campaign', '没有编码为nowhere的活动'],
  ])('R22 refuses a reach of %o at its field', async (reach, param, words) => {
    await campaign('planner-w', 'west-only');
    const answer = await (await house('planner-e')).post('/contact/blocks', { phone: LIU, channel: 'all', reason: 'x', ...reach });
    expect([answer.status, (answer.body as Refused).error.param]).toEqual([422, param]);
    expect((answer.body as Refused).error.message).toContain(words);
  });

  it('R13, R22 takes an opt-out of one product line and of one campaign, and each is said where it counts', async () => {
    const planner = await house('planner-e');
    await campaign('planner-e', 'spring', { productFamily: 'broadband' });
    await campaign('planner-e', 'summer', { productFamily: '5g' });
    const block = (reach: object) => planner.post('/contact/blocks', { phone: LIU, channel: 'sms', reason: '客户要求', ...reach });
    expect((await block({ productFamily: '5g' })).body).toMatchObject({ scope: 'product', productFamily: '5g', campaign: null });
    expect((await block({ campaign: 'spring' })).body).toMatchObject({ scope: 'campaign', campaign: 'spring', productFamily: null });
    const reasons = async (more: string): Promise<string[]> => (await decisions('planner-e', LIU, more)).now.sms.reasons;
    expect(await reasons('')).toEqual([]);
    expect(await reasons('&campaign=spring')).toEqual(['opted_out']);
    expect(await reasons('&campaign=spring&purpose=service')).toEqual([]);
    expect(await reasons('&campaign=summer')).toEqual(['opted_out']);
    expect(await reasons('&campaign=summer&purpose=care')).toEqual([]);
    const robot = { phone: LIU, channel: 'sms', purpose: 'marketing' };
    expect(await refusalOf(planner.post('/contact/reservations', { ...robot, productFamily: '5g' }))).toBe('opted_out');
    expect((await planner.get('/contact/decisions?phone=13800138000&campaign=nowhere')).status).toBe(422);
    await empty(test.db, 'contact.block', 'contact.touch');
  });

  it('an opt-out ends by a consent that is said, not by a word for no', async () => {
    const { token, post } = await house('planner-e');
    const { id } = (await post('/contact/blocks', { phone: LIU, channel: 'sms', scope: 'marketing', reason: '客户要求' })).body as { id: string };
    const lift = (consentedAnew: unknown) =>
      test.http.delete(`/api/v1/contact/blocks/${id}`).set('authorization', `Bearer ${token}`).send({ reason: '核对', consentedAnew });
    expect(await refusalOf(Promise.resolve(lift('false')))).toBe('opt_out_stays');
    expect((await lift('no')).status).toBe(422);
    expect((await lift(true)).status).toBe(200);
  });

  it('said twice it is one block that lasts the longer, and every step stands in the audit log', async () => {
    const planner = await house('planner-e');
    const block = (until?: string) =>
      planner.post('/contact/blocks', { phone: '13900000010', channel: 'sms', reason: 'x', ...(until ? { until } : {}) });
    const first = (await block('2026-11-30')).body as { id: string };
    const second = (await block()).body as { id: string; until: string | null };
    expect(second).toMatchObject({ id: first.id, until: null });
    expect((await block('2026-12-01')).body).toMatchObject({ id: first.id, until: null });
    const audit = await test.db.rows(
      sql`select detail ->> 'phone' as phone from staff.audit_entry where action = 'block.added' and object_id = ${first.id}`,
    );
    expect(audit).toEqual(Array(3).fill({ phone: '139 **** 0010' }));
  });
});

describe('GOV-1 decisions by API', () => {
  it('a customer outside of the scope is not found, nor anybody else’s for a manager', async () => {
    for (const [who, phone] of [
      ['planner-e', WANG],
      ['m02', LIU],
      ['m01', NOBODY],
    ] as const) {
      expect((await (await house(who)).get(`/contact/decisions?phone=${encodeURIComponent(phone)}`)).status).toBe(404);
    }
  });

  it('a manager sees the number masked, a planner whole', async () => {
    expect((await decisions('m01', '13800138000')).phone).toBe('138 **** 8000');
    expect((await decisions('planner-e', '13800138000')).phone).toBe(LIU);
  });

  it('asking takes no place in the ledger and says until when it lasts', async () => {
    test.clock.set('2026-11-24T12:30:00+08:00');
    const { now, items } = await decisions('planner-e', LIU);
    expect(now.call).toEqual({ allowed: false, reasons: ['quiet_hours'], until: '2026-11-24T06:00:00.000Z' });
    expect(now.sms).toEqual({ allowed: true, reasons: [], until: null });
    expect(items).toEqual([]);
  });
});

describe('GOV-8 other systems count against the same caps', () => {
  const robot = { phone: '13800138000', channel: 'call', purpose: 'care', campaign: 'robot-11' };

  it('a customer outside of the scope is not found', async () => {
    expect((await (await house('planner-w')).post('/contact/reservations', robot)).status).toBe(404);
    expect(
      (await (await house('planner-w')).post('/contact/touches', { ...robot, campaign: undefined, at: '2026-11-24T09:00:00+08:00', source: 'shop' }))
        .status,
    ).toBe(404);
  });

  it.each(['2026-11-24T10:06:00+08:00', '1969-12-31'])('a touch of %s, from the future or before all books, is refused', async (at) => {
    const answer = await (await house('planner-e')).post('/contact/touches', { phone: LIU, channel: 'call', purpose: 'care', at, source: 'shop' });
    expect(answer.status).toBe(422);
    expect((answer.body as Refused).error).toMatchObject({ code: 'invalid_input', param: 'at' });
  });

  it('two touches of a day, one reported and one reserved, leave no room for a third; the loser hears until when', async () => {
    const planner = await house('planner-e');
    const reported = await planner.post('/contact/touches', {
      phone: LIU,
      channel: 'call',
      purpose: 'care',
      at: '2026-11-24T09:15:00+08:00',
      source: '营业厅',
    });
    expect(reported.status).toBe(201);
    const reserved = await planner.post('/contact/reservations', robot);
    expect(reserved.status).toBe(201);
    expect(reserved.body).toMatchObject({ expiresAt: '2026-11-24T02:30:00.000Z' });
    test.clock.advance(60_000);
    const refused = await planner.post('/contact/reservations', robot);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      error: { code: 'cap_reached' },
      until: '2026-11-24T02:30:00.000Z',
      heldBy: [{ source: 'api:planner-e:robot-11' }, { source: '营业厅' }],
    });
    const { items } = await decisions('planner-e', LIU);
    expect(items.map(({ allowed, reasons, source }) => ({ allowed, reasons, source }))).toEqual([
      { allowed: false, reasons: ['cap_reached'], source: 'api:planner-e:robot-11' },
      { allowed: true, reasons: [], source: 'api:planner-e:robot-11' },
      { allowed: true, reasons: [], source: '营业厅' },
    ]);
  });

  it('a refusal is no answer to keep: the same request with its key is asked of the gate again', async () => {
    const planner = await house('planner-w');
    const block = { phone: WANG, channel: 'call', scope: 'all', reason: 'asked' };
    expect((await planner.post('/contact/blocks', block)).status).toBe(201);
    const ask = async () => (await planner.post('/contact/reservations', { ...robot, phone: WANG }, { 'Idempotency-Key': 'r0' })).status;
    expect(await ask()).toBe(409);
    await test.db.run(sql`delete from contact.block`);
    expect(await ask()).toBe(201);
    await test.db.run(
      sql`delete from contact.touch where customer_id = (select customer_id from customers.line where number = ${`+86${WANG.replace(/^\+86/, '')}`})`,
    );
  });

  it('the same request twice with its key is one reservation', async () => {
    const planner = await house('planner-w');
    const body = { ...robot, phone: WANG };
    const [first, second] = [
      await planner.post('/contact/reservations', body, { 'Idempotency-Key': 'r1' }),
      await planner.post('/contact/reservations', body, { 'Idempotency-Key': 'r1' }),
    ];
    expect(second.body).toEqual(first.body);
    expect((await decisions('planner-w', WANG)).items).toHaveLength(1);
  });

  describe('with a token of its own', () => {
    const SUN = '+8613800138001';
    let robots: ApiClient;
    let shop: ApiClient;
    let next = 0;
    /** A customer nobody has touched. */
    const somebody = async (): Promise<string> => {
      next += 1;
      const phone = `+86138001390${String(next).padStart(2, '0')}`;
      await test.db.run(sql`
        with c as (insert into customers.customer (name, org_unit_id, created_at, updated_at)
          select '孙丽', id, ${test.clock.now()}, ${test.clock.now()} from staff.org_unit where code = 'east-1' returning id)
        insert into customers.line (customer_id, number, created_at, updated_at) select id, ${phone}, ${test.clock.now()}, ${test.clock.now()} from c`);
      return phone;
    };
    const program = async (name: string): Promise<ApiClient> => {
      const made = await (await house('admin')).post('/tokens', { name, role: 'planner', orgUnit: 'east', scope: 'contact' });
      return clientOf(test, (made.body as { token: string }).token);
    };
    beforeAll(async () => {
      [robots, shop] = [await program('robot'), await program('shop')];
    });
    const call = (phone: string, more: object = {}): object => ({ phone, channel: 'call', purpose: 'care', ...more });
    const touches = async (phone: string): Promise<{ state: string; source: string }[]> =>
      test.db.rows(sql`select state, source from contact.touch where number = ${phone} order by id`);

    it('gets nowhere but to the gate', async () => {
      for (const path of ['/customers', '/campaigns', '/contact/rules'])
        expect((await robots.get(path)).body).toMatchObject({ error: { code: 'scope_refused' } });
      expect((await robots.post('/contact/blocks', { phone: SUN, channel: 'all', reason: 'x' })).status).toBe(403);
      expect((await robots.get(`/contact/decisions?phone=${await somebody()}`)).status).toBe(200);
    });

    it('a robot holds a customer, the shop loses and is told who was first and until when; given back, the shop may', async () => {
      const phone = await somebody();
      const held = await robots.post('/contact/reservations', call(phone, { campaign: 'spring' }));
      const lost = await shop.post('/contact/reservations', call(phone, { purpose: 'callback' }));
      expect(lost.status).toBe(409);
      expect(lost.body).toMatchObject({
        error: { code: 'cap_reached' },
        until: '2026-11-24T02:30:00.000Z',
        heldBy: [{ source: 'api:robot:spring', channel: 'call', at: '2026-11-24T02:00:00.000Z', until: '2026-11-24T02:30:00.000Z' }],
      });
      const { id } = held.body as { id: string };
      expect((await shop.post(`/contact/reservations/${id}/release`)).status).toBe(404);
      for (let i = 0; i < 2; i += 1) expect((await robots.post(`/contact/reservations/${id}/release`)).body).toEqual({ id, state: 'voided' });
      expect((await shop.post('/contact/reservations', call(phone))).status).toBe(201);
      expect((await robots.post('/contact/reservations/nonsense/release')).status).toBe(404);
    });

    it('is idempotent by the caller’s reference, also twenty at once, and refuses one reference for two things', async () => {
      const [phone, other] = [await somebody(), await somebody()];
      const ask = () => robots.post('/contact/reservations', call(phone, { reference: 'R-1' }));
      const answers = await Promise.all(Array.from({ length: 20 }, ask));
      expect(new Set(answers.map((answer) => (answer.body as { id: string }).id)).size).toBe(1);
      expect(await touches(phone)).toEqual([{ state: 'reserved', source: 'api:robot' }]);
      expect((await robots.post('/contact/reservations', call(other, { reference: 'R-1' }))).body).toMatchObject({
        error: { code: 'reference_used' },
      });
      expect((await shop.post('/contact/reservations', call(other, { reference: 'R-1' }))).status).toBe(201);
      test.clock.advance(31 * 60_000);
      const again = await ask();
      expect((again.body as { id: string }).id).not.toBe((answers[0]?.body as { id: string }).id);
    });

    it('reports what a reservation became, once, and cannot give it back any more', async () => {
      const phone = await somebody();
      const { id } = (await robots.post('/contact/reservations', call(phone))).body as { id: string };
      test.clock.advance(60_000);
      const tell = () =>
        robots.post('/contact/touches', call(phone, { at: '2026-11-24T10:01:00+08:00', source: '外呼机器人', reservation: id, reference: 'C-1' }));
      expect((await tell()).body).toEqual({ id });
      expect((await tell()).body).toEqual({ id });
      expect(await touches(phone)).toEqual([{ state: 'confirmed', source: 'api:robot' }]);
      expect((await robots.post(`/contact/reservations/${id}/release`)).body).toMatchObject({ error: { code: 'reservation_used' } });
      const wrong = await robots.post('/contact/touches', call(await somebody(), { at: '2026-11-24T10:01:00+08:00', source: 'x', reservation: id }));
      expect(wrong.body).toMatchObject({ error: { code: 'reference_used', param: 'reservation' } });
    });

    it('GOV-7 tells of a complaint or a journey: marketing rests until it is over, care goes on', async () => {
      const phone = await somebody();
      await test.db.run(
        sql`update customers.customer set call_consent = true where id = (select customer_id from customers.line where number = ${phone})`,
      );
      const marketing = call(phone, { purpose: 'marketing' });
      const abroad = { phone, kind: 'abroad', ref: 'trip-1', until: '2026-11-26' };
      expect((await shop.post('/contact/protections', { ...abroad, kind: 'holiday' })).status).toBe(422);
      for (let i = 0; i < 2; i += 1) expect((await shop.post('/contact/protections', abroad)).status).toBe(201);
      await shop.post('/contact/protections', { phone, kind: 'complaint', ref: 'C-7' });
      expect((await shop.post('/contact/reservations', marketing)).body).toMatchObject({ error: { code: 'protected' }, until: null });
      expect((await shop.post('/contact/protections/release', { phone, kind: 'complaint', ref: 'C-7' })).status).toBe(200);
      expect((await shop.post('/contact/reservations', marketing)).body).toMatchObject({ until: '2026-11-27T01:00:00.000Z' });
      expect((await shop.post('/contact/reservations', call(phone))).status).toBe(201);
      const page = (await (await logIn(test, 'planner-e')).get(`/contact/decisions?phone=${phone.slice(3)}`)).text;
      expect(page).toContain('人在境外 · api:shop');
      const { items } = await decisions('planner-e', phone);
      expect(items).toContainEqual(
        expect.objectContaining({ reasons: ['protected'], facts: { protected: { kinds: 'abroad', until: '2026-11-26T15:59:59.999+00:00' } } }),
      );
    });

    it('takes a report with a reference once', async () => {
      const phone = await somebody();
      const tell = () => shop.post('/contact/touches', call(phone, { at: '2026-11-24T09:01:00+08:00', source: '营业厅', reference: 'T-1' }));
      expect((await tell()).body).toEqual((await tell()).body);
      expect(await touches(phone)).toEqual([{ state: 'history', source: '营业厅' }]);
    });
  });
});
