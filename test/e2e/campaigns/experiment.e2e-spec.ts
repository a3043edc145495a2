import { placeOf, variantSeed } from '../../../src/campaigns/experiment/draw.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { addPeople, addSegment, type Bench, type CampaignBody, campaignForm, createBench } from './campaign-bench.js';

let bench: Bench;
let planner: PageVisitor;
const PEOPLE = 12;
const name = (n: number): string => `客户${String(n).padStart(2, '0')}`;
let ids: Record<string, string>;

beforeAll(async () => {
  bench = await createBench({ autoStart: true });
  ids = await addPeople(
    bench,
    Array.from({ length: PEOPLE }, (_, n) => ({ name: name(n), star: 5, numbers: [`138000001${String(n).padStart(2, '0')}`] })),
  );
  await addSegment(bench, 'all');
  planner = await logIn(bench.test, 'planner-e');
});
afterAll(() => bench.test.close());

const make = async (code: string, more: object = {}): Promise<{ id: string }> => {
  const answer = await bench.planner.post('/campaigns', campaignForm(code, { kind: 'care', segment: 'all', ...more }));
  expect(answer.status).toBe(201);
  return answer.body as { id: string };
};
const own = { opening: '原来的说法。' };
const other = { name: '开门见山', percent: 50, script: { opening: '新的说法。' } };
const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
const textOf = (script: { opening: { segments: { text: string }[] }[] }): string =>
  script.opening.flatMap(({ segments }) => segments.map(({ text }) => text)).join('');

describe('CAM-10 scripts that are tried', () => {
  it.each<[string, unknown, string]>([
    ['more than are left', [{ percent: 60 }, { percent: 40 }], 'variants_too_much'],
    ['a share that is no whole number', [{ percent: 1.5 }], 'variants_invalid'],
  ])('are refused with %s', async (_, variants, code) => {
    const answer = await bench.planner.post('/campaigns', campaignForm('refused', { variants }));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { code } });
  });

  it('are heard by whom the draw says, every time, and the calls are counted by them', async () => {
    const { id } = await make('two-ways', { script: own, variants: [other] });
    expect(((await bench.planner.post('/campaigns/two-ways/launch')).body as CampaignBody).tasks).toMatchObject({ open: PEOPLE });
    const manager = await bench.house('m01');
    const heard: Record<string, number> = { A: 0, B: 0 };
    for (let call = 0; call < PEOPLE; call += 1) {
      const { task } = (await manager.post('/call-desk/next', { campaign: 'two-ways' })).body as {
        task: { id: string; customer: { id: string }; script: Parameters<typeof textOf>[0] };
      };
      const key = placeOf(variantSeed(id), task.customer.id) < 5_000 ? 'A' : 'B';
      heard[key] = (heard[key] ?? 0) + 1;
      expect(textOf(task.script)).toContain(key === 'A' ? '原来的说法。' : '新的说法。');
      const done = await manager.post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 60 });
      expect(done.status).toBe(201);
    }
    expect(Math.min(heard.A ?? 0, heard.B ?? 0)).toBeGreaterThan(0);
    const funnel = (await bench.planner.get('/campaigns/two-ways/funnel?by=variant')).body as { rows: { key: string; attempts: number }[] };
    expect(funnel.rows.map(({ key, attempts }) => [key, attempts])).toEqual([
      ['A', heard.A],
      ['B', heard.B],
    ]);
    expect(Object.keys(ids)).toHaveLength(PEOPLE);
  });

  it('may be worded anew while the campaign runs, but nobody is drawn anew', async () => {
    const { version } = await bench.test.db.one<{ version: number }>(sql`select version from campaigns.campaign where code = 'two-ways'`);
    const page = await planner.get('/campaigns/two-ways/edit/script?variant=B');
    expect(page.text).toContain('新的说法。');
    const saved = await planner.post('/campaigns/two-ways/edit/script', { variant: 'B', opening: '更新的说法。', version: String(version) });
    expect(saved.status).toBe(303);
    expect((await bench.planner.get('/campaigns/two-ways')).body).toMatchObject({
      script: { opening: '原来的说法。' },
      variants: [{ key: 'B', percent: 50, script: { opening: '更新的说法。' } }],
    });
    for (const [path, fields] of [
      ['', { percent: '10' }],
      ['/B', { percent: '20' }],
      ['/B', { remove: '1' }],
    ] as const) {
      const refused = await planner.post(`/campaigns/two-ways/edit/variants${path}`, fields);
      expect(refused.status).toBe(409);
      expect(refused.text).toContain('这一项不能再改');
    }
  });
});

describe('CAM-10 the wizard of scripts that are tried', () => {
  const at = '/campaigns/by-forms/edit/variants';
  const variants = async () => ((await bench.planner.get('/campaigns/by-forms')).body as { variants: { name: string; percent: number }[] }).variants;

  it('adds one as a copy of the own script, changes its share, shows it, and removes it', async () => {
    await make('by-forms', { script: own });
    const version = versionOf((await planner.get('/campaigns/by-forms/edit/script')).text);
    const added = await planner.post(at, { name: '开门见山', percent: '40', version });
    expect([added.status, added.headers.location]).toEqual([303, '/campaigns/by-forms/edit/script?variant=B']);
    expect(await variants()).toEqual([
      expect.objectContaining({ key: 'B', name: '开门见山', percent: 40, script: { ...own, branches: [], objections: [] } }),
    ]);
    expect((await planner.post(`${at}/B`, { name: '直说', percent: '30' })).status).toBe(303);
    const shown = (await planner.get('/campaigns/by-forms/script?variant=B')).text;
    expect(shown).toMatch(/B 直说 <span class="sc-n">30%/);
    expect(shown).toMatch(/A 原话术 <span class="sc-n">70%/);
    expect((await planner.post(`${at}/B`, { remove: '1' })).status).toBe(303);
    expect(await variants()).toEqual([]);
  });

  it('CAM-10 R30 saves what is typed into the script with the version that is added, changed or opened', async () => {
    await make('typed-too', { script: own });
    const url = '/campaigns/typed-too/edit';
    const page = (await planner.get(`${url}/script`)).text;
    expect(page).toMatch(new RegExp(`<button[^>]*form="script" formaction="${url}/variants"`));
    const added = await planner.post(`${url}/variants`, { opening: '刚写的开场。', name: '新', percent: '40', version: versionOf(page) });
    expect(added.status).toBe(303);
    const now = async () => (await bench.planner.get('/campaigns/typed-too')).body as { script: object; variants: object[]; version: number };
    expect(await now()).toMatchObject({
      script: { opening: '刚写的开场。' },
      variants: [{ name: '新', percent: 40, script: { opening: '刚写的开场。' } }],
    });
    const typed = { variant: 'B', opening: '乙的开场。', name: '', percent: '20', nameB: '更新', percentB: '30' };
    expect((await planner.post(`${url}/variants/B`, typed)).status).toBe(303);
    expect(await now()).toMatchObject({ variants: [{ name: '更新', percent: 30, script: { opening: '乙的开场。' } }] });
    const opened = await planner.post(`${url}/script`, { opening: '甲的开场。', open: 'B' });
    expect([opened.status, opened.headers.location]).toEqual([303, `${url}/script?variant=B`]);
    expect(await now()).toMatchObject({ script: { opening: '甲的开场。' } });
  });

  it('refuses a share that leaves nothing, one that is none, and a script that is not there, each with its sentence', async () => {
    await planner.post(at, { percent: '60' });
    const tooMuch = await planner.post(at, { percent: '40' });
    expect([tooMuch.status, tooMuch.text.includes('原话术至少要留1%')]).toEqual([422, true]);
    expect((await planner.post(at, { percent: '0' })).status).toBe(422);
    const unknown = await planner.post(`${at}/D`, { percent: '5' });
    expect([unknown.status, unknown.text.includes('没有版本D')]).toEqual([409, true]);
    expect(await variants()).toHaveLength(1);
  });

  it('refuses a form that was opened before somebody else saved (R30), and whoever may not change the campaign', async () => {
    expect((await planner.post(at, { percent: '5', version: '1' })).status).toBe(409);
    const west = await logIn(bench.test, 'planner-w');
    expect((await west.post(at, { percent: '5' })).status).toBe(404);
    const supervisor = await logIn(bench.test, 'supervisor-e');
    expect((await supervisor.post(at, { percent: '5' })).status).toBe(403);
    expect(await variants()).toHaveLength(1);
  });
});

describe('CAM-10 what hold-out and scripts show', () => {
  const LARGE = 600;
  interface Shown {
    since: string | null;
    groups: { key: string; people: number; called: number; converted: number }[];
    comparisons: {
      measure: string;
      of: string;
      against: string;
      difference: number | null;
      interval: [number, number] | null;
      verdict: string;
      needed: number | null;
    }[];
  }
  const uplift = async (code: string, who = 'planner-e'): Promise<Shown> =>
    (await (await bench.house(who)).get(`/campaigns/${code}/uplift`)).body as Shown;

  /** A launched campaign with many customers, of whom those drawn for `key` take an order in so many of a hundred cases. */
  beforeAll(async () => {
    await bench.test.db.run(sql`
      with c as (
        insert into customers.customer (name, star_level, call_consent, manager_id, org_unit_id, created_at, updated_at)
        select '人' || n, 5, true, u.id, u.org_unit_id, ${bench.test.clock.now()}, ${bench.test.clock.now()}
        from generate_series(1, ${LARGE}) n, staff.app_user u where u.username = 'm02' returning id)
      insert into customers.line (customer_id, number, kind, status, health, created_at, updated_at)
      select id, '+86137' || lpad(id::text, 8, '0'), 'main', 'active', 'good', ${bench.test.clock.now()}, ${bench.test.clock.now()} from c`);
    await addSegment(bench, 'large');
  });

  const sell = (code: string, key: string, every: number) =>
    bench.test.db.run(sql`
      with buyers as (
        select a.customer_id, a.line_id, l.number, row_number() over (order by a.customer_id) as nth
        from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id join customers.line l on l.id = a.line_id
        where c.code = ${code}
          and ${key} = case when a.excluded is null then campaigns.variant_of(c.variant_bounds, c.id, a.customer_id) else a.excluded end),
      chosen as (select *, gen_random_uuid() as touch, gen_random_uuid() as attempt from buyers where nth % ${every} = 0),
      t as (
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select touch, true, 'history', customer_id, number, 'call', 'care', 'test', ${bench.test.clock.now()} from chosen),
      a as (
        insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, created_at)
        select x.attempt, p.id, x.customer_id, x.line_id, u.id, x.touch, 1, ${bench.test.clock.now()}, 'converted', 'agent', 60, 'self', ${bench.test.clock.now()}
        from chosen x, campaigns.campaign p, staff.app_user u where p.code = 'daily-care' and u.username = 'm01')
      insert into calls.sales_order (attempt_id, campaign_id, customer_id, state, opened_at)
      select x.attempt, p.id, x.customer_id, 'succeeded', ${bench.test.clock.now()} from chosen x, campaigns.campaign p where p.code = 'daily-care'`);

  it('is nothing before the launch, and says so', async () => {
    await make('measured', { segment: 'large', holdoutPercent: 30, script: own, variants: [other] });
    expect(await uplift('measured')).toEqual({ since: null, groups: [], comparisons: [] });
    expect((await planner.get('/campaigns/measured/uplift')).text).toContain('还没有启动');
  });

  it('before the launch the wizard says how large a difference must be to be seen', async () => {
    const text = (await planner.get('/campaigns/measured/edit/launch')).text;
    expect(text).toMatch(/和对照组比：办理率至少相差\d+\.\d个百分点才看得出来/);
    expect(text).toMatch(/话术B和A比：办理率至少相差\d+\.\d个百分点/);
    expect(text).toContain('按办理率5.0%估算');
    const without = (await planner.get('/campaigns/by-forms/edit/audience')).text;
    expect(without).not.toContain('和对照组比：');
  });

  it('CAM-10 says that there is not enough data yet, in the API and on the page, and gives no number, right after the launch', async () => {
    await bench.planner.post('/campaigns/measured/launch');
    const shown = await uplift('measured');
    expect(shown.groups.map(({ key }) => key)).toEqual(['A', 'B', 'hold_out']);
    expect(shown.groups.reduce((sum, { people }) => sum + people, 0)).toBe(PEOPLE + LARGE);
    expect(shown.comparisons.filter(({ measure }) => measure === 'converted').map(({ verdict }) => verdict)).toEqual(['too-few', 'too-few']);
    for (const { difference, interval } of shown.comparisons) expect([difference, interval]).toEqual([null, null]);
    const text = (await planner.get('/campaigns/measured/uplift')).text;
    expect(text).toContain('数据还不够');
    expect(text).toContain('两组还没有一个不同的结果');
    expect(text).not.toMatch(/<td class="r">−?\d+\.\d<\/td>/);
  });

  it('finds what is there: more orders of those called, more with the better script, and no other difference', async () => {
    await sell('measured', 'A', 5);
    await sell('measured', 'B', 2);
    await sell('measured', 'hold_out', 20);
    const { groups, comparisons } = await uplift('measured');
    const converted = comparisons.filter(({ measure }) => measure === 'converted');
    expect(converted.map(({ of, against, verdict }) => [of, against, verdict])).toEqual([
      ['treated', 'hold_out', 'better'],
      ['B', 'A', 'better'],
    ]);
    const share = (key: string): number => {
      const group = groups.find((one) => one.key === key);
      return (group?.converted ?? 0) / (group?.people ?? 1);
    };
    expect(converted[1]?.difference).toBeCloseTo(share('B') - share('A'), 10);
    for (const { difference, interval } of converted)
      expect(interval && interval[0] < Number(difference) && Number(difference) < interval[1]).toBe(true);
    // everybody is still a customer: nothing to compare by
    expect(comparisons.filter(({ measure }) => measure === 'stayed').map(({ verdict }) => verdict)).toEqual(['too-few', 'too-few']);
    const text = (await planner.get('/campaigns/measured/uplift')).text;
    expect(text).toContain('打了电话和不打，差多少');
    expect(text).toContain('话术B和话术A，差多少');
    expect(text).toContain('更好');
  });

  it('leaves out an order of another product, a failed one, and one after the campaign ended', async () => {
    const before = await uplift('measured');
    const count = ({ groups }: Shown): number => groups.reduce((sum, { converted }) => sum + converted, 0);
    const change = async (to: string): Promise<number> => {
      await bench.test.db.run(sql`update calls.sales_order set state = ${to} where id = (select min(id) from calls.sales_order)`);
      return count(await uplift('measured'));
    };
    expect(await change('failed')).toBe(count(before) - 1);
    expect(await change('succeeded')).toBe(count(before));
    await bench.test.db.run(sql`update campaigns.campaign set standing = false, product_family = 'broadband' where code = 'daily-care'`);
    expect(count(await uplift('measured'))).toBe(0);
    await bench.test.db.run(sql`update campaigns.campaign set standing = true, product_family = null where code = 'daily-care'`);
    await bench.test.db.run(
      sql`update calls.sales_order set opened_at = '2027-01-01T00:00:00+08:00' where id = (select min(id) from calls.sales_order)`,
    );
    expect(count(await uplift('measured'))).toBe(count(before) - 1);
  });

  it('is for who may see the campaign, and for a manager of lists nothing', async () => {
    expect((await (await bench.house('m01')).get('/campaigns/measured/uplift')).status).toBe(403);
    expect((await (await bench.house('planner-w')).get('/campaigns/measured/uplift')).status).toBe(404);
    expect((await uplift('measured', 'supervisor-e')).groups).toHaveLength(3);
    expect((await planner.get('/campaigns/two-ways/uplift')).text).toContain('话术B和话术A，差多少');
    expect((await planner.get('/campaigns/daily-care/uplift')).text).toContain('没有可以比较的组');
  });
});

describe('CAM-1 a copy of a campaign', () => {
  const remove = async (code: string, who = 'planner-e') =>
    (await bench.test.http.delete(`/api/v1/campaigns/${code}`).set('authorization', `Bearer ${(await bench.house(who)).token}`)) as {
      status: number;
      body: unknown;
    };

  it('has everything but dates and history; deleting the draft undoes it', async () => {
    const answer = await bench.planner.post('/campaigns/measured/copy');
    expect(answer.status).toBe(201);
    const [copy, original] = [answer.body, (await bench.planner.get('/campaigns/measured')).body] as Record<string, unknown>[];
    const same = [
      'kind',
      'segment',
      'filter',
      'script',
      'variants',
      'attemptPolicy',
      'assignment',
      'band',
      'holdoutPercent',
      'goal',
      'productFamily',
    ];
    for (const field of same) expect([field, copy?.[field]]).toEqual([field, original?.[field]]);
    expect(copy).toMatchObject({ state: 'draft', name: '活动 measured（副本）', launchedAt: null });
    expect([copy?.code === original?.code, copy?.startsOn === original?.startsOn]).toEqual([false, false]);
    expect((await remove(String(copy?.code))).status).toBe(204);
    expect((await bench.planner.get(`/campaigns/${String(copy?.code)}`)).status).toBe(404);
  });

  it('is made and deleted by forms, after a question', async () => {
    const made = await planner.post('/campaigns/measured/copy');
    expect(made.status).toBe(303);
    const page = await planner.get(String(made.headers.location));
    expect(page.text).toContain('已从measured复制出草稿');
    const url = String(made.headers.location).replace('/edit/details', '');
    expect((await planner.get(`${url}/discard`)).text).toContain('删除草稿“活动 measured（副本）”？');
    expect((await planner.post(`${url}/discard`)).headers.location).toBe('/campaigns');
    expect((await planner.get(url)).status).toBe(404);
  });

  it('is refused for a standing campaign; what was launched or has records is not deleted; other units see nothing', async () => {
    expect((await bench.planner.post('/campaigns/daily-care/copy')).body).toMatchObject({ error: { code: 'campaign_standing_copy' } });
    expect((await remove('measured')).body).toMatchObject({ error: { code: 'campaign_not_draft' } });
    await make('recorded');
    await bench.test.db.run(sql`
      insert into calls.redial_list (campaign_id, not_before, tasks, by_user, at)
      select c.id, ${bench.test.clock.now()}, 1, u.id, ${bench.test.clock.now()} from campaigns.campaign c, staff.app_user u where c.code = 'recorded' and u.username = 'm01'`);
    expect((await remove('recorded')).body).toMatchObject({ error: { code: 'campaign_in_use' } });
    expect((await bench.planner.get('/campaigns/recorded')).status).toBe(200);
    const west = await bench.house('planner-w');
    expect((await west.post('/campaigns/recorded/copy')).status).toBe(404);
    expect((await remove('recorded', 'planner-w')).status).toBe(404);
    expect((await remove('recorded', 'm01')).status).toBe(403);
  });
});
