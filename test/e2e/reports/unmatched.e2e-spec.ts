import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../../../src/platform/database/sql.js';
import { PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';

interface Item {
  id: string;
  reason: string;
  phone: string;
  startedAt: string;
  agentNo: string | null;
  manager: string | null;
  outcome: string | null;
  recordedOutcome: string | null;
  attemptId: string | null;
  talkSeconds: number;
}

let test: TestApp;
let centre: CallCentre;
let importId = '';
const dataDir = mkdtempSync(join(tmpdir(), 'starcare-unmatched-'));

const hand = async (rows: string[], who: string): Promise<string> => (await centre.hand('call-records', rows, who)).id;
const list = async (query = '', who = 'supervisor-e'): Promise<{ items: Item[]; nextCursor: string | null }> =>
  (await must((await centre.house(who)).get(`/call-records/unmatched${query}`), 200)) as { items: Item[]; nextCursor: string | null };
const told = async (query = '', who = 'supervisor-e'): Promise<string[]> =>
  (await list(query, who)).items.map(({ startedAt, agentNo, reason }) => `${startedAt.slice(5, 16)} ${agentNo ?? '-'} ${reason}`);

/**
 * Of the east: seven records of two days that match nothing, by two agents, an unknown one and nobody, and two that contradict; of the west: one of
 * its own agent, one of nobody it knows.
 */
beforeAll(async () => {
  test = await createTestApp({ config: { dataDir } });
  centre = await CallCentre.open(test);
  await must(
    (await centre.house('admin')).post('/users', { username: 'supervisor-w', name: '西', role: 'supervisor', orgUnit: 'west', password: PASSWORD }),
    201,
  );
  await centre.customers('m01', [5, 5]);
  await centre.customers('m11', [5]);
  const [a = '', b = '', west = ''] = (await test.db.rows<{ number: string }>(sql`select number from customers.line order by id`)).map(
    (row) => row.number,
  );
  await centre.draft('spring');
  await hand(
    ['被叫,开始时间,工号,结果,通话时长,活动', `${a},2026-11-22 09:00:00,9m01,已触达,30,spring`, `${b},2026-11-23 09:00:00,9m01,无人接,0,spring`],
    'planner-e',
  );
  const head = '被叫,开始时间,工号,释放原因,通话时长,录音';
  importId = await hand(
    [
      head,
      `${a},2026-11-22 09:00:10,9m01,18,0,`,
      `${b},2026-11-23 09:00:10,9m01,16,40,rec-1`,
      `${a},2026-11-22 11:00:00,9m01,16,30,`,
      `${b},2026-11-22 12:00:00,9m01,16,30,`,
      `${a},2026-11-23 09:03:00,9m02,16,30,`,
      `${b},2026-11-23 09:03:00,9m01,16,30,`,
      `13100000000,2026-11-23 10:00:00,9m02,16,30,`,
      `${a},2026-11-23 23:59:59,=9zz,16,30,`,
      `${a},2026-11-24 00:00:00,,16,30,`,
    ],
    'planner-e',
  );
  await hand([head, `${west},2026-11-23 09:00:00,9m11,16,30,`, `${west},2026-11-23 10:00:00,7,16,30,`], 'planner-w');
});
afterAll(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true });
});

const EAST = [
  '11-23T16:00 - agent_missing',
  '11-23T15:59 =9zz agent_unknown',
  '11-23T02:00 9m02 line_unknown',
  '11-23T01:03 9m02 no_attempt_near',
  '11-23T01:03 9m01 attempt_taken',
  '11-22T04:00 9m01 no_attempt_near',
  '11-22T03:00 9m01 no_attempt_near',
];

describe('REP-1, R37 records of the switch that match nothing, at the API', () => {
  it.each(['m01', 'client-e', 'judge-e'])('SYS-1 %s is refused', async (who) => {
    const role = who.replace(/-e$/, '');
    if (who !== 'm01')
      await must((await centre.house('admin')).post('/users', { username: who, name: who, role, orgUnit: 'east', password: PASSWORD }), 201);
    expect((await (await centre.house(who)).get('/call-records/unmatched')).status).toBe(403);
    expect((await (await logIn(test, who)).get('/call-records/unmatched')).status).toBe(403);
  });

  it.each(['reason=nonsense', 'from=2026-02-30', 'import=x', 'limit=0', 'cursor=x'])('refuses %s, naming it', async (query) => {
    const answer = await (await centre.house('planner-e')).get(`/call-records/unmatched?${query}`);
    expect([400, 422]).toContain(answer.status);
    expect((answer.body as { error: { param: string } }).error.param).toBe(query.split('=')[0]);
  });

  it('are listed newest first, with what the switch said', async () => {
    expect([...(await told())].sort()).toEqual([...EAST].sort());
    const times = (await told()).map((line) => line.slice(0, 11));
    expect(times).toEqual([...times].sort().reverse());
    const [first] = (await list('?agentNo=9m02&reason=no_attempt_near')).items;
    expect(first).toMatchObject({ manager: 'm02', outcome: 'reached', talkSeconds: 30, attemptId: null, recordedOutcome: null });
    expect(first?.phone).toMatch(/^\+861/);
  });

  it.each([
    ['reason=no_attempt_near', 3],
    ['reason=several_near', 0],
    ['agentNo=9m01', 3],
    ['agentNo=%3D9zz', 1],
    ['from=2026-11-23&to=2026-11-23', 4],
    ['from=2026-11-24', 1],
    ['to=2026-11-22&agentNo=9m02', 0],
    ['reason=contradicts', 2],
  ])('with %s there are %d', async (query, count) => {
    expect((await list(`?${query}`)).items).toHaveLength(count);
  });

  it('page by page they are the same', async () => {
    const seen: string[] = [];
    let query = '?limit=2';
    for (let pages = 0; pages < 9; pages++) {
      const { items, nextCursor } = await list(query);
      seen.push(...items.map((item) => item.id));
      if (!nextCursor) break;
      query = `?limit=2&cursor=${nextCursor}`;
    }
    expect(seen).toEqual((await list()).items.map((item) => item.id));
  });

  it('what contradicts the agent stands apart, with both words and the attempt', async () => {
    const { items } = await list('?reason=contradicts');
    expect(items.map(({ outcome, recordedOutcome }) => `${recordedOutcome} ${outcome}`)).toEqual(['no_answer reached', 'reached no_answer']);
    const { id } = await test.db.one<{ id: string }>(sql`select id from calls.attempt where recording_ref = 'rec-1'`);
    expect(items[0]?.attemptId).toBe(id);
  });

  it("SYS-1 each record is in the scope of its agent's unit, else of the unit that handed it in", async () => {
    expect(await told('', 'planner-w')).toEqual(['11-23T02:00 7 agent_unknown', '11-23T01:00 9m11 no_attempt_near']);
    expect(await told('?reason=contradicts', 'supervisor-w')).toEqual([]);
    expect(await told('', 'admin')).toHaveLength(EAST.length + 2);
    await test.db.run(sql`update calls.unmatched_record set org_unit_id = (select id from staff.org_unit where code = 'west') where agent = '9m01'`);
    expect(await told()).toHaveLength(EAST.length);
    await test.db.run(sql`update calls.unmatched_record set org_unit_id = (select id from staff.org_unit where code = 'east') where agent = '9m01'`);
  });
});

describe('REP-1, R45 their report', () => {
  const page = async (path: string, who = 'supervisor-e'): Promise<string> => {
    const answer = await (await logIn(test, who)).get(path);
    expect(answer.status).toBe(200);
    return answer.text;
  };
  /** Every figure of the table with its address. */
  const figures = (html: string): { count: number; href: string }[] =>
    [...html.slice(html.indexOf('id="t-unmatched"'), html.indexOf('id="rows"')).matchAll(/<a href="([^"]+)#rows"[^>]*>(\d+)<\/a>/g)].map(
      ([, href = '', count]) => ({
        href: href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
        count: Number(count),
      }),
    );
  const rowsOf = (html: string): number => (html.slice(html.indexOf('id="rows"')).match(/<td class="sc-phone">/g) ?? []).length;

  it.each(['agent', 'day'])('every figure of the cut by %s has exactly its rows behind it', async (by) => {
    const visitor = await logIn(test, 'supervisor-e');
    const all = figures((await visitor.get(`/call-records/unmatched?by=${by}`)).text);
    expect(all.length).toBeGreaterThan(10);
    for (const { count, href } of all) expect(`${href} ${rowsOf((await visitor.get(href)).text)}`).toBe(`${href} ${count}`);
  });

  it('shows the last thirty days, names the agents, masks the numbers and leads to the customers', async () => {
    const html = await page('/call-records/unmatched');
    expect(html).toContain('value="2026-10-26"');
    expect(html).toContain('value="2026-11-24"');
    expect(html).toMatch(/林晓雯 <span class="sc-muted">9m01<\/span>/);
    expect(html).toContain('没有工号');
    expect(html).not.toMatch(/1\d{2} ?\d{4} ?\d{4}/);
    expect(html).toMatch(/<a href="\/customers\/\d+">1\d\d \*{4} \d{4}<\/a>/);
    expect(rowsOf(html)).toBe(EAST.length);
    expect(await page('/call-records/unmatched?reason=contradicts')).toContain('登记为无人接');
  });

  it('says so where everything is matched, and goes on where there is more than a page', async () => {
    expect(await page('/call-records/unmatched?from=2020-01-01&to=2020-01-31')).toContain('话单都对上了');
    const html = await page('/call-records/unmatched?limit=3');
    expect(rowsOf(html)).toBe(3);
    const next = /href="([^"]+)#rows" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    expect(rowsOf(await page(next))).toBe(3);
  });

  it('the page of the import says how many it left unmatched, and leads to them', async () => {
    const html = await page(`/imports/${importId}`, 'planner-e');
    expect(html).toContain('7条话单没有对上');
    const href = /href="(\/call-records\/unmatched\?[^"]+)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=') ?? '';
    expect(rowsOf(await page(href, 'planner-e'))).toBe(7);
  });

  it('REP-4, SYS-2 leaves as a file with exactly the rows shown, audited, and not out of scope', async () => {
    const html = await page('/call-records/unmatched?agentNo=9m01');
    const href = /href="(\/exports\/files\/unmatched-records[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? '';
    const visitor = await logIn(test, 'supervisor-e');
    const file = await visitor.get(`${href}&format=csv`);
    const lines = file.text.replaceAll('"', '').trimEnd().split('\r\n').slice(1);
    expect(
      lines.map((line) =>
        line
          .split(',')
          .filter((_, column) => column !== 1 && column < 6)
          .join(' '),
      ),
    ).toEqual([
      '2026-11-23 09:03 9m01 林晓雯 登记已对上别的话单 已触达',
      '2026-11-22 12:00 9m01 林晓雯 附近没有登记 已触达',
      '2026-11-22 11:00 9m01 林晓雯 附近没有登记 已触达',
    ]);
    const [audited] = await test.db.rows(sql`select actor, detail from staff.audit_entry where action = 'export.delivered' order by id desc limit 1`);
    expect(audited).toMatchObject({ actor: 'supervisor-e', detail: { what: 'unmatched-records', rows: 3, filter: { agentNo: '9m01' } } });
    expect((await (await logIn(test, 'm01')).get(href)).status).toBe(403);
    expect((await (await logIn(test, 'planner-w')).get(`${href}&format=csv`)).text.trimEnd().split('\r\n')).toHaveLength(1);
  });

  it('speaks English too', async () => {
    expect(await page('/call-records/unmatched?lang=en', 'planner-w')).toContain('No attempt near');
  });
});
