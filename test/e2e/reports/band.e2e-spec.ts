import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { tickSchedules } from '../../support/drain-jobs.js';
import { callAs, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { bandWorld, dial, usualWeeks } from './band-world.js';

let test: TestApp;
let house: House;

interface Cause {
  cause: string;
  excess: number;
  share: number;
  action: string;
}
interface Judged {
  state: string;
  gap: number | null;
  main: string | null;
  causes: Cause[];
  [field: string]: unknown;
}

const bandOf = async (code: string, as = 'supervisor-e'): Promise<Judged & { first: Judged }> =>
  (await (await house(as)).get(`/campaigns/${code}/band`)).body as Judged & { first: Judged };
const breaches = async (as = 'supervisor-e', query = ''): Promise<Record<string, unknown>[]> =>
  ((await (await house(as)).get(`/reports/breaches${query}`)).body as { items: Record<string, unknown>[] }).items;
const sumOf = (causes: readonly Cause[], of: 'excess' | 'share'): number => causes.reduce((sum, cause) => sum + cause[of], 0);
const look = () => tickSchedules(test.app);

beforeAll(async () => {
  test = await createTestApp({ now: '2026-11-24T14:59:00+08:00' });
  house = await bandWorld(test);
  await usualWeeks(test);
});
afterAll(() => test.close());

describe('CAM-8 the band of a campaign and its diagnosis', () => {
  it('CAM-8 judges no fewer calls than the campaign asks for', async () => {
    expect(await bandOf('spring')).toMatchObject({
      state: 'too-few',
      limits: 'set',
      lower: 0.34,
      upper: 0.46,
      causes: [],
      first: { state: 'too-few' },
    });
  });

  it('CAM-8 learns its limits from the like of the weeks before where none are set, and knows of nothing to compare with where there is nothing', async () => {
    await dial(test, { campaign: 'autumn', at: '2026-11-24T09:00', outcome: 'reached', count: 1, talk: 30 });
    expect(await bandOf('autumn')).toMatchObject({ limits: 'learnt', likeness: 'segment' });
    expect(await bandOf('west-only', 'planner-w')).toMatchObject({ limits: 'none', likeness: null, state: 'too-few' });
  });

  it('CAM-8 splits the gap below the band into causes that add up to it, each with its deed', async () => {
    for (const [time, outcome, count, cause] of [
      ['09:00', 'reached', 60, undefined],
      ['09:10', 'no_answer', 115, undefined],
      ['09:20', 'invalid_number', 130, undefined],
      ['09:30', 'rejected', 30, undefined],
      ['09:40', 'no_answer', 5, '38'],
    ] as const) {
      await dial(test, { at: `2026-11-24T${time}`, outcome, count, ...(cause ? { cause } : {}), ...(outcome === 'reached' ? { talk: 60 } : {}) });
    }
    const band = await bandOf('spring');
    expect(band).toMatchObject({ state: 'below', from: '2026-11-24', to: '2026-11-24', attempts: 340, connected: 60, main: 'invalid_number' });
    expect(band.gap).toBeGreaterThan(0.05);
    expect(sumOf(band.causes, 'excess')).toBeCloseTo(band.gap ?? 0, 10);
    expect(sumOf(band.causes, 'share')).toBeCloseTo(1, 10);
    expect(band.causes[0]).toMatchObject({ cause: 'technical', action: 'alert' });
    expect(band.causes.find(({ cause }) => cause === 'invalid_number')).toMatchObject({ action: 'return_numbers' });
    expect(band.first).toMatchObject({ rate: 'first', state: 'below', main: 'invalid_number' });
  });

  it('CAM-8 counts first dials by themselves: a second dial is none', async () => {
    await dial(test, { at: '2026-11-24T09:50', outcome: 'reached', count: 20, talk: 60, ordinal: 2 });
    const band = await bandOf('spring');
    expect([band.attempts, band.first.attempts]).toEqual([360, 340]);
  });

  it('CAM-8 shows a manager her own calls alone, and nothing of another unit to anybody', async () => {
    expect(await bandOf('spring', 'm02')).toMatchObject({ attempts: 0, state: 'too-few' });
    expect((await (await house('planner-w')).get('/campaigns/spring/band')).status).toBe(404);
  });

  it('CAM-8 is on the page of the campaign with the cause, the evidence and the deed, in both languages', async () => {
    const page = await logIn(test, 'planner-e');
    const zh = await page.get('/reports/campaigns/spring/funnel?lang=zh');
    expect(zh.text).toContain('为什么接通率低了');
    expect(zh.text).toMatch(/空号<\/b> <span class="sc-chip sc-chip--bad">先处理/);
    expect(zh.text).toContain('规则：越过界限');
    expect(zh.text).toContain('连续 8 个整天在中心线同一侧');
    expect(zh.text).toContain('/exports/files/provider-returns?campaign&#x3D;spring&amp;from&#x3D;2026-11-24&amp;to&#x3D;2026-11-24');
    expect((await page.get('/reports/campaigns/spring/funnel?lang=en')).text).toContain('Line or network failure');
  });

  it('CAM-8 shows what each cause does to the rate in points that add up to the gap, and apart from them what works against it', async () => {
    const band = await bandOf('spring');
    const page = await logIn(test, 'planner-e');
    const text = (await page.get('/reports/campaigns/spring/funnel?lang=zh')).text;
    const table = text.slice(
      text.indexOf('<caption class="sc-sr">接通率</caption>'),
      text.indexOf('</table>', text.indexOf('<caption class="sc-sr">接通率</caption>')),
    );
    expect(table).not.toMatch(/\d%<\/td>/);
    const rows = [...table.matchAll(/<th scope="row" class="text-wrap">(.*?)<\/th><td class="r sc-nowrap">([−+][\d.]+) 个百分点/gs)];
    const shown = band.causes.filter(({ excess }) => Math.abs(excess) >= 0.001);
    expect(rows).toHaveLength(shown.length);
    expect(rows.filter(([, head]) => head?.includes('反向')).map(([, , effect]) => effect?.[0])).toEqual(
      shown.filter(({ excess }) => excess < 0).map(() => '+'),
    );
    expect(shown.some(({ excess }) => excess < 0)).toBe(true);
    const sum = rows.reduce((total, [, , effect]) => total + Number(effect?.replace('−', '-')), 0);
    expect(Math.abs(sum / 100 + (band.gap ?? 0))).toBeLessThan(0.001 * band.causes.length);
    expect(table).toContain(`−${(100 * (band.gap ?? 0)).toFixed(1)} 个百分点`);
  });

  it('CAM-8 finds who holds calls to the 18 seconds, and leaves the others in peace', async () => {
    await dial(test, { at: '2026-11-24T11:00', outcome: 'reached', count: 60, talk: 19, campaign: 'autumn' });
    for (let talk = 12; talk <= 26; talk++)
      for (const manager of ['m01', 'm02'])
        await dial(test, { at: '2026-11-24T11:30', outcome: 'reached', count: 5, talk, manager, campaign: 'autumn', star: 6 });
    const page = await logIn(test, 'supervisor-e');
    const text = (await page.get('/reports/campaigns/autumn/funnel')).text;
    const card = text.slice(text.indexOf('通话压在'), text.indexOf('</section>', text.indexOf('通话压在')));
    expect(card).toContain('林晓雯');
    expect(card).not.toContain('周可欣');
    expect(text).toContain('优质数据');
  });
});

describe('CAM-8 the watch', () => {
  it('CAM-8 keeps a breach with its cause, once, however often it looks', async () => {
    await look();
    await look();
    const found = await breaches('supervisor-e', '?campaign=spring');
    expect(found).toHaveLength(2);
    expect(found.find(({ rate }) => rate === 'total')).toMatchObject({
      direction: 'below',
      closedAt: null,
      attempts: 360,
      cause: 'invalid_number',
      acts: [],
    });
    expect(await breaches('planner-w')).toEqual([]);
    expect((await breaches()).filter(({ direction }) => direction === 'above').map(({ campaignCode }) => campaignCode)).toContain('autumn');
  });

  it('CAM-8 notes who told the technicians, and a second press changes nothing', async () => {
    const page = await logIn(test, 'supervisor-e');
    const text = (await page.get('/reports/campaigns/spring/funnel')).text;
    expect(text).toContain('action="/reports/campaigns/spring/breaches/total/alert"');
    expect((await page.post('/reports/campaigns/spring/breaches/total/alert')).status).toBe(303);
    expect((await (await house('planner-e')).post('/campaigns/spring/breaches/total/alert')).status).toBe(204);
    const [total] = (await breaches()).filter(({ rate, campaignCode }) => rate === 'total' && campaignCode === 'spring');
    expect(total?.acts).toMatchObject([{ act: 'alert', by: '赵敏' }]);
    expect((await page.get('/reports/campaigns/spring/funnel')).text).toContain('已报技术检查 赵敏');
  });

  it.each([
    ['no such rate', 'spring/breaches/half/alert', 'supervisor-e', 404],
    ['nothing open', 'west-only/breaches/total/alert', 'planner-w', 404],
    ['out of scope', 'spring/breaches/total/alert', 'planner-w', 404],
    ['a manager', 'spring/breaches/total/alert', 'm01', 403],
  ])('CAM-8 refuses an alert: %s', async (_name, path, who, status) => {
    expect((await (await house(who)).post(`/campaigns/${path}`)).status).toBe(status);
  });

  it('CAM-8 puts what did not connect off to a better hour, with a line in the history of the breach', async () => {
    await test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, attempts, last_outcome, callback_at, created_at)
      select c.id, l.customer_id, l.id, u.id, '2026-11-24', 1, x.outcome, x.callback, ${test.clock.now()}
      from (values ('no_answer', null::timestamptz, 1), ('powered_off', null, 2), ('invalid_number', null, 3), ('reached', null, 4), ('no_answer', ${test.clock.now()}::timestamptz, 5)) x(outcome, callback, place)
      join (select id, customer_id, row_number() over (order by id) as place from customers.line) l on l.place = x.place
      join campaigns.campaign c on c.code = 'spring' join staff.app_user u on u.username = 'm01'`);
    test.clock.advance(60_000);
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/campaigns/spring/redial?from=18')).text).toContain('2个任务会等到今天 18:00再打');
    expect((await page.post('/campaigns/spring/redial', { from: '18' })).status).toBe(303);
    const held = await test.db.rows(sql`select last_outcome as outcome from calls.task where not_before = '2026-11-24T18:00+08:00' order by id`);
    expect(held).toEqual([{ outcome: 'no_answer' }, { outcome: 'powered_off' }]);
    const again = await page.post('/campaigns/spring/redial', { from: '18' });
    expect([again.status, again.text.includes('没有要换时段的任务')]).toEqual([409, true]);
    const acts = (await breaches('supervisor-e', '?campaign=spring')).flatMap((one) => one.acts as { act: string; things: number }[]);
    expect(acts.find(({ act }) => act === 'redial')).toMatchObject({ things: 2, by: '赵敏' });
  });

  it.each([
    ['an hour in which nobody is called', 'planner-e', { from: 7 }, 422],
    ['out of scope', 'planner-w', { from: 18 }, 404],
    ['a manager', 'm01', { from: 18 }, 403],
  ])('CAM-8 refuses a redial list: %s', async (_name, who, body, status) => {
    const answer: Response = await (await house(who)).post('/campaigns/spring/redial-list', body);
    expect(answer.status).toBe(status);
  });

  it('CAM-8 closes a breach when enough calls are back in the band, not before', async () => {
    test.clock.set('2026-11-25T09:10:00+08:00');
    house = (username) => callAs(test, username); // the logins of yesterday hold no more
    await look();
    expect((await breaches('supervisor-e', '?campaign=spring&state=open')).length).toBe(2);
    await dial(test, { at: '2026-11-25T09:00', outcome: 'reached', count: 100, talk: 60 });
    await dial(test, { at: '2026-11-25T09:05', outcome: 'no_answer', count: 150 });
    await look();
    expect((await breaches('supervisor-e', '?campaign=spring&state=open')).length).toBe(2);
    test.clock.set('2026-11-25T10:01:00+08:00');
    await look();
    const closed = await breaches('supervisor-e', '?campaign=spring');
    expect(closed.map(({ closedWhy }) => closedWhy)).toEqual(['within', 'within']);
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/reports/breaches?campaign=spring')).text).toContain('回到带内');
    expect((await page.get('/reports/breaches?campaign=spring&state=open')).text).toContain('没有越限');
  });

  it('CAM-8 closes the breach of a campaign that runs no more', async () => {
    await test.db.run(sql`update campaigns.campaign set state = 'paused' where code = 'autumn'`);
    test.clock.set('2026-11-25T11:01:00+08:00');
    await look();
    expect((await breaches('supervisor-e', '?campaign=autumn')).map(({ closedWhy }) => closedWhy)).toContain('stopped');
  });

  it('CAM-8 finds eight days in a row on one side of what is usual, which no limit finds, and says that this is why', async () => {
    await test.db.run(sql`
      insert into campaigns.campaign (code, name, kind, state, starts_on, script, org_unit_id, created_at, updated_at)
      select 'winter', '冬季', kind, 'running', '2026-11-01', script, org_unit_id, created_at, updated_at from campaigns.campaign where code = 'spring'`);
    for (let day = 17; day <= 24; day++) {
      for (const [hour, reached] of [
        ['09', 36],
        ['14', 18],
      ] as const) {
        await dial(test, { campaign: 'winter', at: `2026-11-${day}T${hour}:00`, outcome: 'reached', count: reached, talk: 60 });
        await dial(test, { campaign: 'winter', at: `2026-11-${day}T${hour}:10`, outcome: 'no_answer', count: 100 - reached });
      }
    }
    test.clock.set('2026-11-25T12:01:00+08:00');
    await look();
    const [run] = await breaches('supervisor-e', '?campaign=winter');
    expect(run).toMatchObject({ direction: 'below', rule: 'run', attempts: 1_600, connected: 432, closedAt: null });
    expect(await bandOf('winter')).toMatchObject({ state: 'below', rule: 'run', runDays: 8, from: '2026-11-17', to: '2026-11-24' });
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/reports/breaches?campaign=winter')).text).toContain('连续在一侧');
    expect((await page.get('/reports/campaigns/winter/funnel')).text).toContain('规则：连续 8 天在中心线同一侧');
  });
});
