import { Building } from '../../../src/campaigns/building/building.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { type Bench, campaignForm, createBench } from './campaign-bench.js';

/** One more than are looked at while the planner waits. */
const MANY = 20_001;
const EVERYBODY = { field: 'starLevel', op: 'in', value: [3] };

let bench: Bench;
let planner: PageVisitor;

beforeAll(async () => {
  bench = await createBench();
  const { db } = bench.test;
  await db.run(sql`
    with made as (
      insert into customers.customer (name, star_level, org_unit_id, manager_id, call_consent, created_at, updated_at)
      select '客户' || n, 3, u.org_unit_id, u.id, true, now(), now() from staff.app_user u, generate_series(1, ${MANY}::int) n where u.username = 'm01'
      returning id)
    insert into customers.line (customer_id, number, created_at, updated_at) select id, '+86' || (13000000000 + id), now(), now() from made`);
  await db.pool.query('analyze customers.customer, customers.line'); // nobody does it by himself in a test
  planner = await logIn(bench.test, 'planner-e');
});
afterAll(() => bench.test.close());

const make = async (code: string): Promise<string> => {
  const answer = await bench.planner.post('/campaigns', campaignForm(code, { kind: 'care', filter: EVERYBODY }));
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
};
const stateOf = async (code: string): Promise<string> => ((await bench.planner.get(`/campaigns/${code}`)).body as { state: string }).state;
const launch = async (code: string, expected: number) => {
  await planner.get(`/campaigns/${code}/edit/launch`);
  return planner.post(`/campaigns/${code}/edit/launch`, { expected: String(expected), confirm: String(expected) });
};

describe('CAM-2 the figures over many customers', () => {
  it('follow the page: the step can be saved meanwhile, and a link counts without JavaScript', async () => {
    await make('later');
    const url = '/campaigns/later/edit/audience';
    const page = (await planner.get(url)).text;
    expect(page).toContain(`hx-get="${url}?count=1" hx-trigger="load"`);
    expect(page).toContain('要看20,001位客户');
    expect(page).not.toContain('class="sc-bigsum"');
    expect(page).toMatch(/<button[^>]*type="submit"[^>]*value="next"/);
    const counted = (await planner.get(`${url}?count=1`)).text;
    expect(counted).toMatch(/<div id="result">[^]*20,001/);
    expect(counted).not.toContain('hx-trigger="load"');
    expect((await planner.post(url, { starLevel: '3', holdoutPercent: '0', then: 'next' })).headers.location).toBe('/campaigns/later/edit/script');
    // nobody launches a number they have not seen
    const launching = '/campaigns/later/edit/launch';
    const step = (await planner.get(launching)).text;
    expect([step.includes('name="expected"'), step.includes(`hx-get="${launching}?count=1"`)]).toEqual([false, true]);
    expect((await planner.get(`${launching}?count=1`)).text).toContain('name="expected" value="20001"');
    await planner.post('/campaigns/later/discard');
  });

  it('of few stand on the page at once', async () => {
    const answer = await bench.planner.post('/campaigns', campaignForm('few', { kind: 'care', filter: { starLevel: [7] } }));
    expect(answer.status).toBe(201);
    expect((await planner.get('/campaigns/few/edit/audience')).text).not.toContain('hx-trigger="load"');
  });
});

describe('CAM-2 a launch over many customers', () => {
  it('is taken down at once; a job computes the audience, then the campaign runs and its list stands', async () => {
    const id = await make('many');
    expect((await launch('many', MANY)).headers.location).toBe('/campaigns/many');
    expect(await stateOf('many')).toBe('draft');
    const page = await planner.get('/campaigns/many');
    expect(page.text).toContain('排队等待计算名单');
    expect(page.text).toContain('20,001');
    expect((await planner.get('/campaigns/many/building')).text).toContain('<progress');

    expect((await launch('many', MANY)).headers.location).toBe('/campaigns/many'); // pressed again
    const edit = await planner.post('/campaigns/many/edit/policy', { maxAttempts: '5', minGapMinutes: '60', assignment: 'owner', version: '1' });
    expect(edit.text).toContain('名单算好之前不能修改或删除');
    expect((await planner.post('/campaigns/many/discard')).text).toContain('名单算好之前不能修改或删除');

    const { done } = await drainJobs(bench.test.app);
    expect(done.filter((job) => job === 'campaigns.build-audience')).toHaveLength(1);
    expect(((await bench.planner.get('/campaigns/many')).body as { tasks: object }).tasks).toMatchObject({ open: MANY });
    expect(await stateOf('many')).toBe('running');
    expect((await planner.get('/campaigns/many/building')).headers.location).toBe('/campaigns/many');
    expect((await planner.get('/campaigns/many')).text).not.toContain('<progress class="sc-bar sc-bar--thick"');

    await bench.test.app.get(Building, { strict: false }).build(id); // a job may run twice
    expect((await bench.test.db.one<{ n: number }>(sql`select count(*)::int as n from campaigns.transition where campaign_id = ${id}`)).n).toBe(2);
  });

  it('says why it did not start, and starts when it is asked again', async () => {
    await make('wrong');
    await launch('wrong', MANY + 7);
    await drainJobs(bench.test.app);
    expect(await stateOf('wrong')).toBe('draft');
    const page = await planner.get('/campaigns/wrong');
    expect(page.text).toContain('没有启动：您看过之后名单变了，现在是20,001人');
    expect(page.text).toContain('/campaigns/wrong/edit/launch');
    await launch('wrong', MANY);
    await drainJobs(bench.test.app);
    expect(await stateOf('wrong')).toBe('running');
  });

  it('by the API is waited for', async () => {
    await make('waited');
    const answer = await bench.planner.post('/campaigns/waited/launch');
    expect([answer.status, (answer.body as { state: string }).state]).toEqual([200, 'running']);
  });
});
