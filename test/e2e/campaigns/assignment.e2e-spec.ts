import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;

/** East: m01, m02 in the first team, m05 in the second. */
beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  const admin = await centre.house('admin');
  expect((await admin.post('/org-units', { code: 'east-2', name: '东二组', kind: 'team', parent: 'east' })).status).toBe(201);
  expect((await admin.post('/org-units', { code: 'east-3', name: '东三组', kind: 'team', parent: 'east' })).status).toBe(201);
  const person = { username: 'm05', role: 'manager', orgUnit: 'east-2', name: '韩梅', password: PASSWORD, agentNo: '9m05' };
  expect((await admin.post('/users', person)).status).toBe(201);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.db.run(sql`truncate calendar.absence cascade`);
  await centre.clear();
});

const owners = async (code: string): Promise<Record<string, number>> => {
  const rows = await test.db.rows<{ who: string; n: number }>(sql`
    select coalesce(u.username, 'nobody') as who, count(*)::int as n from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id
    left join staff.v_user u on u.id = t.owner_id where c.code = ${code} group by 1 order by 1`);
  return Object.fromEntries(rows.map((row) => [row.who, row.n]));
};
const inUnit = (unit: string, ids: string[]): Promise<unknown> =>
  test.db.run(
    sql`update customers.customer set manager_id = null, org_unit_id = (select id from staff.org_unit where code = ${unit}) where id = any(${ids}::bigint[])`,
  );
const away = async (who: string, from: string, to: string, deputy?: string): Promise<string> => {
  const noted = await (await centre.house('supervisor-e')).post(`/users/${who}/absences`, { from, to, kind: 'leave', ...(deputy ? { deputy } : {}) });
  expect(noted.status).toBe(201);
  return (noted.body as { id: string }).id;
};
const moves = () =>
  test.db.rows(sql`
    select f.username as from, t.username as to, a.why, a.back, count(*)::int as n from calls.assignment a
    join staff.app_user f on f.id = a.from_owner join staff.app_user t on t.id = a.to_owner group by 1, 2, 3, 4 order by 4, 1, 2`);
const morning = async (at: string): Promise<void> => {
  await centre.moveTo(at);
  await tickSchedules(test.app);
  await drainJobs(test.app);
};

describe('CAM-3 a list by team and by city', () => {
  it('goes to whoever of the customer’s own team has least to do', async () => {
    const ids = await centre.customers('m01', [7, 6, 5, 4, 3, 2]);
    await inUnit('east-2', ids.slice(4));
    await centre.campaign('team', { kind: 'care', assignment: 'team' });
    expect(await owners('team')).toEqual({ m01: 2, m02: 2, m05: 2 });
  });

  it('leaves customers out whose team has no manager, says so before the launch, and gives them to their city when that is the rule', async () => {
    const ids = await centre.customers('m01', [7, 6, 5, 4, 3, 2]);
    await inUnit('east-3', ids);
    await centre.campaign('nobody', { kind: 'care', assignment: 'team' });
    expect(await owners('nobody')).toEqual({});
    const planner = await centre.house('planner-e');
    expect((await planner.get('/campaigns/nobody')).body).toMatchObject({ audience: { included: 0, excluded: { no_manager: 6 } } });
    await centre.campaign('city', { kind: 'care', assignment: 'region' });
    expect(await owners('city')).toEqual({ m01: 2, m02: 2, m05: 2 });
  });

  it('by city, a campaign of all cities leaves each its own customers', async () => {
    const ids = await centre.customers('m01', [7, 6, 5, 4]);
    await inUnit('west', ids.slice(0, 2));
    await inUnit('east', ids.slice(2));
    await centre.campaign('all-cities', { kind: 'care', assignment: 'region' }, 'admin');
    const rows = await test.db.rows<{ city: string; who: string }>(sql`
      select distinct o.code as city, left(u.team_code, 4) as who from calls.task t join customers.customer c on c.id = t.customer_id
      join staff.org_unit o on o.id = c.org_unit_id join staff.v_user u on u.id = t.owner_id order by 1`);
    expect(rows).toEqual([
      { city: 'east', who: 'east' },
      { city: 'west', who: 'west' },
    ]);
  });
});

describe('CAM-3 a list and who is away', () => {
  it.each(['round-robin', 'load', 'team'])('%s: who is away at the launch gets nothing of it', async (assignment) => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await away('m01', '2026-11-23', '2026-11-30');
    await centre.campaign('short-handed', { kind: 'care', assignment });
    expect((await owners('short-handed')).m01).toBeUndefined();
    expect(Object.values(await owners('short-handed')).reduce((sum, n) => sum + n, 0)).toBe(4);
  });

  it('when all are away, the list is spread as if nobody were', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    for (const who of ['m01', 'm02']) await away(who, '2026-11-23', '2026-11-30');
    await centre.campaign('deserted', { kind: 'care', assignment: 'team' });
    expect(await owners('deserted')).toEqual({ m01: 2, m02: 2 });
  });

  it('a list of the owners goes to the deputy at the launch, and what is left comes back', async () => {
    await centre.customers('m01', [7, 6, 5]);
    await away('m01', '2026-11-24', '2026-11-25', 'm02');
    await centre.campaign('own', { kind: 'care', assignment: 'owner' });
    expect(await owners('own')).toEqual({ m02: 3 });
    await morning('2026-11-26T05:45');
    expect(await owners('own')).toEqual({ m01: 3 });
  });

  it('during the run, without a deputy, it is spread by its own rule, promised callbacks excepted, and comes back (R31)', async () => {
    await centre.customers('m01', [7, 6, 5, 4]);
    await centre.campaign('running', { kind: 'care', assignment: 'team' });
    expect(await owners('running')).toEqual({ m01: 2, m02: 2 });
    await test.db.run(sql`
      update calls.task set callback_at = '2026-12-09T15:00:00+08:00' where id = (
        select min(t.id) from calls.task t join staff.app_user u on u.id = t.owner_id where u.username = 'm01')`);
    await away('m01', '2026-11-24', '2026-11-24');
    await drainJobs(test.app);
    expect(await owners('running')).toEqual({ m01: 1, m02: 3 });
    expect(await moves()).toEqual([{ from: 'm01', to: 'm02', why: expect.stringContaining('林晓雯') as string, back: false, n: 1 }]);
    await morning('2026-11-25T05:45');
    expect(await owners('running')).toEqual({ m01: 2, m02: 2 });
    expect(await moves()).toHaveLength(2);
  });

  it('a list of the owners without a deputy waits for them', async () => {
    await centre.customers('m01', [7, 6]);
    await centre.campaign('waiting', { kind: 'care', assignment: 'owner' });
    await away('m01', '2026-11-24', '2026-11-25');
    await drainJobs(test.app);
    expect(await owners('waiting')).toEqual({ m01: 2 });
  });
});

describe('CAM-1 before the launch the wizard says when the list is worked off', () => {
  const shown = async (code: string, options: object): Promise<string> => {
    const form = {
      code,
      name: code,
      kind: 'care',
      startsOn: '2026-11-24',
      endsOn: '2026-11-30',
      filter: { starLevel: [1, 2, 3, 4, 5, 6, 7] },
      ...options,
    };
    expect((await (await centre.house('planner-e')).post('/campaigns', form)).status).toBe(201);
    return (await (await logIn(test, 'planner-e')).get(`/campaigns/${code}/edit/launch`)).text;
  };

  it('by the rota of each owner, absences counted; an end after the last day is said before it is too late', async () => {
    await centre.customers('m01', [7, 6, 5]);
    expect(await shown('in-time', {})).toMatch(/最早11月24日打完（1个工作日）/);
    await away('m01', '2026-11-24', '2026-12-02');
    const late = await shown('too-late', {});
    expect(late).toMatch(/最早12月3日打完/);
    expect(late).toContain('11月30日之前打不完');
    expect(await shown('shared', { assignment: 'load' })).toMatch(/最早11月24日打完/);
  });
});
