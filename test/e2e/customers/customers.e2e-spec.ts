import { InitialsCommands } from '../../../src/customers/search/initials.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

let test: TestApp;
let house: House;
let ids: Record<string, string>;

/** Three customers: 陈志远 and 欧阳若曦 of m01 in the east, 王芳 of m11 in the west. */
async function fill(): Promise<Record<string, string>> {
  const rows = await test.db.rows<{ id: string; name: string }>(sql`
    insert into customers.customer (name, gender, star_level, city, birth_month, birth_day, birth_calendar, manager_id, org_unit_id, call_consent, created_at, updated_at)
    select c.name, c.gender, c.star, c.city, 10, 18, 'lunar', u.id, u.org_unit_id, true, ${test.clock.now()}, ${test.clock.now()}
    from (values (1, '陈志远', 'male', 7, '东城', 'm01'), (2, '欧阳若曦', 'female', 3, '东城', 'm01'), (3, '王芳', 'female', 5, '西城', 'm11'))
      as c(n, name, gender, star, city, manager)
    join staff.app_user u on u.username = c.manager
    order by c.n
    returning id, name`);
  await test.db.run(sql`
    insert into customers.line (customer_id, number, kind, created_at, updated_at)
    select c.id, l.number, l.kind, c.created_at, c.created_at
    from (values ('陈志远', '+8613800138000', 'main'), ('陈志远', '+8613800138001', 'secondary'), ('欧阳若曦', '+8613911112222', 'main'),
                 ('王芳', '+8613733338000', 'main')) as l(name, number, kind)
    join customers.customer c on c.name = l.name`);
  return Object.fromEntries(rows.map((row) => [row.name, row.id]));
}

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  ids = await fill();
});
afterAll(() => test.close());

interface Found {
  items: { name: string; phone: string }[];
  nextCursor: string | null;
}
const names = async (who: string, query: string): Promise<string[]> => {
  const answer = await (await house(who)).get(`/customers?${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as Found).items.map((item) => item.name);
};

describe('SYS-1 nobody sees a customer outside of their scope', () => {
  it.each([
    ['m11', '陈志远'],
    ['m02', '陈志远'],
    ['planner-w', '陈志远'],
    ['planner-e', '王芳'],
  ])('%s asking for %s hears "not found", as for a customer that does not exist', async (who, name) => {
    const client = await house(who);
    const answer = await client.get(`/customers/${ids[name]}`);
    const missing = await client.get('/customers/999999');
    expect(answer.status).toBe(404);
    expect((answer.body as { error: { code: string } }).error.code).toBe('not_found');
    expect((answer.body as { error: { message: string } }).error.message).toBe((missing.body as { error: { message: string } }).error.message);
  });

  it('a change outside of the scope is refused and changes nothing', async () => {
    expect((await (await house('m02')).patch(`/customers/${ids['陈志远']}`, { name: '别人' })).status).toBe(404);
    expect((await test.db.one<{ name: string }>(sql`select name from customers.customer where id = ${ids['陈志远']}`)).name).toBe('陈志远');
  });

  it('a search finds only what lies in the scope', async () => {
    expect(await names('planner-e', 'phone=8000')).toEqual(['陈志远']);
    expect(await names('planner-w', 'phone=8000')).toEqual(['王芳']);
    expect(await names('admin', 'phone=8000')).toEqual(['王芳', '陈志远']);
    expect(await names('m02', '')).toEqual([]);
  });

  it('a client reads figures, not customers', async () => {
    await (
      await house('admin')
    ).post('/users', { username: 'client-1', name: '甲方', role: 'client', orgUnit: 'province', password: 'starcare-test' });
    expect((await (await house('client-1')).get('/customers')).status).toBe(403);
  });
});

describe('SYS-2 numbers are whole only for those who plan and supervise', () => {
  it('a manager gets them masked, in the list and on the card', async () => {
    const manager = await house('m01');
    expect(((await manager.get('/customers')).body as Found).items[0]?.phone).toBe('138 **** 8000');
    expect((await manager.get(`/customers/${ids['陈志远']}`)).body).toMatchObject({
      phone: '138 **** 8000',
      lines: [{ phone: '138 **** 8000', kind: 'main' }, { phone: '138 **** 8001' }],
    });
  });

  it('a planner gets E.164', async () => {
    expect((await (await house('planner-e')).get(`/customers/${ids['陈志远']}`)).body).toMatchObject({
      phone: '+8613800138000',
      starLevel: 7,
      manager: 'm01',
      birthday: '10-18',
      birthdayCalendar: 'lunar',
      birthdayOn: '2026-11-26',
    });
  });
});

describe('CUS-1 a customer is found by what one has at hand', () => {
  it.each([
    ['phone=138%200013%208000', ['陈志远']],
    ['phone=%2B86138-0013-8001', ['陈志远']],
    ['phone=2222', ['欧阳若曦']],
    [`name=${encodeURIComponent('欧阳')}`, ['欧阳若曦']],
    ['starLevel=7', ['陈志远']],
    ['manager=m01', ['陈志远', '欧阳若曦']],
    ['manager=nobody', []],
    [`city=${encodeURIComponent('东城')}`, ['欧阳若曦', '陈志远']],
    [`city=${encodeURIComponent('东城')}&starLevel=7`, ['陈志远']],
    [`city=${encodeURIComponent('西城')}`, []],
    ['name=%25', []],
  ])('%s', async (query, found) => {
    expect(await names('planner-e', query)).toEqual(found);
  });

  it('a number of the wrong length is refused with the count', async () => {
    const answer = await (await house('planner-e')).get('/customers?phone=1380013800');
    expect(answer.status).toBe(422);
    expect((answer.body as { error: { code: string; param: string; message: string } }).error).toMatchObject({
      code: 'phone_invalid',
      param: 'phone',
    });
    expect((answer.body as { error: { message: string } }).error.message).toContain('10位');
  });

  it('pages follow each other without a gap', async () => {
    const client = await house('admin');
    const first = (await client.get('/customers?limit=2')).body as Found;
    const second = (await client.get(`/customers?limit=2&cursor=${first.nextCursor}`)).body as Found;
    expect([...first.items, ...second.items].map((item) => item.name)).toEqual(['王芳', '欧阳若曦', '陈志远']);
    expect(second.nextCursor).toBeNull();
    const stars = (await client.get('/customers?limit=1&manager=m01')).body as Found;
    expect(((await client.get(`/customers?limit=1&manager=m01&cursor=${stars.nextCursor}`)).body as Found).items[0]?.name).toBe('欧阳若曦');
  });

  it('a list by stars goes on after equal stars without a gap or a repeat', async () => {
    const now = test.clock.now();
    await test.db.run(sql`
      insert into customers.customer (name, star_level, district, org_unit_id, manager_id, created_at, updated_at)
      select '同星' || n, 4, '鼓楼', u.org_unit_id, u.id, ${now}, ${now} from generate_series(1, 5) n, staff.app_user u where u.username = 'm02'`);
    const client = await house('planner-e');
    const seen: string[] = [];
    for (let cursor = '', more = true; more;) {
      const page = (await client.get(`/customers?manager=m02&limit=2&district=${encodeURIComponent('鼓楼')}${cursor}`)).body as Found;
      seen.push(...page.items.map((item) => item.name));
      more = page.nextCursor !== null;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(['同星1', '同星2', '同星3', '同星4', '同星5']);
    await test.db.run(sql`delete from customers.customer where name like '同星%'`);
  });

  it('a cursor somebody made up is refused', async () => {
    expect((await (await house('admin')).get('/customers?cursor=abc')).status).toBe(400);
  });
});

describe('CUS-1, CAR-4 a birthday of any calendar comes by feed', () => {
  it.each<[string, string, object | null]>([
    ['2001-02-03', '', { birthday: '2001-02-03', birthdayCalendar: 'solar', birthdayLeap: false }],
    ['20010203', '公历', { birthday: '2001-02-03', birthdayCalendar: 'solar' }],
    ['11-26', '', { birthday: '11-26', birthdayCalendar: 'solar', birthdayOn: '2026-11-26' }],
    ['02-29', '', { birthday: '02-29', birthdayOn: '2027-02-28' }],
    ['2000/2/29', '公历', { birthday: '2000-02-29', birthdayOn: '2027-02-28' }],
    ['10-18', '农历', { birthday: '10-18', birthdayCalendar: 'lunar', birthdayOn: '2026-11-26' }],
    ['02-30', '阴历', { birthday: '02-30', birthdayCalendar: 'lunar' }],
    ['1960-06-06', '农历闰月', { birthday: '1960-06-06', birthdayCalendar: 'lunar', birthdayLeap: true, birthdayOn: '2027-07-09' }],
    ['06-06', '闰月', { birthday: '06-06', birthdayLeap: true }],
    ['2001-07-03', '农历闰月', null],
    ['1999-02-29', '公历', null],
    ['02-30', '公历', null],
  ])('%s %s', async (birthday, calendar, kept) => {
    const planner = await house('planner-e');
    const { id } = (await planner.upload('/imports?feed=customers', `手机号码,姓名,生日,历法\n13600000001,生日客,${birthday},${calendar}\n`))
      .body as { id: string };
    await drainJobs(test.app);
    expect((await planner.get(`/imports/${id}`)).body).toMatchObject({ rejected: kept ? 0 : 1 });
    if (!kept) return;
    const { items } = (await planner.get('/customers?phone=13600000001')).body as { items: { id: string }[] };
    expect((await planner.get(`/customers/${items[0]?.id}`)).body).toMatchObject(kept);
  });

  afterAll(async () => {
    await test.db.run(sql`delete from customers.line where number = '+8613600000001'`);
    await test.db.run(sql`delete from customers.customer where name = '生日客'`);
  });
});

describe('CUS-2, CUS-3 what was learned keeps who, when and the old value', () => {
  it('a manager corrects a birthday; the old one and the apology stay on record', async () => {
    const manager = await house('m01');
    const answer = await manager.patch(`/customers/${ids['陈志远']}`, {
      birthday: '1978-11-18',
      birthdayCalendar: 'solar',
      note: '已致歉',
      profile: { interests: '摄影' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      birthday: '1978-11-18',
      birthdayOn: '2027-11-18',
      profile: { interests: { value: '摄影', learnedBy: '林晓雯' }, birthday: { value: '1978-11-18', oldValue: 'lunar 10-18', note: '已致歉' } },
    });
    const audit = await test.db.rows(sql`select detail from staff.audit_entry where action = 'customer.changed'`);
    expect(audit).toEqual([{ detail: { fields: ['birthday', 'interests'] } }]);
  });

  it('a leap month and an unknown year are kept, the apology stands beside the old value', async () => {
    const client = await house('m01');
    const answer = await client.patch(`/customers/${ids['陈志远']}`, {
      birthday: '06-06',
      birthdayCalendar: 'lunar',
      birthdayLeap: true,
      apologised: true,
    });
    expect(answer.body).toMatchObject({
      birthday: '06-06',
      birthdayCalendar: 'lunar',
      birthdayLeap: true,
      profile: { birthday: { value: 'lunar leap 06-06', oldValue: '1978-11-18', apologised: true } },
    });
  });

  it('what a customer said of the birthday is not undone by the feed of the next night', async () => {
    const planner = await house('planner-e');
    await planner.upload('/imports?feed=customers', 'phone,birthday,city\n13800138000,1978-11-18,南城\n13911112222,1990-01-02,南城\n');
    await drainJobs(test.app);
    expect((await planner.get(`/customers/${ids['陈志远']}`)).body).toMatchObject({ birthday: '06-06', birthdayLeap: true, city: '南城' });
    expect((await planner.get(`/customers/${ids['欧阳若曦']}`)).body).toMatchObject({ birthday: '1990-01-02', birthdayCalendar: 'solar' });
  });

  it('a second contact is kept whole, and shown masked to a manager', async () => {
    const path = `/customers/${ids['陈志远']}`;
    const client = await house('m01');
    const told = await client.patch(path, { profile: { second_contact: '王芳 配偶 13800138009', actual_user_birthday: '农历闰6-6' } });
    expect(told.body).toMatchObject({
      profile: { second_contact: { value: '王芳 配偶 138 **** 8009' }, actual_user_birthday: { value: 'lunar leap 06-06' } },
    });
    expect((await (await house('planner-e')).get(path)).body).toMatchObject({ profile: { second_contact: { value: '王芳 配偶 138 0013 8009' } } });
  });

  it('the same values again leave no trace', async () => {
    const client = await house('m01');
    await client.patch(`/customers/${ids['陈志远']}`, { profile: { interests: '摄影' } });
    expect((await test.db.one(sql`select count(*)::int as n from customers.profile_fact where field = 'interests'`)).n).toBe(1);
  });

  it.each([
    [{ starLevel: 5 }, 403, 'role_refused'],
    [{ manager: 'm02' }, 403, 'role_refused'],
    [{ birthday: '1999-02-29', birthdayCalendar: 'solar' }, 422, 'birthday_invalid'],
    [{ birthday: 'spring' }, 422, 'invalid_input'],
    [{ profile: { salary: '1' } }, 422, 'profile_field_unknown'],
    [{ profile: { email: { a: 1 } } }, 422, 'profile_field_unknown'],
    [{ profile: { email: 'chen@' } }, 422, 'profile_email_invalid'],
    [{ profile: { secondContact: '王芳' } }, 422, 'profile_contacts_invalid'],
    [{ profile: { wecom: 'maybe' } }, 422, 'profile_wecom_invalid'],
    [{ birthday: '2001-07-03', birthdayCalendar: 'lunar', birthdayLeap: true }, 422, 'birthday_invalid'],
    [{ shoeSize: 43 }, 422, 'invalid_input'],
  ])('a manager sending %j is refused with %i %s', async (patch, status, code) => {
    const answer = await (await house('m01')).patch(`/customers/${ids['陈志远']}`, patch);
    expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([status, code]);
  });

  it('a planner hands a customer to another manager of the scope, and to nobody outside of it', async () => {
    const planner = await house('planner-e');
    const path = `/customers/${ids['欧阳若曦']}`;
    expect((await planner.patch(path, { manager: 'm11' })).status).toBe(422);
    expect((await planner.patch(path, { manager: 'planner-e' })).status).toBe(422);
    expect((await planner.patch(path, { manager: 'm02' })).body).toMatchObject({ manager: 'm02' });
    expect((await (await house('m01')).get(path)).status).toBe(404);
    expect((await (await house('m02')).get(path)).status).toBe(200);
  });
});

it('CUS-1 a customer with two numbers of the same last four digits stands once', async () => {
  await test.db.run(sql`
    insert into customers.line (customer_id, number, kind, created_at, updated_at) select id, n, 'secondary', now(), now()
    from customers.customer, unnest(array['+8613699999876', '+8613799999876']) n where id = ${ids['陈志远']}`);
  expect(await names('planner-e', 'phone=9876')).toEqual(['陈志远']);
  await test.db.run(sql`delete from customers.line where number like '%9876'`);
});

describe('CUS-1 a name is found by the initials of its pinyin', () => {
  beforeAll(async () => {
    await (
      await house('planner-e')
    ).upload('/imports?feed=customers', '手机号码,姓名\n13600000011,单雄信\n13600000012,尉迟恭\n13600000013,曾小贤\n13600000014,John Smith\n');
    await drainJobs(test.app);
    // names that were there before the initials were: the job of the migration gives them theirs
    await test.app.get(InitialsCommands, { strict: false }).fill();
  });
  it.each([
    ['czy', ['陈志远']],
    ['CZ', ['陈志远']],
    ['陈zy', ['陈志远']],
    ['oyrx', ['欧阳若曦']],
    ['sxx', ['单雄信']],
    ['dxx', []],
    ['yc', ['尉迟恭']],
    ['尉迟g', ['尉迟恭']],
    ['zxx', ['曾小贤']],
    ['john', ['John Smith']],
    ['J', ['John Smith']],
    ['y', ['尉迟恭']],
    ['q', []],
    ['wf', []],
  ])('%s', async (typed, found) => {
    expect(await names('planner-e', `name=${encodeURIComponent(typed)}`)).toEqual(found);
  });

  it('a name that is changed is found by its new initials', async () => {
    const planner = await house('planner-e');
    const { items } = (await planner.get('/customers?name=zxx')).body as { items: { id: string }[] };
    await planner.patch(`/customers/${items[0]?.id}`, { name: '仇小贤' });
    expect([await names('planner-e', 'name=zxx'), await names('planner-e', 'name=qxx')]).toEqual([[], ['仇小贤']]);
    await planner.upload('/imports?feed=customers', '手机号码,姓名\n13600000013,曾小贤\n');
    await drainJobs(test.app);
    expect([await names('planner-e', 'name=zxx'), await names('planner-e', 'name=qxx')]).toEqual([['曾小贤'], []]);
  });
});
