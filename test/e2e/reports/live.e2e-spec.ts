import { sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { callAs, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { bandWorld, dial, usualWeeks } from './band-world.js';

interface Board {
  totals: Record<string, number | null>;
  hours: { hour: number; attempts: number }[];
  hour?: { hour: number; connectRate: number };
  band: { lower: number | null };
  agents: { username: string; state: string; since: string | null; heldCampaign: string | null; attempts: number; left: number }[];
  campaigns: {
    code: string;
    attempts: number;
    connected: number;
    left: number;
    ready: number;
    band: { state: string } | null;
    standing: { state: string; why: string | null } | null;
  }[];
  callbacks: { customerName: string; owner: string; late: boolean; ownerState: string }[];
  needs: { breaches: { campaignCode: string }[]; dry: { code: string }[] };
}

let test: TestApp;
let house: House;

const board = async (as = 'supervisor-e'): Promise<Board> => (await (await house(as)).get('/live')).body as Board;
const agent = async (username: string) => (await board()).agents.find((one) => one.username === username);

async function task(
  owner: string,
  { callback = null, count = 1, star = 2 }: { callback?: string | null; count?: number; star?: number } = {},
): Promise<void> {
  await test.db.run(sql`
    insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, callback_at, star, created_at)
    select c.id, l.customer_id, l.id, u.id, '2026-11-24', ${callback}, ${star}, ${test.clock.now()}
    from (select l.* from customers.line l where not exists (select from calls.task t where t.line_id = l.id) order by l.id limit ${count}) l, campaigns.campaign c, staff.app_user u
    where c.code = 'spring' and u.username = ${owner}`);
}

beforeAll(async () => {
  test = await createTestApp({ now: '2026-11-24T10:30:00+08:00' });
  house = await bandWorld(test);
  await (await house('admin')).post('/users', { username: 'supervisor-w', role: 'supervisor', orgUnit: 'west', name: '钱芳', password: PASSWORD });
});
afterAll(() => test.close());

describe('REP-2 the live board', () => {
  it('REP-2 is the home of a supervisor, friendly before the first call, in both languages', async () => {
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/')).headers.location).toBe('/live');
    const { text } = await page.get('/live');
    expect(text).toContain('10:30:00 更新');
    expect(text).toContain('今天没有要打的活动');
    expect(text).toContain('半小时内没有要回的电话');
    expect((await page.get('/live?lang=en')).text).toContain('Live board');
    await page.get('/live?lang=zh');
  });

  it.each(['m01', 'planner-e'])('REP-2 is refused to %s', async (who) => {
    expect((await (await house(who)).get('/live')).status).toBe(403);
    expect((await (await logIn(test, who)).get('/live/contacts?outcome=complaint')).status).toBe(403);
  });

  it('REP-2 says who holds a customer since when, who has work and holds nobody, and whose list is done', async () => {
    expect(await agent('m01')).toMatchObject({ state: 'dry', left: 0 });
    await task('m01', { count: 3 });
    expect(await agent('m01')).toMatchObject({ state: 'off', left: 3 });
    test.clock.advance(60_000);
    const answer = await (await house('m01')).post('/call-desk/next', {});
    expect(answer.status).toBe(200);
    expect(await agent('m01')).toMatchObject({ state: 'call', since: '2026-11-24T02:31:00.000Z', heldCampaign: '春季', left: 2 });
    test.clock.advance(21 * 60_000);
    expect(await agent('m01')).toMatchObject({ state: 'long' });
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/live')).text).toMatch(/sc-agent--bad[\s\S]*?林晓雯[\s\S]*?21:00/);
    await (await house('m01')).post(`/tasks/${(answer.body as { task: { id: string } }).task.id}/attempts`, { outcome: 'no_answer', talkSeconds: 0 });
    expect(await agent('m01')).toMatchObject({ state: 'idle', attempts: 1, since: '2026-11-24T02:52:00.000Z' });
  });

  it('REP-2 counts a complaint of a customer who rang as one, and no call; who took it was at work', async () => {
    const before = await board();
    test.clock.advance(60_000);
    const { id } = await test.db.one<{ id: string }>(sql`
      select c.id from customers.customer c join staff.app_user u on u.id = c.manager_id where u.username = 'm01' order by c.id desc limit 1`);
    const answer = await (await house('m01')).post(`/customers/${id}/contacts`, { channel: 'inbound', outcome: 'complaint', talkSeconds: 30 });
    expect(answer.status).toBe(201);
    const { totals } = await board();
    expect(totals).toEqual({ ...before.totals, complaints: (before.totals.complaints ?? 0) + 1 });
    expect(await agent('m01')).toMatchObject({ attempts: 1, since: new Date(test.clock.now().getTime() - 30_000).toISOString() });
  });

  it('REP-2 shows who is away, and a callback that nobody would keep, with the hand-over of that day', async () => {
    await (await house('supervisor-e')).post('/users/m02/absences', { from: '2026-11-24', to: '2026-11-24', kind: 'leave' });
    await task('m02', { callback: '2026-11-24T10:40:00+08:00', star: 6 });
    await task('m01', { callback: '2026-11-24T11:10:00+08:00' });
    await task('m01', { callback: '2026-11-24T18:00:00+08:00' });
    expect(await agent('m02')).toMatchObject({ state: 'away' });
    const { callbacks, totals } = await board();
    expect(callbacks.map(({ owner, late, ownerState }) => [owner, late, ownerState])).toEqual([
      ['m02', true, 'away'],
      ['m01', false, 'idle'],
    ]);
    expect(totals.callbacksLate).toBe(1);
    const page = await logIn(test, 'supervisor-e');
    const { text } = await page.get('/live');
    expect(text).toContain('周可欣不在岗，10:40 的回拨没人回');
    expect(text).toContain('/handover?from&#x3D;m02&amp;moves&#x3D;tasks&amp;until&#x3D;2026-11-24');
    expect(text).toContain('title="把周可欣今天的任务和回拨交给别人，先看看再确认">交接今天</a>');
    expect(text).toContain('title="只把周可欣的这一个回拨交给别人，先看看再确认">交给别人<span class="sc-sr">');
    expect(text).not.toContain('过点的没有列出');
  });

  it('REP-2 shows which list runs dry', async () => {
    expect((await board()).needs.dry.map(({ code }) => code)).toEqual(['spring']);
    await task('m01', { count: 20 });
    expect((await board()).needs.dry).toEqual([]);
  });

  it('REP-1 adds up: the campaigns, the hours and the people are the totals', async () => {
    await dial(test, { at: '2026-11-24T09:00', outcome: 'reached', count: 30, talk: 50 });
    await dial(test, { at: '2026-11-24T09:30', outcome: 'complaint', count: 2, talk: 50, manager: 'm02', campaign: 'autumn' });
    await dial(test, { at: '2026-11-23T09:30', outcome: 'reached', count: 9, talk: 50 });
    const { totals, hours, agents, campaigns } = await board();
    expect(totals).toMatchObject({ attempts: 33, connected: 32, complaints: 3, connectRate: 32 / 33 });
    for (const rows of [hours, agents, campaigns]) expect(rows.reduce((sum, row) => sum + row.attempts, 0)).toBe(33);
  });

  it('REP-1 opens each figure of the calls at as many rows, with its definition beside it', async () => {
    const page = await logIn(test, 'supervisor-e');
    const { text } = await page.get('/live');
    const behind = async (id: string): Promise<number> => {
      const href = new RegExp(`id="${id}" href="([^"]+)#drill"`).exec(text)?.[1] ?? `no address behind ${id}`;
      return Number(/<h2>明细：[^<]*?([\d,]+)<\/h2>/.exec((await page.get(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))).text)?.[1]);
    };
    const { totals, hours, agents, campaigns } = await board();
    for (const [metric, count] of Object.entries(totals).filter(([key]) => ['attempts', 'connected', 'converted'].includes(key)))
      expect([metric, await behind(`live-${metric}`)]).toEqual([metric, count]);
    for (const [key, path] of [
      ['complaints', '/live/contacts?outcome=complaint'],
      ['doNotCall', '/live/contacts?outcome=do_not_call'],
    ] as const) {
      expect(text).toContain(`id="live-${key}" href="${path}">${totals[key]}</a>`);
      expect((await page.get(path)).text.match(/class="sc-behind"/g)?.length ?? 0).toBe(totals[key]);
    }
    for (const { hour, attempts } of hours) expect(await behind(`hour-${hour}`)).toBe(attempts);
    for (const { username, attempts } of agents.filter((one) => one.attempts > 0)) expect(await behind(`calls-${username}`)).toBe(attempts);
    for (const { code, attempts, connected } of campaigns)
      expect([await behind(`attempts-${code}`), await behind(`connected-${code}`)]).toEqual([attempts, connected]);
    expect(text).toContain('id="left-spring" href="/campaigns/spring/list?state=open"');
    for (const key of ['attempts', 'connectRate', 'conversionRate']) expect(text).toContain(`href="/reports/metrics#${key}"`);
  });

  it('REP-2 says of who holds nobody how the last call ended, and not as if it were so now', async () => {
    const page = await logIn(test, 'supervisor-e');
    await task('m01', { count: 1 });
    expect((await page.get('/live')).text).toMatch(/空闲<\/span><\/div>.*?上一通：/s);
    await test.db.run(sql`delete from calls.task where callback_at is null and not exists (select from calls.attempt a where a.task_id = task.id)`);
  });

  it('CAM-8 brings a breach up with its cause and its deed, and judges the hour by the band of the day', async () => {
    await usualWeeks(test);
    await dial(test, { at: '2026-11-24T10:00', outcome: 'reached', count: 20, talk: 60 });
    await dial(test, { at: '2026-11-24T10:10', outcome: 'invalid_number', count: 200 });
    const standing = async () => (await board()).campaigns.find(({ code }) => code === 'spring')?.standing;
    const listed = async () =>
      ((await (await house('supervisor-e')).get('/reports/breaches?state=open')).body as { items: { id: string; unread: boolean }[] }).items;
    test.clock.set('2026-11-24T10:59:30+08:00');
    expect([await standing(), await listed()]).toMatchObject([{ state: 'pending', why: 'not_looked' }, []]);
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/live')).text).toContain('这个小时还没巡检，巡检后列入异常');
    test.clock.set('2026-11-24T11:00:00+08:00');
    await tickSchedules(test.app);
    const now = await board();
    expect(await standing()).toMatchObject({ state: 'below', why: null });
    expect(await listed()).toHaveLength(now.needs.breaches.length);
    expect(now.needs.breaches.map(({ campaignCode }) => campaignCode)).toContain('spring');
    expect(now.campaigns.find(({ code }) => code === 'spring')?.band).toMatchObject({ state: 'below' });
    expect(now.band.lower).toBeCloseTo(0.34, 1);
    const { text } = await page.get('/live');
    expect(text).toMatch(/春季：最近2\d\d通，接通率 \d+\.\d%，低于下限 34\.0%。<\/b>.*主要是空号/);
    expect(text).toContain('/exports/files/provider-returns?campaign&#x3D;spring');
  });

  it('CAM-8 a breach tells the supervisors of its campaign once, with a number in the navigation and a link, until they look or it is over', async () => {
    const page = await logIn(test, 'supervisor-e');
    const told = async (who = page): Promise<number> =>
      Number(
        /href="\/live"[^>]*>[\s\S]*?<\/i>实时(?:<span class="sc-rail__n"><span[^>]*>[^<]*<\/span>(\d+)<\/span>)?/.exec(
          (await who.get('/account')).text,
        )?.[1] ?? 0,
      );
    const open = ((await (await house('supervisor-e')).get('/reports/breaches?state=open')).body as { items: { id: string; campaignCode: string }[] })
      .items;
    expect(await told()).toBe(open.length);
    expect(await told(await logIn(test, 'supervisor-w'))).toBe(0);
    await tickSchedules(test.app);
    expect(await test.db.rows(sql`select breach_id, user_id from reports.breach_notice group by 1, 2 having count(*) > 1`)).toEqual([]);
    const [first] = open;
    expect((await page.get('/live')).text).toContain(`href="/reports/breaches/${first?.id}"`);
    for (let twice = 0; twice < 2; twice++)
      expect((await page.get(`/reports/breaches/${first?.id}`)).headers.location).toBe(`/campaigns/${first?.campaignCode}`);
    expect(await told()).toBe(open.length - 1);
    expect((await (await logIn(test, 'supervisor-w')).get(`/reports/breaches/${first?.id}`)).status).toBe(404);
    await test.db.run(
      sql`update reports.breach set closed_at = ${test.clock.now()}, closed_why = 'within' where closed_at is null and id::text <> ${first?.id ?? ''}`,
    );
    expect(await told()).toBe(0);
    await test.db.run(sql`update reports.breach set closed_at = null, closed_why = null`);
  });

  it('REP-2 is asked for again by itself, as a fragment, and without scripts by the page', async () => {
    const page = await logIn(test, 'supervisor-e');
    const whole = (await page.get('/live?by=team')).text;
    expect(whole).toContain('hx-get="/live/board?by=team" hx-trigger="every 10s"');
    expect(whole).toContain('<noscript><meta http-equiv="refresh" content="30"></noscript>');
    expect(whole).toContain('data-stale="看板停在 11:00:00，正在重连"');
    const fragment = (await page.get('/live/board?by=team')).text;
    expect(fragment.trimStart().startsWith('<div id="board"')).toBe(true);
    expect((await page.get('/live?by=shoe')).status).toBe(422);
  });

  it('SYS-1 shows nothing of another unit', async () => {
    const west = (await (await callAs(test, 'supervisor-w')).get('/live')).body as Board;
    expect(west.agents.map(({ username }) => username)).toEqual(['m11']);
    expect([west.totals.attempts, west.callbacks.length, west.needs.breaches.length]).toEqual([0, 0, 0]);
    expect(west.campaigns).toEqual([]);
  });
});
