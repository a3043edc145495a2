import { sql } from '../../../src/platform/database/sql.js';
import { WORK_METRICS, type WorkMetric } from '../../../src/reports/productivity/productivity.types.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';
import { linesOf } from './four-ways.js';

let test: TestApp;
let centre: CallCentre;
let supervisor: PageVisitor;

const DAY = 'from=2026-11-24&to=2026-11-24';
const PROMISES = [
  { kind: 'top_up', dueOn: '2026-11-24' },
  { kind: 'refund', dueOn: '2026-11-24' },
  { kind: 'material', dueOn: '2026-11-24' },
  { kind: 'material' },
];
const at = (time: string): string => `2026-11-24T${time}:00+08:00`;
type Row = Record<string, number | null> & { key: string };
const figures = async (who: string, query = DAY): Promise<{ rows: Row[]; total: Row }> =>
  (await (await centre.house(who)).get(`/reports/productivity?${query}`)).body as { rows: Row[]; total: Row };
const sum = (text: string, attribute: string): number =>
  [...text.matchAll(new RegExp(`data-${attribute}="(\\d+)"`, 'g'))].reduce((total, [, seconds]) => total + Number(seconds), 0);

/** A promise of the desk, made now. */
const promised = (who: string, time: string) => centre.call(who, { outcome: 'callback', talkSeconds: 40, callbackAt: at(time) });

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  await centre.clear();
  const [mine] = await centre.customers('m01', [7, 6, 5, 4, 3]);
  await centre.customers('m02', [7]);
  await centre.customers('m11', [7]);
  await centre.campaign('c1');
  // six calls of m01: four promises, a sale, and nobody there
  const exact = await promised('m01', '10:30');
  const late = await promised('m01', '10:40');
  await promised('m01', '10:45');
  const withdrawn = await promised('m01', '10:50');
  await centre.call('m01', { outcome: 'converted', talkSeconds: 300, startedAt: at('09:53'), order: { product: '宽带' }, promises: PROMISES });
  await centre.call('m02', { outcome: 'no_answer' });
  expect((await (await centre.house('m01')).patch(`/attempts/${withdrawn.attempt.id}`, { outcome: 'refused', reason: 'tariff' })).status).toBe(200);
  await centre.moveTo('2026-11-24T10:30');
  await centre.record('m01', (await centre.take('m01')).id, { outcome: 'reached', talkSeconds: 100, startedAt: at('10:30') });
  await centre.moveTo('2026-11-24T10:48');
  await centre.record('m01', (await centre.take('m01')).id, { outcome: 'no_answer', startedAt: at('10:48') });
  expect([exact, late].map(({ task }) => task.callbackAt)).toEqual([null, null]);
  await centre.moveTo('2026-11-24T11:00');
  for (const contact of [
    { channel: 'inbound', outcome: 'complaint', talkSeconds: 60 },
    { channel: 'wecom', outcome: 'converted' },
  ])
    await must((await centre.house('m01')).post(`/customers/${mine}/contacts`, contact), 201);
  const [kept, passedOn, broken] = await test.db.rows<{ id: string }>(sql`select id from calls.promise order by id`);
  expect((await (await centre.house('m01')).post(`/promises/${kept?.id}/keep`, {})).status).toBe(200);
  expect((await (await centre.house('supervisor-e')).post(`/promises/${passedOn?.id}/hand-over`, { to: 'm02', why: '请假' })).status).toBe(200);
  await test.db.run(
    sql`update calls.promise set state = 'broken', closed_at = ${test.clock.now()} where id = ${broken?.id ?? ''} or previous_id is not null`,
  );
  supervisor = await logIn(test, 'supervisor-e');
});
afterAll(() => test.close());

describe('REP-2 the productivity of managers', () => {
  it('counts calls, connected, talk, conversions and promises kept; what was corrected away was no promise', async () => {
    const { rows } = await figures('supervisor-e');
    expect(rows.find(({ key }) => key === 'm01')).toMatchObject({
      attempts: 7,
      connected: 6,
      converted: 1,
      talkSeconds: 4 * 40 + 300 + 100,
      averageTalk: 560 / 6,
      callbacksPromised: 3,
      callbacksKept: 2,
      callbacksToTheMinute: 1,
      callbackKeptRate: 2 / 3,
      callbackToTheMinuteRate: 1 / 3,
    });
  });

  it('counts who rang or wrote beside the calls, in no funnel and no rate; only who was talked to took time', async () => {
    const { rows, total } = await figures('supervisor-e');
    expect(rows.find(({ key }) => key === 'm01')).toMatchObject({ attempts: 7, converted: 1, otherContacts: 2 });
    expect(total.otherContacts).toBe(2);
    const funnel = (await (await centre.house('supervisor-e')).get(`/reports/funnel?by=manager&${DAY}`)).body as { total: Row };
    expect(funnel.total).toMatchObject({ attempts: total.attempts, connected: total.connected, converted: 1 });
    const { text } = await supervisor.get(`/reports/productivity?${DAY}&metric=handlingSeconds&key=m01`);
    const rowsBehind = text.slice(text.indexOf('id="drill"'));
    expect(rowsBehind).toMatch(/来电<\/span>[^]*?data-talk="60"/);
    expect(rowsBehind).not.toContain('企业微信');
  });

  it('counts the promises that were kept or broken on their day, a handed-over one for whom it was handed to', async () => {
    const { rows, total } = await figures('supervisor-e');
    const of = (who: string) => rows.find(({ key }) => key === who);
    expect(of('m01')).toMatchObject({ promisesMade: 2, promisesKept: 1, promisesBroken: 1, promiseKeptRate: 1 / 2 });
    expect(of('m02')).toMatchObject({ promisesMade: 1, promisesKept: 0, promisesBroken: 1, promiseKeptRate: 0 });
    expect(total).toMatchObject({ promisesMade: 3, promisesKept: 1 });
  });

  it('uses talk and wrap-up over eight hours of the rota', async () => {
    const { rows } = await figures('supervisor-e');
    const one = rows.find(({ key }) => key === 'm01');
    expect(one?.workSeconds).toBe(8 * 3600);
    // the sale began at 9:53, lasted 5 minutes and was saved at 10:00: two minutes of wrap-up; all else was saved as it ended
    expect(one?.handlingSeconds).toBeGreaterThanOrEqual(560 + 120);
    expect(one?.workingTimeUse).toBeCloseTo((one?.handlingSeconds ?? 0) / 28_800);
  });

  it('takes absences off the working time, and leaves days to come out', async () => {
    await test.db.run(sql`insert into calendar.absence (user_id, from_day, to_day, kind, part, loss_percent, created_at)
      select id, '2026-11-23', '2026-11-23', 'leave', 'morning', 100, ${test.clock.now()} from staff.app_user where username = 'm02'`);
    const { rows } = await figures('supervisor-e', 'from=2026-11-21&to=2026-11-27');
    // Saturday and Sunday off, Monday and today: 16 hours; half of Monday for who was away
    expect(rows.map(({ key, workSeconds }) => [key, workSeconds])).toEqual([
      ['m01', 16 * 3600],
      ['m02', 12 * 3600],
    ]);
  });

  it('caps wrap-up at five minutes a call, and gives none to calls from files', async () => {
    const wrap = async (change: string) => {
      const { n } = await test.db.tx(async (tx) => {
        await tx.run(sql`update calls.attempt set created_at = started_at + interval '2 hours', source = ${change} where outcome = 'converted'`);
        const found = await tx.one<{ n: number }>(sql`select wrap_seconds as n from reporting.work_call where outcome = 'converted'`);
        await tx.run(sql`update calls.attempt set created_at = started_at + interval '7 minutes', source = 'agent' where outcome = 'converted'`);
        return found;
      });
      return n;
    };
    expect([await wrap('agent'), await wrap('feed')]).toEqual([300, 0]);
  });

  it('SYS-1 shows a manager herself, a supervisor her teams, and nobody else', async () => {
    expect((await figures('m01')).rows.map(({ key }) => key)).toEqual(['m01']);
    expect((await figures('supervisor-e')).rows.map(({ key }) => key)).toEqual(['m01', 'm02']);
    expect((await figures('admin', `${DAY}&by=team`)).rows.map(({ key }) => key)).toEqual(['east-1', 'west-1']);
    expect((await figures('admin', `${DAY}&team=west-1`)).rows.map(({ key }) => key)).toEqual(['m11']);
  });

  it.each([
    ['from=2026-11-25&to=2026-11-24', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=2026-01-01&to=2026-06-30', 'to'],
    ['by=hour', 'by'],
  ])('refuses %s, naming %s', async (query, param) => {
    const { status, body } = await (await centre.house('supervisor-e')).get(`/reports/productivity?${query}`);
    expect([status, body.error.param]).toEqual([422, param]);
  });
});

describe('R45, R47, REP-4 tile = rows behind it = API = cell of the file, for productivity', () => {
  const ROW_SUM: Partial<Record<WorkMetric, readonly string[]>> = { talkSeconds: ['talk'], handlingSeconds: ['talk', 'wrap'], workSeconds: ['work'] };

  it.each(WORK_METRICS)('%s, of one manager and of all', async (metric) => {
    const { rows, total } = await figures('supervisor-e');
    const [head = [], ...file] = await linesOf(supervisor, `/exports/files/productivity?${DAY}`);
    const page = (await supervisor.get(`/reports/productivity?${DAY}`)).text;
    for (const [n, row] of [...rows, total].entries()) {
      const key = row.key ? `&key=${row.key}` : '';
      const opened = (await supervisor.get(`/reports/productivity?${DAY}&metric=${metric}${key}`)).text;
      const drill = opened.slice(opened.indexOf('id="drill"'));
      const counted = (drill.match(/class="sc-behind"/g) ?? []).length;
      const figure = row[metric] ?? -1;
      const attributes = ROW_SUM[metric];
      expect(attributes ? attributes.reduce((all, attribute) => all + sum(drill, attribute), 0) : counted).toBe(figure);
      expect(drill).toMatch(new RegExp(` ${counted}</h2>`));
      const place = head.findIndex((name) => String(name).replace('（秒）', '') === NAMES[metric]);
      expect([metric, file[n]?.[place]]).toEqual([metric, figure]);
      const rowsFile = await linesOf(supervisor, `/exports/files/productivity-rows?${DAY}&metric=${metric}${key}`);
      expect(rowsFile).toHaveLength(1 + counted);
      const lines = [...page.matchAll(/<tr><th scope="row"[^]*?<\/tr>/g)].map(([line]) => line);
      if (!attributes) expect(lines[n]).toMatch(new RegExp(`data-metric="${metric}"[^>]*><a [^>]*>${figure}</a>`));
      else expect(lines[n]).toMatch(new RegExp(`data-metric="${metric}"[^>]*><a `));
    }
  });

  it('marks small numbers, and says how working time is counted', async () => {
    const { text } = await supervisor.get(`/reports/productivity?${DAY}`);
    expect(text).toContain('样本太少');
    expect(text).toContain('整天8小时');
    expect(text).toContain('href="/reports/metrics#workingTimeUse"');
    const [head = [], first = []] = await linesOf(supervisor, `/exports/files/productivity?${DAY}`);
    expect(first[head.indexOf('样本太少')]).toContain('回拨守约率');
  });

  it('shows numbers masked, and is friendly where nobody works', async () => {
    const { text } = await supervisor.get(`/reports/productivity?${DAY}&metric=attempts`);
    expect(text).toMatch(/\d{3} \*{4} \d{4}/);
    const { text: none } = await supervisor.get(`/reports/productivity?${DAY}&team=nowhere`);
    expect(none).toContain('这里没有客户经理');
  });
});

const NAMES: Record<WorkMetric, string> = {
  attempts: '外呼',
  connected: '接通',
  converted: '成交',
  talkSeconds: '通话时长',
  otherContacts: '其他接触',
  handlingSeconds: '通话加整理',
  workSeconds: '应出工时',
  callbacksPromised: '约定回拨',
  callbacksKept: '守约回拨',
  callbacksToTheMinute: '准点回拨',
  promisesMade: '答应过的事（到期）',
  promisesKept: '答应过的事（守约）',
  promisesBroken: '答应过的事（失约）',
};
