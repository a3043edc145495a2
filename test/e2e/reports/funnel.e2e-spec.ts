import ExcelJS from 'exceljs';
import { sql } from '../../../src/platform/database/sql.js';
import { PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { COUNT_DEFINITIONS, COUNT_KEYS, COUNTS, DEFINITIONS, RATE_KEYS, RATES, UNSOURCED_RATES } from '../../../src/reports/catalogue.js';
import { askFourWays, binary, disagreements, linesOf, type Question } from './four-ways.js';
import { type Figures, smallWorld } from './small-world.js';

let test: TestApp;
let figures: Figures;
let supervisor: Promise<PageVisitor>;

const ask = async (path: string, as = 'supervisor-e') => (await figures.house(as)).get(`/campaigns/spring/${path}`);
const funnel = (query = '', as?: string) => ask(`funnel${query}`, as);

beforeAll(async () => {
  test = await createTestApp();
  figures = await smallWorld(test);
  supervisor = logIn(test, 'supervisor-e');
  await supervisor;
});
afterAll(() => test.close());

describe('CAM-7 the funnel of a campaign', () => {
  it('refuses a campaign outside the scope as if it did not exist', async () => {
    const { status, body } = await funnel('', 'planner-w');
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });

  it('refuses a cut it does not know, naming the parameter', async () => {
    const { status, body } = await funnel('?by=shoe-size');
    expect(status).toBe(422);
    expect(body.error.param).toBe('by');
  });

  it.each([
    ['a day that does not exist', 'from=2026-02-30', 'from'],
    ['a day that does not exist, where people are counted in the cuts', 'by=star&to=2026-02-31&distinct=1', 'to'],
    ['a first day after the last', 'from=2026-12-01&to=2026-11-01', 'from'],
  ])('%s is refused at its box by the funnel, its file, coverage, providers and records of the switch alike', async (_, query, param) => {
    const planner = await figures.house('planner-e');
    for (const path of ['/reports/funnel', '/reports/coverage', '/reports/providers', '/call-records/unmatched']) {
      const { status, body } = await planner.get(`${path}?${path === '/reports/funnel' ? query : query.replace(/(by|distinct)=\w+&?/g, '')}`);
      expect([path, status, (body as { error?: { param: string } }).error?.param]).toEqual([path, 422, param]);
    }
    const page = await (await supervisor).get(`/exports/files/funnel?${query}`);
    expect(page.status).toBe(422);
  });

  it('counts attempts, connected, 18 seconds, converted and successful orders', async () => {
    const { body } = await funnel('?by=manager');
    expect(body.total).toMatchObject({
      attempts: 7,
      connected: 4,
      effective: 3,
      talk18: 2,
      converted: 2,
      ordersOpen: 1,
      ordersSucceeded: 1,
      ordersFailed: 0,
    });
    expect(body.total).toMatchObject({
      customersAttempted: 4,
      customersReached: 3,
      reach: 0.75,
      connectRate: 4 / 7,
      talk18Share: 0.5,
      conversionRate: 0.5,
      orderSuccessRate: 0.5,
    });
    expect(body.total.marketingSuccessRate).toBeCloseTo(1 / 3);
  });

  it('keeps first dials and second-dial recovery apart', async () => {
    const { body } = await funnel('?by=manager');
    expect(body.total).toMatchObject({
      firstDials: 4,
      firstDialsConnected: 2,
      firstDialConnectRate: 0.5,
      tasksRedialled: 2,
      tasksRecovered: 1,
      secondDialRecovery: 0.5,
    });
  });

  it('says null where nothing divides, and for people in cuts unless asked', async () => {
    const plain = (await funnel('?by=hour')).body;
    const night = plain.rows.find((row: { key: string }) => row.key === '19');
    expect(night).toMatchObject({ attempts: 1, connected: 0, talk18Share: null, conversionRate: null, reach: null, customersReached: null });
    const asked = (await funnel('?by=hour&distinct=1')).body;
    expect(asked.rows.find((row: { key: string }) => row.key === '19')).toMatchObject({ customersAttempted: 1, customersReached: 0, reach: 0 });
  });

  it.each(['manager', 'team', 'hour', 'day', 'star', 'region', 'source', 'variant'])('adds up to the total when cut by %s', async (cut) => {
    const { body } = await funnel(`?by=${cut}`);
    for (const key of ['attempts', 'connected', 'talk18', 'converted', 'ordersSucceeded']) {
      expect(body.rows.reduce((sum: number, row: Record<string, number>) => sum + (row[key] ?? 0), 0)).toBe(body.total[key]);
    }
  });

  it('cuts days in Shanghai: a call at 00:30 belongs to the new day (R17)', async () => {
    const { body } = await funnel('?by=day&from=2026-11-24&to=2026-11-24');
    expect(body.rows).toEqual([expect.objectContaining({ key: '2026-11-24', attempts: 1 })]);
  });

  it('shows a manager nothing but her own calls', async () => {
    const { body } = await funnel('?by=manager', 'm01');
    expect(body.rows.map((row: { key: string }) => row.key)).toEqual(['m01']);
    expect(body.total.attempts).toBe(5);
  });

  it('follows a corrected outcome at once (CAM-6)', async () => {
    const before = (await funnel()).body.total.connected;
    await test.db.run(sql`update calls.attempt set outcome = 'no_answer' where id = ${figures.refusedAttempt}`);
    expect((await funnel()).body.total.connected).toBe(before - 1);
    await test.db.run(sql`update calls.attempt set outcome = 'refused' where id = ${figures.refusedAttempt}`);
  });
});

describe('CAM-8 the control band', () => {
  it('does not judge too few calls', async () => {
    const { body } = await ask('band');
    expect(body).toMatchObject({ state: 'too-few', lower: 0.34, upper: 0.46, causes: [] });
    const panel = (await (await logIn(test, 'supervisor-e')).get('/reports/campaigns/spring/funnel')).text;
    expect(panel).toContain('通数太少，还不能判断接通率');
    expect(panel).not.toContain('接通率没有低于下限');
  });

  it("CAM-8 is judged for the whole list of campaigns at once, within the reader's scope", async () => {
    const { id } = await test.db.one<{ id: string }>(sql`select id from campaigns.campaign where code = 'spring'`);
    const page = await logIn(test, 'supervisor-e');
    expect((await page.get('/campaigns')).text).toContain(`hx-get="/reports/bands?campaigns=${id}"`);
    for (const state of ['draft', 'scheduled']) {
      await test.db.run(sql`update campaigns.campaign set state = ${state} where id = ${id}`);
      expect((await page.get('/campaigns')).text).not.toContain('/reports/bands'); // nothing has been dialled: no band to be in
    }
    await test.db.run(sql`update campaigns.campaign set state = 'running' where id = ${id}`);
    const chips = await page.get(`/reports/bands?campaigns=${id}`);
    expect(chips.text).toMatch(new RegExp(`id="band-${id}" hx-swap-oob="true">.*样本太少`));
    expect(chips.text).toContain('57.1%');
    expect((await (await logIn(test, 'planner-w')).get(`/reports/bands?campaigns=${id}`)).text).not.toContain('band-');
    expect((await page.get('/reports/bands?campaigns=1;2')).status).toBe(422);
  });
});

describe('R45, R47, REP-1 tile = rows behind it = API = cell of the file, for every figure of the catalogue', () => {
  it('the comparison sees it when any one of the four says something else', () => {
    const right = { figure: 'attempts of all', page: '7', api: '7', file: '7', rows: '7' };
    expect(disagreements([right, { ...right, rows: undefined }])).toEqual([]);
    for (const way of ['page', 'api', 'file', 'rows'] as const) expect(disagreements([right, { ...right, [way]: '8' }])).toHaveLength(1);
  });

  it.each<{ reader: string } & Question>([
    { reader: 'supervisor-e', cut: 'manager', filter: { campaign: 'spring' } },
    { reader: 'supervisor-e', cut: 'hour', filter: { from: '2026-11-20', to: '2026-11-22' } },
    { reader: 'admin', cut: 'star', filter: { campaign: 'spring', to: '2026-11-23' } },
    { reader: 'admin', cut: 'team', filter: {} },
    { reader: 'm01', cut: 'day', filter: { campaign: 'spring' } },
    { reader: 'm02', cut: 'region', filter: { from: '2026-11-23', to: '2026-11-24' } },
    { reader: 'planner-e', cut: 'source', filter: { from: '2026-11-21' } },
  ])('as $reader sees them by $cut of $filter', async ({ reader, cut, filter }) => {
    const answers = await askFourWays(await logIn(test, reader), await figures.house(reader), { cut, filter });
    expect(answers.length).toBeGreaterThanOrEqual(COUNT_KEYS.length + RATE_KEYS.length);
    expect(disagreements(answers)).toEqual([]);
  });

  it('SYS-1 the scoped reader sees less than the supervisor, the other city nothing: the comparison has something to compare', async () => {
    const attempts = async (reader: string) => (await (await figures.house(reader)).get('/reports/funnel')).body.total.attempts;
    expect([await attempts('supervisor-e'), await attempts('m01'), await attempts('m02'), await attempts('planner-w')]).toEqual([7, 5, 2, 0]);
  });

  it.each(COUNT_KEYS)('the file of the rows behind %s has as many lines', async (metric) => {
    const { body } = await funnel();
    const lines = await linesOf(await supervisor, `/exports/files/funnel-rows?campaign=spring&metric=${metric}`);
    expect(lines).toHaveLength(1 + body.total[metric]);
  });

  it('a figure there is not is refused with the names of those there are, and their codes', async () => {
    const zh = await (await logIn(test, 'supervisor-e')).get('/reports/funnel?metric=nonsense');
    expect([zh.status, zh.text.includes('外呼（attempts）')]).toEqual([422, true]);
    const en = await (await logIn(test, 'supervisor-e')).get('/reports/funnel?metric=nonsense&lang=en');
    expect([en.status, en.text.includes('Calls (attempts)')]).toEqual([422, true]);
  });

  it('masks the numbers in the rows', async () => {
    const { agent } = await logIn(test, 'supervisor-e');
    const page = await agent.get('/reports/funnel?campaign=spring&metric=attempts').expect(200);
    expect(page.text).toContain('139 **** 0001');
    expect(page.text).not.toContain('139 0000 0001');
  });
});

describe('REP-1, REP-4 the period before beside each figure', () => {
  const QUERY = 'campaign=spring&by=day&from=2026-11-22&to=2026-11-24&compare=1';

  it('in the API: value, before, difference, and which days were compared', async () => {
    const { body } = await (await figures.house('supervisor-e')).get(`/reports/funnel?${QUERY}`);
    expect(body.before).toEqual({ from: '2026-11-19', to: '2026-11-21', rule: 'days' });
    expect(body.total).toMatchObject({ attempts: 3, before: { attempts: 4, connected: 1 }, difference: { attempts: -1, connected: 2 } });
    expect(body.rows.map((row: { key: string; beforeKey?: string }) => [row.key, row.beforeKey])).toEqual([
      ['2026-11-23', '2026-11-20'],
      ['2026-11-24', undefined],
    ]);
    const { body: then } = await funnel('?by=day&from=2026-11-19&to=2026-11-21');
    expect(body.total.before).toEqual(
      expect.objectContaining({ attempts: then.total.attempts, connectRate: then.total.connectRate, reach: then.total.reach }),
    );
  });

  it('on the page, with a way to the rows of then and the definition one click away', async () => {
    const page = await supervisor;
    const { text } = await page.get(`/reports/funnel?${QUERY}`);
    expect(text).toContain('2026-11-19 至 2026-11-21');
    expect(text).toContain('紧挨着的、同样多的天数');
    expect(text).toContain('样本太少');
    const [, href = ''] = /<a href="([^"]*from&#x3D;2026-11-19[^"]*metric&#x3D;connected)#drill">/.exec(text) ?? [];
    const address = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    expect((await page.get(address)).text).toContain('<h2>明细：接通 1</h2>');
  });

  it('in the file, column by column', async () => {
    const [head = [], ...rows] = await linesOf(await supervisor, `/exports/files/funnel?${QUERY}`);
    const total = Object.fromEntries(head.map((name, n) => [name, rows.at(-1)?.[n]]));
    expect(total).toMatchObject({ 外呼: 3, '外呼 上期': 4, '外呼 差额': -1, 接通率: 1, '接通率 上期': 0.25, '接通率 差额': 0.75 });
    expect(total['接通率 95%下限']).toBeCloseTo(0.4385, 4);
    expect(total['样本太少']).toContain('接通率');
  });

  it('refuses to compare without days, naming the field; the page shows what can be chosen', async () => {
    const { status, body } = await funnel('?by=day&compare=1&to=2026-11-24');
    expect([status, body.error.code, body.error.param]).toEqual([422, 'invalid_input', 'from']);
    expect(body.error.message).toContain('起止两个日期都要有');
    expect((await funnel('?compare=1&from=2026-11-24&to=2026-11-23')).body.error.message).toContain('请对调');
    expect((await funnel('?compare=1&from=2026-02-30&to=2026-11-23')).body.error.param).toBe('from');
    const { text, status: shown } = await (await supervisor).get('/reports/funnel?compare=1');
    expect(shown).toBe(200);
    expect(text).toContain('>上月</a>');
  });
});

describe('R47, REP-4 the export is the page', () => {
  it('writes the same numbers as the API, in the order of the page, and leaves a line in the audit log', async () => {
    const [, ...rows] = await linesOf(await supervisor, '/exports/files/funnel?campaign=spring&by=manager');
    const { body } = await funnel('?by=manager');
    const expected = [...body.rows, body.total].map((row) => [row.attempts, row.connected, row.connectRate]);
    expect(rows.map((row) => row.slice(1, 4))).toEqual(expected);
    const audit = await test.db.rows(
      sql`select action from staff.audit_entry where action = 'export.delivered' and detail -> 'filter' = '{"campaign": "spring", "by": "manager"}'`,
    );
    expect(audit).toHaveLength(1);
  });

  it('calls its rows what the page calls them', async () => {
    const labels = async (path: string): Promise<unknown[]> => (await linesOf(await supervisor, path)).slice(1, -1).map(([label]) => label);
    for (const by of ['hour', 'star', 'manager']) {
      const { text } = await (await supervisor).get(`/reports/funnel?campaign=spring&by=${by}`);
      const shown = [...text.matchAll(/<th scope="row" class="sc-nowrap" data-l="([^"]*)">/g)].map(([, label]) => label);
      expect(await labels(`/exports/files/funnel?campaign=spring&by=${by}`)).toEqual(shown);
      if (by === 'hour') expect(shown[0]).toMatch(/^\d+–\d+点$/);
    }
  });

  it('refuses an export of rows that names no figure', async () => {
    await (await supervisor).agent.get('/exports/files/funnel-rows?campaign=spring').expect(400);
  });
});

describe('R46 every figure says what it is a number of', () => {
  const unsourced = UNSOURCED_RATES.map(({ key }) => String(key));

  it('in the API, for counts and rates', async () => {
    const { body } = await (await figures.house('m01')).get('/reports/metrics');
    const natures = Object.fromEntries([...body.counts, ...body.rates].map(({ key, nature }: { key: string; nature: string }) => [key, nature]));
    expect(Object.keys(natures)).toEqual(expect.arrayContaining([...COUNT_KEYS, ...RATE_KEYS]));
    expect(natures).toMatchObject({
      attempts: 'events',
      ordersSucceeded: 'states',
      customersReached: 'people',
      reach: 'people',
      tasksRecovered: 'states',
    });
  });

  it('on the page of definitions, with a way to the rows', async () => {
    const { text } = await (await supervisor).get('/reports/metrics');
    for (const { key, nature } of COUNT_DEFINITIONS) {
      const line = new RegExp(`<tr id="${key}">.*?</tr>`).exec(text)?.[0];
      expect(line).toContain(`>${{ events: '事件', people: '人', states: '状态' }[nature]}</span>`);
      expect(line).toMatch(new RegExp(`href="/reports/\\w+\\?metric&#x3D;${key}#drill"`));
    }
    for (const { key } of DEFINITIONS.filter((rate) => !unsourced.includes(rate.key))) expect(text).toContain(`id="${key}"`);
  });

  it('beside each figure of the table, and says why people are not counted in its rows', async () => {
    const { text } = await (await supervisor).get('/reports/funnel?campaign=spring&columns=all');
    for (const key of [...COUNT_KEYS, ...RATE_KEYS]) expect(text).toContain(`href="/reports/metrics#${key}"`);
    expect(text).toContain('人数不能相加');
    expect(text.match(/数的是此刻的状态/g)?.length).toBe(
      COUNTS.filter(({ nature }) => nature === 'states').length + RATES.filter(({ nature }) => nature === 'states').length,
    );
  });
});

describe('REP-4 the month in one workbook', () => {
  const books = async (page: PageVisitor, query: string) => {
    const file = await page.agent.get(`/exports/files/monthly?${query}`).buffer(true).parse(binary).expect(200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(file.body as ArrayBuffer);
    return new Map(book.worksheets.map((sheet) => [sheet.name, sheet]));
  };

  it('holds the key figures of the API beside the month before, every cut, productivity, coverage and the definitions', async () => {
    const sheets = await books(await supervisor, 'month=2026-11');
    const named = [
      '主要数字',
      '主要比率',
      '客户经理漏斗',
      '团队漏斗',
      '时段漏斗',
      '每日漏斗',
      '星级漏斗',
      '区域漏斗',
      '名单来源漏斗',
      '话术版本漏斗',
    ];
    expect([...sheets.keys()]).toEqual(expect.arrayContaining([...named, '客户经理产能', '关怀覆盖率', '指标口径']));
    const { body } = await (await figures.house('supervisor-e')).get('/reports/funnel?from=2026-11-01&to=2026-11-30&compare=1&distinct=1');
    const lines = [...COUNTS, ...RATES].map(({ key }, n) => {
      const [sheet, row] = n < COUNTS.length ? [sheets.get('主要数字'), n + 2] : [sheets.get('主要比率'), n - COUNTS.length + 2];
      return [key, sheet?.getRow(row).getCell(2).value ?? null, sheet?.getRow(row).getCell(3).value ?? null];
    });
    expect(lines).toEqual([...COUNTS, ...RATES].map(({ key }) => [key, body.total[key], body.total.before[key]]));
    for (const name of named.slice(2)) {
      const sheet = sheets.get(name);
      expect([name, sheet?.getRow(sheet.rowCount).getCell(2).value]).toEqual([name, 7]);
    }
  });

  it('has the same figures on its page, each with a way to its rows', async () => {
    const { text } = await (await supervisor).get('/reports/monthly?month=2026-11');
    expect(text).toContain('2026-10-01 至 2026-10-31');
    expect(text).toMatch(/data-metric="attempts">[^]*?metric&#x3D;attempts#drill">7<\/a>/);
    expect((await (await supervisor).get('/reports/monthly')).text).toContain('2026-10月报');
    // days without a call as well, and none to come
    expect(text.match(/<th scope="row" data-l/g)).toHaveLength(24);
  });

  it('leaves out what belongs to no campaign when one is asked for; refuses a month to come, and another city’s campaign', async () => {
    const sheets = await books(await supervisor, 'month=2026-11&campaign=spring');
    expect(sheets.has('客户经理产能')).toBe(false);
    expect((await (await supervisor).get('/reports/monthly?month=2026-12')).text).toContain('这个月还没有到');
    expect((await (await supervisor).get('/exports/files/monthly?month=2026-13')).status).toBe(422);
    expect((await (await logIn(test, 'planner-w')).get('/exports/files/monthly?month=2026-11&campaign=spring')).status).toBe(404);
  });

  it('SYS-1 shows a client the figures, and nobody’s working time', async () => {
    await (await figures.house('admin')).post('/users', { username: 'client-e', role: 'client', orgUnit: 'east', name: '甲方', password: PASSWORD });
    const client = await logIn(test, 'client-e');
    expect((await books(client, 'month=2026-11')).has('客户经理产能')).toBe(false);
    expect((await client.get('/reports/monthly?month=2026-11')).text).not.toContain('#drill');
  });
});
