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
