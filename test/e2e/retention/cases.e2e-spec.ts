import { sql } from '../../../src/platform/database/sql.js';
import { CasesQueries } from '../../../src/retention/cases/cases.queries.js';
import { FollowUps } from '../../../src/retention/cases/follow-ups.commands.js';
import { RetentionJobs } from '../../../src/retention/retention.jobs.js';
import { SignsCommands } from '../../../src/retention/cases/signs.commands.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, callAs, createHouse, type House } from '../../support/house.js';
import { person } from '../care/care-world.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, unescaped } from '../../support/visitor.js';
import type { CurrentUser } from '../../../src/staff/staff.types.js';

let test: TestApp;
let house: House;
let planner: ApiClient;
let manager: ApiClient;
let supervisor: ApiClient;

interface CaseAnswer {
  no: string;
  phone: string;
  callBy: string;
  state: string;
  source: string;
  reason: string | null;
  owner: string | null;
  nextOn: string | null;
  score: number;
  scored: boolean;
  rank: number;
  calls: number;
  talks: number;
  taskId: string;
  late: boolean;
  costFen: number;
  status30: string | null;
}

async function feed(code: string, text: string): Promise<Record<string, number>> {
  const answer = await planner.upload(`/imports?feed=${code}`, text);
  expect(answer.status).toBe(202);
  await drainJobs(test.app);
  return (await planner.get(`/imports/${(answer.body as { id: string }).id}`)).body as Record<string, number>;
}
/** A customer of m01 with a line of so much a month. */
async function customer(more: { star?: number; arpu?: number; score?: number } = {}): Promise<string> {
  const { star = 5, arpu = 199, score } = more;
  const who = await person(test.db, { star, city: '东城市' });
  await test.db.run(sql`update customers.customer set call_consent = true, sms_consent = true where id = ${who.id}`);
  await test.db.run(sql`update customers.line set arpu_fen = ${arpu * 100} where id = ${who.lineId}`);
  const phone = who.phone.slice(3);
  if (score !== undefined) await feed('churn-scores', `phone,score,reasons\n${phone},${score},近三月用量下降\n`);
  return phone;
}
const intent = (phone: string, source: string, reason = '', on = '2026-11-24'): Promise<unknown> =>
  feed('churn-intent', `phone,source,reason,noted_on\n${phone},${source},${reason},${on}\n`);
const casesOf = async (phone: string, as = planner): Promise<CaseAnswer[]> => {
  const { id } = await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${phone}`}`);
  return ((await as.get(`/retention/cases?customer=${id}`)).body as { items: CaseAnswer[] }).items;
};
const caseOf = async (phone: string): Promise<CaseAnswer> => (await casesOf(phone))[0] as CaseAnswer;
const step = (no: string, deed: string, more: object = {}, by = manager) => by.post(`/retention/cases/${no}/steps`, { deed, ...more });
/** A call of the case's task, with everything that follows. */
async function call(taskId: string, outcome: string, more: object = {}): Promise<string> {
  const claimed = await manager.post(`/tasks/${taskId}/claim`);
  expect([claimed.status, claimed.body]).toEqual([200, expect.anything()]);
  const answer = await manager.post(`/tasks/${taskId}/attempts`, { outcome, talkSeconds: 60, ...more });
  expect(answer.status).toBe(201);
  await drainJobs(test.app);
  test.clock.advance(60_000);
  return (answer.body as { id: string }).id;
}
/** Another day: everybody logs in anew. */
async function later(at: string): Promise<void> {
  test.clock.set(new Date(at));
  [planner, manager, supervisor] = [await callAs(test, 'planner-e'), await callAs(test, 'm01'), await callAs(test, 'supervisor-e')];
}
const code = ({ status, body }: { status: number; body: unknown }): string => `${status} ${(body as { error?: { code: string } }).error?.code ?? ''}`;

beforeAll(async () => {
  test = await createTestApp();
  house = await createHouse(test);
  [planner, manager, supervisor] = [await house('planner-e'), await house('m01'), await house('supervisor-e')];
});
afterAll(() => test.close());

describe('RET-1 a sign of leaving becomes a case', () => {
  it('of a list: with reason, direction, strategy by source and star, and its first call today on the manager’s list', async () => {
    const phone = await customer({ star: 6 });
    await intent(phone, '携转查询', '对手给了更低的资费');
    const [one] = await casesOf(phone);
    expect(one).toMatchObject({
      state: 'open',
      source: 'portability-query',
      reason: 'competition',
      direction: 'competitor',
      strategy: 'asked-high',
      owner: 'm01',
      nextOn: '2026-11-24',
      scored: false,
      score: 0.7,
      rank: 13_930,
      phone: `+86${phone}`,
    });
    expect(new Date(one?.callBy ?? '').toISOString()).toBe('2026-11-25T02:00:00.000Z');
    const task = (await manager.get(`/tasks?campaign=retention&phone=${phone}`)).body as { items: { reasons: string[]; deadlineOn: string }[] };
    expect(task.items[0]).toMatchObject({ deadlineOn: '2026-11-25' });
    expect(task.items[0]?.reasons[0]).toMatch(/携转查询 11-24.*70%.*199\.00/);
  });

  it('one case a customer: what comes later stands beside it, and the same list again changes nothing', async () => {
    const phone = await customer();
    await intent(phone, '合约到期');
    await intent(phone, '合约到期');
    await intent(phone, '营业厅', '说要销户');
    const [one, ...others] = await casesOf(phone);
    expect(others).toEqual([]);
    const { signs } = (await planner.get(`/retention/cases/${one?.no}`)).body as { signs: { source: string }[] };
    expect(signs.map(({ source }) => source)).toEqual(['termination', 'contract-ending']);
  });

  it('marketing rests while it is open and goes on afterwards; care goes on all along (GOV-7)', async () => {
    const phone = await customer();
    await intent(phone, '销户申请');
    const verdict = async (purpose: string): Promise<string> =>
      code(await planner.post('/contact/reservations', { phone, channel: 'wecom', purpose }));
    expect(await verdict('marketing')).toBe('409 protected');
    expect(await verdict('care')).toBe('201 ');
    const { no } = await caseOf(phone);
    expect((await step(no, 'withdraw', { note: '登记错号码' })).status).toBe(200);
    expect(await verdict('marketing')).toBe('201 ');
  });

  it.each([
    ['too old', '销户申请', '2026-10-01', 'stale'],
    ['of somebody who has left', '销户申请', '2026-11-24', 'churned'],
  ])('%s it opens none, and says why', async (_, source, on, became) => {
    const phone = await customer();
    if (became === 'churned') await feed('customers', `phone,status\n${phone},离网\n`);
    await intent(phone, source, '', on);
    expect(await casesOf(phone)).toEqual([]);
    const sign = await test.db.one(
      sql`select s.became from retention.sign s join customers.line l on l.id = s.line_id where l.number = ${`+86${phone}`}`,
    );
    expect(sign).toEqual({ became });
  });

  describe('of a source that is switched off', () => {
    const becameOf = async (phone: string): Promise<string> =>
      (
        await test.db.one<{ said: string }>(sql`
          select string_agg(s.source_code || ' ' || s.became, ', ' order by s.id) as said from retention.sign s join customers.line l on l.id = s.line_id
          where l.number = ${`+86${phone}`}`)
      ).said;
    beforeAll(() => test.db.run(sql`update retention.source set enabled = false where code in ('portability-query', 'broadband-ending')`));
    afterAll(() => test.db.run(sql`update retention.source set enabled = true`));

    it('it is noted under its own name and opens none, also when that source is switched on again', async () => {
      const phone = await customer();
      await intent(phone, '携转查询', '对手给了更低的资费');
      expect([await casesOf(phone), await becameOf(phone)]).toEqual([[], 'portability-query off']);
      await test.db.run(sql`update retention.source set enabled = true where code = 'portability-query'`);
      await test.app.get(SignsCommands, { strict: false }).takeLists();
      await test.db.run(sql`update retention.source set enabled = false where code = 'portability-query'`);
      expect(await casesOf(phone)).toEqual([]);
    });

    it('it is taken for one in use that the same words mean, and stands beside a case there is', async () => {
      const phone = await customer();
      await intent(phone, '宽带即将到期', '说要销户');
      expect(await casesOf(phone)).toMatchObject([{ source: 'termination', state: 'open' }]);
      await intent(phone, '携转查询');
      expect(await becameOf(phone)).toBe('termination opened, portability-query joined');
    });

    it('an application to port out is never taken for it', async () => {
      const phone = await customer();
      await intent(phone, '携转申请');
      expect([await casesOf(phone), await becameOf(phone)]).toEqual([[], 'port-out-application porting']);
    });

    it('nobody opens one by hand', async () => {
      const phone = await customer();
      expect(code(await supervisor.post('/retention/cases', { phone, source: 'broadband-ending' }))).toBe('422 retention_source_unknown');
    });
  });

  it('is found by the filters of sources, once they search at night: all that come with the product can be asked', async () => {
    const phone = await customer({ score: 0.93 });
    await test.db.run(sql`update retention.source set nightly = filter is not null`);
    await test.app.get(SignsCommands, { strict: false }).search();
    await test.db.run(sql`update retention.source set nightly = false`);
    expect(await casesOf(phone)).toMatchObject([{ source: 'score', score: 0.93, scored: true }]);
  });

  it('is opened by hand too, and without a manager of their own somebody of the unit gets the call', async () => {
    const phone = await customer();
    await test.db.run(
      sql`update customers.customer c set manager_id = null from customers.line l where l.customer_id = c.id and l.number = ${`+86${phone}`}`,
    );
    const answer = await supervisor.post('/retention/cases', { phone, source: 'termination', note: '来电要求销户' });
    expect(answer.status).toBe(201);
    expect(await caseOf(phone)).toMatchObject({ no: (answer.body as { no: string }).no, owner: expect.stringMatching(/^m0[12]$/) });
    expect(code(await supervisor.post('/retention/cases', { phone, source: 'nowhere' }))).toBe('422 retention_source_unknown');
    expect(code(await (await house('m11')).post('/retention/cases', { phone, source: 'termination' }))).toBe('404 not_found');
  });

  it('a share of those who asked for nothing is left alone, always the same people; who asks is never left alone', async () => {
    await test.db.run(sql`update retention.settings set chosen = '{"holdOutPercent": 50}'`);
    const phones: string[] = [];
    for (let i = 0; i < 12; i += 1) phones.push(await customer({ star: 4 }));
    await feed('churn-intent', ['phone,source,noted_on', ...phones.map((phone) => `${phone},合约到期,2026-11-24`)].join('\n'));
    const arms = await Promise.all(phones.map(async (phone) => (await caseOf(phone)).state));
    expect(new Set(arms)).toEqual(new Set(['open', 'held_out']));
    const left = phones[arms.indexOf('held_out')] ?? '';
    await intent(left, '主卡降档');
    expect(await casesOf(left)).toHaveLength(1);
    await intent(left, '销户申请');
    expect((await casesOf(left)).map(({ state }) => state).sort()).toEqual(['held_out', 'open']);
    const list = unescaped((await (await logIn(test, 'planner-e')).get('/retention')).text);
    const pills = [...list.matchAll(/class="sc-pill" href="([^"]*)"[^>]*>([^<]*) (\d+)</g)];
    const of = (view: string): number => Number(pills.find(([, href]) => href?.includes(`view=${view}`))?.[3]);
    expect(of('held')).toBeGreaterThan(0);
    expect(of('live') + of('closed') + of('held')).toBe(of('all'));
    await test.db.run(sql`update retention.settings set chosen = '{}'`);
  });
});

describe('RET-1 after an application to port out nobody asks the customer to stay', () => {
  it('the open case stops, its promised call is off, no care call and no marketing goes out, service does', async () => {
    const phone = await customer();
    await intent(phone, '携转查询');
    const { no, taskId } = await caseOf(phone);
    await call(taskId, 'callback', { callbackAt: '2026-11-24T16:00:00+08:00' });
    await intent(phone, '携转申请');
    expect(await caseOf(phone)).toMatchObject({ no, state: 'stopped', nextOn: null });
    expect((await manager.post(`/tasks/${taskId}/claim`)).status).toBe(409);
    for (const [purpose, answer] of [
      ['marketing', '409 protected'],
      ['care', '409 protected'],
      ['greeting', '409 protected'],
      ['service', '201 '],
    ])
      expect([purpose, code(await planner.post('/contact/reservations', { phone, channel: 'wecom', purpose }))]).toEqual([purpose, answer]);
    expect(code(await step(no, 'call'))).toBe('409 retention_step');
    await intent(phone, '销户申请', '', '2026-11-23');
    expect(await casesOf(phone)).toHaveLength(1);
    expect(await step(no, 'lift', { note: '客户撤回' })).toMatchObject({ status: 200, body: { state: 'talking' } });
    expect(code(await planner.post('/contact/reservations', { phone, channel: 'wecom', purpose: 'care' }))).toBe('201 ');
  });
});

describe('RET-1 an application to port out of a customer without an open case', () => {
  const contacted = async (phone: string): Promise<string> =>
    code(await planner.post('/contact/reservations', { phone, channel: 'wecom', purpose: 'care' }));
  const idOf = async (phone: string): Promise<string> =>
    (await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${phone}`}`)).id;
  const since = async (phone: string): Promise<unknown> =>
    ((await manager.get(`/customers/${await idOf(phone)}/health`)).body as { portingSince: string | null }).portingSince;

  it('rests care until the customer takes it back, which is noted with the customer, once', async () => {
    const phone = await customer();
    const path = `/customers/${await idOf(phone)}/port-out/taken-back`;
    expect(code(await manager.post(path, {}))).toBe('409 retention_not_porting');
    await intent(phone, '携转申请');
    expect([await casesOf(phone), await contacted(phone)]).toEqual([[], '409 protected']);
    expect(await since(phone)).toEqual(expect.any(String));
    for (const [who, refusal] of [
      ['m02', '404 not_found'],
      ['m11', '404 not_found'],
      ['planner-e', '403 role_refused'],
    ] as const)
      expect(code(await (await house(who)).post(path, {}))).toBe(refusal);
    expect(code(await manager.post(path, { note: '客户来电撤回' }))).toBe('200 ');
    expect([await since(phone), await contacted(phone)]).toEqual([null, '201 ']);
    expect(code(await manager.post(path, {}))).toBe('409 retention_not_porting');
    await intent(phone, '销户申请');
    expect(await caseOf(phone)).toMatchObject({ state: 'open' });
  });

  it('so it is after a case that ended before; one that the application stopped is lifted in its case alone', async () => {
    const [kept, open] = [await customer(), await customer()];
    for (const phone of [kept, open]) await intent(phone, '携转查询');
    const { no, taskId } = await caseOf(kept);
    await call(taskId, 'reached');
    await step(no, 'keep');
    for (const phone of [kept, open]) await intent(phone, '携转申请', '提前申请');
    const page = await logIn(test, 'm01');
    const [ofKept, ofOpen] = [`/customers/${await idOf(kept)}/health`, `/customers/${await idOf(open)}/health`];
    expect((await page.get(ofOpen)).text).not.toContain('port-out-taken-back');
    expect((await page.post(`${ofOpen}/port-out-taken-back`)).status).toBe(409);
    expect((await page.get(ofKept)).text).toMatch(/11-24起已申请携转|11月24日起已申请携转/);
    expect((await page.post(`${ofKept}/port-out-taken-back`, { note: '不转了' })).status).toBe(303);
    expect((await page.get(ofKept)).text).not.toContain('已申请携转');
    expect([await contacted(kept), await contacted(open)]).toEqual(['201 ', '409 protected']);
  });
});

describe('RET-2 the list ranks by score × value', () => {
  it('a new score of a list moves the case and its call; no score counts as the source says', async () => {
    const [cheap, dear] = [await customer({ arpu: 59, score: 0.9 }), await customer({ arpu: 299, score: 0.5 })];
    await intent(cheap, '销户申请');
    await intent(dear, '销户申请');
    const ranked = async (): Promise<number[]> => {
      const { items } = (await planner.get('/retention/cases?view=live&limit=200')).body as { items: CaseAnswer[] };
      const order = items.map(({ rank }) => rank);
      expect(order).toEqual([...order].sort((a, b) => b - a));
      return [cheap, dear].map((phone) => items.findIndex((item) => item.phone === `+86${phone}`));
    };
    const [a = 0, b = 0] = await ranked();
    expect(a).toBeGreaterThan(b);
    await feed('churn-scores', `phone,score,scored_on\n${dear},0.1,2026-11-25\n`);
    const [c = 0, d = 0] = await ranked();
    expect(c).toBeLessThan(d);
    const value = await test.db.one<{ value: number }>(sql`select expected_value as value from calls.task where id = ${(await caseOf(dear)).taskId}`);
    expect(value.value).toBe(2_990);
  });
});

describe('RET-3 calls, measures and the end of a case', () => {
  it('reads the minute of a promised call in Shanghai where it names no zone, and takes no day for a minute', async () => {
    const phone = await customer();
    await intent(phone, '销户申请');
    const { no, taskId } = await caseOf(phone);
    expect((await step(no, 'call', { at: '2026-11-25T09:30' })).status).toBe(200);
    expect(await test.db.one(sql`select callback_at as at from calls.task where id = ${taskId}`)).toEqual({ at: new Date('2026-11-25T01:30:00Z') });
    expect(code(await step(no, 'call', { at: '2026-11-25' }))).toBe('422 invalid_input');
  });

  it('RET-3 GOV-4 a call is promised only for a minute at which anybody may be called, said at the field with the nearest', async () => {
    const phone = await customer();
    await intent(phone, '销户申请');
    const { no } = await caseOf(phone);
    expect(code(await step(no, 'call', { at: '2026-11-26T03:00' }))).toBe('422 retention_hours');
    expect(code(await step(no, 'call', { at: '2026-11-26T20:59' }))).toBe('200 ');
    const page = await (
      await logIn(test, 'm01')
    ).post(`/retention/cases/${no}/steps`, { deed: 'call', on: '2026-11-26', time: '23:30', note: '晚上在家' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('id="at-error"');
    expect(page.text).toContain('最近可以打的是2026-11-27 08:00');
    expect(page.text).toContain('晚上在家</textarea>');
  });

  it('RET-3 what was typed of the call is kept whatever button is pressed beside it', async () => {
    const phone = await customer();
    await intent(phone, '销户申请');
    const { no } = await caseOf(phone);
    const page = await logIn(test, 'm01');
    const at = `/retention/cases/${no}`;
    const html = (await page.get(at)).text;
    expect(html).toMatch(/name="measureNote" form="steps"/);
    expect(html).toMatch(new RegExp(`<button[^>]*form="steps" formaction="${at}/measures"`));
    const typed = { kind: 'explain', cost: '', measureNote: '讲清资费', note: '孩子快中考', reason: 'competition', direction: '', on: '', time: '' };
    expect((await page.post(`${at}/measures`, typed)).status).toBe(303);
    const { history, measures } = (await planner.get(at)).body as { history: { note: string | null }[]; measures: { note: string }[] };
    expect([history.some(({ note }) => note === '孩子快中考'), measures.map(({ note }) => note)]).toEqual([true, ['讲清资费']]);
    expect(await caseOf(phone)).toMatchObject({ reason: 'competition' });
  });

  it('takes several calls; every one counts, a corrected one too', async () => {
    const phone = await customer();
    await intent(phone, '销户申请');
    const { no, taskId } = await caseOf(phone);
    await call(taskId, 'no_answer');
    expect(await caseOf(phone)).toMatchObject({ calls: 1, talks: 0, state: 'open' });
    test.clock.set(new Date('2026-11-24T15:30:00+08:00'));
    const attempt = await call(taskId, 'refused', { reason: 'tariff' });
    expect(await caseOf(phone)).toMatchObject({ calls: 2, talks: 1, state: 'talking', nextOn: null });
    expect((await step(no, 'call', { on: '2026-11-25' })).status).toBe(200);
    const again = await caseOf(phone);
    expect(again).toMatchObject({ nextOn: '2026-11-25' });
    expect(again.taskId).not.toBe(taskId);
    await supervisor.patch(`/attempts/${attempt}`, { outcome: 'wrong_person', reason: '听录音' });
    await drainJobs(test.app);
    expect(await caseOf(phone)).toMatchObject({ calls: 2, talks: 1 });
    await supervisor.patch(`/attempts/${attempt}`, { outcome: 'busy', reason: '听录音' });
    await drainJobs(test.app);
    expect(await caseOf(phone)).toMatchObject({ calls: 2, talks: 0, state: 'open' });
    await later('2026-11-25T10:00:00+08:00');
    await call(again.taskId, 'converted');
    expect(await caseOf(phone)).toMatchObject({ calls: 3, talks: 1, state: 'kept' });
    // opened again, the sale of before keeps nobody
    await step(again.no, 'reopen', {}, supervisor);
    await step(again.no, 'call');
    const { taskId: third } = await caseOf(phone);
    await call(third, 'refused', { reason: 'no_need' });
    expect(await caseOf(phone)).toMatchObject({ calls: 4, talks: 2, state: 'talking' });
  });

  it('who leaves is asked why and where to; a case that is over can be opened again unless there is another', async () => {
    const phone = await customer();
    await intent(phone, '销户申请', '', '2026-11-25');
    const { no } = await caseOf(phone);
    expect(code(await step(no, 'keep'))).toBe('409 retention_step');
    expect(code(await step(no, 'lose'))).toBe('422 retention_why_missing');
    expect(code(await step(no, 'lose', { reason: 'nowhere', direction: 'moved' }))).toBe('422 retention_reason_unknown');
    expect(await step(no, 'lose', { reason: 'relocation', direction: 'moved' })).toMatchObject({
      status: 200,
      body: { state: 'lost', reason: 'relocation' },
    });
    await intent(phone, '携转查询', '', '2026-11-26');
    expect(code(await step(no, 'reopen'))).toBe('409 retention_has_case');
    expect(code(await step(no, 'note', {}, await callAs(test, 'm11')))).toBe('404 not_found');
  });

  it('an offer is given to whom its rules fit; what costs much waits for a second person', async () => {
    await test.db.run(sql`
      insert into retention.offer (code, name, kind, cost_fen, star_from, updated_at) values
        ('FEE20', '每月立减20元', 'discount', 12000, 0, now()), ('PHONE', '合约购机补贴', 'device', 80000, 5, now()), ('VIP', '尊享礼遇', 'gift', 100, 7, now())`);
    const phone = await customer({ star: 5 });
    await intent(phone, '销户申请', '', '2026-11-25');
    const { no } = await caseOf(phone);
    const propose = (body: object, by = manager) => by.post(`/retention/cases/${no}/measures`, body);
    expect(code(await propose({ kind: 'offer', offer: 'VIP' }))).toBe('422 retention_misfit_star');
    const cheap = await propose({ kind: 'offer', offer: 'FEE20' });
    expect([cheap.status, (cheap.body as { state: string }).state]).toEqual([201, 'granted']);
    expect(code(await propose({ kind: 'offer', offer: 'FEE20' }))).toBe('409 retention_measure_there');
    const dear = (await propose({ kind: 'offer', offer: 'PHONE' })).body as { id: string; state: string };
    expect(dear.state).toBe('waiting');
    const decide = (id: string, decision: string, by: ApiClient) => by.post(`/retention/cases/${no}/measures/${id}`, { decision });
    expect(code(await decide(dear.id, 'accept', manager))).toBe('409 retention_measure_over');
    expect(code(await decide(dear.id, 'approve', manager))).toBe('403 role_refused');
    const own = (await propose({ kind: 'compensation', costFen: 90_000 }, supervisor)).body as { id: string };
    expect(code(await decide(own.id, 'approve', supervisor))).toBe('403 retention_own_measure');
    expect(((await decide(dear.id, 'approve', supervisor)).body as { state: string }).state).toBe('granted');
    expect(((await decide(dear.id, 'accept', manager)).body as { state: string }).state).toBe('accepted');
    expect(((await decide((cheap.body as { id: string }).id, 'decline', manager)).body as { state: string }).state).toBe('declined');
    expect(await caseOf(phone)).toMatchObject({ costFen: 80_000, waiting: 1 });
  });

  it('a call that was under way when its case ended leaves nothing to call', async () => {
    const ended = async (what: (taskId: string) => Promise<unknown>): Promise<unknown> => {
      const phone = await customer();
      await intent(phone, '销户申请', '', '2026-11-25');
      const { no, taskId } = await caseOf(phone);
      expect(code(await manager.post(`/tasks/${taskId}/claim`))).toBe('200 ');
      expect(code(await step(no, 'withdraw', {}, supervisor))).toBe('200 ');
      await what(taskId);
      await drainJobs(test.app);
      return (await test.db.one<{ state: string }>(sql`select state from calls.task where id = ${taskId}`)).state;
    };
    const record = (outcome: string) => (taskId: string) =>
      manager.post(`/tasks/${taskId}/attempts`, { outcome, talkSeconds: 0, callbackAt: new Date(test.clock.now().getTime() + 3_600_000) });
    expect(await ended(record('no_answer'))).toBe('cancelled');
    expect(await ended(record('callback'))).toBe('cancelled');
    const givenBack = async (taskId: string): Promise<void> => {
      await manager.post(`/tasks/${taskId}/release`, { reason: '客户挂断' });
      await test.app.get(RetentionJobs, { strict: false }).daily();
    };
    expect(await ended(givenBack)).toBe('cancelled');
  });

  it('of a case that is over nothing waits for a second person, and nothing is let go', async () => {
    const phone = await customer();
    await intent(phone, '携转查询', '', '2026-11-25');
    const { no, taskId } = await caseOf(phone);
    const measure = (await manager.post(`/retention/cases/${no}/measures`, { kind: 'other', costFen: 90_000, note: '补贴' })).body as { id: string };
    const listed = async (view: string): Promise<string[]> =>
      ((await supervisor.get(`/retention/cases?view=${view}&limit=200`)).body as { items: CaseAnswer[] }).items.map((one) => one.no);
    /** Whether it is on the list of what waits, and its page asks; the number at the rail is that of the two lists. */
    const waiting = async (): Promise<boolean[]> => {
      const who = await test.db.one<CurrentUser>(sql`select id, role, org_path as "orgPath" from staff.v_user where username = 'supervisor-e'`);
      const waits = await listed('waiting');
      const own = await test.db.rows<{ no: string }>(sql`
        select k.no from retention.measure m join retention.churn_case k on k.id = m.case_id where m.state = 'waiting' and m.proposed_by = ${who.id}`);
      const others = waits.filter((one) => !own.some((mine) => mine.no === one));
      expect(await test.app.get(CasesQueries, { strict: false }).waiting(who)).toBe(new Set([...others, ...(await listed('late'))]).size);
      const page = (await (await logIn(test, 'supervisor-e')).get(`/retention/cases/${no}`)).text;
      return [waits.includes(no), page.includes('value="approve"')];
    };
    expect(await waiting()).toEqual([true, true]);
    await call(taskId, 'reached');
    await step(no, 'keep');
    expect(await waiting()).toEqual([true, true]); // who stays is still to get what was promised
    await step(no, 'reopen');
    await intent(phone, '携转申请', '', '2026-11-25');
    expect(await waiting()).toEqual([false, false]);
    expect(code(await supervisor.post(`/retention/cases/${no}/measures/${measure.id}`, { decision: 'approve' }))).toBe('409 retention_case_over');
    expect(code(await step(no, 'lift'))).toBe('200 ');
    expect(await waiting()).toEqual([true, true]);
    expect(code(await supervisor.post(`/retention/cases/${no}/measures/${measure.id}`, { decision: 'approve' }))).toBe('200 ');
  });

  it('30, 60 and 90 days on the status files say who is still there: without one the day waits', async () => {
    const [stays, goes] = [await customer(), await customer()];
    await intent(stays, '销户申请', '', '2026-11-25');
    await intent(goes, '销户申请', '', '2026-11-25');
    await later('2026-12-26T10:00:00+08:00');
    const settle = (): Promise<number> => test.app.get(FollowUps, { strict: false }).settle();
    await settle();
    expect((await caseOf(stays)).status30).toBeNull();
    await feed('customers', `phone,status\n${stays},正常\n${goes},离网\n`);
    await settle();
    expect([(await caseOf(stays)).status30, (await caseOf(goes)).status30]).toEqual(['active', 'churned']);
    expect(await settle()).toBe(0);
  });
});
