import fc from 'fast-check';
import { CtiKeys } from '../../../src/calls/cti/cti-keys.commands.js';
import { signatureOf } from '../../../src/calls/cti/signature.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';
import { SwitchVoice, type Told } from './switch-voice.js';

let test: TestApp;
let centre: CallCentre;
let voice: SwitchVoice;

beforeAll(async () => {
  test = await createTestApp({ config: { sealKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }] } });
  centre = await CallCentre.open(test);
  voice = await SwitchVoice.of(centre);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

const on = (time: string): string => `2026-11-24T${time}+08:00`;
let calls = 0;

/** A list of m01 with one customer. @returns the number */
async function oneCustomer(code = 'spring'): Promise<string> {
  const [id = ''] = await centre.customers('m01', [5]);
  await centre.campaign(code, { attemptPolicy: { maxAttempts: 9, minGapMinutes: 0 } });
  return (await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${id}`)).number.slice(3);
}

/** The events of a call of m01, in their order. */
function callOf(number: string, times: Partial<Record<Told['type'], string>>, more: Partial<Told> = {}): Told[] {
  calls += 1;
  const call = `call-${calls}`;
  return Object.entries(times).map(([type, time]) => ({
    id: `${call}-${type}`,
    call,
    type: type as Told['type'],
    at: on(time),
    number,
    agentNo: '9m01',
    ...(type === 'ended' ? { cause: '16', ...more } : {}),
  }));
}

async function tellAll(events: readonly object[]): Promise<void> {
  for (const event of events) await must(voice.tell(event), 200);
  await drainJobs(test.app);
}

const attempts = (): Promise<unknown[]> =>
  test.db.rows(sql`
    select outcome, source, talk_seconds as talk, talk_source as by, cause, switch_outcome as said, recording_ref as rec, flags,
           extract(epoch from ended_at - answered_at)::int as talked from calls.attempt order by started_at`);
const legs = (): Promise<unknown[]> =>
  test.db.rows(sql`
    select state, to_char(started_at at time zone 'Asia/Shanghai', 'HH24:MI:SS') as at, talk_seconds as talk, cause, attempt_id is not null as matched, settle_at as due
    from calls.call_leg order by id`);
const unmatched = async (): Promise<string[]> =>
  (await test.db.rows<{ what: string }>(sql`select reason || ' ' || talk_seconds as what from calls.unmatched_record order by 1`)).map(
    (row) => row.what,
  );

describe('SYS-3 events of the switch', () => {
  it('what it measured stands in place of what the desk typed, and the funnel follows', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'interested', reason: 'tariff', talkSeconds: 5, startedAt: on('09:30:00') });
    await tellAll(callOf(number, { ringing: '09:30:20', answered: '09:30:28', ended: '09:31:20' }, { recordingRef: 'rec-1' }));
    expect(await attempts()).toEqual([
      { outcome: 'interested', source: 'agent', talk: 52, by: 'switch', cause: '16', said: 'reached', rec: 'rec-1', flags: [], talked: 52 },
    ]);
    expect(await legs()).toEqual([{ state: 'ended', at: '09:30:20', talk: 52, cause: '16', matched: true, due: null }]);
    const funnel = (await must((await centre.house('planner-e')).get('/campaigns/spring/funnel'), 200)) as { total: { talk18: number } };
    expect(funnel.total.talk18).toBe(1);
  });

  it('R37 a call that the switch ended otherwise than the agent says is shown, not overwritten', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'reached', talkSeconds: 40, startedAt: on('09:30:00') });
    await tellAll(callOf(number, { ringing: '09:30:20', ended: '09:30:50' }, { cause: '19' }));
    expect(await attempts()).toMatchObject([{ outcome: 'reached', talk: 0, by: 'switch', said: 'no_answer', flags: ['switch_contradicts'] }]);
  });

  it('R36 an outcome that was only inferred follows the switch, with its task', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'no_answer', startedAt: on('09:30:00') });
    await test.db.run(sql`update calls.attempt set source = 'inferred'`);
    await tellAll(callOf(number, { ringing: '09:30:20', answered: '09:30:28', ended: '09:31:20' }));
    expect(await attempts()).toMatchObject([{ outcome: 'reached', source: 'switch', talk: 52 }]);
    expect(await test.db.rows(sql`select state, last_outcome from calls.task`)).toEqual([{ state: 'done', last_outcome: 'reached' }]);
  });

  it('a call that is over before its result is typed waits among the unmatched and finds its attempt within a minute', async () => {
    const number = await oneCustomer();
    const task = await centre.take('m01');
    await tellAll(callOf(number, { ringing: '09:58:00', answered: '09:58:10', ended: '09:59:00' }));
    expect(await unmatched()).toEqual(['no_attempt_near 50']);
    const listed = (await must((await centre.house('supervisor-e')).get('/call-records/unmatched'), 200)) as { items: unknown[] };
    expect(listed.items).toMatchObject([{ reason: 'no_attempt_near', agentNo: '9m01', talkSeconds: 50, outcome: 'reached', importId: null }]);
    await centre.record('m01', task.id, { outcome: 'interested', reason: 'tariff', talkSeconds: 3 });
    await centre.moveTo('2026-11-24T10:01');
    await tickSchedules(test.app);
    expect(await unmatched()).toEqual([]);
    expect(await attempts()).toMatchObject([{ talk: 50, by: 'switch' }]);
    expect(await legs()).toMatchObject([{ matched: true, due: null }]);
  });

  it('what belongs to nobody is listed with its reason', async () => {
    const number = await oneCustomer();
    const stray = callOf('13100000000', { ringing: '09:00:00', answered: '09:00:05', ended: '09:00:15' });
    const nobody = callOf(number, { ringing: '09:10:00', ended: '09:10:20' }).map(({ agentNo: _, ...event }) => event);
    await tellAll([...stray, ...nobody]);
    expect(await unmatched()).toEqual(['agent_missing 0', 'line_unknown 10']);
  });

  it('two calls of one number, second and agent nobody knows are one row, and hold up no others', async () => {
    const known = await oneCustomer();
    await centre.call('m01', { outcome: 'no_answer', startedAt: on('09:58:00') });
    const twin = (): Told[] => callOf('13100000000', { ringing: '09:00:00', answered: '09:00:05', ended: '09:00:15' });
    await tellAll([...twin(), ...twin(), ...callOf(known, { ringing: '09:58:00', ended: '09:58:30' }, { cause: '17' })]);
    expect(await unmatched()).toEqual(['line_unknown 10']);
    expect(await legs()).toMatchObject([{ due: null }, { due: null }, { matched: true, due: null }]);
  });

  it('an end alone waits two minutes for its begin, then counts as it is', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'no_answer', startedAt: on('09:58:00') });
    await tellAll(callOf(number, { ended: '09:58:30' }, { cause: '17' }));
    expect(await legs()).toMatchObject([{ matched: false }]);
    await centre.moveTo('2026-11-24T10:02');
    await drainJobs(test.app);
    expect(await legs()).toMatchObject([{ matched: true, due: null }]);
    expect(await attempts()).toMatchObject([{ said: 'busy', talk: 0 }]);
  });

  it('the record of the same call in a file of the evening changes nothing', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'reached', startedAt: on('09:30:00') });
    await tellAll(callOf(number, { ringing: '09:30:20', answered: '09:30:28', ended: '09:31:20' }));
    const before = await attempts();
    await centre.hand('call-records', ['被叫,开始时间,工号,释放原因,通话时长', `${number},2026-11-24 09:30:20,9m01,16,52`]);
    expect(await attempts()).toEqual(before);
    expect(await unmatched()).toEqual([]);
  });
});

describe('SYS-3, R42 events come in any order, and more than once', () => {
  it('and end in the same state: shuffled, told twice, with jobs at work between them', async () => {
    const number = await oneCustomer();
    await centre.call('m01', { outcome: 'reached', talkSeconds: 5, startedAt: on('09:30:00') });
    const times = { dialling: '09:30:15', ringing: '09:30:20', answered: '09:30:28', ended: '09:31:20' } as const;
    await tellAll(callOf(number, times));
    const expected = [await attempts(), await legs(), await unmatched()];
    expect(expected).toMatchObject([[{ talk: 52, by: 'switch' }], [{ at: '09:30:15', matched: true, due: null }], []]);
    const untold = callOf(number, times);
    const order = fc.shuffledSubarray([...untold, ...untold], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(order, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), async (events, pauses) => {
        await test.db.run(sql`truncate calls.unmatched_record, calls.call_leg, calls.cti_event`);
        await test.db.run(
          sql`update calls.attempt set talk_seconds = 5, talk_source = 'self', switch_started_at = null, switch_outcome = null, cause = null`,
        );
        for (const [i, event] of events.entries()) {
          await must(voice.tell(event), 200);
          if (pauses[i]) await drainJobs(test.app);
        }
        await centre.moveTo('2026-11-24T10:03');
        await drainJobs(test.app);
        await centre.moveTo('2026-11-24T10:00');
        expect([await attempts(), await legs(), await unmatched()]).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('the same event is one, also from ten at once; another under its id is refused', async () => {
    const [ringing] = callOf('13100000000', { ringing: '09:30:00' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => voice.tell({ ...ringing })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => !(body as { duplicate: boolean }).duplicate)).toHaveLength(1);
    expect(await test.db.one(sql`select count(*)::int as n from calls.cti_event`)).toEqual({ n: 1 });
    expect(await refusal(voice.tell({ ...ringing, type: 'ended' }))).toBe('409 cti_event_taken id');
  });
});

describe('SYS-3 who may tell', () => {
  const event = (): Told => callOf('13100000000', { ringing: '09:59:00' })[0] as Told;
  const stamp = (seconds: number): Record<string, string> => ({
    'x-starcare-timestamp': String(Math.floor(test.clock.now().getTime() / 1000) + seconds),
  });

  it.each([
    ['without a key', { 'x-starcare-key': '' }, 'cti_signature_missing'],
    ['without a signature', { 'x-starcare-signature': '' }, 'cti_signature_missing'],
    ['with a key that never was', { 'x-starcare-key': 'nobody' }, 'cti_signature_wrong'],
    ['with the signature of another body', { 'x-starcare-signature': 'ab'.repeat(32) }, 'cti_signature_wrong'],
    ['with a signature that is none', { 'x-starcare-signature': 'zz' }, 'cti_signature_wrong'],
  ])('%s nothing is taken', async (_how, headers, code) => {
    expect(await refusal(voice.tell(event(), headers))).toBe(`401 ${code}`);
    expect(await test.db.one(sql`select count(*)::int as n from calls.cti_event`)).toEqual({ n: 0 });
  });

  it('replayed: five minutes are the limit, both ways, and within them a replay is the same event', async () => {
    for (const seconds of [-301, 301]) expect(await refusal(voice.tell(event(), stamp(seconds)))).toBe('401 cti_timestamp_stale');
    expect(await refusal(voice.tell(event(), { 'x-starcare-timestamp': 'now' }))).toBe('401 cti_timestamp_stale');
    const one = event();
    expect(await must(voice.tell(one, stamp(-300)), 200)).toMatchObject({ duplicate: false });
    expect(await must(voice.tell(one, stamp(300)), 200)).toMatchObject({ duplicate: true });
  });

  it('an old request cannot be made young: the timestamp is signed with the body', async () => {
    const one = event();
    const signature = signatureOf(voice.key.secret, stamp(-400)['x-starcare-timestamp'] ?? '', JSON.stringify(one));
    expect(await refusal(voice.tell(one, { ...stamp(0), 'x-starcare-signature': signature }))).toBe('401 cti_signature_wrong');
  });

  it('what is wrong in the event is named', async () => {
    const cases: [object, string][] = [
      [{ number: 'secret' }, '422 cti_number_malformed number'],
      [{ at: '2026-11-24T10:06:00+08:00' }, '422 cti_event_time at'],
      [{ at: '2026-11-16T10:00:00+08:00' }, '422 cti_event_time at'],
    ];
    for (const [part, code] of cases) expect(await refusal(voice.tell({ ...event(), ...part }))).toBe(code);
    expect((await voice.tell({ ...event(), type: 'parked' })).status).toBe(422);
  });

  it('a revoked key is out at once; its secret stands in no list, and only administrators make and see keys', async () => {
    const other = await SwitchVoice.of(centre, { name: '东城', orgUnit: 'east' });
    await must(other.tell(event()), 200);
    const admin = await centre.house('admin');
    const list = await admin.get('/cti/keys');
    expect(list.body).toMatchObject({ items: [{ name: '东城', orgUnit: 'east', revokedAt: null }, {}] });
    expect(list.text).not.toContain(other.key.secret);
    expect(
      (await test.db.one<{ sealed: Buffer }>(sql`select sealed from calls.cti_key where id = ${other.key.id}`)).sealed.includes(other.key.secret),
    ).toBe(false);
    for (let twice = 0; twice < 2; twice++) await must(admin.post(`/cti/keys/${other.key.id}/revoke`), 204);
    expect(await refusal(other.tell(event()))).toBe('401 cti_signature_wrong');
    expect(await refusal(admin.post('/cti/keys/999999/revoke'))).toMatch(/^404 not_found/);
    expect(await refusal(admin.post('/cti/keys', { name: 'x', orgUnit: 'nowhere' }))).toBe('422 org_unit_unknown orgUnit');
    for (const who of ['planner-e', 'm01'])
      expect(await refusal((await centre.house(who)).post('/cti/keys', { name: 'x' }))).toBe('403 role_refused');
  });

  it('SYS-3 the page makes a key and shows its secret once, says when it was used, replaces it with an overlap, and disables it; all of it in the audit log', async () => {
    const page = await logIn(test, 'admin');
    const made = (await page.post('/admin/cti-keys', { name: '呼叫平台', orgUnit: 'east' })).text;
    const shown = (html: string): { code: string; secret: string } => {
      const [code = '', secret = ''] = [...html.slice(html.indexOf('sc-note--warn')).matchAll(/<dd><code>([^<]+)</g)].map((found) => found[1] ?? '');
      return { code, secret };
    };
    const id = async (code: string): Promise<string> =>
      (await test.db.one<{ id: string }>(sql`select id::text from calls.cti_key where code = ${code}`)).id;
    const old = shown(made);
    const first = voice.as({ id: '', ...old });
    expect((await page.get('/admin/cti-keys')).text).not.toContain(old.secret);
    await must(first.tell(event()), 200);
    expect((await page.get('/admin/cti-keys')).text).toMatch(/呼叫平台[\s\S]*?11-24 10:00[\s\S]*?使用中/);
    const anew = shown((await page.post(`/admin/cti-keys/${await id(old.code)}/rotate`, { overlapHours: '2' })).text);
    const second = voice.as({ id: '', ...anew });
    for (const one of [first, second]) await must(one.tell(event()), 200);
    expect((await page.post(`/admin/cti-keys/${await id(old.code)}/rotate`, { overlapHours: '2' })).text).toContain('已有接替的');
    expect((await page.post(`/admin/cti-keys/${await id(anew.code)}/rotate`, { overlapHours: '721' })).status).toBe(422);
    await centre.moveTo('2026-11-24T12:00');
    expect(await refusal(first.tell({ ...event(), at: on('12:00:00') }))).toBe('401 cti_signature_wrong');
    await must(second.tell({ ...event(), at: on('12:00:00') }), 200);
    await page.post(`/admin/cti-keys/${await id(anew.code)}/revoke`);
    expect(await refusal(second.tell({ ...event(), at: on('12:00:00') }))).toBe('401 cti_signature_wrong');
    const trail = await test.db.rows<{ action: string }>(sql`select action from staff.audit_entry where detail->>'name' = '呼叫平台' order by id`);
    expect(trail.map(({ action }) => action)).toEqual(['cti-key.created', 'cti-key.rotated', 'cti-key.revoked']);
    expect((await (await logIn(test, 'planner-e')).get('/admin/cti-keys')).status).toBe(403);
  });

  it('SYS-2 a new sealing key seals the secrets anew at the next start; secrets of a key that is lost stay untouched', async () => {
    const key = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill) });
    const sealedWith = async (): Promise<string[]> =>
      (await test.db.rows<{ k: string }>(sql`select distinct seal_key_id as k from calls.cti_key`)).map(({ k }) => k);
    const start = async (...sealKeys: ReturnType<typeof key>[]): Promise<void> => {
      const second = await createTestApp({ beside: test, config: { sealKeys } });
      await drainJobs(second.app);
      const { code, secret } = voice.key;
      expect([await sealedWith(), sealKeys.length > 1 ? (await second.app.get(CtiKeys, { strict: false }).open(code))?.secret : secret]).toEqual([
        [sealKeys.length > 1 ? sealKeys[0]?.id : 'next'],
        secret,
      ]);
      await second.close();
    };
    await start(key('next', 8), key('test', 7));
    await start(key('lost', 9));
    await start(key('test', 7), key('next', 8));
  });

  it('a switch of the east tells nothing of the west', async () => {
    const east = await SwitchVoice.of(centre, { name: '东城', orgUnit: 'east' });
    const [id = ''] = await centre.customers('m11', [5]);
    const { number } = await test.db.one<{ number: string }>(sql`select number from customers.line where customer_id = ${id}`);
    for (const told of callOf(number, { ringing: '09:30:00', ended: '09:30:30' })) await must(east.tell(told), 200);
    await drainJobs(test.app);
    expect(await unmatched()).toEqual(['line_unknown 0']);
  });
});
