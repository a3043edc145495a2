import { setTimeout as wait } from 'node:timers/promises';
import { ForecastPace } from '../../../src/care/forecast/forecasts.commands.js';
import { ForecastRunner } from '../../../src/care/forecast/forecast-runner.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CareWorld, contacted, person, type Person } from './care-world.js';

const TODAY = '2026-11-24';

let world: CareWorld;
let page: PageVisitor;
/** Each of them is owed a visit by the end of the month. */
const people: Record<string, Person> = {};

const forecasts = async (): Promise<{ id: string; state: string }[]> => world.test.db.rows(sql`select id, state from care.forecast order by id`);
const figuresOf = (id: string): Promise<object[]> =>
  world.test.db.rows(sql`select owner_id, day, calls, capacity from care.forecast_day where forecast_id = ${id}::bigint order by 1, 2`);
const missed = async (): Promise<Record<string, string>> => {
  const rows = await world.test.db.rows<{ id: string; reason: string }>(sql`
    select distinct customer_id as id, reason from care.forecast_miss
    where forecast_id = (select max(id) from care.forecast where rule_code is null) and deadline_on = '2026-11-30' order by 1`);
  const named = Object.fromEntries(Object.entries(people).map(([name, { id }]) => [id, name]));
  return Object.fromEntries(rows.map(({ id, reason }) => [named[id] ?? id, reason]));
};

beforeAll(async () => {
  world = await CareWorld.open({ now: `${TODAY}T06:31:00+08:00` });
  const { db } = world.test;
  const admin = await world.house('admin');
  // 24 to 27 and 30 November: five days of one call each
  await admin.patch('/users/m01', { dailyCapacity: 1 });
  await admin.patch('/users/m02', { dailyCapacity: 5 });
  await (await world.house('supervisor-e')).post('/users/m02/absences', { from: '2026-11-24', to: '2026-12-04', kind: 'leave' });
  for (const name of ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']) people[name] = await person(db, { star: 7, manager: 'm01' });
  people.away = await person(db, { star: 7, manager: 'm02' });
  people.nobody = await person(db, { star: 7, manager: null });
  people.refused = await person(db, { star: 7, manager: 'm01' });
  people.visited = await person(db, { star: 7, manager: 'm01' });
  await contacted(db, people.visited, { on: '2026-11-20' });
  await world.planner.post('/contact/blocks', { phone: people.refused.phone, channel: 'call', reason: 'asked' });
  await world.enable('star-revisit');
  page = await logIn(world.test, 'planner-e');
});
afterAll(() => world.test.close());

describe('CAR-12 the forecast of the morning', () => {
  it('before the first there are no contacts to look at: their page leads to the forecast', async () => {
    const answer = await page.get('/care/forecast/contacts?channel=call');
    expect([answer.status, answer.headers.location]).toEqual([303, '/care/forecast']);
  });

  it('is computed once for everybody by schedule, and pages only read it', async () => {
    await tickSchedules(world.test.app);
    const made = await forecasts();
    expect(made.map(({ state }) => state)).toEqual(['done']);
    expect((await page.get('/care/forecast')).text).toContain('class="sc-heat"');
    await tickSchedules(world.test.app);
    expect(await forecasts()).toEqual(made);
  });

  it('that is gone when a number of an older page is opened says so, and where the newest is', async () => {
    const answer = await page.get('/care/forecast/contacts?forecast=999999&channel=call');
    expect([answer.status, answer.text.includes('后来重新算过')]).toEqual([404, true]);
  });

  it('computed manager by manager it says the same', async () => {
    const runner = world.test.app.get(ForecastRunner);
    runner.customersPerPart = 1;
    const [first] = await forecasts();
    await page.post('/care/forecast/again', {});
    await drainJobs(world.test.app);
    const [, second] = await forecasts();
    // the planner's own unit is a part of everybody
    const own = new Set((await figuresOf(second?.id ?? '')).map((row) => JSON.stringify(row)));
    expect(own.size).toBeGreaterThan(90);
    const all = (await figuresOf(first?.id ?? '')).map((row) => JSON.stringify(row));
    expect([...own].filter((row) => !all.includes(row))).toEqual([]);
    runner.customersPerPart = 50_000;
  });

  it('every figure opens its rows', async () => {
    const shown = (await page.get('/care/forecast')).text;
    const [, href] = shown.match(/href="([^"]*contacts\?[^"]*day=2026-11-25[^"]*owner=m01[^"]*)"/) ?? [];
    const rows = (await page.get(href?.replaceAll('&amp;', '&') ?? '')).text;
    const figure = await world.test.db.one<{ calls: number }>(sql`
      select d.calls from care.forecast_day d join staff.app_user u on u.id = d.owner_id
      where u.username = 'm01' and d.day = '2026-11-25' and d.forecast_id = (select max(id) from care.forecast)`);
    expect(figure.calls).toBeGreaterThan(0);
    expect(rows.match(/<th scope="row" class="sc-nowrap">/g)).toHaveLength(figure.calls);
  });

  it('of a large book is computed by a job: the page shows how far it is, the API waits for it, and says to ask again when it takes too long', async () => {
    const pace = world.test.app.get(ForecastPace);
    pace.customersWhileWaiting = 0;
    pace.patienceMs = 0;
    const api = await world.planner.get('/care/forecast?rule=birthday');
    expect(api.status).toBe(409);
    expect((api.body as { error: { code: string } }).error.code).toBe('forecast_under_way');
    const waiting = await page.get('/care/forecast?rule=birthday');
    expect(waiting.text).toContain('role="status"');
    const [, fragment] = waiting.text.match(/hx-get="(\/care\/forecast\/progress\/\d+)"/) ?? [];
    await drainJobs(world.test.app);
    expect((await page.get(fragment ?? '')).text).not.toContain('hx-trigger');
    expect((await world.planner.get('/care/forecast?rule=birthday')).body).toMatchObject({ draft: { rule: 'birthday' } });
    pace.patienceMs = 20_000;
    const soon = wait(300).then(() => drainJobs(world.test.app));
    const patient = await world.planner.get('/care/forecast?days=33');
    await soon;
    expect([patient.status, Array.isArray((patient.body as { rows: object[] }).rows)]).toEqual([200, true]);
    pace.customersWhileWaiting = 4_000;
  });

  it('goes on behind the last committed part after a crash', async () => {
    const id = (await forecasts()).at(-1)?.id ?? '';
    const before = await figuresOf(id);
    await world.test.db.run(sql`update care.forecast set state = 'running' where id = ${id}::bigint`);
    await world.test.app.get(ForecastRunner).run(id);
    expect(await figuresOf(id)).toEqual(before);
  });
});

describe('CAR-1 CAR-2 CAR-12 who will be missed is said by name before it happens', () => {
  it('for want of room, of a manager at work, of a manager at all, and of permission; nobody else', async () => {
    await page.post('/care/forecast/again', {});
    await drainJobs(world.test.app);
    const found = await missed();
    expect(Object.values(found).filter((reason) => reason === 'no_capacity')).toHaveLength(1);
    expect(found).toMatchObject({ sixth: 'no_capacity', away: 'away', refused: 'blocked' });
    expect(found).not.toHaveProperty('visited');
    // whom nobody owns is listed for everybody's planner, and for the unit the customer belongs to
    expect(found).toMatchObject({ nobody: 'no_manager' });
  });

  it('is the same once the calls stand on lists', async () => {
    await world.run(TODAY);
    await page.post('/care/forecast/again', {});
    await drainJobs(world.test.app);
    expect(await missed()).toMatchObject({ sixth: 'no_capacity', away: 'away', refused: 'blocked', nobody: 'no_manager' });
    expect(Object.keys(await missed())).toHaveLength(4);
  });

  it('the overview warns and counts, the list is filtered by its address, an unknown filter finds everybody', async () => {
    const overview = (await page.get('/care')).text;
    expect(overview).toContain('href="/care/missed"');
    expect(overview).toContain('sc-note--bad');
    const rowsOf = async (query: string): Promise<number> => ((await page.get(`/care/missed${query}`)).text.match(/<th scope="row"/g) ?? []).length;
    expect(await rowsOf('')).toBe(4);
    expect(await rowsOf('?reason=away')).toBe(1);
    expect(await rowsOf('?owner=-')).toBe(1);
    expect(await rowsOf('?rule=birthday')).toBe(0);
    expect(await rowsOf('?within=nonsense&star=9')).toBe(4);
    const west = await logIn(world.test, 'planner-w');
    expect((await west.get('/care/missed')).text).not.toContain('<th scope="row"');
  });

  it('the overview says of each why, in the words of the list, also where no forecast has said it yet', async () => {
    const list = (await page.get('/care/missed')).text.matchAll(/<th scope="row"[^>]*><a href="\/customers\/(\d+)">[^]*?sc-chip--bad">([^<]+)</g);
    const chips = new Map([...list].map(([, id = '', why = '']) => [id, why]));
    const said = async (): Promise<Map<string, string>> => {
      const urgent = (await page.get('/care')).text.split('最需要人管的')[1]?.split('</section>')[0] ?? '';
      const items = [...urgent.matchAll(/sc-item__s--whole">([^<]*)<[^]*?\/customers\/(\d+)"/g)];
      return new Map(items.map(([, words = '', id = '']) => [id, words]));
    };
    const [away, sixth] = [people.away?.id ?? '', people.sixth?.id ?? ''];
    expect([chips.get(away), chips.get(sixth)]).toEqual(['经理在到期前不在岗', '到期前产能已满']);
    const spoken = await said();
    expect(spoken.get(away)).toContain('经理在到期前不在岗');
    for (const [id, words] of spoken) if (chips.has(id)) expect(words).toContain(chips.get(id));
    await world.test.db.run(sql`create table kept as select * from care.forecast_miss`);
    await world.test.db.run(sql`delete from care.forecast_miss`);
    expect(await said()).toEqual(spoken);
    await world.test.db.run(sql`insert into care.forecast_miss select * from kept`);
    await world.test.db.run(sql`drop table kept`);
  });

  it('CAR-1 coverage by star counts them and opens the promises behind each figure', async () => {
    const overview = (await page.get('/care')).text;
    expect(overview).toContain('/care/missed?within=90&amp;rule=star-revisit&amp;star=7');
    const [, href, due] = overview.match(/href="(\/care\/coverage\?[^"]*star=7&amp;part=due)">(\d+)</) ?? [];
    const rows = (await page.get(href?.replaceAll('&amp;', '&') ?? '')).text;
    expect(rows.match(/<th scope="row"/g)).toHaveLength(Number(due));
    expect((await page.get('/care/coverage?part=inTime&star=7')).status).toBe(200);
  });

  it('whoever is visited after all leaves the list', async () => {
    const { db, app } = world.test;
    const sixth = people.sixth as Person;
    await contacted(db, sixth, { on: TODAY });
    await db.run(sql`update care.due set state = 'done' where customer_id = ${sixth.id}::bigint`);
    expect((await page.get('/care/missed')).text.match(/<th scope="row"/g)).toHaveLength(3);
    await drainJobs(app);
  });
});

describe('CAR-12 the numbers of a forecast', () => {
  it('of calls open at just these: what is said in another call is counted, and opened, apart', async () => {
    const { db } = world.test;
    const one = await db.one<{ f: string; owner: string; day: string; rule: string }>(sql`
      with moved as (update care.forecast_row r set own_call = false where (r.forecast_id, r.owner_id, r.day, r.customer_id, r.rule_code) = (
        select x.forecast_id, x.owner_id, x.day, x.customer_id, x.rule_code from care.forecast_row x where x.channel = 'call' and x.own_call
        order by x.forecast_id desc, x.day, x.customer_id limit 1) returning r.forecast_id, r.owner_id, r.day, r.rule_code)
      select m.forecast_id::text as f, m.owner_id::text as owner, m.day, m.rule_code as rule from moved m`);
    await db.run(sql`update care.forecast_load set calls = calls - 1, along = along + 1
      where forecast_id = ${one.f}::bigint and owner_id = ${one.owner}::bigint and day = ${one.day} and rule_code = ${one.rule}`);
    await db.run(
      sql`update care.forecast_day set calls = calls - 1 where forecast_id = ${one.f}::bigint and owner_id = ${one.owner}::bigint and day = ${one.day}`,
    );
    const { text } = await page.get('/care/forecast');
    const links = [...text.matchAll(/<a[^>]*href="(\/care\/forecast\/contacts\?[^"]*channel(?:=|&#x3D;)call[^"]*)"[^>]*>([\d,]+)<\/a>/g)];
    expect(links.length).toBeGreaterThan(1);
    for (const [, href = '', count] of links) {
      const rows = (await page.get(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))).text;
      expect([href, /共 ([\d,]+) 条/.exec(rows)?.[1]]).toEqual([href, count]);
    }
  });
});
