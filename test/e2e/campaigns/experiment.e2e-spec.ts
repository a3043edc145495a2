import { placeOf, variantSeed } from '../../../src/campaigns/experiment/draw.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { addPeople, addSegment, type Bench, type CampaignBody, campaignForm, createBench } from './campaign-bench.js';

let bench: Bench;
let planner: PageVisitor;
const PEOPLE = 12;
const name = (n: number): string => `客户${String(n).padStart(2, '0')}`;
let ids: Record<string, string>;

beforeAll(async () => {
  bench = await createBench({ autoStart: true });
  ids = await addPeople(
    bench,
    Array.from({ length: PEOPLE }, (_, n) => ({ name: name(n), star: 5, numbers: [`138000001${String(n).padStart(2, '0')}`] })),
  );
  await addSegment(bench, 'all');
  planner = await logIn(bench.test, 'planner-e');
});
afterAll(() => bench.test.close());

const make = async (code: string, more: object = {}): Promise<{ id: string }> => {
  const answer = await bench.planner.post('/campaigns', campaignForm(code, { kind: 'care', segment: 'all', ...more }));
  expect(answer.status).toBe(201);
  return answer.body as { id: string };
};
const own = { opening: '原来的说法。' };
const other = { name: '开门见山', percent: 50, script: { opening: '新的说法。' } };
const versionOf = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
const textOf = (script: { opening: { segments: { text: string }[] }[] }): string =>
  script.opening.flatMap(({ segments }) => segments.map(({ text }) => text)).join('');

describe('CAM-10 scripts that are tried', () => {
  it.each<[string, unknown, string]>([
    ['more than are left', [{ percent: 60 }, { percent: 40 }], 'variants_too_much'],
    ['a share that is no whole number', [{ percent: 1.5 }], 'variants_invalid'],
  ])('are refused with %s', async (_, variants, code) => {
    const answer = await bench.planner.post('/campaigns', campaignForm('refused', { variants }));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ error: { code } });
  });

  it('are heard by whom the draw says, every time, and the calls are counted by them', async () => {
    const { id } = await make('two-ways', { script: own, variants: [other] });
    expect(((await bench.planner.post('/campaigns/two-ways/launch')).body as CampaignBody).tasks).toMatchObject({ open: PEOPLE });
    const manager = await bench.house('m01');
    const heard: Record<string, number> = { A: 0, B: 0 };
    for (let call = 0; call < PEOPLE; call += 1) {
      const { task } = (await manager.post('/call-desk/next', { campaign: 'two-ways' })).body as {
        task: { id: string; customer: { id: string }; script: Parameters<typeof textOf>[0] };
      };
      const key = placeOf(variantSeed(id), task.customer.id) < 5_000 ? 'A' : 'B';
      heard[key] = (heard[key] ?? 0) + 1;
      expect(textOf(task.script)).toContain(key === 'A' ? '原来的说法。' : '新的说法。');
      const done = await manager.post(`/tasks/${task.id}/attempts`, { outcome: 'reached', talkSeconds: 60 });
      expect(done.status).toBe(201);
    }
    expect(Math.min(heard.A ?? 0, heard.B ?? 0)).toBeGreaterThan(0);
    const funnel = (await bench.planner.get('/campaigns/two-ways/funnel?by=variant')).body as { rows: { key: string; attempts: number }[] };
    expect(funnel.rows.map(({ key, attempts }) => [key, attempts])).toEqual([
      ['A', heard.A],
      ['B', heard.B],
    ]);
    expect(Object.keys(ids)).toHaveLength(PEOPLE);
  });

  it('may be worded anew while the campaign runs, but nobody is drawn anew', async () => {
    const { version } = await bench.test.db.one<{ version: number }>(sql`select version from campaigns.campaign where code = 'two-ways'`);
    const page = await planner.get('/campaigns/two-ways/edit/script?variant=B');
    expect(page.text).toContain('新的说法。');
    const saved = await planner.post('/campaigns/two-ways/edit/script', { variant: 'B', opening: '更新的说法。', version: String(version) });
    expect(saved.status).toBe(303);
    expect((await bench.planner.get('/campaigns/two-ways')).body).toMatchObject({
      script: { opening: '原来的说法。' },
      variants: [{ key: 'B', percent: 50, script: { opening: '更新的说法。' } }],
    });
    for (const [path, fields] of [
      ['', { percent: '10' }],
      ['/B', { percent: '20' }],
      ['/B', { remove: '1' }],
    ] as const) {
      const refused = await planner.post(`/campaigns/two-ways/edit/variants${path}`, fields);
      expect(refused.status).toBe(409);
      expect(refused.text).toContain('这一项不能再改');
    }
  });
});

describe('CAM-10 the wizard of scripts that are tried', () => {
  const at = '/campaigns/by-forms/edit/variants';
  const variants = async () => ((await bench.planner.get('/campaigns/by-forms')).body as { variants: { name: string; percent: number }[] }).variants;

  it('adds one as a copy of the own script, changes its share, shows it, and removes it', async () => {
    await make('by-forms', { script: own });
    const version = versionOf((await planner.get('/campaigns/by-forms/edit/script')).text);
    const added = await planner.post(at, { name: '开门见山', percent: '40', version });
    expect([added.status, added.headers.location]).toEqual([303, '/campaigns/by-forms/edit/script?variant=B']);
    expect(await variants()).toEqual([
      expect.objectContaining({ key: 'B', name: '开门见山', percent: 40, script: { ...own, branches: [], objections: [] } }),
    ]);
    expect((await planner.post(`${at}/B`, { name: '直说', percent: '30' })).status).toBe(303);
    const shown = (await planner.get('/campaigns/by-forms/script?variant=B')).text;
    expect(shown).toMatch(/B 直说 <span class="sc-n">30%/);
    expect(shown).toMatch(/A 原话术 <span class="sc-n">70%/);
    expect((await planner.post(`${at}/B`, { remove: '1' })).status).toBe(303);
    expect(await variants()).toEqual([]);
  });

  it('refuses a share that leaves nothing, one that is none, and a script that is not there, each with its sentence', async () => {
    await planner.post(at, { percent: '60' });
    const tooMuch = await planner.post(at, { percent: '40' });
    expect([tooMuch.status, tooMuch.text.includes('原话术至少要留1%')]).toEqual([422, true]);
    expect((await planner.post(at, { percent: '0' })).status).toBe(422);
    const unknown = await planner.post(`${at}/D`, { percent: '5' });
    expect([unknown.status, unknown.text.includes('没有版本D')]).toEqual([409, true]);
    expect(await variants()).toHaveLength(1);
  });

  it('refuses a form that was opened before somebody else saved (R30), and whoever may not change the campaign', async () => {
    expect((await planner.post(at, { percent: '5', version: '1' })).status).toBe(409);
    const west = await logIn(bench.test, 'planner-w');
    expect((await west.post(at, { percent: '5' })).status).toBe(404);
    const supervisor = await logIn(bench.test, 'supervisor-e');
    expect((await supervisor.post(at, { percent: '5' })).status).toBe(403);
    expect(await variants()).toHaveLength(1);
  });
});
