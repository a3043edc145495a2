import type { Response } from 'supertest';
import { checkSign } from '../../../src/customers/id-card/id-card.policy.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { newSealKey, readSealKey, type SealKey } from '../../../src/platform/sealing/seal-key.js';
import { Sealer } from '../../../src/platform/sealing/sealer.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { callAs } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';

const key = (): SealKey => readSealKey(newSealKey()) as SealKey;
const [OLD, FRESH] = [key(), key()];
const made = (first17: string): string => first17 + checkSign(first17);
const [NUMBER, OTHER, TOLD] = [made('32010219900307271'), made('11010519491231002'), made('44052419800101001')];

let test: TestApp;
let centre: CallCentre;
let id: string;

const code = ({ status, body }: Response): string => `${status} ${(body as { error?: { code: string } }).error?.code ?? ''}`;
const as = (who: string) => centre.house(who);
const audited = (action: string) => test.db.rows(sql`select actor, detail from staff.audit_entry where action = ${action} order by id`);

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [OLD] } });
  centre = await CallCentre.open(test);
  [id = ''] = await centre.customers('m01', [7]);
});
afterAll(() => test.close());

describe('CUS-2 an ID-card number is checked, and kept encrypted', () => {
  it.each([
    ['3201021990030727', '422 id_card_length'],
    [`${NUMBER.slice(0, 17)}A`, '422 id_card_letters'],
    [`99${NUMBER.slice(2)}`, '422 id_card_region'],
    ['320102199002300018', '422 id_card_birth'],
    [NUMBER.slice(0, 17) + (NUMBER.endsWith('1') ? '2' : '1'), '422 id_card_check'],
  ])('%s is refused', async (number, refusal) => {
    expect(code(await (await as('m01')).put(`/customers/${id}/id-card`, { number }))).toBe(refusal);
    expect(await test.db.rows(sql`select 1 from customers.id_card`)).toEqual([]);
  });

  it('SYS-1 nobody outside of the scope writes or looks', async () => {
    for (const who of ['m02', 'm11', 'planner-w']) {
      expect(code(await (await as(who)).put(`/customers/${id}/id-card`, { number: NUMBER }))).toBe('404 not_found');
      expect(code(await (await as(who)).post(`/customers/${id}/id-card/reveal`, { reason: 'check' }))).toBe('404 not_found');
    }
  });

  it('is shown masked to everybody, planners and administrators too, with who learned it', async () => {
    const set = await (
      await as('m01')
    ).put(`/customers/${id}/id-card`, { number: `${NUMBER.slice(0, 6)} ${NUMBER.slice(6, 14)} ${NUMBER.slice(14)}` });
    const masked = `3201 **** **** ${NUMBER.slice(-4)}`;
    expect([set.status, set.body]).toMatchObject([200, { masked, learnedBy: '林晓雯', attemptId: null }]);
    for (const who of ['m01', 'planner-e', 'supervisor-e', 'admin']) {
      const card = await (await as(who)).get(`/customers/${id}`);
      expect(card.body).toMatchObject({ idCard: masked });
      expect(card.text).not.toContain(NUMBER);
    }
    const page = (await (await logIn(test, 'm01')).get(`/customers/${id}`)).text;
    expect(page).toContain(masked);
    expect(page).not.toContain(NUMBER.slice(6, 14));
  });

  it('the same number again leaves no trace; another one takes its place, and the old one is gone', async () => {
    const client = await as('m01');
    const rows = () => test.db.rows<{ sealed: Buffer | null }>(sql`select sealed from customers.id_card where customer_id = ${id} order by id`);
    await client.put(`/customers/${id}/id-card`, { number: NUMBER });
    expect(await rows()).toHaveLength(1);
    await client.put(`/customers/${id}/id-card`, { number: OTHER });
    expect((await rows()).map(({ sealed }) => sealed !== null)).toEqual([false, true]);
    await client.put(`/customers/${id}/id-card`, { number: NUMBER });
    expect(await audited('customer.changed')).toEqual(Array.from({ length: 3 }, () => ({ actor: 'm01', detail: { fields: ['id_card'] } })));
  });

  it('never counts for the completeness of the profile', async () => {
    const percent = async (): Promise<number> => ((await (await as('m01')).get(`/customers/${id}`)).body as { completeness: number }).completeness;
    const before = await percent();
    await (await as('m01')).put(`/customers/${id}/id-card`, { number: null });
    expect([before, await percent()]).toEqual([before, before]);
    expect((await (await as('m01')).get(`/customers/${id}`)).body).toMatchObject({ idCard: null });
    await (await as('m01')).put(`/customers/${id}/id-card`, { number: NUMBER });
  });
});

describe('SYS-2 a look at it needs a reason, and stands in the audit log', () => {
  it('not without a reason, not by a client', async () => {
    expect(code(await (await as('m01')).post(`/customers/${id}/id-card/reveal`, {}))).toBe('422 invalid_input');
    expect(code(await (await as('m01')).post(`/customers/${id}/id-card/reveal`, { reason: 'curious' }))).toBe('422 invalid_input');
    expect(await audited('customer.id-card-revealed')).toEqual([]);
  });

  it('by the API; each look is one, whatever key comes with it', async () => {
    const look = async () =>
      (await as('planner-e')).post(`/customers/${id}/id-card/reveal`, { reason: 'real_name_check' }, { 'idempotency-key': 'look-1' });
    expect((await look()).body).toEqual({ number: NUMBER });
    expect((await look()).body).toEqual({ number: NUMBER });
    expect(await audited('customer.id-card-revealed')).toEqual(
      Array.from({ length: 2 }, () => ({ actor: 'planner-e', detail: { reason: 'real_name_check' } })),
    );
  });

  it('on the page, in three groups; a customer without one has nothing to show', async () => {
    const page = await logIn(test, 'm01');
    const form = (await page.get(`/customers/${id}/id-card`)).text;
    expect(form).toContain('查看要说明原因');
    expect((await page.post(`/customers/${id}/id-card/reveal`, {})).status).toBe(422);
    const shown = await page.post(`/customers/${id}/id-card/reveal`, { reason: 'business' });
    expect(shown.text).toContain(`${NUMBER.slice(0, 6)} ${NUMBER.slice(6, 14)} ${NUMBER.slice(14)}`);
    expect((await page.get(`/customers/${id}/id-card/row`)).text).not.toContain(NUMBER.slice(6, 14));
    const [other = ''] = await centre.customers('m01', [1]);
    expect(code(await (await as('m01')).post(`/customers/${other}/id-card/reveal`, { reason: 'check' }))).toBe('404 id_card_unknown');
    const wrong = await page.post(`/customers/${other}/id-card`, { number: '123' });
    expect([wrong.status, wrong.text.includes('身份证号应为18位'), wrong.text.includes('value="123"')]).toEqual([422, true, true]);
  });
});

describe('CUS-2 asking for it in a call is off until an administrator decides otherwise', () => {
  const asks = async (customer: string): Promise<string[]> => {
    const page = await logIn(test, 'm01');
    await page.post('/desk/next');
    const text = (await page.get('/desk')).text;
    expect(text).toContain(customer);
    return [...text.matchAll(/name="profile\.([a-z_]+)"/g)].map(([, name]) => name ?? '');
  };

  it('the desk does not ask, and an attempt that brings one is refused as a whole', async () => {
    await centre.campaign('ask', { filter: { starLevel: [1] } });
    const task = await centre.take('m01');
    const told = { outcome: 'reached', talkSeconds: 30, profile: { id_card: TOLD, interests: '摄影' } };
    const refused = await (await as('m01')).post(`/tasks/${task.id}/attempts`, told);
    expect([code(refused), (refused.body as { error: { param: string } }).error.param]).toEqual(['422 id_card_not_asked', 'profile.id_card']);
    expect(await test.db.rows(sql`select 1 from calls.attempt where task_id = ${task.id}`)).toEqual([]);
    expect(await asks(task.customer.name)).not.toContain('id_card');
  });

  it('only an administrator switches it on, and that is in the audit log', async () => {
    for (const who of ['m01', 'planner-e', 'supervisor-e'])
      expect((await (await as(who)).put('/customers/settings', { askIdCard: true })).status).toBe(403);
    expect((await (await logIn(test, 'planner-e')).get('/customers/settings')).status).toBe(403);
    const admin = await logIn(test, 'admin');
    expect((await admin.get('/customers/settings')).text).toContain('默认关闭');
    expect((await admin.post('/customers/settings', { askIdCard: 'true' })).status).toBe(303);
    expect((await (await as('admin')).get('/customers/settings')).body).toEqual({ askIdCard: true });
    expect(await audited('customer-setting.changed')).toEqual([{ actor: 'admin', detail: { setting: 'askIdCard', from: false, to: true } }]);
  });

  it('then the desk asks, and what is told is kept with its call', async () => {
    const task = await centre.take('m01');
    expect(await asks(task.customer.name)).toContain('id_card');
    const wrong = await (await as('m01')).post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 30, profile: { id_card: '123' } });
    expect([code(wrong), (wrong.body as { error: { param: string } }).error.param]).toEqual(['422 id_card_length', 'profile.id_card']);
    const attempt = await centre.record('m01', task.id, { outcome: 'reached', talkSeconds: 30, profile: { id_card: TOLD } });
    const kept = await test.db.one<{ attempt: string }>(
      sql`select attempt_id as attempt from customers.id_card where customer_id = ${task.customer.id}`,
    );
    expect(kept.attempt).toBe(attempt.id);
    expect((await (await as('m01')).get(`/customers/${task.customer.id}`)).body).toMatchObject({ idCard: `4405 **** **** ${TOLD.slice(-4)}` });
  });
});

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const tables = await test.db.rows<{ name: string }>(
    sql`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    tables.map(
      async ({ name }) =>
        (await test.db.one<{ text: string | null }>(sql`select string_agg(t::text, ' ') as text from ${rawSql(name)} t`)).text ?? '',
    ),
  );
  return texts.join('\n');
}

it('SYS-2 no number stands anywhere in the database in clear: no history, no event, no kept answer, no audit', async () => {
  const text = await everything();
  expect(text).toContain('customer.id-card-revealed');
  for (const number of [NUMBER, OTHER, TOLD]) for (const part of [number, number.slice(0, 14), number.slice(4)]) expect(text).not.toContain(part);
});

describe('SYS-2 keys are changed without losing a number', () => {
  const beside = async (sealKeys: readonly SealKey[], work: (second: TestApp) => Promise<void>): Promise<void> => {
    const second = await createTestApp({ beside: test, config: { sealKeys } });
    await work(second).finally(() => second.close());
  };
  const cardAt = async (second: TestApp) => (await (await callAs(second, 'm01')).get(`/customers/${id}`)).body as { idCard: string | null };
  const keysAt = async (second: TestApp) => (await must((await callAs(second, 'admin')).get('/customers/settings/keys'), 200)) as object[];

  const NUMBERS = { rows: 2, kinds: { 'customers.id_card': 2 } };

  it('a server without the key says so, keeps no new number and loses none', () =>
    beside([], async (second) => {
      expect(await cardAt(second)).toMatchObject({ idCard: null });
      const client = await callAs(second, 'm01');
      expect(code(await client.put(`/customers/${id}/id-card`, { number: OTHER }))).toBe('503 seal_key_missing');
      expect(code(await client.post(`/customers/${id}/id-card/reveal`, { reason: 'check' }))).toBe('503 id_card_unreadable');
      expect((await (await logIn(second, 'm01')).get(`/customers/${id}`)).text).toContain('已加密，这里没有它的密钥');
      expect(await keysAt(second)).toEqual([{ keyId: OLD.id, ...NUMBERS, current: false, known: false }]);
      expect((await (await as('m01')).get(`/customers/${id}`)).body).toMatchObject({ idCard: `3201 **** **** ${NUMBER.slice(-4)}` });
    }));

  it('with a new key put first, both are read, and a job seals anew what the old one sealed', () =>
    beside([FRESH, OLD], async (second) => {
      expect(await cardAt(second)).toMatchObject({ idCard: `3201 **** **** ${NUMBER.slice(-4)}` });
      expect(await keysAt(second)).toEqual([
        { keyId: FRESH.id, rows: 0, kinds: {}, current: true, known: true },
        { keyId: OLD.id, ...NUMBERS, current: false, known: true },
      ]);
      await drainJobs(second.app);
      expect(await keysAt(second)).toEqual([{ keyId: FRESH.id, ...NUMBERS, current: true, known: true }]);
      expect((await (await logIn(second, 'admin')).get('/customers/settings')).text).toContain('在用');
    }));

  it('then the old key may go', () =>
    beside([FRESH], async (second) => {
      expect((await (await callAs(second, 'm01')).post(`/customers/${id}/id-card/reveal`, { reason: 'check' })).body).toEqual({ number: NUMBER });
    }));

  it('a key that seals anything at all is still needed: every kind is counted and named, and sealed anew at night too', () =>
    beside([OLD, FRESH], async (second) => {
      await drainJobs(second.app); // the numbers are with the old key again
      // what a process that was restarted later made meanwhile
      const late = new Sealer([FRESH]).seal('secret', 'calls.cti_key:late');
      await test.db.run(sql`
        insert into calls.cti_key (code, name, org_unit_id, sealed, seal_key_id, created_at)
        select 'late', '交换机', id, ${late.data}, ${late.keyId}, ${test.clock.now()} from staff.org_unit where code = 'east-1'`);
      const old = { keyId: OLD.id, ...NUMBERS, current: true, known: true };
      expect(await keysAt(second)).toEqual([old, { keyId: FRESH.id, rows: 1, kinds: { 'calls.cti_key': 1 }, current: false, known: true }]);
      expect((await (await logIn(second, 'admin')).get('/customers/settings')).text).toContain('交换机的签名密文 1');
      await tickSchedules(second.app);
      expect(await keysAt(second)).toEqual([{ ...old, rows: 3, kinds: { 'customers.id_card': 2, 'calls.cti_key': 1 } }]);
    }));

  it('a manager does not see the keys', async () => {
    expect((await (await as('m01')).get('/customers/settings/keys')).status).toBe(403);
  });
});
