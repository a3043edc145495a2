import { dryRun } from '../../../src/calls/dry-run/dry-run.policy.js';
import { DryRuns } from '../../../src/calls/dry-run/dry-run.queries.js';
import { callsBy } from '../../../src/calls/dry-run/hours.policy.js';
import type { DryRunResult } from '../../../src/calls/dry-run/dry-run.queries.js';
import { CampaignsQueries } from '../../../src/campaigns/campaigns.queries.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import type { ApiClient } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CallCentre, must, refusal } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;
let planner: ApiClient;
let page: PageVisitor;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  planner = await centre.house('planner-e');
  page = await logIn(test, 'planner-e');
});
afterAll(() => test.close());
beforeEach(async () => {
  await centre.clear();
  page = await logIn(test, 'planner-e');
});

const draft = (code: string, more: object = {}) =>
  must(
    planner.post('/campaigns', {
      code,
      name: `活动${code}`,
      kind: 'marketing',
      startsOn: '2026-11-01',
      endsOn: '2026-12-31',
      filter: { starLevel: [0, 1, 2, 3, 4, 5, 6, 7] },
      ...more,
    }),
    201,
  );
const ask = async (code: string, query = ''): Promise<DryRunResult> =>
  (await must(planner.get(`/campaigns/${code}/dry-run${query}`), 200)) as DryRunResult;
const launch = async (code: string): Promise<void> => {
  await must(planner.post(`/campaigns/${code}/launch`), 200);
  await drainJobs(test.app);
};
/** How many rows each table has, and whether any of them was touched. */
const rows = async (): Promise<unknown> =>
  test.db.rows(sql`
    select t.name, (xpath('/table/row/n/text()', query_to_xml(format('select count(*) as n, sum(xmin::text::bigint) as x from %s', t.name), true, false, '')))[1]::text as n,
           (xpath('/table/row/x/text()', query_to_xml(format('select count(*) as n, sum(xmin::text::bigint) as x from %s', t.name), true, false, '')))[1]::text as touched
    from (select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('campaigns', 'calls', 'contact', 'customers', 'segments', 'platform', 'calendar')) t order by 1`);
const owners = async (code: string): Promise<Record<string, number>> => {
  const found = await test.db.rows<{ name: string; n: number }>(sql`
    select u.name, count(*)::int as n from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id join staff.v_user u on u.id = t.owner_id where c.code = ${code} group by 1`);
  return Object.fromEntries(found.map(({ name, n }) => [name, n]));
};

describe('CAM-2 the dry run of a draft', () => {
  it.each(['owner', 'round-robin', 'load', 'team'])(
    'takes and leaves out whom the launch takes and leaves out, and gives each manager as many (%s)',
    async (assignment) => {
      const ids = await centre.customers('m01', [7, 6, 5, 5, 4, 4, 3]);
      await centre.customers('m02', [6, 2]);
      await test.db.run(sql`update customers.customer set call_consent = false where id = ${ids[2]}`);
      await test.db.run(sql`update customers.customer set status = 'suspended' where id = ${ids[4]}`);
      await draft('like', { assignment, holdoutPercent: 20 });
      const { count, managers, outlook } = await ask('like');
      await launch('like');
      const { audience } = (await must(planner.get('/campaigns/like'), 200)) as { audience: unknown };
      expect(count).toEqual(audience);
      expect(count.included).toBeGreaterThan(3);
      expect(Object.fromEntries(managers.map(({ name, people }) => [name, people]))).toEqual(await owners('like'));
      expect(outlook.totals.finished.p90 + outlook.totals.unreached.p10 + outlook.totals.left.p10).toBeLessThanOrEqual(count.included);
    },
  );

  it('says the same to the same seed and changes no row of any table', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await draft('read');
    const before = await rows();
    const one = await ask('read', '?seed=5');
    expect(await ask('read', '?seed=5')).toEqual(one);
    await page.get('/campaigns/read/dry-run');
    expect(await rows()).toEqual(before);
    expect(await refusal(planner.get('/campaigns/read/dry-run?seed=0'))).toBe('422 invalid_input seed');
  });

  it('dials in the hours in which the desk then dials, when nobody ever answers', async () => {
    await centre.customers('m01', [7, 6, 5, 4, 3, 2]);
    await test.db.run(sql`update staff.app_user set daily_capacity = 9 where username = 'm01'`);
    await draft('real', { attemptPolicy: { maxAttempts: 3, minGapMinutes: 240 } });
    const campaign = await test.app.get(CampaignsQueries, { strict: false }).toChange((await user()) as never, 'real');
    const { plan } = await test.app.get(DryRuns, { strict: false }).prepare(campaign);
    const never = { ...plan.rates, connect: plan.rates.connect.map(() => 0), dead: 0 };
    const run = dryRun({ ...plan, rates: never }, 1);
    expect(run.totals).toMatchObject({ attempts: 18, unreached: 6, left: 0 });

    await launch('real');
    const made: { day: string; hour: number; attempts: number }[] = [];
    for (const cell of plan.cells.filter(({ day }) => day <= (run.finishOn ?? ''))) {
      await centre.moveTo(`${cell.day}T${String(cell.hour).padStart(2, '0')}:30`);
      const today = made.filter(({ day }) => day === cell.day).reduce((sum, { attempts }) => sum + attempts, 0);
      let room = callsBy(cell, plan.hands[0]?.calls.get(cell.day) ?? 0) - today;
      let attempts = 0;
      for (; room > 0; room -= 1) {
        const { task } = await centre.next('m01');
        if (!task) break;
        await centre.record('m01', task.id, { outcome: 'no_answer' });
        attempts += 1;
      }
      if (attempts > 0) made.push({ day: cell.day, hour: cell.hour, attempts });
    }
    expect(made).toEqual(run.hours.map(({ day, hour, attempts }) => ({ day, hour, attempts })));
    await test.db.run(sql`update staff.app_user set daily_capacity = 100 where username = 'm01'`);
  });

  it('learns from such calls of the last eight weeks, and says when it has to assume', async () => {
    await centre.customers('m01', [7]);
    await centre.campaign('past');
    await centre.call('m01', { outcome: 'reached', talkSeconds: 40 });
    await centre.customers('m01', [6]);
    await draft('next');
    expect((await ask('next')).learnt).toEqual({ days: 56, dials: 1, orders: 0, assumed: true });
    expect((await page.get('/campaigns/next/dry-run')).text).toContain('同类活动最近56天只有1次外呼');
    await draft('other', { kind: 'care' });
    expect((await ask('other')).learnt.dials).toBe(0);
  });

  it('stands on the launch step and the page of the draft, with its chart, its table and how it is worked out', async () => {
    await centre.customers('m01', [7, 6, 5]);
    await draft('page', { exclude: { filter: { field: 'starLevel', op: 'in', value: [5] } } });
    expect((await page.get('/campaigns/page/edit/launch')).text).toContain('hx-get="/campaigns/page/dry-run" hx-trigger="load"');
    expect((await page.get('/campaigns/page')).text).toContain('href="/campaigns/page/dry-run"');
    const { text } = await page.get('/campaigns/page/dry-run');
    for (const part of ['data-table="t-dry-run"', 'id="t-dry-run"', '怎么算的', 'data-step="succeeded"', '随机跑200次', '拨完'])
      expect(text).toContain(part);
    expect(text).toMatch(/data-reason="excluded_filter"><th[^>]*>[^<]+<\/th><td class="r">1</);
    expect(text).not.toMatch(/dryrun\.|NaN|undefined|\[object/);
  });

  it('is for drafts of one’s own unit: refused after the launch, empty without an audience', async () => {
    await centre.customers('m01', [7]);
    await draft('gone');
    await launch('gone');
    expect(await refusal(planner.get('/campaigns/gone/dry-run'))).toBe('409 dry_run_not_draft');
    await draft('empty', { filter: { starLevel: [1] } });
    const { count, shown, managers } = await ask('empty');
    expect([count.matched, shown.totals.attempts, managers]).toEqual([0, 0, []]);
    expect((await page.get('/campaigns/empty/dry-run')).text).not.toContain('data-chart');
    expect((await (await centre.house('m01')).get('/campaigns/empty/dry-run')).status).toBe(403);
  });
});

const user = async () =>
  test.db.one(sql`
    select u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", u.org_path as "orgPath", 'zh' as locale from staff.v_user u where u.username = 'planner-e'`);
