import { type Judgement, judge, monthsFrom } from '../../../bench/replay/replay-judge.js';
import { Replay } from '../../../bench/replay/replay.js';
import type { ReplaySize } from '../../../bench/replay/replay-world.js';
import { addDays } from '../../../src/kernel/day.js';
import { createTestApp } from '../../support/test-app.js';

const FROM = '2025-01-01';

async function live(size: ReplaySize): Promise<Judgement> {
  const test = await createTestApp({ now: `${size.from}T00:00:00+08:00` });
  try {
    const replay = new Replay(test.app, test.clock, size);
    await replay.prepare();
    await replay.run();
    return await judge(test.db, replay.fates, size, replay.reported);
  } finally {
    await test.close();
  }
}

/** `npm run bench -- replay` lives through every day of it, with 20,000 customers. */
describe('CAR-1 CAR-2 CAR-4 CAR-11 months of care, lived through by the product itself', () => {
  const few: ReplaySize = {
    ...{ seed: 20250101, customers: 50, starDensity: 5, managers: 2, callsADay: 20 },
    ...{ from: FROM, until: monthsFrom(FROM, 12), everyDays: 5, forecastEvery: 120 },
  };
  const busy: ReplaySize = {
    ...{ seed: 7, customers: 200, starDensity: 18, managers: 1, callsADay: 2 },
    ...{ from: FROM, until: monthsFrom(FROM, 1), everyDays: 1, forecastEvery: 8 },
  };

  it('in a year every star is visited in every period, and nobody against a cap, a block or the hour', async () => {
    const result = await live(few);
    expect(result.faults).toEqual([]);
    expect(result).toMatchObject({ tried: 0, reported: 0 });
    expect(result.visited).toBeGreaterThan(30);
  });

  it('where there is not room for all, it says by name who will be missed before it happens', async () => {
    const result = await live(busy);
    expect(result.faults).toEqual([]);
    expect(result.reported).toBeGreaterThan(0);
  });

  it('the same seed lives the same life', async () => {
    const days = { ...busy, customers: 60, until: addDays(FROM, 3), forecastEvery: 3 };
    expect((await live(days)).digest).toBe((await live(days)).digest);
  });
});
