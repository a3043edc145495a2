import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { HEALTH_FIELDS, INITIAL_HEALTH } from '../../../src/retention/health/health-settings.policy.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, type PageVisitor, unescaped } from '../../support/visitor.js';
import { person, type Person } from '../care/care-world.js';

const PAGE = '/retention/setup/health';
const AS_DELIVERED = Object.fromEntries(HEALTH_FIELDS.map(({ name }) => [name, String(INITIAL_HEALTH[name])]));

let test: TestApp;
let planner: PageVisitor;
let supervisor: PageVisitor;

const at = (field: string, answer: Response): string | undefined =>
  new RegExp(`id="${field}-error">.*?</i>(.*?)</div>`).exec(unescaped(answer.text))?.[1];
const versionNow = async (): Promise<number> =>
  (await test.db.one<{ version: number }>(sql`select max(version) as version from retention.health_rule`)).version;
const save = async (fields: Record<string, string>): Promise<Response> =>
  planner.post(PAGE, { ...AS_DELIVERED, version: String(await versionNow()), ...fields });
const tierOf = async ({ id }: Person): Promise<string | undefined> =>
  (await test.db.maybe<{ tier: string }>(sql`select tier from retention.health where customer_id = ${id}`))?.tier;

beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
  [planner, supervisor] = [await logIn(test, 'planner-e'), await logIn(test, 'supervisor-e')];
});
afterAll(() => test.close());

describe('CUS-5 the thresholds of the health tiers', () => {
  it('stand on a page with their limits and what they were delivered as', async () => {
    const { status, text } = await planner.get(PAGE);
    expect(status).toBe(200);
    for (const { name } of HEALTH_FIELDS) expect(text).toContain(`name="${name}" value="${INITIAL_HEALTH[name]}"`);
    expect(text).toMatch(/0至365，0为不算；默认90/);
    expect(text).toContain('还没有人改过');
  });

  it('saved as they are change nothing and judge nobody', async () => {
    expect((await save({})).status).toBe(303);
    expect((await planner.get(PAGE)).text).toContain('没有改动');
    expect(await versionNow()).toBe(1);
  });

  it('saved they judge everybody anew, with the old value in the log and on the page', async () => {
    const who = await person(test.db, {});
    await test.db.run(sql`
      insert into retention.churn_score (customer_id, line_id, score, scored_on, created_at, updated_at)
      values (${who.id}, ${who.lineId}, 0.62, '2026-11-24', now(), now())`);
    const answer = await save({ scoreHigh: '60', callDays: '30' });
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    expect(await tierOf(who)).toBeUndefined();
    await drainJobs(test.app);
    expect(await tierOf(who)).toBe('high-risk');
    const entry = await test.db.one(
      sql`select actor, object_id, detail from staff.audit_entry where action = 'retention-setup.changed' order by id desc limit 1`,
    );
    const detail = { scoreHigh: { from: 70, to: 60 }, callDays: { from: 90, to: 30 } };
    expect(entry).toEqual({ actor: 'planner-e', object_id: 'health', detail });
    const { text } = await supervisor.get(PAGE);
    expect(text).toMatch(/第2版[^]*得分多少算高危：70 → 60 %[^]*看多久以内的通话：90 → 30 天/);
    expect((await planner.get('/retention/setup')).text).toContain('得分多少算高危：70 → 60');
    await save({ scoreHigh: '70', callDays: '30' });
    await drainJobs(test.app);
    expect(await tierOf(who)).toBe('sub-healthy');
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['more days than a year', { intentDays: '366' }, 'intentDays', /0到365/],
    ['a word', { complaintsHigh: '很多' }, 'complaintsHigh', /0到20/],
    ['nothing', { dropSub: '' }, 'dropSub', /0到100/],
    ['less than nothing', { refusalsSub: '-1' }, 'refusalsSub', /0到50/],
    ['a fraction', { scoreHigh: '70.5' }, 'scoreHigh', /0到100/],
    ['sub-healthy above high-risk', { scoreSub: '90' }, 'scoreSub', /不能比高危的（70）还高/],
  ])('tell at its box of %s and keep what was typed', async (_, wrong, field, sentence) => {
    const before = await versionNow();
    const answer = await save({ unreachedSub: '33', ...wrong });
    expect([answer.status, at(field, answer)]).toEqual([422, expect.stringMatching(sentence)]);
    expect(answer.text).toContain('name="unreachedSub" value="33"');
    expect(answer.text).toContain(`name="${field}" value="${wrong[field] ?? ''}"`);
    expect(await versionNow()).toBe(before);
  });

  it('are not overwritten by somebody who has not seen them', async () => {
    const answer = await save({ version: '1', scoreHigh: '80' });
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('别人刚改过')]);
  });

  it('are looked at by supervisors, changed by planners, and no matter of managers', async () => {
    expect((await supervisor.get(PAGE)).text).not.toMatch(/<button[^>]*btn-primary/);
    expect((await supervisor.post(PAGE, { ...AS_DELIVERED, version: String(await versionNow()) })).status).toBe(403);
    expect((await (await logIn(test, 'm01')).get(PAGE)).status).toBe(403);
  });
});
