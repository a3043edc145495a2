import type { Design } from './design.policy.js';

/** Newton steps; a ridge fit of this size settles in six to eight. */
const MOST_STEPS = 25;
const SETTLED = 1e-6;

export interface Fit {
  intercept: number;
  weights: Float64Array;
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Log-odds of one row. */
export function logOdds(design: Design, row: number, fit: Fit): number {
  let sum = fit.intercept;
  const end = (row + 1) * design.width;
  for (let at = row * design.width; at < end; at += 1) sum += (fit.weights[design.index[at] ?? 0] ?? 0) * (design.value[at] ?? 0);
  return sum;
}

/**
 * Logistic regression with a ridge penalty, by iteratively reweighted least squares (McCullagh & Nelder 1989, ch. 4; le Cessie & van Houwelingen 1992).
 * The intercept is not punished, so mean score and share of leavers agree.
 * @param penalty λ of ½ λ‖w‖²; 1 is scikit-learn's C = 1
 */
export function fitLogistic(design: Design, labels: Uint8Array, rows: Int32Array, penalty: number): Fit {
  const size = design.features + 1; // the intercept stands last
  let beta = new Float64Array(size);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { gradient, hessian } = derivatives({ design, labels, rows, penalty }, beta);
    const move = solve(hessian, gradient, size);
    beta = beta.map((value, i) => value + (move[i] ?? 0));
    if (move.every((value) => Math.abs(value) < SETTLED)) break;
  }
  return { intercept: beta[design.features] ?? 0, weights: beta.subarray(0, design.features) };
}

interface Problem {
  design: Design;
  labels: Uint8Array;
  rows: Int32Array;
  penalty: number;
}

function derivatives({ design, labels, rows, penalty }: Problem, beta: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
  const size = beta.length;
  const last = size - 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const fit: Fit = { intercept: beta[last] ?? 0, weights: beta.subarray(0, last) };
  const index = new Int32Array(design.width + 1).fill(last);
  const value = new Float64Array(design.width + 1).fill(1);
  for (const row of rows) {
    const from = row * design.width;
    index.set(design.index.subarray(from, from + design.width));
    value.set(design.value.subarray(from, from + design.width));
    const p = logistic(logOdds(design, row, fit));
    addRow({ gradient, hessian, size }, { index, value }, { miss: (labels[row] ?? 0) - p, weight: p * (1 - p) });
  }
  for (let i = 0; i < last; i += 1) {
    gradient[i] = (gradient[i] ?? 0) - penalty * (beta[i] ?? 0);
    hessian[i * size + i] = (hessian[i * size + i] ?? 0) + penalty;
  }
  return { gradient, hessian };
}

/** Only the lower triangle: the matrix is symmetric. */
function addRow(
  into: { gradient: Float64Array; hessian: Float64Array; size: number },
  { index, value }: { index: Int32Array; value: Float64Array },
  { miss, weight }: { miss: number; weight: number },
): void {
  const { gradient, hessian, size } = into;
  for (let a = 0; a < index.length; a += 1) {
    const va = value[a] ?? 0;
    if (va === 0) continue;
    const ia = index[a] ?? 0;
    gradient[ia] = (gradient[ia] ?? 0) + miss * va;
    for (let b = 0; b <= a; b += 1) {
      const ib = index[b] ?? 0;
      const at = ia >= ib ? ia * size + ib : ib * size + ia;
      hessian[at] = (hessian[at] ?? 0) + weight * va * (value[b] ?? 0);
    }
  }
}

/** Cholesky. A pivot of nothing (a level no training row has, without a penalty) keeps its weight at 0. */
function solve(lower: Float64Array, right: Float64Array, size: number): Float64Array {
  const x = Float64Array.from(right);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = lower[i * size + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (lower[j * size + j] ?? 1);
    }
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (lower[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * size + i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) sum -= (lower[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (lower[i * size + i] ?? 1);
  }
  return x;
}
