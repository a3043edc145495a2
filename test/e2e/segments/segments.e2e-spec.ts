import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { filterSql, SegmentsQueries } from '../../../src/segments/segments.queries.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

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
    expect(await queries.sampleCustomers(id, 2)).toHaveLength(2);
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
    const rows = await test.db.rows<{ number: string }>(sql`select f.number from (${filterSql(filter)}) f order by f.number`);
    return rows.map((row) => row.number.slice(-1));
  };

  it.each<[Record<string, unknown>, string[]]>([
    [{ starLevel: [5, 7], city: ['南京'] }, ['1', '3']],
    [{ starLevel: 7 }, ['1']],
    [{ manager: ['M01', 'm02'] }, ['1', '2']],
    [{ minArpuFen: 10000 }, ['1']],
    [{ city: [] }, []],
  ])('%j', async (filter, found) => {
    expect(await matches(filter)).toEqual(found);
  });

  it.each([[{ shoeSize: 43 }], [{ starLevel: ['7'] }], [{ city: "'; drop table", minArpuFen: 'x' }], [{ constructor: 1 }]])(
    '%j is refused',
    (filter) => {
      expect(() => filterSql(filter)).toThrow(expect.objectContaining({ code: 'filter_invalid' }) as Error);
    },
  );
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
