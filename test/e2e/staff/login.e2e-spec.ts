import { sql } from '../../../src/platform/database/sql.js';
import { callAs, createHouse, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, visitor } from '../../support/visitor.js';

describe('logging in (SYS-2)', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await createTestApp();
    await createHouse(test);
  });
  afterAll(() => test.close());

  const tryApi = (username: string, password: string) => test.http.post('/api/v1/session').send({ username, password });

  it('refuses a wrong password on the page and says how many tries are left', async () => {
    const page = visitor(test);
    await page.get('/login');
    const answer = await page.post('/login', { username: 'm01', password: 'wrong' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('用户名或密码不对。还可以再试 4 次，之后锁定 15 分钟');
    expect(answer.text).toContain('value="m01"');
    expect(answer.text).not.toContain('wrong');
  });

  it('gives an unknown name the same answer as a known one', async () => {
    const unknown = await tryApi('nobody-here', 'wrong');
    const known = await tryApi('m02', 'wrong');
    expect(unknown.status).toBe(401);
    expect(unknown.body).toMatchObject({ error: { code: 'login_failed' } });
    expect((unknown.body as { error: { message: string } }).error.message).toBe((known.body as { error: { message: string } }).error.message);
  });

  it('locks a name after five failures, refuses the right password then, and opens again after 15 minutes', async () => {
    for (let i = 0; i < 4; i++) expect((await tryApi('supervisor-e', 'wrong')).body).toMatchObject({ error: { code: 'login_failed' } });
    expect((await tryApi('supervisor-e', 'wrong')).body).toMatchObject({
      error: { code: 'login_locked', message: expect.stringContaining('10:15') as string },
    });
    expect((await tryApi('Supervisor-E', PASSWORD)).status).toBe(401);
    test.clock.advance(15 * 60_000);
    expect((await tryApi('supervisor-e', PASSWORD)).status).toBe(200);
  });

  it('counts every one of many guesses made at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => tryApi('planner-w', 'wrong')));
    const codes = answers.map(({ body }) => (body as { error: { code: string } }).error.code);
    expect(codes.filter((code) => code === 'login_failed')).toHaveLength(4);
    expect(codes.filter((code) => code === 'login_locked')).toHaveLength(8);
  });

  it('lets many logins with the right password through at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => tryApi('m11', PASSWORD)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it('opens a locked name when an administrator resets the password', async () => {
    const admin = await callAs(test, 'admin');
    for (let i = 0; i < 5; i++) await tryApi('m02', 'wrong');
    expect((await tryApi('m02', PASSWORD)).status).toBe(401);
    expect((await admin.patch('/users/m02', { password: PASSWORD })).status).toBe(200);
    expect((await tryApi('m02', PASSWORD)).status).toBe(200);
  });

  it('gives the session a new id at login, so that a planted one is worth nothing', async () => {
    const page = visitor(test);
    const before = [(await page.get('/login')).headers['set-cookie']].flat();
    await page.post('/login', { username: 'm01', password: PASSWORD });
    const planted = await test.http
      .get('/account')
      .set('cookie', before.map((line) => line?.split(';')[0]).join('; '))
      .set('accept', 'text/html');
    expect(planted.status).toBe(303);
    expect((await page.get('/account')).text).toContain('m01');
  });

  it('leads a guest to the login page and after it to where they wanted to go', async () => {
    const page = visitor(test);
    const away = await page.get('/account?x=1');
    expect(away.status).toBe(303);
    expect(away.headers.location).toBe('/login?next=%2Faccount%3Fx%3D1');
    await page.get(away.headers.location ?? '');
    const inside = await page.post('/login', { username: 'm01', password: PASSWORD, next: '/account?x=1' });
    expect(inside.headers.location).toBe('/account?x=1');
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/'])('does not lead to %s after the login', async (next) => {
    const page = visitor(test);
    await page.get('/login');
    const inside = await page.post('/login', { username: 'm01', password: PASSWORD, next });
    expect(inside.headers.location).toMatch(/^\/[a-z]/);
  });

  it('puts a disabled person out at once, by page and by token', async () => {
    const admin = await callAs(test, 'admin');
    const page = await logIn(test, 'm11');
    const program = await callAs(test, 'm11');
    expect((await admin.patch('/users/m11', { active: false })).status).toBe(200);
    expect((await page.get('/account')).status).toBe(303);
    expect((await program.post('/session/password', { current: PASSWORD, password: 'another-horse' })).status).toBe(401);
    expect((await tryApi('m11', PASSWORD)).status).toBe(401);
    expect((await admin.patch('/users/m11', { active: true })).status).toBe(200);
  });

  it('ends a bearer after twelve hours', async () => {
    const program = await callAs(test, 'admin');
    test.clock.advance(12 * 3_600_000 - 1000);
    expect((await program.patch('/users/m01', {})).status).toBe(200);
    test.clock.advance(2000);
    expect((await program.patch('/users/m01', {})).status).toBe(401);
  });

  it('changes the own password only with the current one, and ends the other logins', async () => {
    const here = await logIn(test, 'planner-e');
    const elsewhere = await logIn(test, 'planner-e');
    const refused = await here.post('/account/password', { current: 'wrong', password: 'brand-new-one' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('现在的密码不对');
    expect((await here.post('/account/password', { current: PASSWORD, password: 'short' })).text).toContain('太短，至少 8 个字符');
    expect((await here.post('/account/password', { current: PASSWORD, password: 'Planner-E' })).text).toContain('密码不能和用户名一样');
    expect((await here.post('/account/password', { current: PASSWORD, password: 'Qwertyuiop' })).text).toContain('这个密码太常见');
    expect((await here.post('/account/password', { current: PASSWORD, password: 'x'.repeat(129) })).status).toBe(422);
    expect((await here.post('/account/password', { current: PASSWORD, password: 'brand-new-one' })).status).toBe(303);
    expect((await here.get('/account')).text).toContain('新密码已启用');
    expect((await elsewhere.get('/account')).status).toBe(303);
    expect((await tryApi('planner-e', PASSWORD)).status).toBe(401);
    expect((await tryApi('planner-e', 'brand-new-one')).status).toBe(200);
  });

  it('logs out: the session is gone, not only the cookie', async () => {
    const page = await logIn(test, 'm01');
    const sessions = () =>
      test.db.one<{ n: number }>(
        sql`select count(*)::int as n from staff.session where user_id = (select id from staff.app_user where username = 'm01')`,
      );
    const before = (await sessions()).n;
    expect((await page.post('/logout')).headers.location).toBe('/login');
    expect((await sessions()).n).toBe(before - 1);
    expect((await page.get('/account')).status).toBe(303);
  });

  it('leads each role to its first page that is served', async () => {
    const admin = await logIn(test, 'admin');
    expect((await admin.get('/')).headers.location).toBe('/admin/users');
  });
});
