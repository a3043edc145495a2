import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '../../../src/kernel/errors.js';
import { sql } from '../../../src/platform/database/sql.js';
import { Catalogue } from '../../../src/platform/i18n/catalogue.js';
import { FIELDS } from '../../../src/segments/filter/fields.policy.js';
import { FiltersQueries } from '../../../src/segments/filters.queries.js';
import { filterSql, SegmentsQueries } from '../../../src/segments/segments.queries.js';
import type { CurrentUser } from '../../../src/staff/staff.types.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';

const AT = { orgPath: '/', today: '2026-11-24' };

let test: TestApp;
let house: House;
let planner: ApiClient;

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  planner = await house('planner-e');
  await upload(
    '/imports?feed=customers',
    'phone,name,star_level,city,manager,arpu\n13800000001,甲,7,南京,m01,200\n13800000002,乙,3,镇江,m02,80\n13800000003,丙,5,南京,,\n',
  );
  await upload('/imports?feed=customers', 'phone,name,manager\n13900000001,西,m11\n', await house('planner-w'));
});
afterAll(() => test.close());

interface Counts {
  state: string;
  reason?: string;
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  duplicate: number;
  rejected: number;
}

async function upload(path: string, file: string | Buffer, who = planner): Promise<Counts> {
  const answer = await who.upload(path, file);
  expect(answer.status).toBe(202);
  await drainJobs(test.app);
  return (await who.get(`/imports/${(answer.body as { id: string }).id}`)).body as Counts;
}

describe('CAM-2 a segment is made once and filled by files', () => {
  it('is made empty, in the unit of its maker', async () => {
    const answer = await planner.post('/segments', { code: 'speed-2611', name: '宽带提速' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ code: 'speed-2611', name: '宽带提速', members: 0, orgUnit: 'east' });
  });

  it.each<[object, number, string]>([
    [{ code: 'speed-2611', name: '又一个' }, 409, 'code_taken'],
    [{ code: 'a b', name: '空格' }, 422, 'invalid_input'],
    [{ code: 'x' }, 422, 'invalid_input'],
  ])('%j is refused with %i %s', async (body, status, code) => {
    const answer = await planner.post('/segments', body);
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([status, code]);
  });

  it('a supervisor reads segments but makes none', async () => {
    const supervisor = await house('supervisor-e');
    expect((await supervisor.post('/segments', { code: 's', name: 's' })).status).toBe(403);
    expect((await supervisor.get('/segments/speed-2611')).status).toBe(200);
  });

  it('takes lines of customers with all further columns, rejects numbers that are no customer', async () => {
    const file =
      '手机号码,到期月,job\n13800000001,2026-12,教师\n138-0000-0002,2027-01,\n13812345678,2027-02,x\n13900000001,2027-03,别市\n13800000002,2027-02,司机\n';
    expect(await upload('/imports?feed=segment&segment=speed-2611', file)).toMatchObject({
      state: 'done',
      read: 5,
      created: 2,
      duplicate: 1,
      rejected: 2,
    });
    expect((await planner.get('/segments/speed-2611')).body).toMatchObject({ members: 2, columns: ['到期月', 'job'] });
  });

  it('is named on the page of its import, and found by name where it is handed in', async () => {
    const page = await logIn(test, 'planner-e');
    const [newest] = ((await planner.get('/imports?limit=1')).body as { items: { id: string }[] }).items;
    expect((await page.get(`/imports/${newest?.id}`)).text).toContain('<a href="/segments/speed-2611">宽带提速</a> <code>speed-2611</code>');
    const form = (await page.get('/imports?feed=segment&segment=speed-2611')).text;
    expect(form).toMatch(
      /name="segment" value="speed-2611" list="segment-choices"[^>]*hx-get="\/segments\/search\/choices\?box=segment" hx-trigger="load, input/,
    );
    expect((await page.get('/segments/search/choices?box=segment&segment=speed-2611')).text).toContain('宽带提速');
  });

  it('REP-4 its members leave as a file, whatever its code is written in', async () => {
    await planner.post('/segments', { code: '夏季.名单', name: '夏季' });
    await upload(`/imports?feed=segment&segment=${encodeURIComponent('夏季.名单')}`, 'phone\n13800000001\n');
    const page = await logIn(test, 'planner-e');
    const file = await page.get(`/exports/files/segment-members?format=csv&segment=${encodeURIComponent('夏季.名单')}`);
    expect([file.status, file.text.includes('甲')]).toEqual([200, true]);
    expect((await page.get('/exports/files/segment-members?segment=ghost')).status).toBe(404);
  });

  it('adds members, and what is new about those it has', async () => {
    const more = await upload(
      '/imports?feed=segment&segment=speed-2611',
      'phone,job,score\n13800000001,教师,9\n13800000003,医生,7\n13800000002,司机,\n',
    );
    expect(more).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect((await planner.get('/segments/speed-2611')).body).toMatchObject({ members: 3, columns: ['到期月', 'job', 'score'] });
    const queries = test.app.get(SegmentsQueries, { strict: false });
    const { id, customer } = await test.db.one<{ id: string; customer: string }>(sql`
      select s.id, l.customer_id as customer from segments.segment s, customers.line l where s.code = 'speed-2611' and l.number = '+8613800000001'`);
    expect(await queries.attributes(id, customer)).toEqual({ 到期月: '2026-12', job: '教师', score: '9' });
    expect(await queries.sampleCustomers(id, 2, AT)).toHaveLength(2);
  });

  it('the same bytes for another segment are another import', async () => {
    await planner.post('/segments', { code: 'other', name: '另一个' });
    const file = 'phone\n13800000001\n';
    expect(await upload('/imports?feed=segment&segment=speed-2611', file)).not.toHaveProperty('reason');
    expect(await upload('/imports?feed=segment&segment=speed-2611', file)).toMatchObject({ reason: 'already_imported' });
    expect(await upload('/imports?feed=segment&segment=other', file)).toMatchObject({ created: 1 });
  });

  it('an upload may name a segment that is to be made', async () => {
    expect(await upload('/imports?feed=segment&segment=new-one&segmentName=%E6%96%B0', 'phone\n13800000001\n')).toMatchObject({ created: 1 });
    expect((await planner.get('/segments/new-one')).body).toMatchObject({ name: '新', members: 1 });
  });
});

describe('SYS-1 a segment is used by the units below its own, and filled only by its own or one above', () => {
  it('another city neither sees nor fills it', async () => {
    const west = await house('planner-w');
    expect((await west.get('/segments/speed-2611')).status).toBe(404);
    expect((await west.upload('/imports?feed=segment&segment=speed-2611', 'phone\n')).status).toBe(422);
  });

  it('one of the province is seen by a city, and filled by the province alone', async () => {
    const admin = await house('admin');
    await admin.post('/segments', { code: 'province-wide', name: '全省' });
    expect((await planner.get('/segments/province-wide')).status).toBe(200);
    expect((await planner.upload('/imports?feed=segment&segment=province-wide', 'phone\n')).status).toBe(422);
  });
});

describe('CAM-2 a filter over customer facts', () => {
  const matches = async (filter: Record<string, unknown>): Promise<string[]> => {
    const rows = await test.db.rows<{ number: string }>(sql`select f.number from (${filterSql(filter, AT)}) f order by f.number`);
    return rows.map((row) => row.number.slice(-1));
  };

  it.each<[Record<string, unknown>, string[]]>([
    [{ starLevel: [5, 7], city: ['南京'] }, ['1', '3']],
    [{ starLevel: 7 }, ['1']],
    [{ manager: ['M01', 'm02'] }, ['1', '2']],
    [{ minArpuFen: 10000 }, ['1']],
    [{ gender: ['male'] }, []],
    [{ smsConsent: true }, []],
    [{ city: [] }, []],
  ])('%j', async (filter, found) => {
    expect(await matches(filter)).toEqual(found);
  });

  it.each([[{ shoeSize: 43 }], [{ starLevel: ['7'] }], [{ city: "'; drop table", minArpuFen: 'x' }], [{ constructor: 1 }]])(
    '%j is refused',
    (filter) => {
      expect(() => filterSql(filter, AT)).toThrow(DomainError);
    },
  );
});

interface Counted {
  customers: number;
  slow: boolean;
}

describe('CAM-2 a filter is counted before anything is made of it', () => {
  const count = (filter: object, who = planner) => who.post('/segments/filter/count', { filter });
  const fault = async (filter: object) => (await count(filter)).body as { error: { code: string; param: string; message: string } };

  it('"5–7 stars, not reached for 90 days, a high bill", without those of a list', async () => {
    const include = {
      and: [
        { field: 'starLevel', op: 'in', value: [5, 6, 7] },
        { field: 'reached', op: 'notWithin', value: 90 },
      ],
    };
    expect((await count(include)).body).toMatchObject({ customers: 2, slow: false });
    expect((await count({ and: [include, { field: 'arpuFen', op: 'atLeast', value: 10_000 }] })).body).toMatchObject({ customers: 1 });
    expect((await count({ include, exclude: { field: 'segment', op: 'in', value: 'new-one' } })).body).toMatchObject({ customers: 1 });
  });

  it('SYS-1 nobody counts customers beyond their own units', async () => {
    const all = { field: 'starLevel', op: 'atLeast', value: 0 };
    const counted = async (who: string): Promise<number> => ((await count(all, await house(who))).body as Counted).customers;
    expect(await counted('planner-e')).toBe(3);
    expect(await counted('supervisor-e')).toBe(3);
    expect(await counted('planner-w')).toBe(1);
    expect(await counted('admin')).toBe(4);
    expect((await count(all, await house('m01'))).status).toBe(403);
  });

  it.each<[string, object, string, string]>([
    ['an unknown field', { and: [{ field: 'shoeSize', op: 'in', value: [43] }] }, 'filter_field_unknown', 'filter.and.0'],
    ['a name every object has', { field: 'constructor', op: 'in', value: [1] }, 'filter_field_unknown', 'filter'],
    ['a question the field has not', { or: [{ field: 'city', op: 'atLeast', value: '南京' }] }, 'filter_op_unknown', 'filter.or.0'],
    ['a text for a number', { not: { field: 'starLevel', op: 'in', value: ['7'] } }, 'filter_value_whole', 'filter.not'],
    ['a star there is not', { field: 'starLevel', op: 'in', value: [8] }, 'filter_value_whole', 'filter'],
    ['a choice there is not', { field: 'tier', op: 'in', value: "x' or true --" }, 'filter_value_choice', 'filter'],
    ['a day there is not', { field: 'joinedOn', op: 'atLeast', value: '2026-02-30' }, 'filter_value_day', 'filter'],
    ['a flag that is a text', { field: 'smsConsent', op: 'is', value: 'true' }, 'filter_value_flag', 'filter'],
    ['no days', { field: 'reached', op: 'within', value: -1 }, 'filter_value_days', 'filter'],
    ['a share from more to less', { field: 'part', op: 'part', value: { name: 'a', from: 60, to: 40 } }, 'filter_value_part', 'filter'],
    ['a blank word', { field: 'city', op: 'in', value: '' }, 'filter_value_word', 'filter'],
    ['an empty group', { include: { and: [] } }, 'filter_group_empty', 'filter.include.and'],
    ['two words in one node', { and: [{ field: 'city', op: 'known' }], or: [] }, 'filter_node_unknown', 'filter'],
    ['a pair and more', { include: { field: 'city', op: 'known' }, sql: 'drop table' }, 'filter_node_unknown', 'filter.sql'],
    ['a list of another city', { field: 'segment', op: 'in', value: 'no-such' }, 'filter_segment_unknown', 'filter'],
  ])('%s is refused at its node, with the way out', async (_what, filter, code, param) => {
    const { error } = await fault(filter);
    expect(error).toMatchObject({ code, param });
    expect(error.message).not.toBe(code);
    expect(error.message).not.toMatch(/\{\w+\}/);
  });

  it('trees that are too deep or too large are refused', async () => {
    const leaf = { field: 'starLevel', op: 'in', value: 5 };
    const deep = Array.from({ length: 8 }).reduce<object>((inner) => ({ not: inner }), leaf);
    expect(await fault(deep)).toMatchObject({ error: { code: 'filter_too_deep' } });
    expect(await fault({ and: Array.from({ length: 100 }, () => leaf) })).toMatchObject({ error: { code: 'filter_too_large' } });
  });

  it('the fields can be asked for, each with its questions and choices', async () => {
    const { items } = (await planner.get('/segments/filter/fields')).body as { items: { field: string }[] };
    expect(items).toContainEqual({ field: 'smsConsent', kind: 'flag', ops: ['is', 'known', 'unknown'], choices: ['true', 'false'] });
  });

  it('R29 a count that takes too long is given up and said to be slow', async () => {
    const slow = { and: Array.from({ length: 99 }, () => ({ field: 'part', op: 'part', value: { name: 'x', from: 0, to: 100 } })) };
    await test.db.run(sql`insert into customers.customer (org_unit_id, created_at, updated_at)
      select o.id, now(), now() from generate_series(1, 3000), staff.org_unit o where o.code = 'west'`);
    await test.db.run(sql`insert into customers.line (customer_id, number, created_at, updated_at)
      select c.id, '+86170' || lpad(c.id::text, 8, '0'), now(), now() from customers.customer c where c.name is null and c.org_unit_id = (select id from staff.org_unit where code = 'west')`);
    const admin = { orgPath: '/' } as CurrentUser;
    expect(await test.app.get(FiltersQueries, { strict: false }).count(admin, slow, 1)).toMatchObject({ customers: null, slow: true });
    await test.db.run(sql`delete from customers.line where number like '+86170%'`);
    await test.db.run(sql`delete from customers.customer where name is null`);
  });
});

describe('CAM-2 a filter is kept as a segment', () => {
  const filter = { field: 'city', op: 'in', value: ['南京'] };

  it('is made by a planner, counted when it is read, and takes no upload', async () => {
    const made = await planner.post('/segments', { code: 'nanjing', name: '南京', filter });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ kind: 'filtered', members: 2, filter, version: 1 })]);
    expect((await planner.post('/segments', { code: 'bad', name: 'x', filter: { field: 'x' } })).status).toBe(422);
    expect((await (await house('supervisor-e')).post('/segments', { code: 'n', name: 'n', filter })).status).toBe(403);
    const refused = await planner.upload('/imports?feed=segment&segment=nanjing', 'phone\n13800000001\n');
    expect(refused.body).toMatchObject({ error: { code: 'segment_is_filter' } });
    const inside = await planner.post('/segments/filter/count', { filter: { field: 'segment', op: 'in', value: 'nanjing' } });
    expect(inside.body).toMatchObject({ error: { code: 'filter_segment_is_filter' } });
  });

  it('is changed by its own unit alone, and not over somebody else', async () => {
    const west = await house('planner-w');
    const change = { filter: { field: 'city', op: 'in', value: ['镇江'] }, version: 1 };
    expect((await west.put('/segments/nanjing/filter', change)).status).toBe(404);
    expect((await planner.put('/segments/speed-2611/filter', change)).body).toMatchObject({ error: { code: 'segment_is_list' } });
    expect((await planner.put('/segments/nanjing/filter', change)).body).toMatchObject({ members: 1, version: 2 });
    expect((await planner.put('/segments/nanjing/filter', change)).body).toMatchObject({ error: { code: 'segment_changed' } });
  });

  it('R5 a launched campaign keeps the people it was launched on, whatever the filter says later', async () => {
    const dates = { startsOn: '2026-11-01', endsOn: '2026-12-31' };
    await planner.put('/segments/nanjing/filter', { filter });
    await planner.post('/campaigns', { code: 'on-filter', name: '筛选活动', kind: 'care', segment: 'nanjing', ...dates });
    expect((await planner.post('/campaigns/on-filter/preview')).body).toMatchObject({ matched: 2 });
    await planner.post('/campaigns/on-filter/launch');
    await planner.put('/segments/nanjing/filter', { filter: { field: 'city', op: 'in', value: ['镇江'] } });
    expect((await planner.post('/campaigns/on-filter/preview')).body).toMatchObject({ matched: 2 });
    const frozen = await test.db.one(sql`
      select count(*)::int as people from campaigns.audience a join campaigns.campaign c on c.id = a.campaign_id where c.code = 'on-filter'`);
    expect(frozen).toEqual({ people: 2 });
  });

  it('CAM-10 two shares of one name part the customers, the same way each time', async () => {
    const share = (from: number, to: number) => ({ field: 'part', op: 'part', value: { name: 'test', from, to } });
    const many = async (one: object): Promise<number> => ((await planner.post('/segments/filter/count', { filter: one })).body as Counted).customers;
    expect((await many(share(0, 50))) + (await many(share(50, 100)))).toBe(3);
    expect(await many({ and: [share(0, 50), share(50, 100)] })).toBe(0);
  });
});

describe('CAM-2 the builder works as plain forms', () => {
  let page: PageVisitor;
  beforeAll(async () => {
    page = await logIn(test, 'planner-e');
  });
  const stars = { 'g0.join': 'and', 'g0.0.ask': 'starLevel.in', 'g0.0.value': '5，7' };

  it('starts empty and friendly, and adds and removes conditions by its buttons', async () => {
    expect((await page.get('/segments/filter/new')).text).toContain('还没有条件，从下面选一个');
    const added = await page.post('/segments/filter/new', { ...stars, 'g0.new': 'tier.in', do: 'add:g0' });
    expect(added.status).toBe(200);
    expect(added.text).toMatch(/name="g0\.0\.value" value="5，7"[\s\S]*<select[^>]*name="g0\.1\.value" multiple/);
    const fewer = await page.post('/segments/filter/new', { ...stars, do: 'remove:g0.0' });
    expect(fewer.text).not.toContain('g0.0.value');
    expect((await page.post('/segments/filter/new', { ...stars, do: 'group' })).text).toContain('第2组条件');
  });

  it('counts what is typed, and says what a half-typed condition lacks', async () => {
    expect((await page.post('/segments/filter/count', stars)).text).toContain('<b>2</b>');
    expect((await page.post('/segments/filter/count', {})).text).toContain('加上条件，这里就显示人数');
    expect((await page.post('/segments/filter/count', { ...stars, 'g0.0.value': '九' })).text).toContain('1.1：“starLevel”要填0到7之间的整数');
    expect((await page.post('/segments/filter/count', { ...stars, 'g0.1.ask': 'city.in', 'g0.1.value': '火星' })).text).toContain('没有人同时符合');
    expect((await page.post('/segments/filter/new', { ...stars, do: 'count' })).text).toContain('<b>2</b>');
  });

  it('saves include minus exclude, shows it, and opens it again as it was', async () => {
    const exclude = { 'x.join': 'or', 'x.0.ask': 'arpuFen.atLeast', 'x.0.value': '150.5' };
    const form = { ...stars, ...exclude, code: 'by-form', name: '高星', do: 'save' };
    const refused = await page.post('/segments/filter/new', { ...form, 'x.0.value': 'viel' });
    expect([refused.status, /×\.1：“arpuFen”要填/.test(refused.text)]).toEqual([422, true]);
    expect((await page.post('/segments/filter/new', form)).headers.location).toBe('/segments/by-form');
    const { body } = await planner.get('/segments/by-form');
    expect(body).toMatchObject({
      members: 1,
      filter: {
        include: { and: [{ and: [{ field: 'starLevel', op: 'in', value: [5, 7] }] }] },
        exclude: { or: [{ field: 'arpuFen', op: 'atLeast', value: 15_050 }] },
      },
    });
    expect((await page.get('/segments/by-form')).text).toContain('<b>1</b>');
    const again = (await page.get('/segments/by-form/filter')).text;
    expect(again).toContain('name="x.0.value" value="150.5"');
    const version = /name="version" value="(\d+)"/.exec(again)?.[1] ?? '';
    const saved = await page.post('/segments/by-form/filter', { ...stars, name: '高星', version, do: 'save' });
    expect(saved.headers.location).toBe('/segments/by-form');
  });

  it('what somebody saved in between is said, and what was typed can be saved over it', async () => {
    const read = /name="version" value="(\d+)"/.exec((await page.get('/segments/by-form/filter')).text)?.[1] ?? '';
    const typed = { ...stars, name: '高星', do: 'save' };
    await planner.put('/segments/by-form/filter', { filter: { field: 'city', op: 'in', value: ['镇江'] } });
    const refused = await page.post('/segments/by-form/filter', { ...typed, version: read });
    expect([refused.status, refused.text.includes('value="5，7"'), refused.text.includes('看现在的条件')]).toEqual([409, true, true]);
    const version = /name="version" value="(\d+)"/.exec(refused.text)?.[1] ?? '';
    const nameless = await page.post('/segments/by-form/filter', { ...typed, name: '', version });
    expect([nameless.status, nameless.text.includes('id="name-error"')]).toEqual([422, true]);
    expect((await page.post('/segments/by-form/filter', { ...typed, version })).status).toBe(303);
  });

  it('a name with a comma in it stays one name', async () => {
    const filter = { and: [{ field: 'package', op: 'in', value: ['畅享5G，199元', '"大"王卡', '4G'] }] };
    await planner.post('/segments', { code: 'comma', name: '套餐', filter });
    const form = await page.get('/segments/comma/filter');
    const box = unescaped(/name="g0\.0\.value" value="([^"]*)"/.exec(form.text)?.[1] ?? '');
    expect(box).toBe('"畅享5G，199元"，"""大""王卡"，4G');
    await page.post('/segments/comma/filter', { name: '套餐', 'g0.join': 'and', 'g0.0.ask': 'package.in', 'g0.0.value': box, do: 'save' });
    expect((await planner.get('/segments/comma')).body).toMatchObject({ version: 2, filter: { include: { and: [filter] } } });
  });

  it('an empty filter is not saved, a taken code neither', async () => {
    const none = await page.post('/segments/filter/new', { code: 'none', name: '空', do: 'save' });
    expect([none.status, none.text.includes('还没有条件，请至少加一个')]).toEqual([422, true]);
    expect((await page.post('/segments/filter/new', { ...stars, code: 'by-form', name: '又', do: 'save' })).status).toBe(409);
  });

  it('what an API made deeper is shown whole, with a warning', async () => {
    const deep = { or: [{ and: [{ not: { field: 'city', op: 'known' } }] }, { field: 'city', op: 'in', value: ['南京'] }] };
    await planner.post('/segments', { code: 'deep', name: '深', filter: deep });
    expect((await page.get('/segments/deep/filter')).text).toContain('比这里能显示的更深');
    expect((await page.get('/segments')).text).toContain('按条件筛选');
  });

  it('every field, question and choice has a name in both languages', () => {
    const catalogue = Catalogue.load('templates/locales');
    const keys = Object.entries(FIELDS).flatMap(([field, { ops, choices }]) => [
      `segments.field.${field}`,
      ...ops.map((op) => `segments.ask.${op}`),
      ...(choices ?? []).map((one) => `segments.choice.${one}`),
    ]);
    expect(keys.filter((key) => !catalogue.has(key, 'zh') || !catalogue.has(key, 'en'))).toEqual([]);
  });
});

const BANK = join(process.cwd(), '../shared/data/bank');
const bank = existsSync(BANK) ? it : it.skip;

describe('a real campaign of 4,119 customers', () => {
  bank('FED-3, FED-4 its customers and segment come in within seconds, and twice changes nothing', async () => {
    const admin = await house('admin');
    for (let i = 1; i <= 12; i++) {
      const username = `m${String(i).padStart(2, '0')}`;
      await admin.post('/users', { username, name: username, role: 'manager', orgUnit: 'east-1', password: PASSWORD });
    }
    const customers = readFileSync(join(BANK, 'customers.csv'));
    const segment = readFileSync(join(BANK, 'segment.csv'));
    await admin.post('/segments', { code: 'bank', name: '银行' });
    const started = performance.now();
    const clean = { state: 'done', read: 4119, duplicate: 0, rejected: 0 };
    expect(await upload('/imports?feed=customers', customers, admin)).toMatchObject({ ...clean, created: 4116, updated: 3 });
    expect(await upload('/imports?feed=segment&segment=bank', segment, admin)).toMatchObject({ ...clean, created: 4119 });
    expect(performance.now() - started).toBeLessThan(30_000);
    expect((await admin.get('/segments/bank')).body).toMatchObject({
      members: 4119,
      columns: ['age', 'job', 'marital', 'education', 'previous_outcome'],
    });
    expect(await upload('/imports?feed=customers', customers, admin)).toMatchObject({
      reason: 'already_imported',
      created: 0,
      unchanged: 4119,
    });
  });
});
