import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { empty } from '../../support/empty.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { CallCentre, counts, must } from './call-centre.js';
import type { Imported } from '../../support/hand-in.js';

let test: TestApp;
let centre: CallCentre;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-calls-'));

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

const hand = (feed: string, rows: string[], who?: string): Promise<Imported> => centre.hand(feed, rows, who);
const rejectsOf = async (id: string, who = 'planner-e'): Promise<string> => (await (await centre.house(who)).get(`/imports/${id}/rejects.csv`)).text;

/** Two customers of m01, and a campaign that was never launched. */
async function floor(): Promise<[string, string]> {
  const [a, b] = await centre.customers('m01', [5, 3]);
  await centre.draft('spring');
  const numbers = await test.db.rows<{ number: string }>(sql`select number from customers.line where customer_id in (${a}, ${b}) order by id`);
  return numbers.map((row) => row.number.slice(3)) as [string, string];
}

const HEADER = '被叫,活动,客户经理,开始时间,结果,通话时长,成交,订单号,订单状态';
const attempts = (): Promise<{ outcome: string; ordinal: number; talk: number }[]> =>
  test.db.rows(sql`select outcome, ordinal, talk_seconds as talk from calls.attempt order by started_at`);

describe('FED-1 call records that cannot be right', () => {
  it('are rejected each with its reason, and the others are taken', async () => {
    const [a] = await floor();
    const done = await hand('call-records', [
      HEADER,
      `${a},spring,m01,2025-05-02T09:00:00+08:00,无人接,0,,,`,
      `13100000000,spring,m01,2025-05-02T09:00:00+08:00,no_answer,0,,,`,
      `${a},autumn,m01,2025-05-03T09:00:00+08:00,no_answer,0,,,`,
      `${a},spring,nobody,2025-05-04T09:00:00+08:00,no_answer,0,,,`,
      `${a},spring,m11,2025-05-04T09:00:00+08:00,no_answer,0,,,`,
      `${a},spring,m01,2025-05-05T09:00:00+08:00,fine,0,,,`,
      `${a},spring,m01,2027-05-05T09:00:00+08:00,no_answer,0,,,`,
      `${a},spring,m01,2025-05-06T09:00:00+08:00,,0,,,`,
    ]);
    expect(counts(done)).toEqual({ state: 'done', created: 1, updated: 0, unchanged: 0, duplicate: 0, rejected: 7 });
    const rejects = await rejectsOf(done.id);
    for (const reason of ['没有这个号码的客户', '没有这个活动', '客户经理', '没有这种结果', '时间在将来', '至少填一个'])
      expect(rejects).toContain(reason);
  });

  it('SYS-1 of customers outside of the scope are rejected', async () => {
    const [a] = await floor();
    const done = await hand('call-records', [HEADER, `${a},spring,m11,2025-05-02T09:00:00+08:00,no_answer,0,,,`], 'planner-w');
    expect(counts(done)).toMatchObject({ created: 0, rejected: 1 });
  });
});

describe('GOV-1 call records are history', () => {
  it('taken for any campaign state, hour and block, they enter the ledger unjudged and count against the caps', async () => {
    const [a] = await floor();
    await test.db.run(
      sql`insert into contact.block (number, channel, reason, source, created_at) values (${`+86${a}`}, 'all', 'test', 'test', ${test.clock.now()})`,
    );
    const done = await hand('call-records', [HEADER, `${a},spring,m01,2026-11-23T23:30:00+08:00,no_answer,0,,,`]);
    expect(counts(done)).toMatchObject({ created: 1, rejected: 0 });
    expect(await centre.touches('history')).toHaveLength(1);
  });

  it('CAM-4 a first dial is the first of this customer in this campaign, also when an earlier record comes later', async () => {
    const [a] = await floor();
    await hand('call-records', [HEADER, `${a},spring,m01,2025-06-02T09:00:00+08:00,reached,30,,,`]);
    await hand('call-records', [HEADER, `${a},spring,m01,2025-05-02T09:00:00+08:00,no_answer,0,,,`]);
    expect(await attempts()).toEqual([
      { outcome: 'no_answer', ordinal: 1, talk: 0 },
      { outcome: 'reached', ordinal: 2, talk: 30 },
    ]);
  });

  it('the same record twice is one attempt: in one file a duplicate, in a second unchanged, in another spelling the same', async () => {
    const [a] = await floor();
    const row = `${a},spring,m01,2025-05-02T09:00:00+08:00,converted,200,1,A1,success`;
    expect(counts(await hand('call-records', [HEADER, row, row]))).toMatchObject({ created: 1, duplicate: 1 });
    const again = await hand('call-records', [HEADER, `+86${a},spring,m01,2025-05-02 09:00:00,成交,200,是,A1,成功`]);
    expect(counts(again)).toEqual({ state: 'done', created: 0, updated: 0, unchanged: 1, duplicate: 0, rejected: 0 });
    expect(await test.db.rows(sql`select order_no, state from calls.sales_order`)).toEqual([{ order_no: 'A1', state: 'succeeded' }]);
  });

  it('a record that says more is an update, and what a person corrected stays corrected', async () => {
    const [a] = await floor();
    await hand('call-records', [HEADER, `${a},spring,m01,2025-05-02T09:00:00+08:00,reached,20,,,`]);
    const later = await hand('call-records', [HEADER, `${a},spring,m01,2025-05-02T09:00:00+08:00,converted,25,,B7,open`]);
    expect(counts(later)).toMatchObject({ created: 0, updated: 1, unchanged: 0 });
    expect(await test.db.rows(sql`select order_no, state from calls.sales_order`)).toEqual([{ order_no: 'B7', state: 'open' }]);
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt`);
    await must((await centre.house('supervisor-e')).patch(`/attempts/${id}`, { outcome: 'refused', reason: '听录音' }), 200);
    await hand('call-records', [HEADER, `${a},spring,m01,2025-05-02T09:00:00+08:00,converted,26,,B7,success`]);
    expect(await attempts()).toEqual([{ outcome: 'refused', ordinal: 1, talk: 26 }]);
    expect(await test.db.rows(sql`select 1 from calls.sales_order`)).toEqual([]);
  });

  it('R37 without an outcome the release cause of the switch says what happened', async () => {
    const [a] = await floor();
    await hand('call-records', [
      'phone,campaign,agent_no,started_at,cause,talk_seconds',
      `${a},spring,9m01,2025-05-02T09:00:00+08:00,17,0`,
      `${a},spring,9m01,2025-05-03T09:00:00+08:00,空号,0`,
      `${a},spring,9m01,2025-05-04T09:00:00+08:00,16,3`,
      `${a},spring,9m01,2025-05-05T09:00:00+08:00,16,60`,
    ]);
    expect((await attempts()).map((row) => row.outcome)).toEqual(['busy', 'invalid_number', 'cut_off', 'reached']);
  });
});

describe('what imported outcomes bring about', () => {
  const blocked = (): Promise<object[]> => test.db.rows(sql`select channel, reason from contact.block where lifted_at is null`);
  const rests = (): Promise<object[]> => test.db.rows(sql`select cause, until from contact.cooling_off`);

  it('GOV-2 R18 who told another system not to call is not called by this one, and a block lifted since stays lifted', async () => {
    const [a, b] = await floor();
    await test.db.run(sql`
      insert into contact.block (number, channel, scope, reason, source, created_at, lifted_at, lift_reason)
      values (${`+86${b}`}, 'call', 'all', 'do_not_call', 'test', '2025-05-02T10:00:00+08:00', '2026-01-01', 'consented anew')`);
    const rows = [HEADER, ...[a, b].map((number) => `${number},spring,m01,2025-05-02T09:00:00+08:00,do_not_call,25,,,`)];
    await hand('call-records', rows);
    expect(await test.db.rows(sql`select number, channel, scope, reason, until from contact.block where lifted_at is null`)).toEqual([
      { number: `+86${a}`, channel: 'call', scope: 'all', reason: 'do_not_call', until: null },
    ]);
    await test.db.run(sql`update contact.block set lifted_at = ${test.clock.now()}, lift_reason = 'consented anew' where lifted_at is null`);
    await hand('call-records', [...rows, `${a},spring,m01,2025-05-01T09:00:00+08:00,no_answer,0,,,`]);
    expect(await blocked()).toEqual([]);
  });

  it('GOV-7 what was refused or taken there rests here, as long as the rest lasts', async () => {
    const [a, b] = await floor();
    await hand('call-records', [
      HEADER,
      `${a},spring,m01,2026-11-20T09:00:00+08:00,refused,60,,,`,
      `${a},spring,m01,2026-11-10T09:00:00+08:00,refused,60,,,`,
      `${b},spring,m01,2025-05-02T09:00:00+08:00,refused,60,,,`,
    ]);
    expect(await rests()).toEqual([{ cause: 'refused', until: new Date('2027-02-18T09:01:00+08:00') }]);
  });

  it('R36 ends with the correction of the record that brought it', async () => {
    const [a] = await floor();
    await hand('call-records', [HEADER, `${a},spring,m01,2026-11-20T09:00:00+08:00,do_not_call,60,,,`]);
    expect(await blocked()).toHaveLength(1);
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt`);
    await must((await centre.house('supervisor-e')).patch(`/attempts/${id}`, { outcome: 'reached', reason: '听录音' }), 200);
    expect(await blocked()).toEqual([]);
    await hand('call-records', [HEADER, `${a},spring,m01,2026-11-20T09:00:00+08:00,do_not_call,61,,,`]);
    expect(await blocked()).toEqual([]);
  });
});

describe('CAM-9 order results', () => {
  it('close the orders they name; unknown numbers are rejected, the same file changes nothing', async () => {
    const [a, b] = await floor();
    await hand('call-records', [
      HEADER,
      `${a},spring,m01,2025-05-02T09:00:00+08:00,converted,200,1,A1,open`,
      `${b},spring,m01,2025-05-02T09:00:00+08:00,converted,200,1,A2,open`,
    ]);
    const rows = ['订单号,状态,完成日期', 'A1,成功,2025-05-09', 'A2,失败,', 'A9,成功,'];
    expect(counts(await hand('orders', rows))).toMatchObject({ updated: 2, unchanged: 0, rejected: 1 });
    expect(await test.db.rows(sql`select order_no as no, state, completed_on as day from calls.sales_order order by order_no`)).toEqual([
      { no: 'A1', state: 'succeeded', day: '2025-05-09' },
      { no: 'A2', state: 'failed', day: '2026-11-24' },
    ]);
    expect(counts(await hand('orders', rows.slice(0, 3)))).toMatchObject({ updated: 0, unchanged: 2 });
  });
});
