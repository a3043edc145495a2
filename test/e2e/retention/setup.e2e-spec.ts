import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';

let test: TestApp;
let planner: PageVisitor;
let supervisor: PageVisitor;

type Fields = Record<string, string | string[]>;

const SETTINGS = { firstCallHours: '24', holdOutPercent: '5', staleDays: '30', quietDays: '90', approvalFen: '200', statusFeedDays: '7' };
const STRATEGY = { name: '通用挽留', sort: '90', starFrom: '0', starTo: '7', goal: '问清原因，给出一个合适的方案。', enabled: 'on' };
const SCRIPT = {
  opening: '想听听您最近用得怎么样，有没有不方便的地方。',
  branch0_key: 'reason',
  branch0_title: '问原因',
  branch0_text: '▸ 记下原因和去向',
};
const OFFER = {
  kind: 'discount',
  name: '立减20',
  starFrom: '4',
  starTo: '7',
  costFen: '240.50',
  leastValueFen: '99',
  restDays: '365',
  enabled: 'on',
};

const at = (field: string, answer: Response): string | undefined =>
  new RegExp(`id="${field}-error">.*?</i>(.*?)</div>`).exec(unescaped(answer.text))?.[1];
const seenAt = async (path: string): Promise<string> => /name="seen" value="([^"]*)"/.exec((await planner.get(path)).text)?.[1] ?? '';
/** A form as its page holds it, with changes. */
const save = async (path: string, fields: Fields): Promise<Response> =>
  planner.post(`/retention/setup/${path}`, { seen: await seenAt(`/retention/setup/${path}`), ...fields });
const versionNow = async (): Promise<string> => (await test.db.one<{ version: string }>(sql`select version::text from retention.settings`)).version;
const lastChange = (): Promise<{ id: string; detail: Record<string, unknown> }> =>
  test.db.one(sql`select e.object_id as id, e.detail from staff.audit_entry e where e.action = 'retention-setup.changed' order by e.id desc limit 1`);

beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
  [planner, supervisor] = [await logIn(test, 'planner-e'), await logIn(test, 'supervisor-e')];
});
afterAll(() => test.close());

describe('RET-1 the rules of retention', () => {
  it('are changed by planners, with the old value in the log and in the history', async () => {
    const answer = await planner.post('/retention/setup', { ...SETTINGS, version: await versionNow(), approvalFen: '350.50', firstCallHours: '12' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/retention/setup']);
    const detail = { approvalFen: { from: 20_000, to: 35_050 }, firstCallHours: { from: 24, to: 12 } };
    expect(await lastChange()).toEqual({ id: 'settings', detail });
    const { text } = await planner.get('/retention/setup');
    expect(text).toMatch(/name="approvalFen" value="350\.50"/);
    expect(text).toContain('超过多少元要审批：200 → 350.50');
  });

  it.each<[string, Fields, string, RegExp]>([
    ['a share of hold-outs above half', { holdOutPercent: '51' }, 'holdOutPercent', /0到50/],
    ['an amount that is none', { approvalFen: 'viel' }, 'approvalFen', /0到1000000/],
    ['an empty box', { staleDays: '' }, 'staleDays', /1到365/],
  ])('tell at its box of %s and keep what was typed', async (_, wrong, field, sentence) => {
    const answer = await planner.post('/retention/setup', { ...SETTINGS, version: await versionNow(), quietDays: '33', ...wrong });
    expect([answer.status, at(field, answer)]).toEqual([422, expect.stringMatching(sentence)]);
    expect(answer.text).toMatch(/name="quietDays" value="33"/);
  });

  it('are not overwritten by somebody who has not seen them', async () => {
    const answer = await planner.post('/retention/setup', { ...SETTINGS, version: '1' });
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('别人刚改过')]);
  });
});

describe('RET-1 sources of signs', () => {
  const SOURCE = {
    labelZh: '合约到期',
    labelEn: 'Contract ending',
    sort: '6',
    words: '合约到期、合约即将到期、协议到期、CONTRACT',
    likelihood: '25',
    draws: 'on',
  };

  it('stand with what becomes of a sign, how likely it ends in leaving, and how it is found', async () => {
    const { text } = await supervisor.get('/retention/setup');
    expect(text).toMatch(/sources\/port-out-application[^]*?停止挽留，只打服务电话[^]*?100%[^]*?名单：携转申请/);
    expect(text).toMatch(/sources\/portability-query[^]*?建案[^]*?70%/);
    expect(text).toMatch(/sources\/high-risk[^]*?建案[^]*?50%[^]*?有筛选条件，没有每晚筛/);
    expect((await planner.get('/retention/setup/sources/high-risk')).text).toMatch(/质态 是 高危/);
  });

  it('saved as they are change nothing; switched off they say so, with the old value in the log', async () => {
    expect((await save('sources/contract-ending', { ...SOURCE, enabled: 'on' })).status).toBe(303);
    expect((await planner.get('/retention/setup')).text).toContain('没有改动');
    expect((await save('sources/contract-ending', { ...SOURCE, likelihood: '30' })).status).toBe(303);
    const detail = { likelihood: { from: 25, to: 30 }, enabled: { from: true, to: false } };
    expect(await lastChange()).toEqual({ id: 'sources/contract-ending', detail });
    const { text } = await planner.get('/retention/setup');
    expect(text).toMatch(/sources\/contract-ending[^]*?停用[^]*?只记下，不建案[^]*?30%/);
    expect(text).toContain('启用：是 → 否');
    expect(await test.db.one(sql`select likelihood::float8, filter, stops from retention.source where code = 'contract-ending'`)).toEqual({
      likelihood: 0.3,
      filter: null,
      stops: false,
    });
    expect((await save('sources/contract-ending', { ...SOURCE, enabled: 'on' })).status).toBe(303);
  });

  it('keep their filter and what they stop, whatever is posted', async () => {
    const fields = { labelZh: '质态高危', labelEn: 'Health: high-risk', sort: '9', words: '高危、HIGH-RISK', likelihood: '50', draws: 'on' };
    expect((await save('sources/high-risk', { ...fields, enabled: 'on', nightly: 'on', filter: '', stops: 'on' })).status).toBe(303);
    const kept = await test.db.one(sql`select filter is not null as filtered, stops, nightly from retention.source where code = 'high-risk'`);
    expect(kept).toEqual({ filtered: true, stops: false, nightly: true });
    expect((await planner.get('/retention/setup')).text).toMatch(/sources\/high-risk[^]*?每晚按条件筛/);
  });

  it('new ones are found by their words', async () => {
    expect((await save('sources/new', { ...SOURCE, code: 'bill-shock', labelZh: '账单突增', words: '账单突增', enabled: 'on' })).status).toBe(303);
    const made = await test.db.one(
      sql`select words, likelihood::float8, stops, draws, nightly, enabled from retention.source where code = 'bill-shock'`,
    );
    expect(made).toEqual({ words: ['账单突增'], likelihood: 0.25, stops: false, draws: true, nightly: false, enabled: true });
  });

  const stop = { labelZh: '携转申请', labelEn: 'Application to port out', sort: '1', words: '携转申请', likelihood: '100' };
  it.each<[string, string, Fields, string, RegExp]>([
    ['the one that ends retention switched off', 'port-out-application', stop, 'enabled', /不能停用/],
    ['the same without the words it is known by', 'port-out-application', { ...stop, enabled: 'on', words: ' ' }, 'words', /至少要认一个词/],
    ['a hold-out of those nobody keeps', 'port-out-application', { ...stop, enabled: 'on', draws: 'on' }, 'draws', /不抽对照组/],
    ['a search without a filter', 'contract-ending', { ...SOURCE, enabled: 'on', nightly: 'on' }, 'nightly', /没有筛选条件/],
    ['more than certain', 'contract-ending', { ...SOURCE, enabled: 'on', likelihood: '101' }, 'likelihood', /100/],
    ['a likelihood in words', 'contract-ending', { ...SOURCE, enabled: 'on', likelihood: '很大' }, 'likelihood', /./],
    ['no name', 'contract-ending', { ...SOURCE, enabled: 'on', labelZh: '' }, 'labelZh', /./],
  ])('tell at its box of %s and keep what was typed', async (_, code, fields, field, sentence) => {
    const answer = await save(`sources/${code}`, { ...fields, labelEn: 'As typed' });
    expect([answer.status, at(field, answer)]).toEqual([422, expect.stringMatching(sentence)]);
    expect(answer.text).toContain('value="As typed"');
  });
});

describe('RET-1 strategies', () => {
  it('saved as they are change nothing', async () => {
    expect((await save('strategies/any', { ...STRATEGY, ...SCRIPT })).status).toBe(303);
    expect((await planner.get('/retention/setup')).text).toContain('没有改动');
  });

  it('get another goal, aim and script', async () => {
    const more = { goal: '先听。', sources: ['score', 'termination'], objection0_title: '太贵', objection0_text: '我帮您算一下。', offers: '' };
    expect((await save('strategies/any', { ...STRATEGY, ...SCRIPT, ...more })).status).toBe(303);
    expect(Object.keys((await lastChange()).detail).sort()).toEqual(['goal', 'script', 'sources']);
    expect(await test.db.one(sql`select goal, sources, script from retention.strategy where code = 'any'`)).toEqual({
      goal: '先听。',
      sources: ['score', 'termination'],
      script: {
        opening: SCRIPT.opening,
        branches: [{ key: 'reason', title: '问原因', text: SCRIPT.branch0_text }],
        objections: [{ title: '太贵', text: '我帮您算一下。' }],
      },
    });
  });

  it.each<[string, Fields, string, RegExp]>([
    ['stars the wrong way round', { starFrom: '6', starTo: '5' }, 'starTo', /不能低于最低星级/],
    ['an offer there is not', { offers: 'NIX、NADA' }, 'offers', /没有NIX、NADA/],
    ['a sign there is not', { sources: ['nix'] }, 'sources', /没有nix/],
    ['no goal', { goal: '' }, 'goal', /./],
    ['an order that is no number', { sort: 'x' }, 'sort', /./],
  ])('tell at its box of %s and keep the script that was typed', async (_, wrong, field, sentence) => {
    const answer = await save('strategies/any', { ...STRATEGY, ...SCRIPT, branch0_text: '刚写的话术', ...wrong });
    expect([answer.status, at(field, answer)]).toEqual([422, expect.stringMatching(sentence)]);
    expect(answer.text).toContain('刚写的话术');
  });

  it('are not overwritten unseen; what is not there is not found', async () => {
    const stale = await planner.post('/retention/setup/strategies/any', { ...STRATEGY, ...SCRIPT, seen: 'old' });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('别人刚改过')]);
    expect((await planner.get('/retention/setup/strategies/nix')).status).toBe(404);
    expect((await planner.get('/retention/setup/nix/any')).status).toBe(404);
    expect((await planner.post('/retention/setup/strategies/nix', { ...STRATEGY })).status).toBe(404);
  });
});

describe('RET-1 retention offers', () => {
  it('are made with cost, rules and approval', async () => {
    expect((await planner.get('/retention/setup')).text).toContain('还没有挽留方案');
    const made = await save('offers/new', { ...OFFER, code: 'FEE20', reasons: 'competition', validUntil: '2026-12-31', alwaysAsks: 'on' });
    expect([made.status, made.headers.location]).toEqual([303, '/retention/setup#offers']);
    expect(
      await test.db.one(
        sql`select cost_fen, least_value_fen, reasons, always_asks, valid_until::text, enabled from retention.offer where code = 'FEE20'`,
      ),
    ).toEqual({ cost_fen: 24_050, least_value_fen: 9_900, reasons: ['competition'], always_asks: true, valid_until: '2026-12-31', enabled: true });
    expect((await supervisor.get('/retention/setup')).text).toMatch(/立减20[^]*240\.50[^]*要审批/);
    expect((await planner.get('/retention/setup/offers/FEE20')).text).toMatch(/name="costFen" value="240\.50"/);
  });

  it.each<[string, Fields, string, RegExp]>([
    ['a code that is there', {}, 'code', /编码FEE20已有/],
    ['a code nobody can type into an address', { code: '立减' }, 'code', /只用字母/],
    ['a cost that is no amount', { code: 'B', costFen: '贵' }, 'costFen', /写成元/],
    ['a day there is not', { code: 'B', validUntil: '2026-02-30' }, 'validUntil', /./],
  ])('tell at its box of %s', async (_, wrong, field, sentence) => {
    const answer = await save('offers/new', { ...OFFER, code: 'FEE20', ...wrong });
    expect([answer.status, at(field, answer)]).toEqual([422, expect.stringMatching(sentence)]);
  });
});

describe('RET-3 reasons and directions', () => {
  const direction = { labelZh: '去国外', labelEn: 'Went abroad', sort: '4', words: '出国、移民 ABROAD', enabled: 'on' };

  it('are added with the words lists are read by, and changed', async () => {
    expect((await save('directions/new', { ...direction, code: 'abroad' })).status).toBe(303);
    expect((await save('directions/abroad', { ...direction, words: '移民' })).status).toBe(303);
    expect(await lastChange()).toEqual({ id: 'directions/abroad', detail: { words: { from: ['出国', '移民', 'ABROAD'], to: ['移民'] } } });
    expect((await planner.get('/retention/setup')).text).toContain('出国、移民、ABROAD → 移民');
  });

  it('keep one in use: who leaves is asked why', async () => {
    await test.db.run(sql`update retention.direction set enabled = false where code <> 'abroad'`);
    const { enabled: _, ...off } = direction;
    const answer = await save('directions/abroad', off);
    expect([answer.status, at('enabled', answer)]).toEqual([422, expect.stringContaining('至少要留一项')]);
  });
});

it('RET-1 supervisors look, planners change, managers have nothing to do with it', async () => {
  const page = await supervisor.get('/retention/setup');
  expect([page.status, page.text.includes('/retention/setup/offers/new')]).toEqual([200, false]);
  expect((await supervisor.get('/retention/setup/strategies/any')).text).not.toMatch(/<button[^>]*btn-primary/);
  for (const path of ['', '/strategies/any', '/sources/score', '/offers/new'])
    expect((await supervisor.post(`/retention/setup${path}`, SETTINGS)).status).toBe(403);
  expect((await (await logIn(test, 'm01')).get('/retention/setup')).status).toBe(403);
});
