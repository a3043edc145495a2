import { draws } from '../../kernel/draws.js';
import { areaUnderCurve, calibrationOf, foldsOf, liftOf } from './judgement.policy.js';

/** Every pair of somebody who left and somebody who stayed, one by one. */
function pairwise(scores: number[], labels: number[]): number {
  let [won, pairs] = [0, 0];
  scores.forEach((a, i) =>
    scores.forEach((b, j) => {
      if (!labels[i] || labels[j]) return;
      pairs += 1;
      won += a > b ? 1 : a === b ? 0.5 : 0;
    }),
  );
  return won / pairs;
}

describe('RET-2 judging a churn model', () => {
  it.each<[string, number[], number[], number]>([
    ['perfect', [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1],
    ['upside down', [0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1], 0],
    ['the same for all', [0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1], 0.5],
    ['one pair of four wrong', [0.1, 0.6, 0.5, 0.9], [0, 0, 1, 1], 0.75],
  ])('AUC: %s', (_, scores, labels, auc) => expect(areaUnderCurve(scores, labels)).toBeCloseTo(auc, 12));

  it('AUC equals the share of pairs in the right order, with ties', () => {
    const draw = draws(7);
    const scores = Array.from({ length: 300 }, () => Math.floor(draw() * 40) / 40);
    const labels = scores.map((score) => Number(draw() < score));
    expect(areaUnderCurve(scores, labels)).toBeCloseTo(pairwise(scores, labels), 12);
  });

  it('lift: the best tenth of twenty holds both leavers of four, so five times the chance of a blind one', () => {
    const scores = Array.from({ length: 20 }, (_, i) => i / 20);
    const labels = scores.map((_, i) => Number([19, 18, 10, 3].includes(i)));
    expect(liftOf(scores, labels).map((value) => Number(value.toFixed(6)))).toEqual([5, 0, 0, 0, 2.5, 0, 0, 0, 2.5, 0]);
  });

  it('calibration sets said beside happened and counts everybody once', () => {
    const scores = Array.from({ length: 105 }, (_, i) => i / 105);
    const rows = calibrationOf(
      scores,
      scores.map((score) => Number(score > 0.5)),
    );
    expect(rows.reduce((sum, { customers }) => sum + customers, 0)).toBe(105);
    expect(rows[0]).toMatchObject({ observed: 1 });
    expect(rows.at(-1)).toMatchObject({ observed: 0 });
  });

  it('folds are of one size and share of leavers, and the same each time', () => {
    const labels = Uint8Array.from({ length: 1003 }, (_, i) => Number(i % 4 === 0));
    const folds = foldsOf(labels, 5);
    for (let fold = 0; fold < 5; fold += 1) {
      const own = [...folds.keys()].filter((row) => folds[row] === fold);
      expect(Math.abs(own.length - 200.6)).toBeLessThan(1);
      expect(Math.abs(own.filter((row) => labels[row]).length - 50.2)).toBeLessThan(2);
    }
    expect(foldsOf(labels, 5)).toEqual(folds);
  });
});
