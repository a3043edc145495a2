import { sql } from '../../../src/platform/database/sql.js';
import { callAs, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
});
beforeEach(() => test.db.run(sql`delete from staff.session`));
afterAll(() => test.close());

/** The rows of the list: device, address, since, and what can be done. */
const rows = async (page: PageVisitor): Promise<string[]> => {
  const { text } = await page.get('/account');
  const body = /登录着的地方[^]*?<tbody>([^]*?)<\/tbody>/.exec(text)?.[1] ?? '';
  return body.split('</tr>').flatMap((row) =>
    row
      ? [
          row
            .replace(/<input[^>]*>|<[^>]+>/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        ]
      : [],
  );
};
const keys = async (page: PageVisitor): Promise<string[]> =>
  [...(await page.get('/account')).text.matchAll(/name="key" value="([^"]+)"/g)].map(([, key = '']) => key);
const stillIn = async (page: PageVisitor): Promise<boolean> => (await page.get('/account')).status === 200;

describe('where somebody is logged in (SYS-2)', () => {
  it('each place has its device, its address and its time, the one that asks comes first', async () => {
    await logIn(test, 'm01');
    test.clock.advance(60_000);
    const here = await logIn(test, 'm01');
    await test.db.run(
      sql`update staff.session set sess = jsonb_set(sess, '{opened,agent}', to_jsonb(${FIREFOX}::text)) where sess #>> '{opened,at}' < ${test.clock.now().toISOString()}`,
    );
    expect(await rows(here)).toEqual(['未知设备 127.0.0.1 11-24 10:01 当前', 'Firefox · Linux 127.0.0.1 11-24 10:00 退出']);
    expect((await here.get('/account')).text).not.toContain((await test.db.one<{ sid: string }>(sql`select sid from staff.session limit 1`)).sid);
  });

  it('ends one of them, or all the others; those of somebody else stay', async () => {
    const [one, two, three, other] = [await logIn(test, 'm01'), await logIn(test, 'm01'), await logIn(test, 'm01'), await logIn(test, 'm02')];
    const [first = ''] = await keys(one);
    expect((await one.post('/account/sessions/end', { key: first })).headers.location).toBe('/account');
    expect((await one.get('/account')).text).toContain('已退出1处登录');
    expect([await stillIn(two), await stillIn(three)].filter(Boolean)).toHaveLength(1);
    const { key } = await test.db.one<{ key: string }>(sql`
      select encode(sha256(convert_to(s.sid, 'UTF8')), 'hex') as key from staff.session s join staff.app_user u on u.id = s.user_id where u.username = 'm02'`);
    await one.post('/account/sessions/end', { key });
    expect(await stillIn(other)).toBe(true);
    await one.post('/account/sessions/end');
    expect([await stillIn(one), await stillIn(two), await stillIn(three), await stillIn(other)]).toEqual([true, false, false, true]);
    expect(await test.db.rows(sql`select actor, detail from staff.audit_entry where action = 'session.ended' order by id`)).toEqual([
      { actor: 'm01', detail: { count: 1 } },
      { actor: 'm01', detail: { count: 1 } },
    ]);
  });

  it('the tokens of programs are one of them, and are worth nothing afterwards', async () => {
    const programs = [await callAs(test, 'planner-e'), await callAs(test, 'planner-e')];
    const [page, other] = [await logIn(test, 'planner-e'), await logIn(test, 'planner-e')];
    expect((await rows(page)).map((row) => row.split(' ')[0]).sort()).toEqual(['接口程序（2次登录）', '未知设备', '未知设备']);
    await page.post('/account/sessions/end', { key: 'api' });
    for (const program of programs) expect((await program.get('/campaigns')).status).toBe(401);
    expect(await stillIn(other)).toBe(true);
    const again = await callAs(test, 'planner-e');
    await page.post('/account/sessions/end');
    expect([(await again.get('/campaigns')).status, await stillIn(other), (await rows(page)).length]).toEqual([401, false, 1]);
  });

  it('one of an earlier release, of which nothing is known, is listed too', async () => {
    const page = await logIn(test, 'm02');
    await test.db.run(sql`update staff.session set sess = sess - 'opened'`);
    expect(await rows(page)).toEqual(['未知设备 — — 当前']);
  });
});
