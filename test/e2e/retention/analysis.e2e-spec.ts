import ExcelJS from 'exceljs';
import { sql } from '../../../src/platform/database/sql.js';
import { RetentionJobs } from '../../../src/retention/retention.jobs.js';
import { filterSql } from '../../../src/segments/segments.queries.js';
import { drainJobs } from '../../support/drain-jobs.js';
import type { ApiClient } from '../../support/house.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { CareWorld, person } from '../care/care-world.js';

let world: CareWorld;
let planner: ApiClient;
let page: PageVisitor;

interface Made {
  reason?: string | null;
  direction?: string | null;
  star?: number;
  city?: string;
  source?: string;
  drawn?: boolean;
  heldOut?: boolean;
  talks?: number;
  lateCall?: boolean;
  /** Status on the 90th day; null: no file yet; undefined: the day has not come. */
  status?: 'active' | 'suspended' | 'churned' | null;
  state?: string;
  /** Yuan of an offer that was accepted, or a word for what else became of a measure. */
  offer?: number | 'declined' | 'waiting';
  openedAgo?: number;
}

/** A case as its life leaves it. */
async function made(one: Made): Promise<void> {
  const { id, lineId } = await person(world.test.db, { manager: 'm01' });
  const { reason = null, direction = null, star = 5, city = '青州市', source = 'termination', talks = 1, openedAgo = 100 } = one;
  const { drawn = false, heldOut = false, state = heldOut ? 'held_out' : talks > 0 ? 'talking' : 'open' } = one;
  const live = state === 'open' || state === 'talking';
  const opened = new Date(world.test.clock.now().getTime() - openedAgo * 86_400_000);
  const row = await world.test.db.one<{ id: string }>(sql`
    insert into retention.churn_case (customer_id, line_id, source_code, reason_code, direction_code, state, opened_at, call_by, drawn, held_out, star, city, org_unit_id,
                                      score, scored, value_fen, calls, talks, first_call_at, closed_at)
    select ${id}, ${lineId}, ${source}, ${reason}, ${direction}, ${state}, ${opened}, ${opened}::timestamptz + interval '1 day', ${drawn || heldOut}, ${heldOut}, ${star}, ${city},
           org_unit_id, 0.5, false, 19900, ${heldOut ? 0 : 1}, ${talks}, ${heldOut ? null : opened}::timestamptz + make_interval(hours => ${one.lateCall ? 30 : 2}::int),
           ${live ? null : opened}::timestamptz + interval '2 days'
    from customers.customer where id = ${id} returning id`);
  await world.test.db.run(sql`
    insert into retention.follow_up (case_id, days, due_on, status, told_on, settled_at)
    select ${row.id}, d, platform.day_of(${opened}) + d, case when d = 90 then ${one.status ?? null} end, null, case when d = 90 and ${one.status ?? null}::text is not null then ${world.test.clock.now()}::timestamptz end
    from unnest('{30,60,90}'::smallint[]) d`);
  if (one.offer === undefined) return;
  const [measureState, cost] = typeof one.offer === 'number' ? ['accepted', one.offer * 100] : [one.offer, 5_000];
  await world.test.db.run(sql`
    insert into retention.measure (case_id, kind, offer_id, cost_fen, state, proposed_by, proposed_at, answered_at)
    select ${row.id}, 'offer', f.id, ${cost}, ${measureState}, u.id, ${opened}, ${opened} from retention.offer f, staff.app_user u where f.code = 'FEE20' and u.username = 'm01'`);
}

/** 12 cases talked about, in two reasons, and hold-out enough to compare with. */
async function furnish(): Promise<void> {
  await world.test.db.run(sql`
    insert into retention.offer (code, name, kind, cost_fen, updated_at) values ('FEE20', '每月立减20元', 'discount', 12000, now())`);
  const competition: Made = { reason: 'competition', direction: 'competitor', star: 6 };
  await made({ ...competition, status: 'active', offer: 120, state: 'kept' });
  await made({ ...competition, status: 'active', offer: 120 });
  await made({ ...competition, status: 'churned', offer: 120, state: 'lost' });
  await made({ ...competition, status: 'suspended', offer: 'declined', lateCall: true });
  await made({ ...competition, status: null, offer: 'waiting' });
  await made({ ...competition, openedAgo: 10, offer: 120 });
  const moved: Made = { reason: 'relocation', direction: 'moved', star: 3, city: '临江市' };
  await made({ ...moved, status: 'churned', state: 'lost' });
  await made({ ...moved, status: 'active' });
  await made({ ...moved, status: 'active', talks: 0 });
  await made({ status: 'active', state: 'stopped', talks: 0 });
}

/** A hundred who were to be kept, 90 of them still there; a hundred left alone, 70 still there. */
async function drawnPeople(): Promise<void> {
  const opened = new Date(world.test.clock.now().getTime() - 100 * 86_400_000);
  await world.test.db.run(sql`
    with c as (
      insert into customers.customer (name, star_level, org_unit_id, manager_id, created_at, updated_at)
      select '户' || n, 5, u.org_unit_id, u.id, '2026-01-01', '2026-01-01' from generate_series(1, 200) n, staff.app_user u where u.username = 'm01' returning id, org_unit_id),
    l as (insert into customers.line (customer_id, number, created_at, updated_at) select id, '+86139' || lpad(id::text, 8, '0'), '2026-01-01', '2026-01-01' from c returning id, customer_id),
    k as (
      insert into retention.churn_case (customer_id, line_id, source_code, state, opened_at, call_by, drawn, held_out, star, org_unit_id, score, scored, value_fen, talks)
      select l.customer_id, l.id, 'contract-ending', case when l.id % 2 = 0 then 'held_out' else 'talking' end, ${opened}, ${opened}, true, l.id % 2 = 0, 5, c.org_unit_id, 0.25, false,
             9900, (l.id % 2)::int from l join c on c.id = l.customer_id returning id, held_out),
    n as (select id, held_out, row_number() over (partition by held_out order by id) as place from k)
    insert into retention.follow_up (case_id, days, due_on, status, settled_at)
    select id, 90, platform.day_of(${opened}) + 90, case when place <= case when held_out then 70 else 90 end then 'active' else 'churned' end, ${opened} from n`);
}

const figures = async (
  query = '',
): Promise<{ total: Figures; rows: (Figures & { key: string | null; thenKey: string | null })[]; comparison: Record<string, unknown> }> => {
  const answer = await planner.get(`/retention/analysis?${query}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as never;
};
type Figures = Record<string, number | null>;

beforeAll(async () => {
  world = await CareWorld.open();
  planner = world.planner;
  page = await logIn(world.test, 'planner-e');
  await furnish();
});
afterAll(() => world.test.close());

describe('RET-3 the analysis of why customers leave and what keeps them', () => {
  it('counts success only of customers spoken with and still active on the day, by reason', async () => {
    const { rows, total } = await figures('by=reason');
    const one = Object.fromEntries(rows.map(({ key, ...row }) => [key ?? 'none', row]));
    expect(one.competition).toMatchObject({
      cases: 6,
      talked: 6,
      offered: 5,
      taken: 4,
      judged: 4,
      active: 2,
      gone: 2,
      untold: 1,
      successRate: 0.5,
      calledLate: 1,
      kept: 1,
      lost: 1,
    });
    expect(one.relocation).toMatchObject({ cases: 3, talked: 2, judged: 2, active: 1, successRate: 0.5 });
    expect(one.none).toMatchObject({ cases: 1, judged: 0, successRate: null, stopped: 1 });
    // 4 accepted offers of 120 yuan, three of them in judged cases, of which three customers are still there
    expect(total).toMatchObject({ cases: 10, judged: 6, active: 3, successRate: 0.5, costFen: 48_000, costPerSavedFen: 12_000, tooFew: true });
  });

  it('cuts twice, and by what was done: who took it counts, not who was asked', async () => {
    const { rows } = await figures('by=direction&then=star');
    expect(rows.map(({ key, thenKey, cases }) => [key, thenKey, cases])).toEqual([
      ['competitor', '6', 6],
      ['moved', '3', 3],
      [null, '5', 1],
    ]);
    const [offer] = (await figures('by=measure')).rows;
    expect(offer).toMatchObject({ key: 'FEE20', offered: 5, taken: 4, judged: 3, active: 2, costFen: 48_000 });
  });

  it.each(['by=source&then=region', 'by=measure', 'by=month&reason=competition'])(
    '%s: page, API and file hold the same numbers, and each number opens exactly its rows',
    async (query) => {
      const { rows, total } = await figures(query);
      const html = unescaped((await page.get(`/retention/analysis?${query}`)).text);
      const cells = [...html.matchAll(/data-metric="(\w+)"[^>]*>(?:<a href="([^"]+)">)?([\d,]+)?/g)].map(([, metric, href, shown]) => ({
        metric: metric ?? '',
        href,
        shown,
      }));
      const perRow = cells.length / (rows.length + 1);
      expect(Number.isInteger(perRow)).toBe(true);
      for (const [i, row] of [...rows, total].entries()) {
        for (const { metric, href, shown } of cells.slice(i * perRow, (i + 1) * perRow)) {
          if (!href) continue;
          expect([metric, shown]).toEqual([metric, String(row[metric])]);
          const behind = unescaped((await page.get(href)).text);
          expect([href, [...behind.matchAll(/data-row>/g)].length]).toEqual([href, row[metric]]);
        }
      }
      const sent = await page.agent.get(/href="([^"]*exports\/files\/retention-analysis[^"]*)"/.exec(html)?.[1] ?? '').responseType('blob');
      const book = new ExcelJS.Workbook();
      await book.xlsx.load(sent.body as ArrayBuffer);
      const sheet = book.worksheets[0]?.getSheetValues().slice(2) as (string | number)[][];
      expect(sheet).toHaveLength(rows.length + 1);
      const counts = sheet.map((row) => row.filter((cell) => typeof cell === 'number')[0]);
      expect(counts).toEqual([...rows, total].map(({ cases }) => cases));
    },
  );

  it('says “not enough data” against the hold-out until there is, then the difference with its interval (Newcombe)', async () => {
    const before = await figures();
    expect(before.comparison).toMatchObject({ verdict: 'too-few', difference: null, saved: null });
    await drawnPeople();
    const { comparison, total } = await figures();
    expect(total.cases).toBe(110);
    expect(comparison).toMatchObject({ treated: { people: 100, active: 90 }, holdOut: { people: 100, active: 70 }, verdict: 'better', saved: 20 });
    const { difference, interval } = comparison as { difference: number; interval: [number, number] };
    expect(difference).toBeCloseTo(0.2, 10);
    // Newcombe's hybrid score interval of 90/100 − 70/100, worked out apart from the product from the two Wilson intervals
    expect(interval[0]).toBeCloseTo(0.09, 4);
    expect(interval[1]).toBeCloseTo(0.30579, 4);
    expect(unescaped((await page.get('/retention/analysis')).text)).toContain('多留住20.0个百分点');
    expect(unescaped((await page.get('/retention/analysis?reason=competition')).text)).toContain('不能和对照组比');
  });
});

describe('RET-1 the pages of cases', () => {
  it('a manager works a case by plain forms: offers, reason and direction, the next call, the end', async () => {
    const who = await person(world.test.db, { manager: 'm01' });
    await world.test.db.run(sql`update customers.line set arpu_fen = 19900 where id = ${who.lineId}`);
    const m01 = await logIn(world.test, 'm01');
    expect((await m01.get(`/retention/cases/new?customer=${who.id}`)).text).toContain(`name="customer" value="${who.id}"`);
    const opened = await m01.post('/retention/cases', { customer: who.id, source: 'termination', note: '柜台说要销户' });
    expect(opened.status).toBe(303);
    const at = opened.headers.location ?? '';
    const show = async (): Promise<string> => unescaped((await m01.get(at)).text);
    for (const words of ['柜台说要销户', '90%', '199元', '提出离网', '每月立减20元', '首呼剩24小时0分']) expect(await show()).toContain(words);
    expect((await m01.post(`${at}/measures`, { kind: 'offer', offer: 'FEE20' })).status).toBe(303);
    expect(await show()).toContain('可承诺');
    expect((await m01.post(`${at}/steps`, { deed: 'lose', reason: '', direction: '', note: '' })).text).toContain('客户离开要记下原因和去向');
    expect(
      (await m01.post(`${at}/steps`, { deed: 'call', on: '2026-11-25', time: '15:30', reason: 'competition', direction: 'competitor' })).status,
    ).toBe(303);
    for (const words of ['11-25 15:30', '竞争拉拢', '流向对手']) expect(await show()).toContain(words);
    const list = unescaped((await m01.get('/retention')).text);
    expect(list).toContain(at.split('/').pop());
    // nobody has called yet: asked first, and what was typed is carried along
    const asked = await m01.post(`${at}/steps`, { deed: 'lose', note: '已经办了别家' });
    expect([asked.status, asked.text.includes('一次也没有打过'), asked.text.includes('name="note" value="已经办了别家"')]).toEqual([200, true, true]);
    expect((await m01.post(`${at}/steps`, { deed: 'lose', note: '', sure: 'yes' })).status).toBe(303);
    expect(await show()).toContain('决定离开');
  });

  it('is called by rank, and opens on the desk like any task: why now, script of its strategy, offers, what was arranged', async () => {
    const [cheap, dear] = [await person(world.test.db, { manager: 'm02' }), await person(world.test.db, { manager: 'm02' })];
    await world.test.db.run(
      sql`update customers.line set arpu_fen = case when id = ${dear.lineId} then 29900 else 5900 end where id in (${cheap.lineId}, ${dear.lineId})`,
    );
    const m02 = await logIn(world.test, 'm02');
    for (const who of [cheap, dear])
      expect((await m02.post('/retention/cases', { customer: who.id, source: 'termination', note: '' })).status).toBe(303);
    expect((await m02.post('/retention/next')).headers.location).toBe('/desk');
    const desk = unescaped((await m02.get('/desk')).text);
    expect(desk).toContain(`/customers/${dear.id}`);
    for (const words of ['销户申请 11-24', '离网可能90%', '每月299.00元', '目标：', '我是您的专属客户经理', '每月立减20元'])
      expect(desk).toContain(words);
    const panel = /hx-get="(\/tasks\/\d+\/case)"/.exec(desk)?.[1] ?? '';
    const fragment = await m02.agent.get(panel).set('HX-Request', 'true');
    expect(unescaped(fragment.text)).toMatch(/^<form/);
    await m02.get(panel);
    expect((await m02.post(panel, { do: 'offer:FEE20', reason: 'own', direction: '' })).status).toBe(303);
    expect((await m02.post(panel, { do: 'call', on: '2026-11-26', time: '' })).status).toBe(303);
    const after = unescaped((await m02.get(panel)).text);
    expect(after).toContain('可承诺');
    expect(after).toMatch(/value="own" selected/);
    const task = panel.split('/')[2] ?? '';
    expect((await (await world.house('m02')).post(`/tasks/${task}/attempts`, { outcome: 'reached', talkSeconds: 90 })).status).toBe(201);
    await drainJobs(world.test.app);
    const next = await world.test.db.one(
      sql`select t.due_on as "dueOn", t.state from calls.task t where t.customer_id = ${dear.id} order by t.id desc limit 1`,
    );
    expect(next).toEqual({ dueOn: '2026-11-26', state: 'open' });
  });
});

describe('CUS-5 the health tier of customers', () => {
  it('is judged by the nightly job, stands on the 360 page with its reasons, since and before, and can be asked for in segments', async () => {
    const db = world.test.db;
    const [calm, risky] = [await person(db, { manager: 'm01' }), await person(db, { manager: 'm01' })];
    const scored = (percent: number): Promise<number> =>
      db.run(sql`
        insert into retention.churn_score (customer_id, line_id, score, reasons, scored_on, created_at, updated_at)
        values (${risky.id}, ${risky.lineId}, ${percent / 100}::numeric, '近三月用量下降', platform.day_of(${world.test.clock.now()}), now(), now())
        on conflict (line_id, scored_on) do update set score = excluded.score`);
    await scored(50);
    const jobs = world.test.app.get(RetentionJobs, { strict: false });
    await jobs.daily();
    await scored(80);
    await jobs.daily();
    const { status, body } = await planner.get(`/customers/${risky.id}/health`);
    expect([status, body]).toMatchObject([
      200,
      {
        tier: 'high-risk',
        since: '2026-11-24',
        reasons: [{ code: 'score', level: 'high', percent: 80 }],
        history: [
          { fromTier: 'sub-healthy', tier: 'high-risk' },
          { fromTier: null, tier: 'sub-healthy' },
        ],
        score: { score: 0.8, reasons: '近三月用量下降' },
      },
    ]);
    expect((await planner.get(`/customers/${calm.id}/health`)).body).toMatchObject({ tier: 'healthy', reasons: [] });
    const panel = unescaped((await page.get(`/customers/${risky.id}/health`)).text);
    for (const words of ['高危', '离网得分', '80%', '近三月用量下降', '优先关怀并挽留']) expect(panel).toContain(words);
    expect((await page.get(`/customers/${risky.id}`)).text).toContain(`hx-get="/customers/${risky.id}/health"`);
    expect((await (await world.house('m11')).get(`/customers/${risky.id}/health`)).status).toBe(404);
    const { rows } = await db
      .rows<{ rows: number }>(
        sql`
      select count(*)::int as rows from (${filterSql({ and: [{ field: 'healthTier', op: 'in', value: ['high-risk'] }] }, { today: '2026-11-24', orgPath: '' })}) f`,
      )
      .then(([one]) => one ?? { rows: -1 });
    expect(rows).toBe((await db.one<{ n: number }>(sql`select count(*)::int as n from retention.health where tier = 'high-risk'`)).n);
    expect(rows).toBeGreaterThan(0);
  });
});

describe('RET-1 the list of cases', () => {
  it('keeps all that its address narrows by when a box is changed', async () => {
    const { text } = await page.get('/retention?state=lost&strategy=porting');
    for (const [name, value] of [
      ['state', 'lost'],
      ['strategy', 'porting'],
    ])
      expect(text).toContain(`<input type="hidden" name="${name}" value="${value}">`);
  });
});
