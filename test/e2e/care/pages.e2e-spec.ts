import { RULES } from '../../../src/care/rules/rule-list.policy.js';
import { uuidAt } from '../../../src/kernel/ids.js';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { VISIT_COUNT_KEYS, type VisitCountKey } from '../../../src/reports/catalogue.js';
import { linesOf } from '../reports/four-ways.js';
import { CareWorld, person, type Person, starChanged } from './care-world.js';

const TODAY = '2026-11-24';
let world: CareWorld;
let planner: PageVisitor;
let supervisor: PageVisitor;
let customer: Person;

beforeAll(async () => {
  world = await CareWorld.open();
  [planner, supervisor] = [await logIn(world.test, 'planner-e'), await logIn(world.test, 'supervisor-e')];
  customer = await person(world.test.db, { star: 7 });
});
afterAll(() => world.test.close());

const typed = {
  version: '1',
  enabled: 'on',
  period: 'rolling',
  horizonDays: '31',
  anyCampaign: 'on',
  topics: '',
  leaveMessage: 'on',
  template: 'star-revisit-missed',
  attendance: 'none',
};
const stars = (name: string, value: (star: number) => number): Record<string, string> =>
  Object.fromEntries([7, 6, 5, 4, 3, 2, 1].map((star) => [`${name}.${star}`, `${value(star)}`]));
const form = { ...typed, ...stars('months', (star) => (star === 7 ? 1 : 5)), ...stars('minGapDays', () => 15) };

describe('care by forms alone', () => {
  it('the overview says that nothing has run yet, and lists every programme', async () => {
    const page = await planner.get('/care');
    expect(page.status).toBe(200);
    expect(page.text).toContain('还没有运行过计划');
    for (const { code } of RULES) expect(page.text).toContain(`href="/care/rules/${code}"`);
  });

  it('a wrong setting comes back with the sentence at the field and what was typed', async () => {
    const page = await planner.post('/care/rules/star-revisit', { ...form, horizonDays: '400' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('应为0到92的整数');
    expect(page.text).toMatch(/name="horizonDays" value="400"/);
  });

  it('a template that is not there, or has no approved wording, is refused at the field; the one a rule came with may still be missing', async () => {
    const page = await planner.post('/care/rules/star-revisit', { ...form, template: '没有这个模板' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('没有叫 没有这个模板 的模板');
    expect(page.text).toMatch(/<option value="没有这个模板" selected/);
    const draft = { code: 'unread', name: 'unread', purpose: 'care', signature: '中国电信', body: '您好' };
    await world.planner.post('/sms/templates', draft);
    expect((await planner.post('/care/rules/star-revisit', { ...form, template: 'unread' })).text).toContain('还没有批准的版本');
  });

  it('CAR-4 a template that the rule can never fill, or of another purpose, is refused by name, and is not among those to choose', async () => {
    for (const [code, purpose, body] of [
      ['sells', 'marketing', '您好{{name}}，优惠就在今天'],
      ['column', 'care', '{{name}}，您的积分{{points}}今天到期{{date until "year"}}'],
      ['fits', 'care', '{{honorific name}}，您好{{manager.name}}{{partnerOffer}}'],
    ] as const) {
      await world.planner.post('/sms/templates', { code, name: code, purpose, signature: '中国电信', body });
      expect((await (await world.house('supervisor-e')).post(`/sms/templates/${code}/approve`, { version: 1 })).status).toBeLessThan(300);
    }
    const at = async (template: string): Promise<string> => (await planner.post('/care/rules/star-revisit', { ...form, template })).text;
    expect(await at('sells')).toContain('模板 sells 不是关怀类的');
    const column = await at('column');
    expect(column).toContain('模板 column 里的 points');
    expect(column).toMatch(/id="template" name="template" aria-invalid="true"/);
    const page = (await planner.get('/care/rules/star-revisit')).text;
    expect(['fits', 'star-revisit-missed', 'sells', 'column'].filter((code) => page.includes(`<option value="${code}"`))).toEqual([
      'fits',
      'star-revisit-missed',
    ]);
  });

  it('CAR-1 a gap longer than the period is said of its star, and only that box is marked', async () => {
    const page = await planner.post('/care/rules/star-revisit', { ...form, 'months.6': '1', 'minGapDays.6': '60' });
    expect(page.text).toContain('6星的最短间隔比它的回访周期还长');
    expect(page.text.match(/name="minGapDays\.\d"[^>]*aria-invalid="true"/g)).toEqual([expect.stringContaining('name="minGapDays.6"')]);
  });

  it('a planner sets and enables a rule, which makes a new version', async () => {
    expect((await planner.post('/care/rules/star-revisit', form)).headers.location).toBe('/care/rules/star-revisit');
    const page = await planner.get('/care/rules/star-revisit');
    expect(page.text).toContain('已保存为v2');
    const changed = unescaped(page.text.slice(page.text.indexOf('v2 改了什么'))).split('</details>')[0] ?? '';
    expect(changed.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toMatch(/启用.*回访周期.*自然.*→.*滚动|启用.*→/);
    expect(changed).toContain('<li>启用</li>');
    const { body } = await world.planner.get('/care/rules/star-revisit');
    expect(body).toMatchObject({ enabled: true, version: 2, settings: { period: 'rolling', months: { 7: 1, 6: 5 }, minGapDays: { 7: 15 } } });
  });

  it('what somebody else saved meanwhile is not overwritten', async () => {
    const page = await planner.post('/care/rules/star-revisit', form);
    expect(page.status).toBe(409);
    expect(page.text).toContain('有人改过这条规则');
  });

  it('a planner runs the plan of a day and sees what came of it', async () => {
    const sent = await planner.post('/care/plan-runs', { date: TODAY });
    expect(sent.status).toBe(303);
    const at = sent.headers.location ?? '';
    expect((await planner.get(at)).text).toContain('hx-trigger="every 2s"');
    await drainJobs(world.test.app);
    const page = await planner.get(at);
    expect(page.text).toContain('11月24日的计划');
    expect(page.text).not.toContain('hx-trigger="every 2s"');
    expect((await planner.get('/care')).text).toContain('新增1件');
  });

  it('a day that does not exist is refused at its field', async () => {
    const page = await planner.post('/care/plan-runs', { date: '2026-02-30' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('日期应写成');
  });

  it('CAR-1 switching a rule off from the list asks first, with what is due, also without a script', async () => {
    const list = (await planner.get('/care')).text;
    expect(list).toContain('href="/care/rules/star-revisit/switch-off" data-dialog');
    expect(list).not.toContain('action="/care/rules/star-revisit/switch"');
    const asked = await planner.get('/care/rules/star-revisit/switch-off');
    expect(asked.text).toContain('本月到期1件，其中1件还没有做完');
    expect(asked.text).toContain('action="/care/rules/star-revisit/switch"');
    expect((await supervisor.get('/care/rules/star-revisit/switch-off')).status).toBe(403);
  });

  it('a rule is switched off from the list, and its work stays', async () => {
    expect((await planner.post('/care/rules/star-revisit/switch', { version: '2' })).headers.location).toBe('/care');
    expect((await world.planner.get('/care/rules/star-revisit')).body).toMatchObject({ enabled: false, version: 3 });
    expect(await world.due(customer)).toHaveLength(1);
  });

  it('somebody is told why a customer is contacted; a wrong number is refused at its field', async () => {
    const page = await supervisor.get(`/care/explain?phone=${encodeURIComponent(customer.phone)}`);
    expect(page.text).toContain('规则没有启用');
    const wrong = await supervisor.get('/care/explain?phone=12345678');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="12345678"');
  });

  it('CAR-11 the customer page says what is next and why, to her own manager too; nobody sees past his scope', async () => {
    const manager = await logIn(world.test, 'm01');
    expect((await manager.get(`/customers/${customer.id}`)).text).toContain(`hx-get="/customers/${customer.id}/planned"`);
    const panel = await manager.get(`/customers/${customer.id}/planned`);
    expect(panel.text).toContain('接下来，以及为什么');
    expect(panel.text).toContain('规则没有启用');
    expect(panel.text).not.toContain('即将提供');
    expect((await (await logIn(world.test, 'planner-w')).get(`/customers/${customer.id}/planned`)).status).toBe(404);
  });

  it('a supervisor looks but does not plan, a manager does neither', async () => {
    const page = await supervisor.get('/care');
    expect(page.text).not.toContain('action="/care/plan-runs"');
    expect((await supervisor.post('/care/plan-runs', { date: TODAY })).status).toBe(403);
    expect((await (await logIn(world.test, 'm01')).get('/care')).status).toBe(403);
  });
});

describe('CAR-1, REP-1 coverage: one definition for tiles, rows and API', () => {
  const MARCH = 'from=2026-03-01&to=2026-03-31';

  /** A promise of March, closed on a day by a task that ended for a reason; `sms`: what became of the message. */
  async function promise(closing?: { on: string; state: 'done' | 'not_reached'; why: string; sms?: string }, facts = {}): Promise<void> {
    const { id, lineId, phone } = await person(world.test.db, { star: 5, ...facts });
    const at = closing ? new Date(`${closing.on}T10:00:00+08:00`) : null;
    const touch = uuidAt(new Date('2026-03-20T10:00:00+08:00'));
    await world.test.db.run(sql`
      with t as (
        insert into calls.task (campaign_id, customer_id, line_id, cycle, state, close_reason, due_on, created_at, closed_at)
        select p.id, ${id}, ${lineId}, '2026-03', ${closing?.state ?? 'open'}, ${closing?.why ?? null}, '2026-03-20', '2026-03-01', ${at}
        from campaigns.campaign p where p.code = 'star-revisit' returning id),
      touch as (
        insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
        select ${touch}, true, 'confirmed', ${id}, ${phone}, 'sms', 'care', 'test', '2026-03-20' where ${closing?.sms ?? null}::text is not null returning id),
      message as (
        insert into messaging.message (id, task_id, customer_id, line_id, number, touch_id, purpose, body, parts, encoding, gateway_code, state, created_at)
        select ${touch}, t.id, ${id}, ${lineId}, ${phone}, touch.id, 'care', '您好', 1, 'ucs2', 'simulator', ${closing?.sms ?? ''}, '2026-03-20' from t, touch)
      insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, task_id, state, plan_run_id, created_at, closed_at)
      select 'star-revisit', ${id}, '2026-03', 'call', '2026-03-20', '2026-03-25', '2026-03-01', '{}', 1, t.id, ${closing?.state ?? 'open'},
             (select max(id) from care.plan_run), '2026-03-01', ${at} from t`);
  }

  beforeAll(async () => {
    await promise({ on: '2026-03-21', state: 'done', why: 'reached' });
    await promise({ on: '2026-03-26', state: 'done', why: 'reached' });
    await promise({ on: '2026-03-22', state: 'not_reached', why: 'max_attempts', sms: 'delivered' });
    await promise({ on: '2026-03-22', state: 'not_reached', why: 'max_attempts', sms: 'undelivered' });
    await promise({ on: '2026-03-22', state: 'not_reached', why: 'do_not_call', sms: 'delivered' });
    await promise();
    await promise({ on: '2026-03-21', state: 'done', why: 'reached' }, { manager: 'm11', unit: 'west-1' });
  });

  it('counts visits done in time over visits due, with and without "not reached, SMS left"', async () => {
    const { body } = await world.planner.get(`/reports/coverage?${MARCH}`);
    expect(body).toEqual({ visitsDue: 6, visitsInTime: 1, visitsInTimeOrSmsLeft: 2, coverage: 1 / 6, coverageWithSmsLeft: 2 / 6 });
  });

  it('agrees with the coverage of the care page', async () => {
    const page = await supervisor.get('/care?month=2026-03');
    expect(page.text.replace(/\s+/g, ' ')).toMatch(/<tfoot>.*?part=due">6<\/a><\/td><td class="r"><a [^>]*part=inTime">1<\/a>.*?<b>16\.7%<\/b>/);
  });

  it('has no value where nothing was due, on the page as in the API', async () => {
    expect((await world.planner.get('/reports/coverage?from=2025-01-01&to=2025-01-31')).body).toMatchObject({ visitsDue: 0, coverage: null });
    const page = await supervisor.get('/reports/coverage?from=2025-01-01&to=2025-01-31');
    expect(page.text).toContain('分母为零');
    expect(page.text).not.toContain('0.0%');
  });

  it.each(VISIT_COUNT_KEYS)('R45, R47 %s opens exactly the visits it counts, and so does its file', async (metric) => {
    const { body } = await world.planner.get(`/reports/coverage?${MARCH}`);
    const page = await supervisor.get(`/reports/coverage?${MARCH}&metric=${metric}`);
    const counted = (body as Record<string, number>)[metric] ?? -1;
    expect(page.text.match(/<tr class="sc-visit">/g)).toHaveLength(counted);
    expect(page.text).toContain(`metric&#x3D;${metric}#drill">${counted}</a>`);
    expect(await linesOf(supervisor, `/exports/files/coverage-rows?${MARCH}&metric=${metric}`)).toHaveLength(1 + counted);
  });

  it.each(['star', 'rule', 'team', 'manager'])(
    'REP-1, R45 by %s: rows add up, and each figure opens exactly its visits, on page and in file',
    async (by) => {
      const { body } = await world.planner.get(`/reports/coverage?${MARCH}&by=${by}`);
      const { rows, ...total } = body as Record<VisitCountKey, number> & { rows: ({ key: string } & Record<VisitCountKey, number>)[] };
      expect(total).toEqual({ visitsDue: 6, visitsInTime: 1, visitsInTimeOrSmsLeft: 2, coverage: 1 / 6, coverageWithSmsLeft: 2 / 6 });
      for (const metric of VISIT_COUNT_KEYS) expect(rows.reduce((sum, row) => sum + row[metric], 0)).toBe(total[metric]);
      const [row] = rows;
      const asked = `${MARCH}&by=${by}&key=${encodeURIComponent(row?.key ?? '')}&metric=visitsDue`;
      const page = await supervisor.get(`/reports/coverage?${asked}`);
      expect(page.text.match(/<tr class="sc-visit">/g)).toHaveLength(row?.visitsDue ?? -1);
      expect(await linesOf(supervisor, `/exports/files/coverage-rows?${asked}`)).toHaveLength(1 + (row?.visitsDue ?? -1));
      const [, ...lines] = await linesOf(supervisor, `/exports/files/coverage?${MARCH}&by=${by}`);
      expect(lines).toHaveLength(rows.length + 1);
      expect(lines.at(-1)).toEqual(['合计', 6, 1, 2, 1 / 6, 2 / 6]);
    },
  );

  it('SYS-1 shows a manager nobody else’s visits, and refuses a day that does not exist', async () => {
    expect((await (await world.house('m11')).get(`/reports/coverage?${MARCH}`)).body).toMatchObject({ visitsDue: 1, coverage: 1 });
    expect((await world.planner.get('/reports/coverage?from=2026-02-30')).status).toBe(422);
  });

  it('the page of definitions links what has rows, and says where there is nothing to count yet', async () => {
    const page = await supervisor.get('/reports/metrics');
    expect(page.text).toContain('href="/reports/coverage?metric&#x3D;visitsInTime#drill"');
    const retention = page.text.slice(page.text.indexOf('id="retentionSuccess"')).split('</section>')[0];
    expect(retention).toContain('还没有数据来源');
    expect(retention).not.toMatch(/href=|\d%/);
  });
});

describe('R45 lists behind a figure have pages', () => {
  const customersOf = (text: string): string[] => [...text.matchAll(/<th scope="row"[^>]*><a href="\/customers\/(\d+)">/g)].map(([, id]) => id ?? '');
  const walk = async (path: string): Promise<number[]> => {
    const sizes: number[] = [];
    for (let next: string | undefined = path; next;) {
      const { text } = await supervisor.get(next);
      sizes.push(customersOf(text).length);
      next = /<a class="sc-end" href="([^"]+)" rel="next">/.exec(text)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    }
    return sizes;
  };

  it('the promises of a month, many of one customer and one day', async () => {
    await world.test.db.run(sql`
      with run as (insert into care.plan_run (day, rules, state, created_at) values ('2026-07-01', '{}', 'done', '2026-07-01') returning id)
      insert into care.due (rule_code, customer_id, cycle, channel, due_on, deadline_on, counts_from, facts, policy_version, plan_run_id, created_at)
      select 'star-revisit', ${customer.id}, 'page ' || n, 'call', '2026-07-10', '2026-07-15', '2026-07-01', '{}', 1, run.id, '2026-07-01'
      from run, generate_series(1, 120) n`);
    expect(await walk('/care/coverage?month=2026-07&part=due')).toEqual([50, 50, 20]);
  });

  it('REP-1 the promises done of a month, in time or late, are as many as the overview says', async () => {
    await world.test.db.run(sql`
      update care.due set state = 'done', closed_at = case when cycle = 'page 1' then timestamptz '2026-07-20T10:00:00+08:00' else '2026-07-12T10:00:00+08:00' end
      where cycle in ('page 1', 'page 2', 'page 3')`);
    const { text } = await supervisor.get('/care?month=2026-07');
    const shown = [...text.matchAll(/<a href="(\/care\/coverage\?month=2026-07&amp;rule=star-revisit&amp;part=done)">(\d+)<\/a>/g)];
    expect(shown.map(([, , count]) => count)).toEqual(['3', '3']);
    expect(await walk((shown[0]?.[1] ?? '').replaceAll('&amp;', '&'))).toEqual([3]);
    expect((await supervisor.get('/care/coverage?month=2026-07&part=done')).text).toContain('已做');
  });

  it('the clock of promotions', async () => {
    const people = await Promise.all(Array.from({ length: 51 }, () => person(world.test.db, { star: 5 })));
    for (const one of people) await starChanged(world.test.db, one, { on: '2026-11-20', from: 4, to: 5 });
    expect(await walk('/care/promotions')).toEqual([50, 1]);
  });

  it('a cursor of somebody’s own making is refused', async () => {
    expect((await supervisor.get('/care/promotions?cursor=abc')).status).toBe(400);
    expect((await supervisor.get('/care/coverage?cursor=abc')).status).toBe(400);
  });
});
