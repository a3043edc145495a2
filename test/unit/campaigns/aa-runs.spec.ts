import { placeOf, variantSeed } from '../../../src/campaigns/experiment/draw.js';
import { compare } from '../../../src/campaigns/experiment/uplift.policy.js';
import { Dice } from '../../../src/demo/dice.js';

const group = (happened: number, people: number) => ({ happened, people });

/** How many of the runs cover the truth, no effect, and how many find one. */
function judged(runs: number, run: (nth: number) => ReturnType<typeof compare>): { covered: number; found: number } {
  const results = Array.from({ length: runs }, (_, nth) => run(nth));
  return {
    covered: results.filter(({ interval: [low, high] }) => low <= 0 && high >= 0).length / runs,
    found: results.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length / runs,
  };
}

describe('CAM-10 A/A runs: two groups between which there is no difference', () => {
  it.each([
    ['halves, one in ten buys', 300, 300, 0.1],
    ['a hold-out of a fifth, three in ten buy', 400, 100, 0.3],
    ['small groups, half of them buy', 100, 100, 0.5],
  ])('%s: the interval covers the truth in 95 of 100', (_, n, m, share) => {
    const dice = new Dice(20_261_128);
    const buyers = (people: number): number => {
      let count = 0;
      for (let nth = 0; nth < people; nth += 1) if (dice.next() < share) count += 1;
      return count;
    };
    const { covered, found } = judged(2_000, () => compare(group(buyers(n), n), group(buyers(m), m)));
    // three standard deviations of 2,000 runs
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.015);
    expect(found).toBeLessThanOrEqual(1 - covered + 1e-9);
    expect(found).toBeGreaterThan(0);
  });

  it('the draw itself makes groups without a difference: campaign after campaign among the same customers', () => {
    const dice = new Dice(7);
    const customers = Array.from({ length: 400 }, (_, n) => ({ id: String(n + 1), buys: dice.chance(0.2) }));
    const { covered } = judged(300, (nth) => {
      const [of, against] = [group(0, 0), group(0, 0)];
      for (const { id, buys } of customers) {
        const side = placeOf(variantSeed(String(nth + 1)), id) < 5_000 ? of : against;
        side.people += 1;
        side.happened += buys ? 1 : 0;
      }
      return compare(of, against);
    });
    // three standard deviations of 300 runs
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.038);
  });
});
