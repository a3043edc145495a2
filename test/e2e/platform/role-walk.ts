import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import type { ApiClient, House } from '../../support/house.js';
import type { Route } from '../../support/routes.js';
import type { TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, visitor } from '../../support/visitor.js';

/** The furnished east with its routes, as scope-walk.e2e-spec.ts makes it. */
export interface Walk {
  test: TestApp;
  house: House;
  /** Every route behind a login but the way out. */
  routes: Route[];
  /** The address with the east's things in it; null when a parameter is unknown to the walk. */
  addressOf(route: Route): string | null;
  ask(route: Route, address: string, api: ApiClient, page: PageVisitor): Promise<Response>;
}

/** Open to everybody who has logged in: oneself, one's own exports, the calendar, the words of outcomes. */
const EVERYBODY = [
  'get /',
  'get /account',
  'post /account/password',
  'post /api/v1/session/password',
  'get /exports',
  'post /exports',
  'get /exports/:id',
  'get /exports/:id/file',
  'post /exports/:id/withdraw',
  'get /exports/files/:what',
  'get /api/v1/exports',
  'post /api/v1/exports',
  'get /api/v1/exports/:id',
  'get /api/v1/exports/:id/file',
  'post /api/v1/exports/:id/withdraw',
  'get /calendar',
  'get /api/v1/calendar/days',
  'get /api/v1/calendar/marks',
  'get /api/v1/outcomes',
];
const FIGURES = [
  'get /reports/funnel',
  'get /reports/campaigns/:code/funnel',
  'get /reports/bands',
  'get /reports/metrics',
  'get /reports/coverage',
  'get /reports/monthly',
  'get /api/v1/campaigns/:code/funnel',
  'get /api/v1/campaigns/:code/band',
  'get /api/v1/reports/coverage',
  'get /api/v1/reports/funnel',
  'get /api/v1/reports/metrics',
];
/** What each role of few rights reaches in its own unit, and nothing else: a new route is refused to it until it stands here. */
const REACH: Record<string, string[]> = {
  'client-e': [
    ...EVERYBODY,
    ...FIGURES,
    'get /campaigns',
    'get /campaigns/:code',
    'get /campaigns/:code/uplift',
    'get /campaigns/:code/building',
    'get /campaigns/:code/waves',
    'get /campaigns/:code/approval',
    'post /campaigns/:code/approval/approve',
    'post /campaigns/:code/approval/refuse',
    'get /campaign-approvals',
    'get /campaigns/:code/sms-step',
    'get /api/v1/campaigns',
    'get /api/v1/campaigns/:code',
    'get /api/v1/campaigns/:code/uplift',
    'get /api/v1/campaigns/:code/waves',
    'get /api/v1/campaigns/:code/approval',
    'post /api/v1/campaigns/:code/approval/approve',
    'post /api/v1/campaigns/:code/approval/refuse',
    'get /api/v1/campaign-approvals',
    'get /api/v1/campaigns/:code/sms-step',
    'get /care/greetings',
    'post /care/greetings/:greeting/approve',
    'post /care/greetings/:greeting/refuse',
    'get /api/v1/care/greetings',
    'post /api/v1/care/greetings/:greeting/approve',
    'post /api/v1/care/greetings/:greeting/refuse',
    'get /sms',
    'get /sms/templates',
    'get /sms/templates/:code',
    'get /sms/templates/:code/versions',
    'post /sms/templates/:code/approve',
    'post /sms/templates/:code/refuse',
    'get /sms/blasts',
    'get /sms/blasts/:code',
    'get /sms/blasts/:code/progress',
    'get /sms/blasts/:code/figures',
    'get /sms/approvals',
    'get /sms/blasts/:code/approval',
    'post /sms/blasts/:code/approval/approve',
    'post /sms/blasts/:code/approval/refuse',
    'get /sms/blasts/:code/plan',
    'get /api/v1/sms/templates',
    'get /api/v1/sms/templates/:code',
    'get /api/v1/sms/templates/:code/versions',
    'post /api/v1/sms/templates/:code/approve',
    'post /api/v1/sms/templates/:code/refuse',
    'get /api/v1/sms/blasts',
    'get /api/v1/sms/blasts/:code',
    'get /api/v1/sms/blasts/:code/figures',
    'get /api/v1/sms/blast-approvals',
    'get /api/v1/sms/blasts/:code/approval',
    'post /api/v1/sms/blasts/:code/approval/approve',
    'post /api/v1/sms/blasts/:code/approval/refuse',
    'post /exports/:id/approve',
    'post /exports/:id/refuse',
    'post /api/v1/exports/:id/approve',
    'post /api/v1/exports/:id/refuse',
  ],
  'judge-e': [
    ...EVERYBODY,
    ...FIGURES,
    'get /account/absences',
    'post /account/absences',
    'get /account/absences/:id/end',
    'post /account/absences/:id/end',
    'get /api/v1/absence-kinds',
  ],
};
const RAILS: Record<string, string[]> = {
  'client-e': ['/reports/funnel', '/campaigns', '/sms', '/care/greetings', '/exports'],
  'judge-e': ['/reports/funnel'],
};

interface Seen {
  path: string;
  address: string;
  answer: Response;
}

/** Pages about one customer or one number; the desk has the number to dial. */
const ABOUT_ONE = /^\/customers\/:id|^\/contact\/decisions|^\/desk|^\/tasks\/:id/;
/** A name, a number, or a link to somebody. */
const PEOPLE = /藏云深|139 ?(5550|\*{4}) ?\d|href="\/customers/;
const whole = (text: string): string[] => [...text.matchAll(/139 ?5550 ?\d{4}/g)].map(([number]) => number.replaceAll(' ', ''));
const isPage = ({ headers }: Response): boolean => headers['content-type']?.startsWith('text/html') ?? false;

async function lookAround({ test, routes, addressOf }: Walk, who: string): Promise<Seen[]> {
  const page = await logIn(test, who);
  const seen: Seen[] = [];
  for (const route of routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/api/'))) {
    const address = addressOf(route) ?? route.path;
    seen.push({ path: route.path, address, answer: await page.get(address) });
  }
  return seen;
}

const pages = new Map<string, Promise<Seen[]>>();
/** Every page there is, as somebody sees it: looked at once for all the tests of the walk. */
export function pagesOf(walk: Walk, who: string): Promise<Seen[]> {
  const seen = pages.get(who) ?? lookAround(walk, who);
  pages.set(who, seen);
  return seen;
}

async function listsOf({ test, routes, addressOf, ask }: Walk, api: ApiClient): Promise<Seen[]> {
  const nobody = visitor(test);
  const seen: Seen[] = [];
  for (const route of routes.filter(({ method, path }) => method === 'get' && path.startsWith('/api/'))) {
    const address = addressOf(route) ?? route.path;
    seen.push({ path: route.path, address, answer: await ask(route, address, api, nobody) });
  }
  return seen;
}

/** What each role reaches in its own unit, what it is shown of people, and whose mark lies over its pages: tests of the walk, which share its world. */
export function walkRoles(walk: () => Walk): void {
  describe.each(Object.keys(REACH))('SYS-1 %s, in the unit of all this,', (who) => {
    it('reaches what its role is for, and is refused at every other route', async () => {
      const [api, page] = await Promise.all([walk().house(who), logIn(walk().test, who)]);
      const reached: string[] = [];
      const { routes, addressOf, ask } = walk();
      for (const route of routes) {
        const answer = await ask(route, addressOf(route) ?? route.path.replace(/:\w+/g, 'x'), api, page);
        if (answer.status >= 500) reached.push(`${answer.status} ${route.method} ${route.path}`);
        if (![401, 403].includes(answer.status)) reached.push(`${route.method} ${route.path}`);
      }
      expect(reached.sort()).toEqual([...(REACH[who] ?? [])].sort());
    });

    it('finds on its rail what it may open, and is at home on the first of it', async () => {
      const page = await logIn(walk().test, who);
      const home = await page.get('/');
      expect(home.headers.location).toBe(RAILS[who]?.[0]);
      const account = (await page.get('/account')).text;
      expect([...account.matchAll(/class="sc-rail__item" href="([^"]+)"/g)].map(([, href]) => href)).toEqual(RAILS[who]);
      for (const href of RAILS[who] ?? []) expect([200, 303]).toContain((await page.get(href)).status);
    });
  });

  describe('SYS-1 a client sees figures, not people', () => {
    it('in no page or list of its unit a name, a number or a link to somebody', async () => {
      const client = await walk().house('client-e');
      const lists = await listsOf(walk(), client);
      const told = [...(await pagesOf(walk(), 'client-e')), ...lists].filter(({ answer }) => answer.status < 300 && PEOPLE.test(answer.text));
      expect(told.map(({ path }) => path)).toEqual([]);
    });

    it.each(['/reports/funnel?metric=attempts', '/reports/coverage?metric=visitsDue', '/exports/files/funnel-rows?metric=attempts'])(
      'and no rows behind a figure: %s is refused',
      async (address) => {
        expect((await (await logIn(walk().test, 'client-e')).get(address)).status).toBe(403);
        expect((await (await logIn(walk().test, 'supervisor-e')).get(address)).status).toBe(200);
      },
    );
  });

  describe('SYS-2 numbers are masked where a list suffices', () => {
    it.each(['planner-e', 'supervisor-e', 'm01', 'admin'])('no list of %s shows a whole number on a page', async (who) => {
      const lists = (await pagesOf(walk(), who)).filter(({ path, answer }) => answer.status === 200 && !ABOUT_ONE.test(path) && isPage(answer));
      expect(lists.length).toBeGreaterThan(10);
      expect(lists.filter(({ answer }) => whole(answer.text).length > 0).map(({ path }) => path)).toEqual([]);
    });

    it('a manager gets lists masked from the API, and the one whole number of the task she holds', async () => {
      const { test, house } = walk();
      const { number } = await test.db.one<{ number: string }>(
        sql`select l.number from calls.task t join customers.line l on l.id = t.line_id where t.state = 'claimed'`,
      );
      const lists = await listsOf(walk(), await house('m01'));
      expect([...new Set(lists.flatMap(({ answer }) => whole(answer.text)))]).toEqual([number.replace('+86', '')]);
    });

    it.each(['planner-e', 'supervisor-e', 'admin'])('%s gets them whole', async (who) => {
      const { items } = (await (await walk().house(who)).get('/customers')).body as { items: { phone: string }[] };
      expect(items.map(({ phone }) => phone).sort()).toEqual(['+8613955500001', '+8613955500002', '+8613955500003']);
    });
  });

  describe('SYS-2 the watermark', () => {
    it.each(['m01', 'planner-e', 'client-e', 'admin'])('lies over every page of %s, with staff number and time', async (who) => {
      const mark = `${['admin', 'client-e'].includes(who) ? who : `9${who}`} 2026-11-24 10:00</text>`;
      const whole = (await pagesOf(walk(), who)).filter(({ answer }) => answer.text.startsWith('<!doctype'));
      expect(whole.length).toBeGreaterThan(10);
      expect(whole.filter(({ answer }) => !answer.text.includes(mark)).map(({ path }) => path)).toEqual([]);
      const loose = whole.filter(({ answer }) => /style=|<style/.test(answer.text) || /unsafe/.test(answer.headers['content-security-policy'] ?? ''));
      expect(loose.map(({ path }) => path)).toEqual([]);
    });

    it('is on no page of nobody', async () => {
      expect((await visitor(walk().test).get('/login')).text).not.toContain('sc-watermark');
    });
  });
}
