import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OffersQueries } from '../../../src/offers/offers.queries.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';

interface Offer {
  code: string;
  valid: boolean;
}

let test: TestApp;
let house: House;
let planner: ApiClient;
let page: PageVisitor;
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-offers-'));

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  house = await createHouse(test);
  planner = await house('planner-e');
  page = await logIn(test, 'planner-e');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

async function hand(rows: string[], who = planner): Promise<{ counts: object; rejects: string }> {
  const { id } = (await who.upload('/imports?feed=offers', rows.join('\n'))).body as { id: string };
  await drainJobs(test.app);
  const { created, updated, unchanged, rejected } = (await who.get(`/imports/${id}`)).body as Record<string, number>;
  return { counts: { created, updated, unchanged, rejected }, rejects: (await who.get(`/imports/${id}/rejects.csv`)).text };
}
const offer = (code: string): Promise<Record<string, unknown>> =>
  test.db.one(sql`select name, price_fen as price, data_mb as data, excludes, valid_until as until from offers.v_offer where code = ${code}`);
const list = async (query = '', who = planner): Promise<Offer[]> => ((await who.get(`/offers${query}`)).body as { items: Offer[] }).items;
const codes = async (query = '', who = planner): Promise<string[]> => (await list(query, who)).map(({ code }) => code);

const CATALOGUE = [
  '编码,名称,类别,月费,流量,语音,互斥,有效期至',
  'P199,5G 畅享融合 199 元,套餐,199,51200,1000,,',
  'P239,5G 畅享融合 239 元,套餐,239,102400,1500,,2026-11-24',
  'P99,天翼乐享 99 元,套餐,99,20480,300,D20,2026-11-23',
  'D20,流量加餐包 20GB,流量包,30,20480,,P99,',
  'V200,语音加油包 200 分钟,业务包,20,,200,,',
  'CARD,副卡,副卡,10,,,,',
];

it('an empty catalogue says what it is for and where to fill it; who may not fill it is not asked to', async () => {
  const { text } = await page.get('/offers');
  expect(text).toContain('还没有资费目录');
  expect(text).toMatch(/href="\/imports\?feed=offers"/);
  const seen = (await (await logIn(test, 'supervisor-e')).get('/offers')).text;
  expect(seen).toContain('还没有资费目录');
  expect(seen).not.toContain('/imports?feed=offers');
});

describe('FED-1 the feed of offers', () => {
  it('fills the catalogue', async () => {
    expect((await hand(CATALOGUE)).counts).toEqual({ created: 6, updated: 0, unchanged: 0, rejected: 0 });
    expect(await offer('P99')).toEqual({ name: '天翼乐享 99 元', price: 9900, data: 20_480, excludes: ['D20'], until: '2026-11-23' });
  });

  it('a file without an offer leaves it, one without a column leaves that, a blank cell clears', async () => {
    const { counts } = await hand([
      'code,name,kind,price,valid_until,excludes',
      'P99,天翼乐享 99 元,套餐,89,2027-01-31,',
      'P199,5G 畅享融合 199 元,套餐,199,,',
    ]);
    expect(counts).toEqual({ created: 0, updated: 1, unchanged: 1, rejected: 0 });
    expect(await offer('P99')).toEqual({ name: '天翼乐享 99 元', price: 8900, data: 20_480, excludes: [], until: '2027-01-31' });
    expect((await hand(['code,name,kind,price,valid_until', 'P99,天翼乐享 99 元,套餐,89,'])).counts).toMatchObject({ updated: 1 });
    expect(await offer('P99')).toMatchObject({ until: null });
    expect(await codes()).toHaveLength(6);
    expect((await hand(CATALOGUE.slice(0, 4))).counts).toEqual({ created: 0, updated: 1, unchanged: 2, rejected: 0 });
  });

  it('exclusions in another order are the same', async () => {
    const row = (excludes: string): string[] => ['code,name,kind,price,excludes', `X1,组合,业务包,5,${excludes}`];
    expect((await hand(row('A、B'))).counts).toMatchObject({ created: 1 });
    expect((await hand(row('B;A;B'))).counts).toMatchObject({ unchanged: 1 });
    await test.db.run(sql`delete from offers.offer where code = 'X1'`);
  });

  it('names what cannot be', async () => {
    const { counts, rejects } = await hand(['code,name,kind,price,excludes', 'A1,负数,套餐,-5,', 'A2,自己,流量包,5,A1、A2', 'A3,宽带,宽带,5,']);
    expect(counts).toEqual({ created: 0, updated: 0, unchanged: 0, rejected: 3 });
    for (const reason of ['price,-5,月费不能是负数', 'excludes,A1、A2,不能和自己互斥', 'kind,宽带,只能是：套餐、流量包、业务包、副卡'])
      expect(rejects).toContain(reason);
  });

  it('SYS-1 an offer of another city, or of the province, is rejected and left alone', async () => {
    const west = await house('planner-w');
    expect((await hand(['code,name,kind,price', 'W1,西城专享,套餐,9', 'D20,改,流量包,1'], west)).counts).toMatchObject({ created: 1, rejected: 1 });
    await hand(['code,name,kind,price', 'PROV,全省,套餐,59'], await house('admin'));
    const { counts, rejects } = await hand(['code,name,kind,price', 'W1,改,套餐,1', 'PROV,改,套餐,1']);
    expect(counts).toMatchObject({ updated: 0, rejected: 2 });
    expect(rejects).toContain('属于别的单位');
    expect(await offer('W1')).toMatchObject({ name: '西城专享', price: 900 });
    expect(await offer('PROV')).toMatchObject({ name: '全省' });
  });
});

describe('the catalogue at the API', () => {
  it('is in the order of kinds and prices; a unit sees its own and those of the units above', async () => {
    expect(await codes()).toEqual(['PROV', 'P99', 'P199', 'P239', 'D20', 'V200', 'CARD']);
    expect(await codes('', await house('planner-w'))).toEqual(['PROV', 'W1'].reverse());
    expect(await codes('', await house('m01'))).toEqual(await codes());
    expect(await codes('', await house('admin'))).toHaveLength(8);
  });

  it.each([
    ['kind=data-pack', ['D20']],
    ['valid=true&kind=package', ['PROV', 'P199', 'P239']],
    ['valid=1&kind=package', ['PROV', 'P199', 'P239']],
    ['valid=false', ['P99']],
    [`q=${encodeURIComponent('畅享')}`, ['P199', 'P239']],
    ['q=p23', ['P239']],
    ['q=%25', []],
  ])('?%s', async (query, expected) => {
    expect(await codes(`?${query}`)).toEqual(expected);
  });

  it('says of each what it is', async () => {
    expect((await list('?q=P239'))[0]).toMatchObject({
      ...{ code: 'P239', name: '5G 畅享融合 239 元', kind: 'package', priceFen: 23_900, dataMb: 102_400, voiceMin: 1500, contractMonths: null },
      ...{ excludes: [], validUntil: '2026-11-24', valid: true, orgUnit: 'east', orgUnitName: '东城' },
    });
  });

  it('goes on page by page without losing or repeating one', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer = (await planner.get(`/offers?limit=2${cursor && `&cursor=${cursor}`}`)).body as { items: Offer[]; nextCursor: string | null };
      seen.push(...answer.items.map(({ code }) => code));
      cursor = answer.nextCursor;
    }
    expect(seen).toEqual(await codes());
  });

  it.each([
    ['kind=broadband', 'kind'],
    ['valid=maybe', 'valid'],
    ['limit=0', 'limit'],
    ['cursor=x', 'cursor'],
  ])('?%s is refused at its field', async (query, param) => {
    const answer = await planner.get(`/offers?${query}`);
    expect([422, 400]).toContain(answer.status);
    expect((answer.body as { error: { param: string } }).error.param).toBe(param);
  });

  it('SYS-1 is not for clients and judges', async () => {
    const admin = await house('admin');
    for (const role of ['client', 'judge']) {
      await admin.post('/users', { username: `${role}-e`, name: role, role, orgUnit: 'east', password: 'starcare-test' });
      expect((await (await house(`${role}-e`)).get('/offers')).status).toBe(403);
    }
    expect((await (await logIn(test, 'm01')).get('/offers')).status).toBe(403);
  });
});

describe('the catalogue as a page', () => {
  it('shows what an offer is in words of its users', async () => {
    const { text } = await page.get('/offers?kind=package');
    for (const words of ['5G 畅享融合 199 元', '199.00', '50 GB', '1,000分钟', '长期', '已下架', 'aria-current="page"'])
      expect(text).toContain(words);
    expect(text).not.toContain('语音加油包');
    expect(text).toMatch(/<option value="package" selected>套餐<\/option>/);
  });

  it('keeps what was asked for, and says when nothing is found', async () => {
    const { text } = await page.get('/offers?q=zzz&valid=false');
    expect(text).toContain('没有符合的资费');
    expect(text).toContain('value="zzz"');
    expect(text).toMatch(/<option value="false" selected>/);
  });

  it('names a filter it does not know', async () => {
    const answer = await page.get('/offers?kind=broadband');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('role="alert"');
  });
});

describe('CAR-7 advice by the catalogue of the customer’s unit', () => {
  const month = (at: string, used: number, extra: number) => ({
    ...{ month: at, dataQuotaMb: 51_200, dataUsedMb: used, voiceQuotaMin: 1000, voiceUsedMin: 500, extraFeeFen: extra },
  });
  const line = {
    package: '5G 畅享融合 199 元',
    uses: [month('2026-08-01', 66_560, 4500), month('2026-09-01', 69_632, 5400), month('2026-10-01', 63_488, 3600)],
    bills: [
      { month: '2026-08-01', amountFen: 24_400 },
      { month: '2026-09-01', amountFen: 25_300 },
      { month: '2026-10-01', amountFen: 23_500 },
    ],
  };
  const advise = async (unit: string, now?: string) => {
    if (now) test.clock.set(now);
    const { path } = await test.db.one<{ path: string }>(sql`select path from staff.v_org_unit where code = ${unit}`);
    const { options, gaps } = await test.app.get(OffersQueries, { strict: false }).advise({ orgPath: path }, line);
    return { options: options.map(({ action, offer: one, sum }) => [action, one?.code, sum?.averageFen, sum?.monthlyDifferenceFen]), gaps };
  };

  it('takes the offers of the team’s city', async () => {
    expect(await advise('east-1')).toEqual({
      options: [
        ['data-pack', 'D20', 22_900, -1500],
        ['upgrade', 'P239', 23_900, -500],
      ],
      gaps: [],
    });
  });

  it('none of another city', async () => {
    expect(await advise('west-1')).toEqual({ options: [], gaps: ['package_unknown'] });
  });

  it('and none whose last day is over', async () => {
    expect((await advise('east-1', '2026-11-25T00:00:00+08:00')).options).toEqual([['data-pack', 'D20', 22_900, -1500]]);
  });
});
