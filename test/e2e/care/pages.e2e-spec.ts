import { drainJobs } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CareWorld, person, type Person } from './care-world.js';

const TODAY = '2026-11-24';
let world: CareWorld;
let planner: PageVisitor;
let supervisor: PageVisitor;
let customer: Person;

beforeAll(async () => {
  world = await CareWorld.open();
  [planner, supervisor] = [await logIn(world.test, 'planner-e'), await logIn(world.test, 'supervisor-e')];
  customer = await person(world.test.db, { star: 7 });
});
afterAll(() => world.test.close());

const typed = { version: '1', enabled: 'on', period: 'rolling', horizonDays: '31', anyCampaign: 'on', topics: '' };
const stars = (name: string, value: (star: number) => number): Record<string, string> =>
  Object.fromEntries([7, 6, 5, 4, 3, 2, 1].map((star) => [`${name}.${star}`, `${value(star)}`]));
const form = { ...typed, ...stars('months', (star) => (star === 7 ? 1 : 5)), ...stars('minGapDays', () => 15) };

describe('care by forms alone', () => {
  it('the overview says that nothing has run yet, and lists every programme', async () => {
    const page = await planner.get('/care');
    expect(page.status).toBe(200);
    expect(page.text).toContain('还没有运行过计划');
    expect(page.text.match(/即将提供/g)).toHaveLength(7);
  });

  it('a wrong setting comes back with the sentence at the field and what was typed', async () => {
    const page = await planner.post('/care/rules/star-revisit', { ...form, horizonDays: '400' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('应为0到92的整数');
    expect(page.text).toMatch(/name="horizonDays" value="400"/);
  });

  it('a planner sets and enables a rule, which makes a new version', async () => {
    expect((await planner.post('/care/rules/star-revisit', form)).headers.location).toBe('/care/rules/star-revisit');
    const page = await planner.get('/care/rules/star-revisit');
    expect(page.text).toContain('已保存为v2');
    const { body } = await world.planner.get('/care/rules/star-revisit');
    expect(body).toMatchObject({ enabled: true, version: 2, settings: { period: 'rolling', months: { 7: 1, 6: 5 }, minGapDays: { 7: 15 } } });
  });

  it('what somebody else saved meanwhile is not overwritten', async () => {
    const page = await planner.post('/care/rules/star-revisit', form);
    expect(page.status).toBe(409);
    expect(page.text).toContain('有人改过这条规则');
  });

  it('a planner runs the plan of a day and sees what came of it', async () => {
    const sent = await planner.post('/care/plan-runs', { date: TODAY });
    expect(sent.status).toBe(303);
    const at = sent.headers.location ?? '';
    expect((await planner.get(at)).text).toContain('hx-trigger="every 2s"');
    await drainJobs(world.test.app);
    const page = await planner.get(at);
    expect(page.text).toContain('11月24日的计划');
    expect(page.text).not.toContain('hx-trigger="every 2s"');
    expect((await planner.get('/care')).text).toContain('新增1件');
  });

  it('a day that does not exist is refused at its field', async () => {
    const page = await planner.post('/care/plan-runs', { date: '2026-02-30' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('日期应写成');
  });

  it('a rule is switched off from the list, and its work stays', async () => {
    expect((await planner.post('/care/rules/star-revisit/switch', { version: '2' })).headers.location).toBe('/care');
    expect((await world.planner.get('/care/rules/star-revisit')).body).toMatchObject({ enabled: false, version: 3 });
    expect(await world.due(customer)).toHaveLength(1);
    expect((await planner.post('/care/rules/silent/switch', { version: '1', enabled: 'on' })).status).toBe(422);
  });

  it('somebody is told why a customer is contacted; a wrong number is refused at its field', async () => {
    const page = await supervisor.get(`/care/explain?phone=${encodeURIComponent(customer.phone)}`);
    expect(page.text).toContain('规则没有启用');
    const wrong = await supervisor.get('/care/explain?phone=12345678');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="12345678"');
  });

  it('a supervisor looks but does not plan, a manager does neither', async () => {
    const page = await supervisor.get('/care');
    expect(page.text).not.toContain('action="/care/plan-runs"');
    expect((await supervisor.post('/care/plan-runs', { date: TODAY })).status).toBe(403);
    expect((await (await logIn(world.test, 'm01')).get('/care')).status).toBe(403);
  });
});
