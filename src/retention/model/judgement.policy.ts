import { draws } from '../../kernel/draws.js';
import type { CalibrationRow } from './model.types.js';

const TENTHS = 10;

/**
 * Area under the ROC curve: how often somebody who left has the higher score of a pair, ties counting half (Mann-Whitney).
 * @returns NaN where all labels are the same
 */
export function areaUnderCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [ranks, positives] = [0, 0];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]) to += 1;
    for (let i = from; i < to; i += 1) {
      if (!labels[order[i] ?? 0]) continue;
      ranks += (from + to + 1) / 2;
      positives += 1;
    }
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

interface Tenth {
  customers: number;
  left: number;
  score: number;
}

/** Equal tenths by score, highest first. */
function tenthsOf(scores: ArrayLike<number>, labels: ArrayLike<number>): Tenth[] {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const tenths = Array.from({ length: TENTHS }, (): Tenth => ({ customers: 0, left: 0, score: 0 }));
  order.forEach((row, place) => {
    const tenth = tenths[Math.floor((place * TENTHS) / order.length)];
    if (!tenth) return;
    tenth.customers += 1;
    tenth.left += labels[row] ?? 0;
    tenth.score += scores[row] ?? 0;
  });
  return tenths;
}

/** @returns lift of each tenth, highest scores first: 2.9 means 2.9 times the leavers of a tenth drawn blindly */
export function liftOf(scores: ArrayLike<number>, labels: ArrayLike<number>): number[] {
  const tenths = tenthsOf(scores, labels);
  const base = tenths.reduce((sum, { left }) => sum + left, 0) / scores.length;
  return tenths.map(({ customers, left }) => left / customers / base);
}

/** @returns said against happened, a row for each tenth, highest first */
export function calibrationOf(scores: ArrayLike<number>, labels: ArrayLike<number>): CalibrationRow[] {
  return tenthsOf(scores, labels).map(({ customers, left, score }) => ({ predicted: score / customers, observed: left / customers, customers }));
}

/** Folds of equal size and, to one, equal share of positives. @returns the fold of each row, 0…folds − 1 */
export function foldsOf(labels: Uint8Array, folds: number, seed = 1): Uint8Array {
  const draw = draws(seed);
  const keys = Float64Array.from(labels, () => draw());
  const order = Array.from(labels, (_, i) => i).sort((a, b) => (labels[a] ?? 0) - (labels[b] ?? 0) || (keys[a] ?? 0) - (keys[b] ?? 0));
  const fold = new Uint8Array(labels.length);
  order.forEach((row, place) => (fold[row] = place % folds));
  return fold;
}
