import { CareWorld, contacted, person, type Person } from './care-world.js';

const TODAY = '2026-11-24';
let world: CareWorld;
let visited: Person;
let blocked: Person;
let nobodys: Person;
let west: Person;

beforeAll(async () => {
  world = await CareWorld.open();
  const { db } = world.test;
  visited = await person(db, { star: 5 });
  await contacted(db, visited, { on: '2026-08-31' });
  blocked = await person(db, { birthday: { calendar: 'solar', month: 11, day: 24 } });
  await world.planner.post('/contact/blocks', { phone: blocked.phone, channel: 'call', reason: '客户要求' });
  nobodys = await person(db, { manager: null, unit: 'east' });
  west = await person(db, { manager: 'm11' });
  await world.enable('star-revisit', { period: 'rolling' });
  await world.enable('birthday');
});
afterAll(() => world.test.close());

interface Told {
  rule: string;
  decision: string;
  dueOn: string | null;
  deadlineOn: string | null;
  reasons: string[];
  policyVersion: number;
}
const explain = async (who: Person, date = TODAY, as = 'planner-e'): Promise<Told[]> =>
  ((await (await world.house(as)).get(`/care/explanations?phone=${encodeURIComponent(who.phone)}&date=${date}`)).body as { decisions: Told[] })
    .decisions;
const about = async (who: Person, rule: string, date = TODAY): Promise<Told | undefined> =>
  (await explain(who, date)).find((one) => one.rule === rule);

describe('CAR-11 every rule says what it decides of a customer on a day, and why', () => {
  it('planned, with the day, the deadline, the facts and the version', async () => {
    expect(await about(visited, 'star-revisit')).toEqual({
      rule: 'star-revisit',
      decision: 'planned',
      dueOn: TODAY,
      deadlineOn: '2026-11-30',
      reasons: ['星级回访：5星客户每3个月回访一次，上次8月31日，这次不晚于11月30日（规则v2）'],
      policyVersion: 2,
    });
  });

  it('not due, with the next promise', async () => {
    expect(await about(visited, 'star-revisit', '2026-09-24')).toMatchObject({
      decision: 'not-due',
      dueOn: null,
      deadlineOn: '2026-11-30',
      reasons: ['上次回访8月31日，下次不晚于11月30日'],
    });
  });

  it('refused by the gate, with its reason', async () => {
    const told = await about(blocked, 'star-revisit');
    expect(told).toMatchObject({ decision: 'refused', dueOn: null });
    expect(told?.reasons.at(-1)).toBe('不安排：在免打扰名单里');
  });

  it('one way closed, the other open: a birthday without the call keeps its message', async () => {
    expect(await about(blocked, 'birthday')).toMatchObject({ decision: 'planned', dueOn: TODAY });
  });

  it('refused without a manager', async () => {
    expect((await about(nobodys, 'star-revisit'))?.reasons.at(-1)).toBe('不安排：没有客户经理');
  });

  it('CAR-11 rules that are switched off say so, not that nothing is due', async () => {
    expect(await about(visited, 'roaming-return')).toMatchObject({ decision: 'disabled', reasons: ['规则没有启用'] });
    expect((await about(visited, 'service-follow-up'))?.reasons[0]).toContain('规则没有启用');
  });

  it('after the run the same contact is already planned, on the day it got', async () => {
    await world.run(TODAY);
    expect(await about(visited, 'star-revisit')).toMatchObject({
      decision: 'already-planned',
      dueOn: TODAY,
      deadlineOn: '2026-11-30',
      policyVersion: 2,
    });
  });
});

describe('SYS-1 nobody asks about a customer outside of the scope', () => {
  it.each([
    ['planner-e', () => west, 404],
    ['m02', () => visited, 404],
    ['m01', () => visited, 200],
    ['admin', () => west, 200],
  ])('%s', async (as, who, status) => {
    expect((await (await world.house(as)).get(`/care/explanations?phone=${encodeURIComponent(who().phone)}&date=${TODAY}`)).status).toBe(status);
  });

  it.each(['phone=12&date=2026-11-24', 'phone=13800138000&date=today', 'date=2026-11-24'])('%s is refused', async (query) => {
    expect([400, 404, 422]).toContain((await world.planner.get(`/care/explanations?${query}`)).status);
  });
});
