import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { CallCentre } from '../calls/call-centre.js';

let test: TestApp;
let centre: CallCentre;
let supervisor: PageVisitor;

/** Four tasks lie with m01, three with m02, one with m11 of the west and one with nobody. */
beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
  await centre.customers('m01', [7, 6, 5, 4]);
  await centre.customers('m02', [7, 6, 5]);
  const [western] = await centre.customers('m02', [4]);
  const [lying] = await centre.customers('m01', [1]);
  await centre.campaign('whose', { kind: 'care', assignment: 'owner' });
  await test.db.run(sql`update calls.task set owner_id = (select id from staff.app_user where username = 'm11') where customer_id = ${western}`);
  await test.db.run(sql`update calls.task set owner_id = null, state = 'recycled' where customer_id = ${lying}`);
  supervisor = await logIn(test, 'supervisor-e');
});
afterAll(() => test.close());

const rowsOf = (html: string): number => html.match(/<th scope="row" class="sc-nowrap">/g)?.length ?? 0;
/** Number of the pill of all. */
const allOf = (html: string): number => Number(/aria-current="true"[^>]*>全部 <span class="sc-n">(\d+)/.exec(html)?.[1]);
const list = async (query: string): Promise<string> => {
  const answer = await supervisor.get(`/campaigns/whose/list${query}`);
  expect(answer.status).toBe(200);
  return answer.text;
};

describe('the call list of a campaign by who has the tasks', () => {
  it.each([
    ['', 8],
    ['?owner=m01', 4],
    ['?owner=M02', 3],
    ['?owner=-', 1],
    ['?team=east-1', 8],
    ['?team=east', 8],
    ['?team=east-1&owner=m02', 3],
    ['?owner=m11', 0],
    ['?team=west-1', 0],
    ['?owner=nobody-of-that-name', 0],
  ])('%s shows %i rows, and its pills count them', async (query, rows) => {
    const html = await list(query);
    expect([rowsOf(html), allOf(html)]).toEqual([rows, rows]);
    expect(html).toMatch(/aria-current="page">名单 <span class="sc-n">8</); // the tab leads to all that she may see
  });

  it('warns before the end of a campaign of what others would lose too', async () => {
    const { text } = await (await logIn(test, 'planner-e')).get('/campaigns/whose/close');
    expect(text).toContain('还没打完的8个任务会取消');
  });

  it('narrows the states by it, and the other way round', async () => {
    await test.db
      .run(sql`update calls.task set state = 'done', last_outcome = 'reached', last_attempt_at = ${test.clock.now()}, closed_at = ${test.clock.now()} where id = (
      select min(t.id) from calls.task t join staff.app_user u on u.id = t.owner_id where u.username = 'm01')`);
    const html = await list('?owner=m01&state=done');
    expect(html).toMatch(/<span class="sc-tiny[^"]*sc-only-narrow">[^<]+<\/span>/); // the column of outcomes is wide: on a narrow screen they stand beside the state
    expect(rowsOf(html)).toBe(1);
    expect(html).toMatch(/owner&#x3D;m01[^"]*"[^>]*>全部 <span class="sc-n">4</);
    expect(html).toMatch(/state&#x3D;open[^"]*"[^>]*>[^<]* <span class="sc-n">3</);
    expect(html).toContain('<input type="hidden" name="state" value="done">');
  });

  it('offers the people of the scope with the number each leads to, and what nobody has', async () => {
    const html = await list('?owner=m02');
    expect(html).toMatch(/<option value="m01" *>林晓雯 \(4\)/);
    expect(html).toMatch(/<option value="m02" selected>周可欣 \(3\)/);
    expect(html).toMatch(/<option value="-" *>未分配 \(1\)/);
    expect(html).not.toContain('何佳');
  });

  it('takes out what it shows', async () => {
    const html = await list('?owner=m02');
    const href = /href="(\/exports\/files\/campaign-list[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    expect(href).toContain('owner=m02');
    const file = await supervisor.get(`${href}&format=csv`);
    expect(file.status).toBe(200);
    expect(file.text.match(/周可欣/g)).toHaveLength(3);
    expect(file.text).not.toContain('林晓雯');
  });

  it('keeps the filter on the next page', async () => {
    await test.db.run(sql`
      insert into calls.task (campaign_id, customer_id, line_id, cycle, owner_id, state, due_on, star, created_at)
      select t.campaign_id, t.customer_id, t.line_id, 'more-' || n, t.owner_id, 'open', t.due_on, t.star, t.created_at
      from (select t.* from calls.task t join staff.app_user u on u.id = t.owner_id where u.username = 'm02' limit 1) t, generate_series(1, 60) n`);
    const html = await list('?owner=m02');
    expect([rowsOf(html), allOf(html)]).toEqual([50, 63]);
    const next = /href="([^"]*cursor[^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    expect(next).toContain('owner=m02');
    expect(rowsOf((await supervisor.get(next.startsWith('?') ? `/campaigns/whose/list${next}` : next)).text)).toBe(13);
  });
});
