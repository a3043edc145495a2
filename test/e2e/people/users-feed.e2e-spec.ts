import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { handIn, type Imported } from '../../support/hand-in.js';
import { type ApiClient, callAs, createHouse, type House, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';

const HEADER = 'username,name,role,org_unit,agent_no,daily_capacity,active';
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-users-'));
let test: TestApp;
let house: House;
let admin: ApiClient;

beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  house = await createHouse(test);
  admin = await house('admin');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

const hand = async (rows: readonly string[], header = HEADER): Promise<Imported> => {
  const done = await handIn(test, admin, 'feed=users', `${header}\n${rows.join('\n')}\n`);
  expect(done.state).toBe('done');
  return done;
};
const person = (username: string) =>
  test.db.maybe(sql`
    select u.name, u.role, o.code as unit, u.agent_no as "agentNo", u.daily_capacity as capacity, u.active, u.password_hash is not null as "hasPassword"
    from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id where u.username = ${username}`);
const rejects = async ({ id }: Imported): Promise<string> => (await admin.get(`/imports/${id}/rejects.csv`)).text;
const enter = async (username: string, password: string): Promise<number> =>
  (await test.http.post('/api/v1/session').send({ username, password })).status;

describe('feed users: the people of the house by a list (SYS-1, SYS-6)', () => {
  it('adds who is new, without a password, and a second time changes and rewrites nothing', async () => {
    const rows = ['zhang.wei,张伟,客户经理,east-1,7001,80,是', 'li.na,李娜,supervisor,east,,,'];
    expect(await hand(rows)).toMatchObject({ read: 2, created: 2, updated: 0, rejected: 0 });
    expect(await person('zhang.wei')).toEqual({
      name: '张伟',
      role: 'manager',
      unit: 'east-1',
      agentNo: '7001',
      capacity: 80,
      active: true,
      hasPassword: false,
    });
    expect(await person('li.na')).toEqual({
      name: '李娜',
      role: 'supervisor',
      unit: 'east',
      agentNo: null,
      capacity: 60,
      active: true,
      hasPassword: false,
    });
    expect(await enter('zhang.wei', '')).not.toBe(200);
    expect(await enter('zhang.wei', PASSWORD)).toBe(401);
    const places = () => test.db.rows(sql`select ctid::text as place from staff.app_user order by id`);
    const before = await places();
    const reversed = [...rows].reverse(); // another file: one that is known is not even read
    expect(await hand(reversed)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    expect(await places()).toEqual(before);
  });

  it('takes the telephone customers are told; a file that leaves it out keeps it', async () => {
    const phone = async () => (await test.db.one<{ phone: string | null }>(sql`select phone from staff.app_user where username = 'zhang.wei'`)).phone;
    expect(await hand(['zhang.wei,张伟,客户经理,east-1,138 0013 8000'], 'username,name,role,org_unit,对外电话')).toMatchObject({ updated: 1 });
    expect(await phone()).toBe('138 0013 8000');
    expect(await hand(['zhang.wei,张伟,客户经理,east-1'], 'username,name,role,org_unit')).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await phone()).toBe('138 0013 8000');
  });

  it('comes in by the password an administrator sets', async () => {
    const page = await logIn(test, 'admin');
    expect((await page.get('/admin/users')).text.split('没有密码')).toHaveLength(3); // both who came by the list
    expect((await admin.patch('/users/zhang.wei', { password: 'told-by-phone' })).status).toBe(200);
    expect((await page.get('/admin/users')).text.split('没有密码')).toHaveLength(2);
    expect(await enter('zhang.wei', 'told-by-phone')).toBe(200);
  });

  it('changes what the file says and leaves what it does not, whatever the case of the name; the last row of a name counts', async () => {
    const done = await hand(['ZHANG.WEI,张伟,planner,east', 'zhang.wei,张维,manager,east-1'], 'username,name,role,org_unit');
    expect(done).toMatchObject({ read: 2, updated: 1, duplicate: 1 });
    expect(await person('zhang.wei')).toMatchObject({ name: '张维', unit: 'east-1', agentNo: '7001', capacity: 80, hasPassword: true });
    const [entry] = await test.db.rows(sql`
      select actor, action, detail from staff.audit_entry where object_type = 'user' and detail->>'by' = 'feed:users' order by id desc limit 1`);
    expect(entry).toEqual({ actor: 'admin', action: 'user.changed', detail: { username: 'zhang.wei', fields: ['name'], by: 'feed:users' } });
  });

  it('who is switched off is out at once', async () => {
    const page = await logIn(test, 'm01');
    expect((await page.get('/account')).status).toBe(200);
    const { name, role, unit } = (await person('m01')) as Record<string, string>;
    expect(await hand([`m01,${name},${role},${unit},,,否`])).toMatchObject({ updated: 1 });
    expect((await page.get('/account')).status).toBe(303);
    expect(await enter('m01', PASSWORD)).toBe(401);
    await hand([`m01,${name},${role},${unit},,,是`]);
    expect(await enter('m01', PASSWORD)).toBe(200);
  });

  it('rejects by row and reason, and takes the others', async () => {
    const done = await hand([
      'good.one,好人,judge,east,,,',
      'bad name,空格,manager,east-1,,,',
      'no.role,无角色,经理助理,east-1,,,',
      'no.unit,无单位,manager,nowhere,,,',
      'same.no,同号,manager,east-1,7001,,',
      'twice.a,甲,manager,east-1,7100,,',
      'twice.b,乙,manager,east-1,7100,,',
      'admin,管理员,manager,province,,,',
      'admin,管理员,admin,province,,,否',
    ]);
    expect(done).toMatchObject({ read: 9, created: 2, duplicate: 1, rejected: 6 });
    const text = await rejects(done);
    for (const reason of ['用户名只能用', '只能是', '没有这个单位', '工号已是别人的', '自己的账号']) expect(text).toContain(reason);
    expect(await person('admin')).toMatchObject({ role: 'admin', active: true });
    expect(await person('twice.b')).toBeUndefined();
  });

  it('leaves an administrator, whoever was switched off before the file was read', async () => {
    for (const username of ['boss.a', 'boss.b'])
      await admin.post('/users', { username, name: username, role: 'admin', orgUnit: 'province', password: PASSWORD });
    const boss = await callAs(test, 'boss.a');
    const answer = await boss.upload(
      '/imports?feed=users',
      `${HEADER}\nboss.b,乙,admin,province,,,否\nadmin,管理员,admin,province,,,否\nlate.one,晚到,manager,east-1,,,\n`,
    );
    await test.db.run(sql`update staff.app_user set active = false where username = 'boss.a'`);
    await drainJobs(test.app);
    const done = (await admin.get(`/imports/${(answer.body as Imported).id}`)).body as Imported;
    expect(done).toMatchObject({ state: 'done', created: 1, rejected: 2 });
    expect(await rejects(done)).toContain('没有别的管理员了');
    expect([await person('admin'), await person('boss.b')]).toMatchObject([{ active: true }, { active: true }]);
  });

  it('nobody outside the scope of who hands it in, and no program’s account, is touched', async () => {
    const { token } = (await admin.post('/tokens', { name: 'robot', role: 'planner', orgUnit: 'province' })).body as { token: string };
    expect(token).toBeDefined();
    await test.db.run(sql`update staff.app_user set username = 'robot.x' where username = 'token:robot'`);
    const done = await hand(['robot.x,机器人,admin,province,,,']);
    expect(done).toMatchObject({ created: 0, rejected: 1 });
    expect(await rejects(done)).toContain('不在您的范围内');
  });

  it('SYS-1 what an administrator handed in is nobody else’s to see, to map, to stop or to take the rejects of', async () => {
    await admin.post('/users', { username: 'planner-p', name: '省策划', role: 'planner', orgUnit: 'province', password: PASSWORD });
    const { id } = await handIn(test, admin, 'feed=users', `${HEADER}\nnew.boss,新人,admin,nowhere,,,\n`);
    const [planner, page] = [await house('planner-p'), await logIn(test, 'planner-p')];
    for (const path of [`/imports/${id}`, `/imports/${id}/rejects.csv`]) {
      expect((await planner.get(path)).status).toBe(404);
      expect((await page.get(path)).status).toBe(404);
    }
    for (const deed of ['cancel', 'mapping']) expect((await page.post(`/imports/${id}/${deed}`, { columns: ['username'] })).status).toBe(404);
    expect(((await planner.get('/imports')).body as { items: object[] }).items).toEqual([]);
    expect((await admin.get(`/imports/${id}`)).body).toMatchObject({ rejected: 1 });
  });

  it('is for administrators: a planner is refused, and not offered it', async () => {
    const planner = await house('planner-e');
    const refused = await planner.upload('/imports?feed=users', `${HEADER}\nx.y,某人,admin,east,,,\n`);
    expect([refused.status, refused.body]).toMatchObject([403, { error: { code: 'role_refused' } }]);
    expect(await person('x.y')).toBeUndefined();
    expect((await (await logIn(test, 'planner-e')).get('/imports')).text).not.toContain('value="users"');
    expect((await (await logIn(test, 'admin')).get('/imports')).text).toContain('value="users"');
  });
});
