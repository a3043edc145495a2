import { SwitchRecords } from '../../../src/calls/switch/switch-records.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';
import { SwitchVoice } from './switch-voice.js';

const sealKeys = [{ id: 'test', key: Buffer.alloc(32, 7) }];

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys, cti: 'simulator' } });
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

/** A list of m01 with one customer whose number ends so. */
async function held(digits: string): Promise<string> {
  const [id = ''] = await centre.customers('m01', [5]);
  await test.db.run(sql`update customers.line set number = ${`+861390000${digits}`} where customer_id = ${id}`);
  await centre.campaign('spring');
  return (await centre.take('m01')).id;
}

async function after(seconds: number): Promise<void> {
  test.clock.advance(seconds * 1000);
  await drainJobs(test.app);
}

/** The schedule of that minute, asked by hand: each test begins at ten again. */
async function minuteLater(): Promise<void> {
  test.clock.advance(60_000);
  await test.app.get(SwitchRecords, { strict: false }).retry(test.clock.now());
}

const block = async (fields: object): Promise<unknown> =>
  must((await centre.house('planner-e')).post('/contact/blocks', { reason: 'x', ...fields }), 201);

const dials = async (): Promise<number> => (await test.db.one<{ n: number }>(sql`select count(*)::int as n from calls.dial`)).n;

describe('CAM-5, SYS-3 click to dial with the simulator', () => {
  it('the call comes back through the signed door; the desk sees it ring, talk and end, and the attempt has what was measured', async () => {
    const task = await held('0012'); // answered, 16 seconds
    const m01 = await centre.house('m01');
    expect((await m01.get(`/tasks/${task}/call`)).status).toBe(204);
    expect(await must(m01.post(`/tasks/${task}/dial`), 200)).toMatchObject({ adapter: 'simulator', href: null });
    await after(2);
    expect(await must(m01.get(`/tasks/${task}/call`), 200)).toMatchObject({ state: 'ringing', talkSeconds: 0 });
    await after(9);
    expect(await must(m01.get(`/tasks/${task}/call`), 200)).toMatchObject({ state: 'answered', talkSeconds: 5 });
    await after(20);
    expect(await must(m01.get(`/tasks/${task}/call`), 200)).toMatchObject({ state: 'ended', talkSeconds: 16, outcome: null });
    await centre.record('m01', task, { outcome: 'interested', reason: 'tariff', talkSeconds: 99 });
    await minuteLater();
    expect(await test.db.rows(sql`select talk_seconds, talk_source, cause, switch_outcome from calls.attempt`)).toEqual([
      { talk_seconds: 16, talk_source: 'switch', cause: '16', switch_outcome: 'reached' },
    ]);
    expect(
      await test.db.rows(sql`select ref = (select id::text from calls.dial) as same, attempt_id is not null as matched from calls.call_leg`),
    ).toEqual([{ same: true, matched: true }]);
  });

  it.each([
    ['0007', '19', 'no_answer'],
    ['0008', '17', 'busy'],
    ['0009', '20', 'powered_off'],
  ])('a number that ends in %s ends with cause %s', async (digits, cause, outcome) => {
    const task = await held(digits);
    const m01 = await centre.house('m01');
    await must(m01.post(`/tasks/${task}/dial`), 200);
    await after(40);
    // the desk has it chosen
    expect(await must(m01.get(`/tasks/${task}/call`), 200)).toMatchObject({ state: 'ended', outcome });
    await centre.record('m01', task, { outcome });
    await minuteLater();
    expect(await test.db.rows(sql`select cause, switch_outcome, flags from calls.attempt`)).toEqual([{ cause, switch_outcome: outcome, flags: [] }]);
  });

  it('R34 two presses within three seconds, also at once, are one call; a later press is another', async () => {
    const task = await held('0008');
    const m01 = await centre.house('m01');
    const answers = await Promise.all(Array.from({ length: 5 }, () => must(m01.post(`/tasks/${task}/dial`), 200)));
    expect(new Set(answers.map((answer) => (answer as { id: string }).id)).size).toBe(1);
    test.clock.advance(2_900);
    await must(m01.post(`/tasks/${task}/dial`), 200);
    expect(await dials()).toBe(1);
    test.clock.advance(200);
    await must(m01.post(`/tasks/${task}/dial`), 200);
    expect(await dials()).toBe(2);
  });

  it('SYS-1 a switch of the west says nothing on a desk of the east; one of the east does', async () => {
    const task = await held('0011');
    const m01 = await centre.house('m01');
    const told = { type: 'ringing', at: test.clock.now().toISOString(), number: '13900000011', agentNo: '9m01' };
    await must((await SwitchVoice.of(centre, { name: '西城', orgUnit: 'west' })).tell({ ...told, id: 'w1', call: 'west' }), 200);
    expect((await m01.get(`/tasks/${task}/call`)).status).toBe(204);
    await must((await SwitchVoice.of(centre, { name: '东城', orgUnit: 'east' })).tell({ ...told, id: 'e1', call: 'east' }), 200);
    expect(await must(m01.get(`/tasks/${task}/call`), 200)).toMatchObject({ state: 'ringing' });
  });

  it('R39 nobody dials what they do not hold: not taken, another’s, given back, or too long away', async () => {
    const task = await held('0008');
    const [m01, m02] = [await centre.house('m01'), await centre.house('m02')];
    expect(await refusal(m02.post(`/tasks/${task}/dial`))).toBe('409 lease_lost');
    expect(await refusal(m01.post('/tasks/999999/dial'))).toBe('409 lease_lost');
    expect(await refusal(m01.post('/tasks/x/dial'))).toMatch(/^404 not_found/);
    expect(await refusal((await centre.house('planner-e')).post(`/tasks/${task}/dial`))).toBe('403 role_refused');
    expect(await refusal(m02.get(`/tasks/${task}/call`))).toMatch(/^404 not_found/);
    await must(m01.post(`/tasks/${task}/release`, { reason: 'x' }), 200);
    expect(await refusal(m01.post(`/tasks/${task}/dial`))).toBe('409 lease_lost');
    expect(await dials()).toBe(0);
  });

  it.each<[rule: string, code: string, happens: (number: string) => Promise<unknown>]>([
    ['GOV-4 its window has closed', 'quiet_hours', () => centre.moveTo('2026-11-24T12:00')],
    ['GOV-2 the number was blocked', 'blocked', (number) => block({ phone: number, channel: 'call', scope: 'all' })],
    ['GOV-2 the customer has opted out', 'opted_out', (number) => block({ phone: number, channel: 'call', scope: 'marketing' })],
    ['GOV-3 the line is void', 'invalid_number', (number) => test.db.run(sql`update customers.line set health = 'invalid' where number = ${number}`)],
  ])('GOV-1 a call that was claimed is not placed after %s', async (_rule, code, happens) => {
    await centre.moveTo('2026-11-24T11:50');
    const task = await held('0008');
    const m01 = await centre.house('m01');
    await happens('+8613900000008');
    expect(await refusal(m01.post(`/tasks/${task}/dial`))).toBe(`409 ${code}`);
    expect(await dials()).toBe(0);
    expect(await test.db.rows(sql`select allowed, state from contact.touch`)).toEqual([{ allowed: true, state: 'reserved' }]);
  });

  it('what follows from the call itself does not stop its redial: a rest, a protection, the cap it fills', async () => {
    const task = await held('0008');
    const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from calls.task where id = ${task}`);
    await test.db.run(sql`insert into contact.cooling_off (customer_id, family, until, cause) values (${id}, 'marketing', '2027-01-01', 'refused')`);
    await test.db.run(
      sql`insert into contact.protection (customer_id, kind, ref, source, since) values (${id}, 'complaint', 'k1', 'ticket', ${test.clock.now()})`,
    );
    await must((await centre.house('m01')).post(`/tasks/${task}/dial`), 200);
    expect(await dials()).toBe(1);
  });

  it('the desk asks the system to dial and follows the call', async () => {
    const task = await held('0008');
    const page = await (await logIn(test, 'm01')).get('/desk');
    expect(page.text).toContain(`data-dial-by="/tasks/${task}/dial"`);
    expect(page.text).toContain(`data-call="/tasks/${task}/call"`);
    expect(page.text).not.toContain('href="tel:');
  });
});

describe('CAM-5 click to dial on one’s own telephone', () => {
  it('is a link to the number while the task is held; nothing is asked of a switch that is not there', async () => {
    const task = await held('0008');
    await test.db.run(sql`update calls.cti_key set revoked_at = now()`);
    const own = await createTestApp({ beside: test, config: { sealKeys } });
    own.clock.set(test.clock.now());
    try {
      const page = await (await logIn(own, 'm01')).get('/desk');
      expect(page.text).toContain('href="tel:+8613900000008"');
      expect(page.text).not.toContain('data-call=');
      const m01 = await centre.house('m01');
      const answer = await own.http.post(`/api/v1/tasks/${task}/dial`).set('authorization', `Bearer ${m01.token}`);
      expect(answer.body).toMatchObject({ adapter: 'tel', href: 'tel:+8613900000008' });
    } finally {
      await own.close();
    }
  });
});

describe('CAM-5 a telephone system that does not take a call', () => {
  it('is said, and the next press asks again', async () => {
    const task = await held('0008');
    const keyless = await createTestApp({ beside: test, config: { cti: 'simulator', sealKeys: [] } });
    keyless.clock.set(test.clock.now());
    await test.db.run(sql`update calls.cti_key set revoked_at = now()`);
    try {
      const m01 = await centre.house('m01');
      for (let press = 0; press < 2; press++) {
        const answer = await keyless.http.post(`/api/v1/tasks/${task}/dial`).set('authorization', `Bearer ${m01.token}`);
        expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([503, 'cti_seal_key_missing']);
      }
      expect(await dials()).toBe(0);
    } finally {
      await keyless.close();
    }
  });
});
