import { DemoCommands } from '../../../src/demo/demo.commands.js';
import { Authenticator } from '../../../src/platform/http/authenticator.js';
import { BreachesQueries } from '../../../src/reports/band/breaches.queries.js';
import { LiveBoards } from '../../../src/reports/live/live-board.queries.js';
import { StaffCommands } from '../../../src/staff/staff.commands.js';
import type { CurrentUser } from '../../../src/staff/staff.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

const FIGURES = sql`
  select (select count(*) from customers.customer)::int as customers, (select count(*) from calls.attempt)::int as attempts,
         (select count(*) from calls.attempt a join calls.outcome o on o.code = a.outcome where o.connected)::int as connected,
         (select count(*) from calls.sales_order where state = 'succeeded')::int as orders, (select count(*) from calls.task where state = 'open')::int as open`;

const startDemo = (): Promise<TestApp> => createTestApp({ config: { demo: true } });

async function loadDemo({ app }: TestApp): Promise<void> {
  await app.get(StaffCommands, { strict: false }).ensureAdmin('demo-admin');
  const demo = app.get(DemoCommands, { strict: false });
  // as two processes that start at once on an empty database: one loads, the other waits
  const lines = await Promise.all([demo.ensure(), demo.ensure()]);
  expect(lines[1]).toEqual([expect.stringContaining('Demo logins: ')]);
}

describe('the demo province', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startDemo();
    await loadDemo(test);
  });
  afterAll(() => test.close());

  const count = async (what: string): Promise<number> => (await test.db.one<{ n: number }>(sql`select count(*)::int as n from (${query(what)}) x`)).n;
  const query = (what: string) =>
    ({
      cities: sql`select from staff.org_unit where kind = 'city'`,
      teams: sql`select from staff.org_unit where kind = 'team'`,
      managers: sql`select from staff.app_user where role = 'manager'`,
      planners: sql`select from staff.app_user where role = 'planner'`,
      supervisors: sql`select from staff.app_user where role = 'supervisor'`,
      customers: sql`select from customers.customer`,
      campaigns: sql`select from campaigns.campaign where not standing`,
      offers: sql`select from offers.v_offer`,
      'packages outside of the catalogue': sql`select from customers.v_line l where not exists (select from offers.v_offer o where o.name = l.package)`,
    })[what] ?? sql`select where false`;

  it.each([
    ['cities', 2],
    ['teams', 3],
    ['managers', 12],
    ['planners', 2],
    ['supervisors', 2],
    ['customers', 5000],
    ['campaigns', 4],
    ['offers', 23],
    ['packages outside of the catalogue', 0],
  ])('has its %s', async (what, n) => {
    expect(await count(what)).toBe(n);
  });

  it('R38, CAM-1 has a second wave with an SMS step that only waits to be launched', async () => {
    const { code, take } = await test.db.one<{ code: string; take: number }>(sql`
      select w.code, (select count(*) from reporting.task_result r where r.campaign_id = f.id and not r.pending and r.result = any(w.wave_take))::int as take
      from campaigns.campaign w join campaigns.campaign f on f.id = w.wave_of
      where w.wave = 2 and w.state = 'draft' and f.code = 'broadband-renewal' and w.sms_step ->> 'when' = 'before'`);
    expect(code).toMatch(/^C\d{4}-/);
    expect(take).toBeGreaterThan(20);
  });

  it('CAM-8 is looked at once loaded: what the live board calls out of its band is what the breaches list', async () => {
    const { id } = await test.db.one<{ id: string }>(sql`select id from staff.app_user where username = 'supervisor1'`);
    const supervisor = (await test.app.get(Authenticator).bySession(id)) as CurrentUser;
    const { campaigns } = await test.app.get(LiveBoards, { strict: false }).board(supervisor);
    const listed = (await test.app.get(BreachesQueries, { strict: false }).open(supervisor)).map(({ campaignCode }) => campaignCode);
    const out = campaigns.filter(({ standing }) => standing?.state === 'below' || standing?.state === 'above').map(({ code }) => code);
    expect(new Set(out)).toEqual(new Set(listed.filter((code) => campaigns.some((one) => one.code === code))));
    expect(campaigns.filter(({ standing }) => standing?.state === 'pending' && standing.why !== 'not_running')).toEqual([]);
    expect(campaigns.length).toBeGreaterThan(0);
  });

  it('has solar and lunar birthdays, some of them today', async () => {
    const rows = await test.db.rows<{ calendar: string; today: number }>(sql`
      select birth_calendar as calendar, count(*) filter (where birth_month = 11 and birth_day = 24)::int as today from customers.customer
      where birth_month is not null group by 1 order by 1`);
    expect(rows.map((row) => row.calendar)).toEqual(['lunar', 'solar']);
    expect(rows[1]?.today).toBeGreaterThan(10);
  });

  it('gives every call an allowed touch in the ledger and numbers the dials of a task without gaps', async () => {
    const wrong = await test.db.rows(sql`
      select task_id from calls.attempt group by task_id having max(ordinal) <> count(*) or min(ordinal) <> 1
      union all select task_id from calls.attempt a where not exists (select from contact.touch t where t.id = a.touch_id and t.allowed)`);
    expect(wrong).toEqual([]);
  });

  it('never called outside working days and hours', async () => {
    const wrong = await test.db.rows(sql`
      select a.id from calls.attempt a join calendar.v_day d on d.day = platform.day_of(a.started_at)
      where not d.working or platform.hour_of(a.started_at) not in (9, 10, 11, 14, 15, 16, 17, 18, 19) limit 1`);
    expect(wrong).toEqual([]);
  });

  it('has connect rates that differ by hour, and one campaign below its band', async () => {
    const rates = await test.db.rows<{ hour: number; rate: number }>(sql`
      select hour, avg(connected::int)::float8 as rate from reporting.attempt where campaign_code = 'broadband-renewal' group by 1`);
    const rate = (hour: number): number => rates.find((row) => row.hour === hour)?.rate ?? 0;
    expect(rate(18)).toBeGreaterThan(rate(14) + 0.08);
    const low = await test.db.one<{ rate: number; lower: number }>(sql`
      select avg(connected::int)::float8 as rate, max(band_lower)::float8 as lower from reporting.attempt a join reporting.campaign c on c.id = a.campaign_id where c.code = '5g-upgrade'`);
    expect(low.rate).toBeLessThan(low.lower);
  });

  it('gives every manager open work and a few promised callbacks for today', async () => {
    const rows = await test.db.rows<{ open: number; callbacks: number }>(sql`
      select count(*)::int as open, count(callback_at)::int as callbacks from calls.task where state = 'open' group by owner_id`);
    expect(rows).toHaveLength(12);
    expect(Math.min(...rows.map((row) => row.open))).toBeGreaterThan(40);
    expect(rows.reduce((sum, row) => sum + row.callbacks, 0)).toBeGreaterThan(6);
  });

  it('TIC-2 has tickets in all states, some over their limit and some close before it, on customers who are on no list', async () => {
    const { late, soon, ...states } = await test.db.one<Record<string, number>>(sql`
      select (count(*) filter (where due_at < ${test.clock.now()}))::int as late,
             (count(*) filter (where due_at between ${test.clock.now()} and ${test.clock.now()}::timestamptz + interval '10 hours'))::int as soon,
             (count(*) filter (where state = 'open'))::int as open, (count(*) filter (where state = 'assigned'))::int as assigned,
             (count(*) filter (where state = 'answered'))::int as answered, (count(*) filter (where state = 'waiting'))::int as waiting,
             (count(*) filter (where state = 'solved'))::int as solved, (count(*) filter (where state = 'closed'))::int as closed
      from tickets.ticket`);
    expect([late, soon]).toEqual([2, 2]);
    expect(states).toEqual({ open: 2, assigned: 2, answered: 2, waiting: 1, solved: 1, closed: 1 });
    const rested = await test.db.rows(sql`
      select from contact.protection p where p.source = 'tickets' and p.released_at is null and not exists (select from tickets.ticket t where t.no = p.ref and t.state <> 'closed')`);
    expect(rested).toEqual([]);
  });

  it('RET-1, CUS-5 has retention cases with their calls, some who applied to port out, and customers of every health', async () => {
    const { open, calls, rested, ported } = await test.db.one<Record<string, number>>(sql`
      select (select count(*)::int from retention.churn_case where state = 'open') as open,
             (select count(*)::int from retention.case_task t join calls.task x on x.id = t.task_id where x.state = 'open' and x.owner_id is not null) as calls,
             (select count(*)::int from contact.protection where kind = 'retention' and released_at is null) as rested,
             (select count(*)::int from contact.protection where kind = 'porting' and released_at is null) as ported`);
    expect(open).toBeGreaterThan(20);
    expect([calls, rested]).toEqual([open, open]);
    expect(ported).toBeGreaterThan(3);
    const tiers = await test.db.rows<{ tier: string }>(sql`select distinct tier from retention.health order by tier`);
    expect(tiers.map(({ tier }) => tier)).toEqual(['healthy', 'high-risk', 'sub-healthy']);
  });

  it('loads nothing a second time', async () => {
    const before = await test.db.one(FIGURES);
    await test.app.get(DemoCommands, { strict: false }).ensure();
    expect(await test.db.one(FIGURES)).toEqual(before);
  });

  it('gives the same figures for the same day', async () => {
    const again = await startDemo();
    try {
      await loadDemo(again);
      expect(await again.db.one(FIGURES)).toEqual(await test.db.one(FIGURES));
    } finally {
      await again.close();
    }
  });
});
