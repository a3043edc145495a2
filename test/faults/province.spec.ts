import pg from 'pg';
import { MISCOUNTED } from '../support/miscounted.js';
import { DataFolder, Product } from '../support/product.js';
import { programOnPath } from '../support/programs.js';
import { Doors, Manager, PASSWORD } from '../support/province-load.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const START = Date.parse('2026-11-24T10:00:00+08:00');
const MANAGERS = ['m1', 'm2', 'm3'];
/** More than can be called while the test runs. */
const LISTED = 3000;
/** People of a blast, and texts a second: each fault meets a blast of its own in the middle. */
const TEXTED = 60;
const RATE = 30;
const BLASTS = 8;
/** What Redis lost is handed anew after its lease of half a minute, together with all that came meanwhile. */
const PATIENCE_MS = 180_000;

/** Customers with a line each, every one with a manager, in the segments `listed` and `texted`. */
const CROWD = `
  with made as (
    insert into customers.customer (customer_no, name, gender, star_level, manager_id, org_unit_id, call_consent, sms_consent, created_at, updated_at)
    select 'c' || n, '客户' || n, 'male', 3, u.id, u.org_unit_id, true, true, '2026-01-01', '2026-01-01'
    from generate_series(0, ${LISTED + BLASTS * TEXTED - 1}) n join staff.app_user u on u.username = 'm' || n % ${MANAGERS.length} + 1
    returning id, substring(customer_no from 2)::int as n),
  lines as (
    insert into customers.line (customer_id, number, created_at, updated_at)
    select id, '+86139' || lpad(n::text, 8, '0'), '2026-01-01', '2026-01-01' from made returning id, customer_id),
  segments as (
    insert into segments.segment (code, name, members, org_unit_id, created_at, updated_at)
    select s.code, s.code, s.members, o.id, '2026-01-01', '2026-01-01'
    from (select 'listed' as code, ${LISTED} as members union all select 's' || n, ${TEXTED} from generate_series(0, ${BLASTS - 1}) n) s,
         staff.org_unit o where o.parent_id is null
    returning id, code)
  insert into segments.member (segment_id, line_id, customer_id, added_at)
  select segments.id, lines.id, lines.customer_id, '2026-01-01'
  from made join lines on lines.customer_id = made.id join segments on segments.code = case when made.n < ${LISTED} then 'listed' else 's' || (made.n - ${LISTED}) / ${TEXTED} end`;

/** What becomes of every row of the outbox: left once, gone once or given up. */
const JOURNAL = `
  create table public.journal (id bigint, job text, payload jsonb, what text);
  create function public.note() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then insert into public.journal values (new.id, new.job, new.payload, 'left');
    elsif tg_op = 'DELETE' then insert into public.journal values (old.id, old.job, old.payload, case when old.attempts = 0 then 'never run' else 'done' end);
    elsif new.dead_at is not null and old.dead_at is null then insert into public.journal values (new.id, new.job, new.payload, 'dead'); end if;
    return null;
  end $$;
  create trigger note after insert or update or delete on platform.outbox for each row execute function public.note()`;

const withRedis = programOnPath('redis-server') ? describe : describe.skip; // the closing lines of npm test say so

withRedis('SYS-4 a province on two web and two worker processes, one PostgreSQL and one Redis, at work', () => {
  const folder = new DataFolder();
  const began = Date.now();
  const doors = new Doors();
  const managers = MANAGERS.map((name) => new Manager(doors, name));
  let database: TestDatabase;
  let redis: RedisServer;
  let inside: pg.Client;
  const webs: Product[] = [];
  const workers: Product[] = [];
  let admin = '';
  let blasts = 0;

  const now = (): string => new Date(START + Date.now() - began).toISOString();

  /** Clocks that differ by as long as each takes to read its own. */
  const start = (ROLE: 'web' | 'worker'): Product =>
    Product.start(folder.path, {
      ROLE,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ADMIN_PASSWORD: PASSWORD,
      CLOCK: now(),
    });
  const rows = async (text: string): Promise<Record<string, unknown>[]> => (await inside.query<Record<string, unknown>>(text)).rows;
  const count = async (text: string): Promise<number> => Number((await rows(`select count(*) as n from ${text}`))[0]?.n);
  const called = (): Promise<number> => count('calls.attempt');
  const texted = (): Promise<number> => count('messaging.simulator_inbox');

  async function openDoor(at: number): Promise<void> {
    const web = start('web');
    webs[at] = web;
    doors.addresses[at] = await web.ready();
  }

  async function hire(at: number): Promise<void> {
    const worker = start('worker');
    workers[at] = worker;
    await worker.ready();
  }

  /** A fault in the middle of a blast: the blast gets to its end, and the managers go on calling. */
  async function worksOnThrough(fault: () => Promise<unknown>): Promise<void> {
    const code = `s${blasts++}`;
    const sent = await texted();
    await doors.must('POST', '/sms/blasts', admin, { code, template: 'roaming-return', segment: code, gateway: 'counted' });
    await doors.must('POST', `/sms/blasts/${code}/start`, admin, {});
    await until(`texts of ${code} leave`, async () => (await texted()) >= sent + 15, 60_000);
    await fault();
    const calls = await called();
    const isDone = async (): Promise<boolean> => ((await doors.must('GET', `/sms/blasts/${code}`, admin)) as { state: string }).state === 'done';
    await until(`the blast ${code} is done`, isDone, PATIENCE_MS);
    await until('calls are recorded', async () => (await called()) >= calls + 10, PATIENCE_MS);
  }

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    inside = new pg.Client({ connectionString: database.url });
    await inside.connect();
    await inside.query(JOURNAL);
    await Promise.all([openDoor(0), openDoor(1), hire(0), hire(1)]);
    admin = await doors.logIn('admin');
    const post = (path: string, body: object = {}): Promise<unknown> => doors.must('POST', path, admin, body);
    await post('/org-units', { code: 'east', name: '东城', kind: 'city' });
    for (const username of MANAGERS) await post('/users', { username, name: username, role: 'manager', orgUnit: 'east', password: PASSWORD });
    await inside.query(CROWD);
    await post('/campaigns', { code: 'visit', name: '回访', kind: 'marketing', startsOn: '2026-11-01', endsOn: '2026-12-31', segment: 'listed' });
    await post('/campaigns/visit/launch');
    await post('/sms/gateways', { code: 'counted', kind: 'simulator', ratePerSecond: RATE, window: 20, simulator: { latencyMs: [100, 400] } });
    await until('the lists are filled', async () => (await count('calls.task')) === LISTED, 60_000);
    for (const manager of managers) manager.start();
  });

  afterAll(async () => {
    await Promise.all(managers.map((manager) => manager.stop()));
    await Promise.all([...webs, ...workers].map((product) => product.kill()));
    doors.close();
    await inside.end();
    await database.drop();
    await redis.stop();
    folder.clear();
  });

  it('goes on when a worker is killed with -9, and when a web process is', async () => {
    await worksOnThrough(async () => workers[0]?.kill());
    await worksOnThrough(async () => webs[0]?.kill());
    expect(doors.broken).toBeGreaterThan(0); // the load did meet the closed door
  });

  it('is restarted one process after the other by SIGTERM: each ends in order, and its successor serves', async () => {
    await Promise.all([openDoor(0), hire(0)]);
    for (const at of [1, 0]) {
      await worksOnThrough(async () => {
        expect(await workers[at]?.kill('SIGTERM')).toBe(0);
        await hire(at);
      });
      await worksOnThrough(async () => {
        expect(await webs[at]?.kill('SIGTERM')).toBe(0);
        await openDoor(at);
      });
    }
  });

  it('goes on when Redis forgets everything, and when it ends and comes back empty', async () => {
    await worksOnThrough(() => redis.flush());
    await worksOnThrough(() => redis.restart());
  });

  it('in the end nothing is lost and nothing doubled', async () => {
    await Promise.all(managers.map((manager) => manager.stop()));
    const due = (): string => `platform.outbox where run_at <= '${now()}' and dead_at is null`;
    await until('nothing due waits', async () => (await count(due())) === 0, PATIENCE_MS);
    expect(doors.complaints).toEqual([]);
    // each text once, at the network and in the books
    expect(await rows('select number from messaging.simulator_inbox group by number having count(*) <> 1')).toEqual([]);
    expect(await texted()).toBe(blasts * TEXTED);
    const leaving = `from messaging.message where state <> 'void'`;
    expect(await rows(`select state, count(*)::int as n ${leaving} group by 1`)).toEqual([{ state: 'delivered', n: blasts * TEXTED }]);
    // cut for a worker that ended before it gave them to the network: another message took their place
    expect(await count(`messaging.message m join messaging.simulator_inbox i on i.message_id = m.id where m.state = 'void'`)).toBe(0);
    expect(await rows(MISCOUNTED)).toEqual([]);
    // each call once, held by nobody any more, each with the one touch that let it be made
    const recorded = managers.reduce((sum, manager) => sum + manager.recorded, 0);
    expect(await called()).toBe(recorded);
    expect(await count('(select distinct task_id from calls.attempt) t')).toBe(recorded);
    expect(await rows('select state, count(*)::int as n from calls.task group by 1 order by 1')).toEqual([
      { state: 'done', n: recorded },
      { state: 'open', n: LISTED - recorded },
    ]);
    expect(await count(`contact.touch where channel = 'call' and state = 'confirmed'`)).toBe(recorded);
    expect(await count(`contact.touch where channel = 'call' and state <> 'confirmed'`)).toBe(0);
    // each job left is done, none was given up or thrown away; each slot of each schedule came once
    expect(await rows(`select job, payload, what from public.journal where what in ('dead', 'never run')`)).toEqual([]);
    expect(await rows(`select id from public.journal where what = 'done' group by id having count(*) > 1`)).toEqual([]);
    expect(
      await rows(`select l.job, l.payload from public.journal l left join public.journal d on d.id = l.id and d.what = 'done'
      where l.what = 'left' and d.id is null and not exists (select from platform.outbox o where o.id = l.id)`),
    ).toEqual([]);
    expect(await rows(`select job, payload from public.journal where what = 'left' and payload ? 'slot' group by 1, 2 having count(*) > 1`)).toEqual(
      [],
    );
    expect(await count(`public.journal where what = 'left' and job = 'care.daily-plan'`)).toBe(1);
  });
});
