import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwitchRecords } from '../../../src/calls/switch/switch-records.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { empty } from '../../support/empty.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, counts, must } from './call-centre.js';
import type { Imported } from '../../support/hand-in.js';
import { busyDay, type Call, clockOf, matchByHand } from './switch-floor.js';

let test: TestApp;
let centre: CallCentre;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-switch-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  centre = await CallCentre.open(test);
});
beforeEach(async () => {
  await centre.clear();
  await empty(test.db, 'feeds.import');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

const hand = (rows: string[]): Promise<Imported> => centre.hand('call-records', rows);
const all = (part: Partial<Record<'created' | 'updated' | 'unchanged' | 'duplicate' | 'rejected', number>>): unknown => ({
  state: 'done',
  created: 0,
  updated: 0,
  unchanged: 0,
  duplicate: 0,
  rejected: 0,
  ...part,
});

/** Customers of a manager, and their numbers as a switch writes them. */
async function lines(manager: string, count: number): Promise<string[]> {
  const ids = await centre.customers(manager, Array<number>(count).fill(5));
  const rows = await test.db.rows<{ number: string }>(sql`select number from customers.line where customer_id = any(${ids}::bigint[]) order by id`);
  return rows.map((row) => row.number.slice(3));
}

const on = (time: string): string => `2026-11-24T${time}+08:00`;

/** m01 has rung somebody of her list up at that time. @returns the number */
async function rung(time: string, form: object = {}): Promise<string> {
  const task = await centre.take('m01');
  await centre.record('m01', task.id, { outcome: 'no_answer', startedAt: on(time), ...form });
  const { number } = await test.db.one<{ number: string }>(
    sql`select l.number from customers.line l join calls.task t on t.line_id = l.id where t.id = ${task.id}`,
  );
  return number.slice(3);
}

/** A list of m01 with so many customers; a gap of nothing lets her ring again at once. */
async function list(count: number): Promise<string[]> {
  const numbers = await lines('m01', count);
  await centre.campaign('spring', { attemptPolicy: { maxAttempts: 9, minGapMinutes: 0 } });
  return numbers;
}

/** m01 has rung a customer each up at 09:30:00, by the books of a campaign. @returns the numbers, in the order of the attempts */
async function rungBefore(outcomes: readonly string[]): Promise<string[]> {
  const numbers = await lines('m01', outcomes.length);
  await centre.draft('spring');
  await hand([
    '被叫,开始时间,客户经理,结果,通话时长,活动',
    ...numbers.map((number, i) => `${number},2026-11-24 09:30:00,m01,${outcomes[i]},0,spring`),
  ]);
  return numbers;
}

interface Known {
  number: string;
  outcome: string;
  source: string;
  talk: number;
  by: string;
  cause: string | null;
  said: string | null;
  flags: string[];
  at: string | null;
}
const attempts = (): Promise<Known[]> =>
  test.db.rows<Known>(sql`
    select right(l.number, 11) as number, a.outcome, a.source, a.talk_seconds as talk, a.talk_source as by, a.cause, a.switch_outcome as said, a.flags,
           to_char(a.switch_started_at at time zone 'Asia/Shanghai', 'HH24:MI:SS') as at
    from calls.attempt a join customers.line l on l.id = a.line_id order by a.started_at, l.id`);
const unmatched = async (): Promise<string[]> =>
  (
    await test.db.rows<{ what: string }>(sql`
      select to_char(started_at at time zone 'Asia/Shanghai', 'HH24:MI:SS') || ' ' || reason as what from calls.unmatched_record order by started_at, number`)
  ).map((row) => row.what);

const HEADER = '被叫,开始时间,工号,释放原因,通话时长';
const raw = (number: string, time: string, rest = '9m01,16,30'): string => `${number},2026-11-24 ${time},${rest}`;

describe('R37, CAM-6 a raw record of the switch and its attempt', () => {
  it('what the switch measured goes into the attempt; the outcome of the agent stays', async () => {
    await list(1);
    const number = await rung('09:30:00', { outcome: 'interested', reason: 'tariff', talkSeconds: 40 });
    const done = await hand([
      '被叫号码,呼叫时间,坐席工号,挂机原因,通话秒数,应答时间,结束时间,主叫,录音编号',
      `${number},2026-11-24 09:31:10,9m01,16,52,2026-11-24 09:31:22,2026-11-24 09:32:14,02510010,rec-1`,
    ]);
    expect(counts(done)).toEqual(all({ updated: 1 }));
    expect(await attempts()).toEqual([
      { number, outcome: 'interested', source: 'agent', talk: 52, by: 'switch', cause: '16', said: 'reached', flags: [], at: '09:31:10' },
    ]);
    expect(
      await test.db.one(
        sql`select caller_number as caller, recording_ref as rec, extract(epoch from ended_at - answered_at)::int as talked from calls.attempt`,
      ),
    ).toEqual({ caller: '02510010', rec: 'rec-1', talked: 52 });
  });

  it('CAM-7 the funnel follows: 18 seconds count as the switch measured them', async () => {
    await list(1);
    const number = await rung('09:30:00', { outcome: 'reached', talkSeconds: 10 });
    const planner = await centre.house('planner-e');
    const talk18 = async (): Promise<unknown> =>
      ((await must(planner.get('/campaigns/spring/funnel'), 200)) as { total: { talk18: number } }).total.talk18;
    expect(await talk18()).toBe(0);
    await hand([HEADER, raw(number, '09:30:20', '9m01,16,19')]);
    expect(await talk18()).toBe(1);
  });

  it.each([
    ['by agent number, in English', 'callee,started_at,agent_no,cause,talk_seconds', '9m01,16,30'],
    ['by the name of the manager', '手机号码,拨打时间,客户经理,释放原因,通话时长', 'M01,正常释放,30'],
  ])('the agent is known %s', async (_how, header, rest) => {
    await list(1);
    const number = await rung('09:30:00');
    expect(counts(await hand([header, raw(number, '09:30:00', rest)]))).toEqual(all({ updated: 1 }));
    expect(await attempts()).toMatchObject([{ number, talk: 30, said: 'reached' }]);
  });

  it('ten minutes are near, before and after, and not a second more', async () => {
    const times = ['09:19:59', '09:20:00', '09:40:00', '09:40:01'];
    const numbers = await rungBefore(times.map(() => '无人接'));
    const done = await hand([HEADER, ...times.map((time, i) => raw(numbers[i] ?? '', time))]);
    expect(counts(done)).toEqual(all({ created: 2, updated: 2 }));
    expect((await attempts()).map((row) => row.at)).toEqual([null, '09:20:00', '09:40:00', null]);
    expect(await unmatched()).toEqual(['09:19:59 no_attempt_near', '09:40:01 no_attempt_near']);
  });

  it('of two records the nearer one has the attempt, and the other is kept', async () => {
    await list(1);
    const number = await rung('09:30:00');
    expect(counts(await hand([HEADER, raw(number, '09:32:00'), raw(number, '09:29:30', '9m01,17,0')]))).toEqual(all({ created: 1, updated: 1 }));
    expect(await attempts()).toMatchObject([{ at: '09:29:30', said: 'busy' }]);
    expect(await unmatched()).toEqual(['09:32:00 attempt_taken']);
  });

  it('of two attempts the nearer one has the record; equally near ones are not guessed', async () => {
    const [number = ''] = await list(1);
    const past = (time: string): string => `${number},2026-11-24 ${time},m01,无人接,0,spring`;
    await hand(['被叫,开始时间,客户经理,结果,通话时长,活动', past('09:30:00'), past('09:34:00'), past('09:38:00')]);
    await hand([HEADER, raw(number, '09:33:00')]);
    expect((await attempts()).map((row) => row.at)).toEqual([null, '09:33:00', null]);
    expect(counts(await hand([HEADER, raw(number, '09:34:00')]))).toEqual(all({ created: 1 }));
    expect((await attempts()).map((row) => row.at)).toEqual([null, '09:33:00', null]);
    expect(await unmatched()).toEqual(['09:34:00 several_near']);
    await hand([HEADER, raw(number, '09:37:00')]);
    await centre.moveTo('2026-11-24T10:30');
    await tickSchedules(test.app);
    expect((await attempts()).map((row) => row.at)).toEqual(['09:34:00', '09:33:00', '09:37:00']);
    expect(await unmatched()).toEqual([]);
  });

  it('a call of another agent, another line or another channel is never the one', async () => {
    const [, other = ''] = await list(2);
    const number = await rung('09:30:00');
    const free = number === other ? ((await lines('m01', 1))[0] ?? '') : other;
    const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${free}`}`);
    await must((await centre.house('m01')).post(`/customers/${id}/contacts`, { channel: 'wecom', outcome: 'reached' }), 201);
    await hand([HEADER, raw(number, '09:30:00', '9m02,16,30'), raw(free, '10:00:00')]);
    expect((await attempts()).map((row) => row.at)).toEqual([null, null]);
    expect(await unmatched()).toEqual(['09:30:00 no_attempt_near', '10:00:00 no_attempt_near']);
  });

  it('the cause, as it came, and the talk say what happened', async () => {
    const causes = [
      ['17', 0, 'busy'],
      ['空号', 0, 'invalid_number'],
      ['16', 0, 'no_answer'],
      ['正常释放', 5, 'cut_off'],
      ['31', 6, 'reached'],
      ['用户忙', 60, 'reached'],
      ['999', 0, null],
      ['999', 9, 'reached'],
    ] as const;
    const numbers = await rungBefore(causes.map(() => '无人接'));
    await hand([HEADER, ...causes.map(([cause, talk], i) => raw(numbers[i] ?? '', '09:30:00', `9m01,${cause},${talk}`))]);
    expect((await attempts()).map(({ cause, talk, said }) => [cause, talk, said])).toEqual(causes);
  });
});

describe('R37 a record that contradicts the agent', () => {
  it('is flagged when one says connected and the other not, and only then', async () => {
    const cases = [
      ['reached', '18,0', true],
      ['no_answer', '16,25', true],
      ['assistant', '16,9', false],
      ['busy', '关机,0', false],
      ['interested', '999,0', false],
    ] as const;
    const numbers = await rungBefore(cases.map(([outcome]) => outcome));
    await hand([HEADER, ...cases.map(([, rest], i) => raw(numbers[i] ?? '', '09:30:00', `9m01,${rest}`))]);
    expect((await attempts()).map(({ outcome, flags }) => [outcome, flags.includes('switch_contradicts')])).toEqual(
      cases.map(([outcome, , flagged]) => [outcome, flagged]),
    );
  });

  it('R36 is no contradiction any more once the outcome is corrected, and is one again when it is corrected back', async () => {
    await list(1);
    const number = await rung('09:30:00', { outcome: 'reached' });
    await hand([HEADER, raw(number, '09:30:00', '9m01,18,0')]);
    const supervisor = await centre.house('supervisor-e');
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt`);
    for (const [outcome, flags] of [
      ['no_answer', []],
      ['wrong_person', ['switch_contradicts']],
    ] as const)
      expect(await must(supervisor.patch(`/attempts/${id}`, { outcome, reason: '听录音' }), 200)).toMatchObject({ flags });
  });

  it('an outcome that was only inferred follows the switch, with its task and its trail; one that a person corrected does not', async () => {
    await list(1);
    const number = await rung('09:30:00');
    await test.db.run(sql`update calls.attempt set source = 'inferred'`);
    await hand([HEADER, raw(number, '09:30:00')]);
    expect(await attempts()).toMatchObject([{ outcome: 'reached', source: 'switch', flags: [] }]);
    expect(await test.db.rows(sql`select state, last_outcome from calls.task`)).toEqual([{ state: 'done', last_outcome: 'reached' }]);
    expect(await test.db.rows(sql`select old_outcome, new_outcome, by_user from calls.correction`)).toEqual([
      { old_outcome: 'no_answer', new_outcome: 'reached', by_user: null },
    ]);
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt`);
    await must((await centre.house('supervisor-e')).patch(`/attempts/${id}`, { outcome: 'complaint', reason: '听录音' }), 200);
    await hand([HEADER, raw(number, '09:30:00', '9m01,17,0')]);
    expect(await attempts()).toMatchObject([{ outcome: 'complaint', said: 'busy', flags: ['switch_contradicts'] }]);
  });

  it('an outcome that was only inferred and that a person confirms is hers: no switch changes it; confirmed twice it is once in the trail', async () => {
    await list(1);
    const number = await rung('09:30:00');
    await test.db.run(sql`update calls.attempt set source = 'inferred'`);
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt`);
    const confirm = { outcome: 'no_answer', reason: '我打的，没人接' };
    await must((await centre.house('m01')).patch(`/attempts/${id}`, confirm), 200);
    await must((await centre.house('m01')).patch(`/attempts/${id}`, confirm), 200);
    await hand([HEADER, raw(number, '09:30:00')]);
    expect(await attempts()).toMatchObject([{ outcome: 'no_answer', said: 'reached', flags: ['switch_contradicts'] }]);
    expect(await test.db.rows(sql`select old_outcome, new_outcome, why from calls.correction`)).toEqual([
      { old_outcome: 'no_answer', new_outcome: 'no_answer', why: '我打的，没人接' },
    ]);
  });
});

describe('FED-3 what matches nothing is a report, not a loss', () => {
  it('each record is kept with its reason; rows that are wrong in themselves are rejected', async () => {
    const [line = ''] = await lines('m01', 1);
    const [west = ''] = await lines('m11', 1);
    const done = await hand([
      '被叫,开始时间,工号,释放原因,通话时长,结果',
      raw(line, '08:00:00', ',16,30,'),
      raw('13100000000', '08:01:00', '9m01,16,30,'),
      raw('13100000000', '08:01:30', '9zzz,16,30,'),
      raw(line, '08:02:00', '9zzz,16,30,'),
      raw(line, '08:03:00', '9m01,16,30,'),
      raw(west, '08:04:00', '9m11,16,30,'),
      raw(line, '08:05:00', '9m01,16,30,fine'),
      raw(line, '08:06:00', '9m01,,30,'),
      raw(line, '08:07:00', '9m01,16,-1,'),
      `${line},2027-11-24 08:08:00,9m01,16,30,`,
      `${line},2010-11-24 08:09:00,9m01,16,30,`,
    ]);
    expect(counts(done)).toEqual(all({ created: 6, rejected: 5 }));
    expect(await unmatched()).toEqual([
      '08:00:00 agent_missing',
      '08:01:00 line_unknown',
      '08:01:30 line_unknown',
      '08:02:00 agent_unknown',
      '08:03:00 no_attempt_near',
      '08:04:00 line_unknown',
    ]);
  });

  it('the same file again changes nothing, recognised or not; a record that says more is an update', async () => {
    await list(1);
    const number = await rung('09:30:00');
    const rows = [HEADER, raw(number, '09:30:10'), raw(number, '09:50:00'), raw('13100000000', '09:00:00')];
    expect(counts(await hand(rows))).toEqual(all({ created: 2, updated: 1 }));
    const before = [await attempts(), await test.db.rows(sql`select u.*, u.xmin from calls.unmatched_record u order by id`)];
    for (const again of [rows, [...rows, '']]) {
      await test.db.run(sql`update feeds.import set sha256 = sha256 || 'x' where ${again !== rows}`);
      expect(counts(await hand(again))).toEqual(all({ unchanged: 3 }));
    }
    expect([await attempts(), await test.db.rows(sql`select u.*, u.xmin from calls.unmatched_record u order by id`)]).toEqual(before);
    const more = [HEADER, raw(number, '09:30:10', '9m01,16,31'), raw(number, '09:50:00', '9m01,17,0'), raw('13100000000', '09:00:00')];
    expect(counts(await hand(more))).toEqual(all({ updated: 2, unchanged: 1 }));
  });

  it('a row that comes twice in one file counts as duplicate, the later one rules', async () => {
    await list(1);
    const number = await rung('09:30:00');
    const done = await hand([
      HEADER,
      raw(number, '09:30:10', '9m01,16,5'),
      raw(`+86${number}`, '09:30:10', '9m01,16,50'),
      raw(number, '10:30:00'),
      raw(number, '10:30:00'),
    ]);
    expect(counts(done)).toEqual(all({ created: 1, updated: 1, duplicate: 2 }));
    expect(await attempts()).toMatchObject([{ talk: 50 }]);
  });

  it('rows with and without a campaign go in one file, and one record told twice is one call', async () => {
    await list(1);
    const number = await rung('09:30:00');
    const done = await hand([
      '被叫,开始时间,客户经理,工号,释放原因,通话时长,活动',
      `${number},2026-11-20 09:00:00,m01,,16,30,spring`,
      `${number},2026-11-20 10:00:00,m01,,999,0,spring`,
      `${number},2026-11-24 09:30:05,m01,,16,30,`,
      `${number},2026-11-24 09:30:05,,9m01,16,31,`,
      `${number},2026-11-20 09:00:30,m01,,16,32,`,
    ]);
    expect(counts(done)).toEqual(all({ created: 1, updated: 2, unchanged: 1, rejected: 1 }));
    expect(await attempts()).toMatchObject([
      { source: 'feed', talk: 32, at: '09:00:30' },
      { source: 'agent', talk: 31, at: '09:30:05' },
    ]);
  });
});

describe('FED-3 a record that came before its attempt', () => {
  it('is matched within the minute once the attempt is recorded, and the file again changes nothing', async () => {
    const [number = ''] = await list(1);
    const rows = [HEADER, raw(number, '09:58:00')];
    expect(counts(await hand(rows))).toEqual(all({ created: 1 }));
    await rung('09:55:00', { outcome: 'reached' });
    await tickSchedules(test.app);
    expect(await attempts()).toMatchObject([{ at: '09:58:00', talk: 30, by: 'switch' }]);
    expect(await unmatched()).toEqual([]);
    expect(counts(await hand([...rows, '']))).toEqual(all({ unchanged: 1 }));
  });

  it('or imported with a campaign, years later', async () => {
    const [number = ''] = await list(1);
    await hand([HEADER, `${number},2020-11-24 09:58:00,9m01,16,30`]);
    await centre.moveTo('2027-06-01T10:00');
    await tickSchedules(test.app);
    await hand(['被叫,开始时间,客户经理,结果,通话时长,活动', `${number},2020-11-24 09:57:00,m01,已触达,20,spring`]);
    await centre.moveTo('2027-06-01T10:01');
    await tickSchedules(test.app);
    expect(await attempts()).toMatchObject([{ source: 'feed', talk: 30 }]);
    expect(await unmatched()).toEqual([]);
  });

  it('import, retry and agent at once: each record ends at its attempt, once', async () => {
    const numbers = await lines('m01', 6);
    await centre.campaign('spring');
    const early = numbers.slice(0, 3).map((number) => raw(number, '09:58:00'));
    await hand([HEADER, ...early]);
    const planner = await centre.house('planner-e');
    const file = [HEADER, ...numbers.map((number) => raw(number, '09:58:00', '9m01,16,31'))].join('\n');
    const { id } = (await must(planner.upload('/imports?feed=call-records', file), 202)) as { id: string };
    const records = test.app.get(SwitchRecords, { strict: false });
    const due = new Date(test.clock.now().getTime() + 600_000);
    const agent = async (): Promise<void> => {
      for (let n = 0; n < 6; n++) await rung(`09:5${n}:00`);
    };
    await Promise.all([drainJobs(test.app), records.retry(due), agent(), records.retry(due)]);
    expect(await must(planner.get(`/imports/${id}`), 200)).toMatchObject({ state: 'done', read: 6 });
    await centre.moveTo('2026-11-24T10:20');
    await tickSchedules(test.app);
    expect((await attempts()).map(({ at, talk }) => `${at} ${talk}`)).toEqual(Array<string>(6).fill('09:58:00 31'));
    expect(await unmatched()).toEqual([]);
  });

  it('is tried again by itself: when the customer or the agent becomes known, its reason follows', async () => {
    await hand([HEADER, raw('13100000001', '09:58:00')]);
    const [number = ''] = await lines('m01', 1);
    await test.db.run(sql`update customers.line set number = '+8613100000001' where number = ${`+86${number}`}`);
    await centre.moveTo('2026-11-24T10:04');
    await tickSchedules(test.app);
    expect(await unmatched()).toEqual(['09:58:00 line_unknown']);
    await centre.moveTo('2026-11-24T10:05');
    await tickSchedules(test.app);
    expect(await unmatched()).toEqual(['09:58:00 no_attempt_near']);
  });

  it('after ever longer pauses, for a month', async () => {
    await hand([HEADER, raw('13100000001', '09:58:00')]);
    const next = async (): Promise<number | null> => {
      const { minutes } = await test.db.one<{ minutes: number | null }>(
        sql`select (extract(epoch from next_try_at - ${test.clock.now()}::timestamptz) / 60)::int as minutes from calls.unmatched_record`,
      );
      return minutes;
    };
    const pauses: (number | null)[] = [await next()];
    for (const at of ['2026-11-24T10:06', '2026-11-24T10:12', '2026-11-24T16:00', '2026-11-26T10:00', '2026-12-24T09:59', '2026-12-25T10:00']) {
      await centre.moveTo(at);
      await tickSchedules(test.app);
      pauses.push(await next());
    }
    expect(pauses).toEqual([5, 6, 12, 360, 1440, 1440, null]);
  });
});

describe('FED-3 a busy day of 20,000 records', () => {
  const RECORDS = 20_000;
  const key = ({ line, agent, at }: Call): string => `${line} ${at} ${agent ?? ''}`;
  const tally = (values: readonly string[]): Record<string, number> =>
    Object.fromEntries([...new Set(values)].sort().map((one) => [one, values.filter((value) => value === one).length]));

  it('is conserved, matches exactly what the rule by hand matches, and keeps the rest with the same reasons', async () => {
    const numbers = await list(150);
    const day = busyDay(numbers, ['m01', 'm02'], { attempts: 6_000, records: RECORDS });
    const row = ({ line, agent, at }: Call): string => `${line},2026-11-23 ${clockOf(at)},${agent ? `9${agent}` : ''}`;
    const laid = await hand(['被叫,开始时间,工号,结果,通话时长,活动', ...day.attempts.map((call) => `${row(call)},无人接,0,spring`)]);
    expect(counts(laid)).toEqual(all({ created: 6_000 }));

    const single = [...new Map(day.records.map((call) => [key(call), call])).values()];
    const { matched, reasonOf } = matchByHand(day.attempts, single);
    const reason = (call: Call): string => {
      if (call.agent === null) return 'agent_missing';
      if (!numbers.includes(call.line)) return 'line_unknown';
      return call.agent === 'unknown' ? 'agent_unknown' : reasonOf(call);
    };
    const left = single.filter((call) => !matched.has(call));
    const rows = [HEADER, ...day.records.map((call) => `${row(call)},16,30`)];
    const done = await hand(rows);
    expect(done.read).toBe(RECORDS);
    expect(counts(done)).toEqual(all({ created: left.length, updated: matched.size, duplicate: RECORDS - single.length }));

    const pairs = await test.db.rows<{ pair: string }>(sql`
      select right(l.number, 11) || to_char(a.started_at at time zone 'Asia/Shanghai', ' HH24:MI:SS') || to_char(a.switch_started_at at time zone 'Asia/Shanghai', ' HH24:MI:SS') as pair
      from calls.attempt a join customers.line l on l.id = a.line_id where a.switch_started_at is not null`);
    const byHand = [...matched].map(([record, attempt]) => `${record.line} ${clockOf(attempt.at)} ${clockOf(record.at)}`);
    expect(pairs.map((one) => one.pair).sort()).toEqual(byHand.sort());
    const reasons = await test.db.rows<{ reason: string; n: number }>(
      sql`select reason, count(*)::int as n from calls.unmatched_record group by 1 order by 1`,
    );
    expect(Object.fromEntries(reasons.map(({ reason: name, n }) => [name, n]))).toEqual(tally(left.map(reason)));
    expect(Object.keys(tally(left.map(reason)))).toHaveLength(6);

    expect(counts(await hand([...rows, '']))).toEqual(all({ unchanged: single.length, duplicate: RECORDS - single.length }));
    await centre.moveTo('2026-11-24T10:40');
    await tickSchedules(test.app);
    expect(await test.db.one(sql`select count(*)::int as n from calls.unmatched_record`)).toEqual({ n: left.length });
  });
});
