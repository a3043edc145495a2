import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { type Attempt, CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;
let m01: PageVisitor;

const MINUTE_MS = 60_000;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  await centre.customers('m01', [7]);
  await centre.campaign('c1');
  m01 = await logIn(test, 'm01');
});
afterEach(async () => {
  await test.db.run(sql`update calls.outcome set retired_at = null, version = 1 where code = 'already_has'`);
  await test.db.run(sql`update calls.outcome_reason set retired_at = null, version = 1 where code = 'tariff'`);
});
afterAll(() => test.close());

/** Both, a minute from now. */
async function retire(): Promise<void> {
  test.clock.advance(MINUTE_MS);
  const admin = await centre.house('admin');
  await must(admin.post('/outcomes/already_has/retire'), 200);
  await must(admin.post('/outcome-reasons/tariff/retire'), 200);
  test.clock.advance(MINUTE_MS);
}
const actionOf = (desk: string): string => /id="attempt" method="post" action="([^"]+)"/.exec(desk)?.[1] ?? '';
const hidden = (text: string, name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? '';
const recorded = (): Promise<object[]> => test.db.rows(sql`select outcome, reason from calls.attempt`);
const GIVEN = { outcome: 'already_has', reason: 'tariff' };

describe('CAM-6 an outcome that is retired in the middle of a call', () => {
  it('stays on the desk of who is in it, also when the form comes back, and can be saved', async () => {
    await centre.take('m01');
    const desk = (await m01.get('/desk')).text;
    await retire();
    const again = await m01.post(actionOf(desk), { outcome: 'already_has', note: '聊了很久' });
    expect([again.status, again.text]).toEqual([422, expect.stringMatching(/value="already_has"[^>]*checked/)]);
    expect(again.text).toContain('value="tariff"');
    expect((await m01.get('/desk')).text).toContain('value="already_has"');
    expect((await m01.post(actionOf(desk), { ...GIVEN, startedAt: hidden(desk, 'startedAt'), then: 'stay' })).status).toBe(303);
    expect(await recorded()).toEqual([GIVEN]);
  });

  it('counts from when the customer was taken, where a program tells no start', async () => {
    const { id } = await centre.take('m01');
    await retire();
    await centre.record('m01', id, GIVEN);
    expect(await recorded()).toEqual([GIVEN]);
  });

  it('counts from when the page was shown, for a contact that stood on no list', async () => {
    const { id } = (await centre.take('m01')).customer;
    const path = `/customers/${id}/contact`;
    const form = { channel: 'inbound', talkSeconds: '0', shownAt: hidden((await m01.get(path)).text, 'shownAt') };
    await retire();
    const again = await m01.post(path, form);
    expect([again.status, again.text]).toEqual([422, expect.stringMatching(/value="already_has"[^]*value="tariff"/)]);
    expect((await m01.get(path)).text).not.toMatch(/value="already_has"|value="tariff"/);
    expect((await m01.post(path, { ...form, ...GIVEN, shownAt: hidden(again.text, 'shownAt') })).status).toBe(303);
    expect(await recorded()).toEqual([GIVEN]);
    const api = await centre.house('m01');
    const bare = { channel: 'inbound', talkSeconds: 5 };
    expect(await refusal(api.post(`/customers/${id}/contacts`, { ...bare, ...GIVEN }))).toBe('422 outcome_retired outcome');
    expect(await refusal(api.post(`/customers/${id}/contacts`, { ...bare, outcome: 'refused', reason: 'tariff' }))).toBe('422 reason_retired reason');
  });
});

describe('R34 a second press of a call that is saved already', () => {
  it('is answered as the first, whatever has been retired since', async () => {
    const { id, customer } = await centre.take('m01');
    const api = await centre.house('m01');
    // the call began when it could still be chosen, and is recorded with its start
    const form = { ...GIVEN, talkSeconds: 5, startedAt: test.clock.now().toISOString() };
    const first = (await must(api.post(`/tasks/${id}/attempts`, form), 201)) as Attempt;
    await test.db.run(sql`update calls.outcome set retired_at = ${new Date(0)} where code = 'already_has'`);
    await test.db.run(sql`update calls.outcome_reason set retired_at = ${new Date(0)} where code = 'tariff'`);
    expect(await must(api.post(`/tasks/${id}/attempts`, form), 201)).toMatchObject({ id: first.id });
    expect(await refusal(api.post(`/tasks/${id}/attempts`, { ...form, startedAt: undefined }))).toBe('409 lease_lost');

    const path = `/customers/${customer.id}/contact`;
    const contact = { channel: 'inbound', outcome: 'already_has', reason: 'tariff', talkSeconds: '0', shownAt: test.clock.now().toISOString() };
    await test.db.run(sql`update calls.outcome set retired_at = null where code = 'already_has'`);
    await test.db.run(sql`update calls.outcome_reason set retired_at = null where code = 'tariff'`);
    expect((await m01.post(path, contact)).status).toBe(303);
    await test.db.run(sql`update calls.outcome set retired_at = ${new Date(0)} where code = 'already_has'`);
    expect((await m01.post(path, contact)).status).toBe(303);
    expect(await recorded()).toHaveLength(2);
  });
});
