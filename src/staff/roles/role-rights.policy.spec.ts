import { ROLE_AREAS } from './role-areas.policy.js';
import { areaOf, rightsOf } from './role-rights.policy.js';

describe('SYS-1 the area an address belongs to', () => {
  it.each([
    ['/', 'account'],
    ['/account/password', 'account'],
    ['/account/absences/:id/end', 'rota'],
    ['/api/v1/users', 'people'],
    ['/api/v1/users/:username/absences', 'rota'],
    ['/admin/users/:username', 'people'],
    ['/admin/calendar', 'calendar'],
    ['/campaigns/:code/edit', 'campaigns'],
    ['/campaign-approvals', 'campaigns'],
  ])('%s is %s', (path, area) => expect(areaOf(path)).toBe(area));

  it('is none where nobody has said', () => expect([areaOf('/new-things'), areaOf('/campaignsx')]).toEqual([undefined, undefined]));

  it('no prefix stands twice', () => {
    const prefixes = ROLE_AREAS.flatMap((area) => area.prefixes);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
});

describe('SYS-1 what a role may do with an area', () => {
  const routes = [
    { method: 'GET', path: '/segments', roles: ['planner'] },
    { method: 'POST', path: '/api/v1/segments', roles: [] },
    { method: 'GET', path: '/calendar', roles: null },
  ];
  const of = (role: string, key: string) => {
    const { see, change, allowed, addresses } = rightsOf(role, routes).find((area) => area.key === key)!;
    return [see, change, `${allowed}/${addresses.length}`];
  };

  it.each<[string, string, unknown[]]>([
    ['planner', 'segments', [true, false, '1/2']],
    ['admin', 'segments', [true, true, '2/2']],
    ['client', 'segments', [false, false, '0/2']],
    ['client', 'calendar', [true, false, '1/1']],
  ])('%s, %s', (role, key, rights) => expect(of(role, key)).toEqual(rights));
});
