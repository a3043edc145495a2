import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import type { House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { bandWorld, dial } from './band-world.js';

interface Row {
  key: string;
  [count: string]: unknown;
}

let test: TestApp;
let house: House;
let batch: string;

const card = async (query = '', as = 'planner-e'): Promise<{ rows: Row[]; total: Row }> =>
  (await (await house(as)).get(`/reports/providers${query}`)).body as { rows: Row[]; total: Row };
const returned = async (query: string): Promise<string[]> => {
  const page = await logIn(test, 'planner-e');
  const answer = await page.agent.get(`/exports/files/provider-returns?format=csv&${query}`).buffer(true);
  return answer.text.trim().split(/\r?\n/).slice(1);
};

const plain = (href: string): string => href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

/** Of a figure that is open: what its heading counts, and how many rows its pages have together. */
async function allRows(page: PageVisitor, href: string): Promise<{ heading: number; rows: number }> {
  const { text } = await page.get(href);
  const heading = Number(/<h2>明细：[^<]*?([\d,]+)<\/h2>/.exec(text)?.[1]);
  const next = /<a href="([^"]*)#drill">下一页/.exec(text)?.[1];
  const rows = text.match(/class="sc-behind"/g)?.length ?? 0;
  return { heading, rows: rows + (next ? (await allRows(page, plain(next))).rows : 0) };
}

beforeAll(async () => {
  test = await createTestApp();
  house = await bandWorld(test);
  const numbers = await test.db.rows<{ number: string }>(
    sql`select l.number from customers.line l join customers.customer c on c.id = l.customer_id where c.star_level = 2 order by l.id limit 20`,
  );
  const file = ['phone,month', ...numbers.map(({ number }) => `${number.replace('+86', '')},1`)].join('\n');
  batch = ((await (await house('planner-e')).upload('/imports?feed=segment&segment=seg', file)).body as { id: string }).id;
  await drainJobs(test.app);
  await dial(test, { at: '2026-11-23T10:00', outcome: 'invalid_number', count: 4 });
  await dial(test, { at: '2026-11-23T11:00', outcome: 'invalid_number', count: 2 });
  await dial(test, { at: '2026-11-23T14:00', outcome: 'suspended', count: 6 });
  await dial(test, { at: '2026-11-23T15:00', outcome: 'reached', count: 1, talk: 40 });
  await dial(test, { at: '2026-11-23T16:00', outcome: 'converted', count: 10, talk: 60, star: 6 });
  await dial(test, { at: '2026-11-23T17:00', outcome: 'wrong_person', count: 3, talk: 9, star: 6, source: '' });
});
afterAll(() => test.close());

describe('CAM-8 the scorecard of data providers', () => {
  it.each(['', '&campaign=spring', '&segment=seg'])(
    'CAM-8 opens every count at as many rows, of a list as of all, page by page%s',
    async (narrowed) => {
      const page = await logIn(test, 'supervisor-e');
      const kinds = new Set<string>();
      for (const by of ['segment', 'import', 'campaign']) {
        const { text } = await page.get(`/reports/providers?by=${by}${narrowed}`);
        const links = [...text.matchAll(/<a href="(\/reports\/providers\?[^"]*metric&#x3D;(\w+)[^"]*)#drill">([\d,.]+)<\/a>/g)];
        expect(links.length).toBeGreaterThan(6);
        for (const [, href = '', metric = '', shown = ''] of links) {
          const drill = await allRows(page, plain(href));
          const count = shown.includes('.') ? Math.round((Number(shown) * 100) / 40) : Number(shown);
          expect([href, drill.heading, drill.rows]).toEqual([href, count, count]);
          kinds.add(metric);
        }
      }
      for (const metric of ['listed', 'numbers', 'wasted', 'invalid_number', 'attempts']) expect(kinds).toContain(metric);
      expect((await page.get('/reports/providers?metric=nonsense')).status).toBe(422);
    },
  );

  it('CAM-8 counts numbers once and calls each time, by list, and adds up to the calls of the funnel', async () => {
    const { rows, total } = await card();
    expect(rows.find(({ key }) => key === 'seg')).toMatchObject({
      listed: 20,
      numbers: 16,
      attempts: 23,
      invalid_number: 4,
      suspended: 6,
      wasted: 12,
      connected: 11,
      converted: 10,
    });
    expect(rows.find(({ key }) => key === '')).toMatchObject({ wrong_person: 3, attempts: 3, listed: null });
    const funnel = (await (await house('planner-e')).get('/campaigns/spring/funnel')).body as { total: Record<string, number> };
    for (const key of ['attempts', 'connected', 'converted']) {
      expect(rows.reduce((sum, row) => sum + Number(row[key]), 0)).toBe(funnel.total[key]);
      expect(total[key]).toBe(funnel.total[key]);
    }
  });

  it('CAM-8 tells the batches of a list apart by their import', async () => {
    const { rows } = await card('?by=import');
    expect(rows.find(({ key }) => key === batch)).toMatchObject({ label: 'file.csv', invalid_number: 4, suspended: 6, attempts: 13 });
    expect(rows.find(({ key }) => key === '')).toMatchObject({ attempts: 13 });
  });

  it('CAM-8 counts what a launch left out as a duplicate', async () => {
    await test.db.run(sql`
      insert into campaigns.audience (campaign_id, customer_id, line_id, excluded, frozen_at)
      select c.id, m.customer_id, m.line_id, 'duplicate', ${test.clock.now()} from (select * from segments.member order by line_id limit 3) m, campaigns.campaign c where c.code = 'spring'`);
    expect((await card()).rows.find(({ key }) => key === 'seg')).toMatchObject({ listed: 20, duplicates: 3 });
    const page = await logIn(test, 'supervisor-e');
    expect(await allRows(page, '/reports/providers?metric=duplicates&list=seg')).toEqual({ heading: 3, rows: 3 });
    expect(await allRows(page, '/reports/providers?metric=duplicates&by=campaign')).toEqual({ heading: 3, rows: 3 });
  });

  it('CAM-8 gives back each number once with its last fault, but none that connected since', async () => {
    const rows = await returned(`import=${batch}`);
    expect(rows).toHaveLength(5); // six suspended, of which the first was reached an hour later; the void ones among them were found suspended last
    expect(rows.every((row) => row.includes('停机') && row.includes('file.csv'))).toBe(true);
    expect(await returned('campaign=spring&from=2026-11-23&to=2026-11-23')).toHaveLength(8);
    expect(await returned('campaign=autumn')).toHaveLength(0);
  });

  it('CAM-8 counts in the total the numbers of the lists it shows, and no others', async () => {
    const { rows, total } = await card('?from=2026-11-23&to=2026-11-23');
    expect(total.listed).toBe(rows.reduce((sum, { listed }) => sum + Number(listed), 0));
    expect((await card('?from=2026-11-24&to=2026-11-24')).total).toMatchObject({ listed: 0 });
  });

  it.each(['segment', 'campaign'])('REP-1 opens the calls of a list, by %s, at as many rows, and says what each column counts', async (by) => {
    const page = await logIn(test, 'supervisor-e');
    const { text } = await page.get(`/reports/providers?by=${by}&from=2026-11-23&to=2026-11-23`);
    const links = [...text.matchAll(/<a href="(\/reports\/funnel\?[^"]+)#drill">(\d+)<\/a>/g)];
    expect(links.length).toBeGreaterThanOrEqual(4);
    for (const [, href = '', count] of links) {
      const rows = await page.get(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='));
      expect(/<h2>明细：[^<]*?(\d+)<\/h2>/.exec(rows.text)?.[1]).toBe(count);
    }
    expect(text).toContain('空号、停机、非本人 ÷ 已拨号码');
    expect(text).toContain('sc-pop__b--r');
  });

  it('CAM-8 counts the calls dialled, as the funnel does: a customer who rang is none', async () => {
    const before = (await card('?by=campaign')).total;
    const { id } = await test.db.one<{ id: string }>(
      sql`select c.id from customers.customer c join staff.app_user u on u.id = c.manager_id where u.username = 'm01' order by c.id desc limit 1`,
    );
    const contact = { channel: 'inbound', outcome: 'reached', talkSeconds: 30 };
    expect((await (await house('m01')).post(`/customers/${id}/contacts`, contact)).status).toBe(201);
    expect((await card('?by=campaign')).total).toEqual(before);
  });

  it('CAM-8 looks at the period asked for, and refuses a day there is none', async () => {
    expect((await card('?from=2026-11-24&to=2026-11-24')).total).toMatchObject({ attempts: 0 });
    expect((await (await house('planner-e')).get('/reports/providers?from=2026-02-30')).status).toBe(422);
  });

  it('CAM-8 shows nothing of another unit, and nothing to a manager', async () => {
    expect((await card('', 'planner-w')).total).toMatchObject({ attempts: 0, listed: 0 });
    expect((await (await house('m01')).get('/reports/providers')).status).toBe(403);
  });

  it('REP-1 is a page in both languages, friendly when there is nothing', async () => {
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/reports/providers')).text).toContain('数据提供方记分卡');
    expect((await page.get('/reports/providers?by=import&lang=en')).text).toContain('Data-provider scorecard');
    expect((await page.get('/reports/providers?lang=fr')).status).toBe(200);
    expect((await page.get('/reports/providers?from=2026-01-01&to=2026-01-02&lang=zh')).text).toContain('这段时间没有外呼');
  });

  it('CAM-8 prices the wasted dials: page, API and file say the calls spent on numbers at fault times what a dial costs', async () => {
    const { rows, total } = await card();
    const [spent] = await test.db.rows<{ n: number }>(
      sql`select count(*)::int as n from calls.attempt where outcome in ('invalid_number', 'suspended', 'wrong_person')`,
    );
    expect(total).toMatchObject({ wasted: spent?.n, wastedFen: (spent?.n ?? 0) * 40 });
    expect(rows.reduce((sum, row) => sum + Number(row.wastedFen), 0)).toBe(total.wastedFen);
    const page = await logIn(test, 'planner-e');
    expect((await page.get('/reports/providers')).text).toContain('白打成本（元）');
    const file = (await page.agent.get('/exports/files/providers?format=csv').buffer(true)).text.trim().split(/\r?\n/);
    const column = file[0]?.split(',').indexOf('白打成本（元）') ?? -1;
    expect(Number(file[file.length - 1]?.split(',')[column])).toBe(Number(total.wastedFen) / 100);
  });

  it('CAM-8 takes another cost from an administrator, with its history, refuses what is none, and shows no costs at 0', async () => {
    const admin = await logIn(test, 'admin');
    expect((await admin.post('/reports/providers/cost', { yuan: '0.25' })).status).toBe(303);
    expect((await card()).total).toMatchObject({ wastedFen: 15 * 25 });
    expect((await admin.get('/reports/providers')).text).toContain('0.25');
    const refused = await admin.post('/reports/providers/cost', { yuan: '一块' });
    expect([refused.status, refused.text.includes('每通成本写成0到100之间的元数'), refused.text.includes('一块')]).toEqual([422, true, true]);
    expect((await (await logIn(test, 'planner-e')).post('/reports/providers/cost', { yuan: '0.30' })).status).toBe(403);
    await admin.post('/reports/providers/cost', { yuan: '0' });
    expect((await card()).total).toMatchObject({ wasted: 15, wastedFen: null });
    expect((await admin.get('/reports/providers')).text).not.toContain('白打成本（元）');
    expect(await test.db.rows(sql`select fen from reports.dial_cost order by id`)).toEqual([{ fen: 25 }, { fen: 0 }]);
  });

  it('CAM-8 sums up no list sizes that nobody knows', async () => {
    await dial(test, { at: '2026-11-20T10:00', outcome: 'reached', count: 1, talk: 20, star: 6, source: '' });
    const { rows, total } = await card('?from=2026-11-20&to=2026-11-20');
    expect([rows.map(({ listed }) => listed), total.listed, total.duplicates, total.attempts]).toEqual([[null], null, null, 1]);
  });

  it('CAM-8 pages through many rows, and opens a list at the numbers of the own unit alone', async () => {
    await dial(test, { at: '2026-11-19T10:00', outcome: 'reached', count: 60, talk: 20 });
    await dial(test, { at: '2026-11-19T12:00', outcome: 'reached', count: 1, talk: 20, campaign: 'west-only', manager: 'm11' });
    await test.db.run(sql`
      update customers.customer set org_unit_id = (select id from staff.org_unit where code = 'west')
      where id in (select customer_id from segments.member order by customer_id limit 3)`);
    const day = 'from=2026-11-19&to=2026-11-19';
    const east = await logIn(test, 'supervisor-e');
    expect(await allRows(east, `/reports/providers?metric=attempts&list=seg&${day}`)).toEqual({ heading: 60, rows: 60 });
    expect((await east.get(`/reports/providers?metric=attempts&list=seg&${day}&page=2`)).text).toContain('51–60 / 60');
    expect(await allRows(east, `/reports/providers?metric=listed&list=seg&${day}`)).toEqual({ heading: 17, rows: 17 });
    expect(await allRows(await logIn(test, 'planner-w'), `/reports/providers?metric=listed&${day}`)).toEqual({ heading: 3, rows: 3 });
    expect((await card(`?${day}`, 'planner-w')).total).toMatchObject({ listed: 3, attempts: 1 });
  });
});
