import { uuidAt } from '../../../src/kernel/ids.js';
import { sql } from '../../../src/platform/database/sql.js';
import { addPeople, addSegment, type Bench, type CampaignBody, campaignForm, createBench, type Person } from './campaign-bench.js';

let bench: Bench;
let ids: Record<string, string>;

const PEOPLE: Person[] = [
  { name: '可联系', star: 7, numbers: ['13800000001'] },
  { name: '两个号码', star: 5, numbers: ['13800000002', '13800000012'] },
  { name: '主卡免打扰', star: 5, numbers: ['13800000003', '13800000013'] },
  { name: '免打扰', numbers: ['13800000004'] },
  { name: '退订', numbers: ['13800000005'] },
  { name: '未同意', consent: false, numbers: ['13800000006'] },
  { name: '未知同意', consent: null, numbers: ['13800000007'] },
  { name: '停机', status: 'suspended', numbers: ['13800000008'] },
  { name: '空号', health: 'invalid', numbers: ['13800000009'] },
  { name: '投诉中', numbers: ['13800000010'] },
  { name: '没有经理', manager: null, star: 3, numbers: ['13800000011'] },
  { name: '西城', unit: 'west-1', manager: 'm11', numbers: ['13800000020'] },
];

beforeAll(async () => {
  bench = await createBench();
  ids = await addPeople(bench, PEOPLE);
  const { test } = bench;
  const now = test.clock.now();
  await test.db.run(sql`
    insert into contact.block (number, channel, scope, reason, source, created_at)
    values ('+8613800000003', 'call', 'all', 'customer', 'test', ${now}), ('+8613800000004', 'all', 'all', 'customer', 'test', ${now}),
           ('+8613800000005', 'all', 'marketing', 'opt-out', 'test', ${now})`);
  await test.db.run(
    sql`insert into contact.protection (customer_id, kind, ref, source, since) values (${ids['投诉中']}, 'complaint', '1', 'tickets', ${now})`,
  );
  await addSegment(bench, 'all', 'admin');
});
afterAll(() => bench.test.close());

interface Preview {
  matched: number;
  included: number;
  excluded: Record<string, number>;
}
let made = 0;
const make = async (more: object = {}, who = 'planner-e'): Promise<string> => {
  const code = `audience-${(made += 1)}`;
  const answer = await (await bench.house(who)).post('/campaigns', campaignForm(code, { segment: 'all', ...more }));
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return code;
};
const preview = async (code: string, who = 'planner-e'): Promise<Preview> => {
  const answer = await (await bench.house(who)).post(`/campaigns/${code}/preview`);
  expect(answer.status).toBe(200);
  return answer.body as Preview;
};
const launch = async (code: string): Promise<CampaignBody> => (await bench.planner.post(`/campaigns/${code}/launch`)).body as CampaignBody;
const close = (code: string) => bench.planner.post(`/campaigns/${code}/close`);
const balance = (count: Preview): number => count.included + Object.values(count.excluded).reduce((sum, n) => sum + n, 0);
const listed = async (code: string): Promise<string[]> =>
  (
    await bench.test.db.rows<{ number: string }>(sql`
      select l.number from campaigns.v_audience a join campaigns.v_campaign c on c.id = a.campaign_id join customers.v_line l on l.id = a.line_id
      where c.code = ${code} and a.excluded is null order by l.number`)
  ).map((row) => row.number.slice(-2));

describe('CAM-2 the audience', () => {
  it('counts the excluded by reason, one reason a line, and the sum is what matched', async () => {
    const count = await preview(await make());
    expect(count).toEqual({
      matched: 13,
      included: 3,
      excluded: { duplicate: 2, blocked: 1, opted_out: 1, no_consent: 2, inactive: 1, invalid_number: 1, protected: 1, no_manager: 1 },
    });
    expect(balance(count)).toBe(count.matched);
  });

  it('calls a customer on one line, and not on the blocked one when there is another (CUS-1, R20)', async () => {
    const code = await make();
    await launch(code);
    expect(await listed(code)).toEqual(['01', '02', '13']);
    await close(code);
  });

  it('never reaches outside the unit of the campaign, though the segment belongs to the province (SYS-1)', async () => {
    expect((await preview(await make())).matched).toBe(13);
    expect((await preview(await make({}, 'planner-w'), 'planner-w')).matched).toBe(1);
    expect((await preview(await make({}, 'admin'), 'admin')).matched).toBe(14);
  });

  it('needs no marketing consent for care, and an opt-out of marketing does not stop it (GOV-3)', async () => {
    const { excluded } = await preview(await make({ kind: 'care' }));
    expect(excluded.no_consent).toBeUndefined();
    expect(excluded.opted_out).toBeUndefined();
    expect(excluded.blocked).toBe(1);
  });

  it('takes a filter alone, and with a segment what is in both', async () => {
    expect(await preview(await make({ segment: null, filter: { starLevel: [7] } }))).toEqual({ matched: 1, included: 1, excluded: {} });
    expect((await preview(await make({ filter: { starLevel: [3, 7] } }))).matched).toBe(2);
  });

  it('matches nobody without segment and filter', async () => {
    expect(await preview(await make({ segment: null }))).toEqual({ matched: 0, included: 0, excluded: {} });
  });

  it('keeps customers without a manager when the managers take turns (CAM-3)', async () => {
    const { excluded, included } = await preview(await make({ assignment: 'round-robin' }));
    expect([excluded.no_manager, included]).toEqual([undefined, 4]);
  });

  it('leaves those on the list of another marketing campaign out, until it is over for them', async () => {
    const first = await make();
    await launch(first);
    expect((await preview(await make())).excluded.other_campaign).toBe(3);
    expect((await preview(await make({ kind: 'care' }))).excluded.other_campaign).toBeUndefined();
    await bench.test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, state, due_on, created_at)
      select a.campaign_id, a.customer_id, a.line_id, 'done', '2026-11-24', ${bench.test.clock.now()}
      from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = ${first} and a.customer_id = ${ids['可联系']}`);
    expect((await preview(await make())).excluded.other_campaign).toBe(2);
    await close(first);
    expect((await preview(await make())).excluded.other_campaign).toBeUndefined();
  });

  it('lets no customer slip into two marketing campaigns that are launched at the same time', async () => {
    const codes = [await make(), await make(), await make()];
    const launched = await Promise.all(codes.map(launch));
    expect(launched.map((campaign) => campaign.audience?.included).sort()).toEqual([0, 0, 3]);
    await Promise.all(codes.map(close));
  });

  it('GOV-5 keeps who has had enough calls today in a campaign that goes on, and leaves them out of one that ends today', async () => {
    const today = bench.test.clock.now();
    for (const minutes of [0, 1, 2, 3, 4])
      await bench.test.db.run(sql`
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        values (${uuidAt(new Date(today.getTime() - minutes * 60_000))}, true, 'history', ${ids['可联系']}, '+8613800000001', 'call', 'marketing', 'test',
                ${new Date(today.getTime() - minutes * 60_000)})`);
    const long = await make();
    expect(await preview(long)).toMatchObject({ included: 3 });
    expect((await preview(long)).excluded.cap_reached).toBeUndefined();
    expect(await preview(await make({ endsOn: '2026-11-24' }))).toMatchObject({ included: 2, excluded: { cap_reached: 1 } });
    expect((await launch(long)).audience).toMatchObject({ included: 3 });
    await close(long);
    await bench.test.db.run(sql`delete from contact.touch where source = 'test'`);
  });

  it('R13 what a customer wants nothing of is left out of that campaign and of no other that overlaps; a product line out of all of its own', async () => {
    const [own, other, family] = [await make({ productFamily: '5g' }), await make({ productFamily: 'tv' }), await make({ productFamily: '5g' })];
    const before = await Promise.all([own, other, family].map((code) => preview(code)));
    const block = (reach: object) => bench.planner.post('/contact/blocks', { phone: '13800000001', channel: 'call', reason: '客户要求', ...reach });
    expect((await block({ campaign: own })).status).toBe(201);
    const included = async (): Promise<number[]> => Promise.all([own, other, family].map(async (code) => (await preview(code)).included));
    const counts = before.map((count) => count.included);
    expect(await included()).toEqual([counts[0]! - 1, counts[1], counts[2]]);
    expect((await preview(own)).excluded.opted_out).toBe((before[0]?.excluded.opted_out ?? 0) + 1);
    expect((await block({ productFamily: '5g' })).status).toBe(201);
    expect(await included()).toEqual([counts[0]! - 1, counts[1], counts[2]! - 1]);
    await bench.test.db.run(sql`delete from contact.block where number = '+8613800000001'`);
  });

  it('is frozen at the launch: what is imported or blocked later changes no row of it (R13)', async () => {
    const code = await make();
    const launched = await launch(code);
    await addPeople(bench, [{ name: '后来的', numbers: ['13800000030'] }]);
    await bench.test.db.run(sql`
      insert into segments.member (segment_id, line_id, customer_id, added_at)
      select s.id, l.id, l.customer_id, ${bench.test.clock.now()} from segments.segment s cross join customers.line l where s.code = 'all' and l.number = '+8613800000030'`);
    expect(await preview(code)).toEqual(launched.audience);
    expect(balance(await preview(code))).toBe(13);
    await close(code);
  });
});

describe('CAM-10 the hold-out', () => {
  beforeAll(async () => {
    await addPeople(
      bench,
      Array.from({ length: 300 }, (_, i) => ({ name: `众${i}`, star: 4, numbers: [`139000${String(i).padStart(5, '0')}`] })),
    );
  });

  it('leaves a stable share of those alone who would have been called', async () => {
    const code = await make({ segment: null, filter: { starLevel: [4] }, holdoutPercent: 20 });
    const before = await preview(code);
    expect(before.matched).toBe(300);
    expect(before.excluded.hold_out).toBeGreaterThan(30);
    expect(before.excluded.hold_out).toBeLessThan(90);
    expect(await preview(code)).toEqual(before);
    expect((await launch(code)).audience).toEqual(before);
    await close(code);
  });

  it('picks other people in another campaign', async () => {
    const held = async (): Promise<string[]> => {
      const code = await make({ segment: null, filter: { starLevel: [4] }, holdoutPercent: 50 });
      await launch(code);
      const rows = await bench.test.db.rows<{ id: string }>(sql`
        select a.customer_id as id from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = ${code} and a.excluded = 'hold_out'`);
      await close(code);
      return rows.map((row) => row.id);
    };
    const first = new Set(await held());
    const second = await held();
    const both = second.filter((id) => first.has(id)).length;
    expect(both).toBeGreaterThan(second.length * 0.25);
    expect(both).toBeLessThan(second.length * 0.75);
  });
});
