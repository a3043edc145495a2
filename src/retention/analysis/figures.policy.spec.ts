import { type Counts, FIGURES, ratesOf } from './figures.policy.js';

const counts = (more: Partial<Counts> = {}): Counts => ({
  ...(Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Counts),
  costFen: 0,
  judgedCostFen: 0,
  ...more,
});

describe('RET-3 rates of retention', () => {
  it('have no value where nothing divides', () =>
    expect(ratesOf(counts())).toEqual({ firstCallRate: null, talkRate: null, takeRate: null, successRate: null, costPerSavedFen: null }));

  it('success is those still active of those spoken with whose day is told; who is not told of yet counts nowhere', () => {
    const { successRate, costPerSavedFen } = ratesOf(
      counts({ cases: 10, talked: 8, judged: 5, active: 4, gone: 1, untold: 3, judgedCostFen: 60_000, costFen: 90_000 }),
    );
    expect([successRate, costPerSavedFen]).toEqual([0.8, 15_000]);
  });

  it('nobody kept costs no sum a head', () => expect(ratesOf(counts({ judged: 5, judgedCostFen: 100 })).costPerSavedFen).toBeNull());

  it('the first call is in time of those that were due', () =>
    expect(ratesOf(counts({ cases: 9, calledInTime: 3, calledLate: 1 })).firstCallRate).toBe(0.75));
});
