import type { Response } from 'supertest';
import { ROLE_AREAS } from '../../../src/staff/roles/role-areas.policy.js';
import { areaOf } from '../../../src/staff/roles/role-rights.policy.js';
import { ROLES } from '../../../src/staff/staff.types.js';
import { type ApiClient, createHouse, type House, PASSWORD } from '../../support/house.js';
import { type Route, routesOf } from '../../support/routes.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';

let test: TestApp;
let house: House;
let admin: PageVisitor;
let routes: Route[];

/** Somebody of each role. */
const PEOPLE: Record<string, string> = {
  manager: 'm01',
  planner: 'planner-e',
  supervisor: 'supervisor-e',
  judge: 'judge-e',
  client: 'client-e',
  admin: 'admin',
};

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  const api = await house('admin');
  for (const role of ['judge', 'client'])
    await api.post('/users', { username: `${role}-e`, role, orgUnit: 'east', name: role, password: PASSWORD, agentNo: `9${role}` });
  admin = await logIn(test, 'admin');
  routes = routesOf(test).filter(({ open }) => !open);
});
afterAll(() => test.close());

const keyOf = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;
const rowOf = (text: string, id: string): string => text.split('<tr ').find((row) => row.startsWith(`id="${id}"`)) ?? '';
const cellOf = (text: string, area: string, role: string): string =>
  rowOf(text, `area-${area}`)
    .split('<td ')
    .find((cell) => cell.startsWith(`data-role="${role}"`)) ?? '';
/** What the page of a role lists as open to it. */
const listed = async (role: string): Promise<Set<string>> => {
  const { text } = await admin.get(`/admin/roles/${role}`);
  return new Set([...unescaped(text).matchAll(/<code data-method="[A-Z]+"[^>]*>([^<]+)<\/code>/g)].map(([, key]) => key ?? ''));
};
const codeOf = ({ body }: Response): string | undefined => (body as { error?: { code?: string } }).error?.code;

describe('SYS-1 the page of roles', () => {
  it('shows the six with their data, their menu and how many people have them, and says that they are fixed', async () => {
    const text = unescaped((await admin.get('/admin/roles')).text);
    expect(text).toContain('六种岗位是固定的');
    for (const role of ROLES) expect(rowOf(text, role)).toContain(`href="/admin/roles/${role}"`);
    expect(rowOf(text, 'manager')).toMatch(/自己的名单和自己的客户[^]*今日、外呼[^]*href="\/admin\/users\?role=manager"[^>]*>3<[^]*班组 3/);
    expect(rowOf(text, 'planner')).toMatch(/市公司 2/);
    expect((await admin.get('/admin/settings')).text).toMatch(/href="\/admin\/roles"[^]*?固定，只能看/);
  });

  it('counts active people only, and leads to them', async () => {
    const api = await house('admin');
    await api.patch('/users/m11', { active: false });
    expect(rowOf((await admin.get('/admin/roles')).text, 'manager')).toMatch(/role=manager"[^>]*>2</);
    await api.patch('/users/m11', { active: true });
    const { text } = await admin.get('/admin/users?role=manager');
    expect([text.includes('<td>m01</td>'), text.includes('<td>planner-e</td>')]).toEqual([true, false]);
    expect(text).toMatch(/href="\/admin\/users\?role=manager" aria-current="true"/);
    expect((await admin.get('/admin/users?role=nothing')).text).toContain('<td>planner-e</td>');
    await api.patch('/users/judge-e', { role: 'client' });
    expect((await admin.get('/admin/users?role=judge')).text).toContain('没有人是这个岗位');
    await api.patch('/users/judge-e', { role: 'judge' });
  });

  it('is named where the role of somebody is chosen', async () => {
    for (const path of ['/admin/users', '/admin/users/m01']) expect((await admin.get(path)).text).toMatch(/六种固定岗位[^]*?href="\/admin\/roles"/);
  });

  it.each(['manager', 'planner', 'supervisor', 'judge', 'client'])('is not for %s', async (role) => {
    const page = await logIn(test, PEOPLE[role] ?? '');
    for (const path of ['/admin/roles', '/admin/roles/planner']) expect((await page.get(path)).status).toBe(403);
  });

  it('keeps the rail of its reader, and stands below the settings', async () => {
    for (const path of ['/admin/roles', '/admin/roles/client'])
      expect((await admin.get(path)).text).toMatch(/class="sc-rail__item" href="\/admin\/settings" aria-current="page"/);
  });

  it('knows no other role', async () => {
    expect((await admin.get('/admin/roles/owner')).status).toBe(404);
  });
});

describe('SYS-1 what the page of roles says is what the product does', () => {
  it('every address that is served belongs to an area with a word', async () => {
    expect(routes.filter(({ path }) => areaOf(path) === undefined).map(({ path }) => path)).toEqual([]);
    const { text } = await admin.get('/admin/roles');
    for (const { key } of ROLE_AREAS) expect(rowOf(text, `area-${key}`)).not.toMatch(/^$|roles\.area/);
    expect([...(await listed('admin'))].sort()).toEqual([...new Set(routes.map(keyOf))].sort());
  });

  it('an address that a controller has from another is served and listed like any other', async () => {
    const inherited = ['POST /tasks/:id/dial', 'GET /tasks/:id/call'];
    expect([...(await listed('manager'))]).toEqual(expect.arrayContaining(inherited));
    expect([...(await listed('planner'))]).not.toEqual(expect.arrayContaining(inherited));
    expect(routes.map(keyOf)).toEqual(expect.arrayContaining(inherited));
    expect((await (await logIn(test, 'planner-e')).post('/tasks/1/dial')).status).toBe(403);
    expect((await (await logIn(test, 'm01')).post('/tasks/1/dial')).status).toBe(409);
  });

  it.each(ROLES)('%s opens the pages that it lists and no other', async (role) => {
    const [open, page] = [await listed(role), await logIn(test, PEOPLE[role] ?? '')];
    const wrong: string[] = [];
    for (const route of routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/api/') && path !== '/logout')) {
      const { status } = await page.get(route.path.replace(/:\w+/g, 'x'));
      if ((status !== 403) !== open.has(keyOf(route))) wrong.push(`${status} ${keyOf(route)}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(ROLES)('%s is refused by the API for its role exactly where nothing is listed', async (role) => {
    const [open, api] = [await listed(role), await house(PEOPLE[role] ?? '')];
    const wrong: string[] = [];
    for (const route of routes.filter(({ path }) => path.startsWith('/api/v1/'))) {
      if (/\/session/.test(route.path)) continue; // its own password: nothing to be refused
      const answer = await asked(api, route, PEOPLE[role] ?? '');
      if ((codeOf(answer) === 'role_refused') === open.has(keyOf(route))) wrong.push(`${answer.status} ${keyOf(route)}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each<[string, string, string, boolean, boolean]>([
    ['segments', 'planner', '/segments', true, true],
    ['segments', 'manager', '/segments', false, false],
    ['live', 'supervisor', '/live', true, false],
    ['live', 'client', '/live', false, false],
    ['calendar', 'judge', '/calendar', true, false],
    ['outcomes', 'admin', '/admin/outcomes', true, true],
    ['system', 'planner', '/admin/settings', false, false],
    ['reports', 'client', '/reports/funnel', true, false],
  ])('the matrix says of %s and %s what %s answers', async (area, role, path, see, change) => {
    const cell = cellOf((await admin.get('/admin/roles')).text, area, role);
    expect([cell.includes('ti-eye'), cell.includes('ti-pencil')]).toEqual([see, change]);
    const { status } = await (await logIn(test, PEOPLE[role] ?? '')).get(path);
    expect(status === 403).toBe(!see);
  });
});

/** One's own absences are one's own: another's are refused by the same word, whatever the role. */
function asked(api: ApiClient, { method, path }: Route, own: string): Promise<Response> {
  const address = path.replace('/api/v1', '').replace(':username', own).replace(/:\w+/g, 'x');
  if (method === 'get') return api.get(address);
  if (method === 'delete') return Promise.resolve(test.http.delete(`/api/v1${address}`).set('authorization', `Bearer ${api.token}`));
  return api[method](address, {});
}
