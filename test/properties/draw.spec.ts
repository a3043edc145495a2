import fc from 'fast-check';
import { holdOutSeed, placeOf, variantSeed } from '../../src/campaigns/experiment/draw.js';
import { variantOf } from '../../src/campaigns/experiment/script-choice.js';
import { sql } from '../../src/platform/database/sql.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const id = fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }).map(String);
const shares = fc
  .array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 })
  .filter((percents) => percents.reduce((sum, one) => sum + one, 0) <= 99)
  .map((percents) => percents.map((percent) => ({ name: '', percent, script: { opening: '', branches: [], objections: [] } })));

describe('CAM-10 the draw of hold-out and scripts', () => {
  let test: TestApp;
  beforeAll(async () => (test = await createTestApp()));
  afterAll(() => test.close());

  it('falls the same way in SQL and in the program, whoever, wherever', async () => {
    await fc.assert(
      fc.asyncProperty(id, fc.array(id, { minLength: 20, maxLength: 40 }), shares, async (campaignId, customers, variants) => {
        const rows = await test.db.rows<{ customer: string; place: number; variant: string }>(sql`
          select c::text as customer, campaigns.bucket(${holdOutSeed(campaignId)}::text, c) as place,
                 campaigns.variant_of(campaigns.variant_bounds(${JSON.stringify(variants)}::jsonb), ${campaignId}::bigint, c) as variant
          from unnest(${customers}::bigint[]) with ordinality x(c, n) order by n`);
        expect(rows).toEqual(
          customers.map((customer) => ({
            customer,
            place: placeOf(holdOutSeed(campaignId), customer),
            variant: variantOf({ id: campaignId, variants }, customer),
          })),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('spreads evenly, and who is held out says nothing of the script', () => {
    const customers = Array.from({ length: 20_000 }, (_, n) => String(n + 1));
    const half = (seed: string, customer: string): boolean => placeOf(seed, customer) < 5_000;
    const cells = { both: 0, holdOut: 0, script: 0, neither: 0 };
    for (const customer of customers) {
      const [held, tried] = [half(holdOutSeed('17'), customer), half(variantSeed('17'), customer)];
      cells[held ? (tried ? 'both' : 'holdOut') : tried ? 'script' : 'neither'] += 1;
    }
    // each cell 5,000 ± 4 standard deviations
    for (const cell of Object.values(cells)) expect(Math.abs(cell - 5_000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.25 * 0.75));
  });
});
