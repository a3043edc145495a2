import { sql } from '../../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must, refusal } from './call-centre.js';

let test: TestApp;
let centre: CallCentre;

beforeAll(async () => {
  test = await createTestApp();
  centre = await CallCentre.open(test);
});
beforeEach(() => centre.clear());
afterAll(() => test.close());

/** A campaign with one call that nobody answered. */
async function unanswered(options: object = {}): Promise<void> {
  await centre.customers('m01', [7]);
  await centre.campaign('c1', options);
  await centre.call('m01', { outcome: 'no_answer' });
}

const chosenHour = (html: string): string | undefined => /<option value="(\d+)" selected/.exec(html)?.[1];

describe('CAM-8 a redial list', () => {
  it('moves nothing beyond the last day of the campaign, where it would never be dialled', async () => {
    await unanswered({ endsOn: '2026-11-24' });
    await centre.moveTo('2026-11-24T16:00');
    const planner = await centre.house('planner-e');
    expect(await refusal(planner.post('/campaigns/c1/redial-list', { from: 10 }))).toBe('409 redial_nothing');
    expect((await (await logIn(test, 'planner-e')).get('/campaigns/c1/redial?from=10&own=false')).text).toContain('没有要换时段的任务');
    expect(await must(planner.post('/campaigns/c1/redial-list', { from: 18 }), 200)).toMatchObject({ tasks: 1 });
    expect(await test.db.rows(sql`select not_before as at from calls.task`)).toEqual([{ at: new Date('2026-11-24T18:00:00+08:00') }]);
  });

  it('of a campaign that does not run is not offered, and one that is refused keeps the hour that was chosen', async () => {
    await unanswered();
    const page = await logIn(test, 'planner-e');
    expect((await page.get('/campaigns/c1/redial?from=15&own=false')).text).toContain('1个任务转到 15:00');
    await must((await centre.house('planner-e')).post('/campaigns/c1/pause', { reason: '线路检修' }), 200, 201);
    const refused = await page.post('/campaigns/c1/redial', { from: '15' });
    expect([refused.status, chosenHour(refused.text)]).toEqual([409, '15']);
    expect(refused.text).not.toMatch(/name="own" value="true" checked/);
    const shown = (await page.get('/campaigns/c1/redial?from=15&own=false')).text;
    expect(shown).toContain('恢复运行后才能调整');
    expect(shown).not.toContain('1个任务转到 15:00');
  });
});
