import { RULE_CODES } from '../../../src/care/care.types.js';
import { CareReferenceCommands } from '../../../src/care/care-reference.commands.js';
import { INVITATIONS } from '../../../src/care/events/events.types.js';
import { sql } from '../../../src/platform/database/sql.js';
import { CareWorld } from './care-world.js';

let world: CareWorld;
beforeAll(async () => (world = await CareWorld.open()));
afterAll(() => world.test.close());

interface Refusal {
  error: { code: string; param: string; message: string };
}
interface Rule {
  code: string;
  enabled: boolean;
  version: number;
  settings: Record<string, unknown>;
}
const rule = async (code: string): Promise<Rule> => (await world.planner.get(`/care/rules/${code}`)).body as Rule;

describe('CAR-1 rules are a versioned table', () => {
  it('an empty system has every rule, disabled, with its default settings', async () => {
    for (const code of RULE_CODES) expect(await rule(code)).toMatchObject({ code, enabled: false, version: 1 });
    expect((await rule('star-revisit')).settings).toMatchObject({
      period: 'calendar',
      months: { 7: 1, 6: 2, 5: 3, 4: 5, 3: 5, 2: 5, 1: 5 },
      horizonDays: 31,
    });
  });

  it('each has its standing campaign, made once, beside the one of retention', async () => {
    await world.test.app.get(CareReferenceCommands, { strict: false }).ensure();
    const rows = await world.test.db.rows<{ code: string }>(
      sql`select code from campaigns.campaign where standing and state = 'running' order by code`,
    );
    expect(rows.map(({ code }) => code)).toEqual([...RULE_CODES, 'daily-care', INVITATIONS, 'retention'].sort());
  });

  it.each([
    ['an unknown rule', 'weekly-hello', {}, 404, 'not_found'],
    ['a stale version', 'star-revisit', { enabled: true, version: 7 }, 409, 'rule_changed'],
    ['an unknown setting', 'star-revisit', { settings: { colour: 'blue' } }, 422, 'invalid_input'],
    ['a gap longer than the period', 'star-revisit', { settings: { minGapDays: { 7: 60 } } }, 422, 'invalid_input'],
    ['another code than the address', 'star-revisit', { code: 'birthday' }, 422, 'rule_code_differs'],
    ['an unknown field', 'star-revisit', { enable: true }, 422, 'invalid_input'],
  ])('%s is refused', async (_, code, body, status, error) => {
    const answer = await world.planner.put(`/care/rules/${code}`, body);
    expect(answer.status).toBe(status);
    expect((answer.body as Refusal).error.code).toBe(error);
    expect((answer.body as Refusal).error.message).not.toBe(error);
  });

  it.each(['supervisor-e', 'm01'])('%s may not change a rule', async (who) => {
    expect((await (await world.house(who)).put('/care/rules/birthday', { enabled: true })).status).toBe(403);
  });

  it('what GET gave can be put, changed, and makes a new version; the old one is kept', async () => {
    const before = await rule('birthday');
    const answer = await world.planner.put('/care/rules/birthday', { ...before, settings: { ...before.settings, feb29: '03-01' } });
    expect(answer.body).toEqual({ ...before, version: 2, settings: { ...before.settings, feb29: '03-01' } });
    const again = await world.planner.put('/care/rules/birthday', { ...before, enabled: true });
    expect([again.status, (again.body as Refusal).error.code]).toEqual([409, 'rule_changed']);
    const kept = await world.test.db.rows(
      sql`select version, settings ->> 'feb29' as feb29 from care.rule_version where rule_code = 'birthday' order by version`,
    );
    expect(kept).toEqual([
      { version: 1, feb29: '02-28' },
      { version: 2, feb29: '03-01' },
    ]);
  });

  it('putting the same again changes nothing', async () => {
    const before = await rule('birthday');
    expect((await world.planner.put('/care/rules/birthday', before)).body).toEqual(before);
  });
});
