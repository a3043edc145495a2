import fc from 'fast-check';
import { addDays, addMonths, type Day } from '../../src/kernel/day.js';
import type { Tx } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import { HEALTH_FIELDS, INITIAL_HEALTH } from '../../src/retention/health/health-settings.policy.js';
import { healthOf, healthSql } from '../../src/retention/health/health.rule.js';
import type { HealthFacts, HealthSettings } from '../../src/retention/health/health.types.js';
import { contacted, person } from '../e2e/care/care-world.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

class RolledBack extends Error {}
const TODAY: Day = '2026-11-24';
/** Sources of the product with their likelihoods in per cent. */
const SOURCES = { termination: 90, 'portability-query': 70, other: 50, 'contract-ending': 25 } as const;

const ago = fc.oneof(fc.integer({ min: -2, max: 120 }), fc.constantFrom(0, 89, 90, 91));
const amount = fc.option(fc.constantFrom(0, 10, 20, 50, 99, 100, 101), { nil: null });
const blueprint = fc.record({
  status: fc.constantFrom('active' as const, 'active' as const, 'suspended' as const, 'churned' as const),
  signs: fc.array(fc.record({ ago, source: fc.constantFrom(...(Object.keys(SOURCES) as (keyof typeof SOURCES)[])) }), { maxLength: 2 }),
  score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
  complaints: fc.array(ago, { maxLength: 4 }),
  calls: fc.uniqueArray(fc.record({ ago, outcome: fc.constantFrom('refused', 'reached', 'no_answer', 'busy') }), {
    maxLength: 7,
    selector: (call) => call.ago,
  }),
  uses: fc.uniqueArray(fc.record({ monthsAgo: fc.integer({ min: 0, max: 5 }), data: amount, voice: amount }), {
    maxLength: 5,
    selector: (use) => use.monthsAgo,
  }),
});
type Blueprint = typeof blueprint extends fc.Arbitrary<infer T> ? T : never;
const settings: fc.Arbitrary<HealthSettings> = fc
  .tuple(
    ...HEALTH_FIELDS.map(({ name, max }) =>
      fc.oneof(fc.constant(INITIAL_HEALTH[name]), fc.constant(INITIAL_HEALTH[name]), fc.integer({ min: 0, max: Math.min(max, 100) })),
    ),
  )
  .map((values) => ({ ...INITIAL_HEALTH, ...Object.fromEntries(HEALTH_FIELDS.map(({ name }, i) => [name, values[i] ?? 0])) }));

const factsOf = (print: Blueprint): HealthFacts => ({
  status: print.status,
  signs: print.signs.map(({ ago: days, source }) => ({ on: addDays(TODAY, -days), percent: SOURCES[source] })),
  scorePercent: print.score,
  complaints: print.complaints.map((days) => addDays(TODAY, -days)),
  calls: [...print.calls]
    .sort((a, b) => b.ago - a.ago)
    .map(({ ago: days, outcome }) => ({ on: addDays(TODAY, -days), outcome, effective: outcome === 'refused' || outcome === 'reached' })),
  uses: print.uses.map(({ monthsAgo, data, voice }) => ({
    month: addMonths(`${TODAY.slice(0, 7)}-01`, -monthsAgo),
    dataUsedMb: data,
    voiceUsedMin: voice,
  })),
});

describe('CUS-5 one rule of health, whether asked of one customer or of all in one statement', () => {
  let test: TestApp;
  beforeAll(async () => (test = await createTestApp()));
  afterAll(() => test.close());

  async function write(tx: Tx, print: Blueprint, facts: HealthFacts): Promise<string> {
    const who = await person(tx, { manager: null, unit: 'province', status: print.status });
    for (const { ago: days, source } of print.signs)
      await tx.run(sql`
        insert into retention.sign (customer_id, line_id, source_code, noted_on, became, noted_by, created_at)
        select ${who.id}, ${who.lineId}, ${source}, ${addDays(TODAY, -days)}::date, 'quiet', min(id), now() from staff.app_user`);
    if (print.score !== null)
      await tx.run(sql`
        insert into retention.churn_score (customer_id, line_id, score, scored_on, created_at, updated_at)
        values (${who.id}, ${who.lineId}, ${print.score / 100}::numeric, ${TODAY}::date, now(), now())`);
    for (const on of facts.complaints)
      await tx.run(sql`
        insert into tickets.ticket (kind, scope, tier, major, text, customer_id, state, org_unit_id, opened_at, limit_version, answer_due, solve_due, answer_escalate, solve_escalate)
        select 'complaint', 'inside', 'other', false, '', c.id, 'assigned', c.org_unit_id, ${`${on}T12:00:00+08:00`}, 1, now(), now(), now(), now() from customers.customer c where c.id = ${who.id}`);
    for (const { on, outcome } of facts.calls) await contacted(tx, who, { on, outcome });
    for (const { month, dataUsedMb, voiceUsedMin } of facts.uses)
      await tx.run(sql`
        insert into customers.package_use (customer_id, line_id, month, data_used_mb, voice_used_min, created_at, updated_at)
        values (${who.id}, ${who.lineId}, ${month}, ${dataUsedMb}, ${voiceUsedMin}, now(), now())`);
    return who.id;
  }

  it('for any customers and any thresholds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(blueprint, { minLength: 1, maxLength: 6 }), settings, async (prints, chosen) => {
        const undone = test.db.tx(async (tx) => {
          const ids: string[] = [];
          for (const print of prints) ids.push(await write(tx, print, factsOf(print)));
          const found = await tx.rows<{ id: string; tier: string; reasons: object[] }>(
            sql`select j.customer_id as id, j.tier, j.reasons from (${healthSql(chosen, TODAY, sql`c.id = any(${ids}::bigint[])`)}) j order by j.customer_id`,
          );
          const expected = prints.flatMap((print, i) => {
            const health = healthOf(factsOf(print), chosen, TODAY);
            return health ? [{ id: ids[i], ...health }] : [];
          });
          expect(found).toEqual(expected);
          throw new RolledBack();
        });
        await undone.catch((error: unknown) => {
          if (!(error instanceof RolledBack)) throw error;
        });
      }),
      { numRuns: 80 },
    );
  });
});
