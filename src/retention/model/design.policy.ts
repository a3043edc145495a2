import { cellOf, numberOf } from './columns.policy.js';
import type { Attributes, ColumnPlan, ColumnWeights } from './model.types.js';

/** A number outside anything seen while training pulls no harder than this many spreads. */
const FARTHEST = 4;

/** Rows as the few features each one has: indices and values side by side, row after row. */
export interface Design {
  rows: number;
  features: number;
  /** Features of row r stand from r × width. */
  width: number;
  index: Int32Array;
  value: Float64Array;
}

/** Places of a column's features. A number: slope, then one a step, then missing. A category: one a level, then rare, then missing. */
export const featuresOf = (plan: ColumnPlan): number => (plan.kind === 'number' ? plan.edges.length + 3 : plan.levels.length + 2);

/** @returns which step of its column a number stands on: 0 below the first edge */
export function stepOf(value: number, edges: readonly number[]): number {
  let step = 0;
  while (step < edges.length && value >= (edges[step] ?? Infinity)) step += 1;
  return step;
}

export const scaled = (value: number, { mean, spread }: { mean: number; spread: number }): number =>
  Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean) / spread));

/** Each column takes two places: the level or step, and the slope (0 where there is none). */
export function designOf(rows: readonly Attributes[], plans: readonly ColumnPlan[]): Design {
  const width = plans.length * 2;
  const design: Design = {
    rows: rows.length,
    features: 0,
    width,
    index: new Int32Array(rows.length * width),
    value: new Float64Array(rows.length * width),
  };
  plans.forEach((plan, place) => {
    const from = design.features;
    const levels = plan.kind === 'category' ? new Map(plan.levels.map((level, i) => [level, i])) : undefined;
    rows.forEach((row, r) => {
      const at = r * width + place * 2;
      const cell = cellOf(row, plan.name);
      design.index.set([from, from + placeOf(plan, cell, levels)], at);
      design.value.set([slopeOf(plan, cell), 1], at);
    });
    design.features += featuresOf(plan);
  });
  return design;
}

function slopeOf(plan: ColumnPlan, cell: string): number {
  const value = plan.kind === 'number' ? numberOf(cell) : undefined;
  return plan.kind === 'number' && value !== undefined ? scaled(value, plan) : 0;
}

function placeOf(plan: ColumnPlan, cell: string, levels: ReadonlyMap<string, number> | undefined): number {
  if (plan.kind === 'category') return cell === '' ? plan.levels.length + 1 : (levels?.get(cell) ?? plan.levels.length);
  const value = numberOf(cell);
  return value === undefined ? plan.edges.length + 2 : 1 + stepOf(value, plan.edges);
}

/** The fitted weights by column, in words that need no places. `centre` is filled by the caller from the training rows. */
export function weightsOf(plans: readonly ColumnPlan[], weights: Float64Array, centres: readonly number[]): ColumnWeights[] {
  let from = 0;
  return plans.map((plan, place) => {
    const own = [...weights.subarray(from, from + featuresOf(plan))];
    from += own.length;
    const centre = centres[place] ?? 0;
    const missing = own.at(-1) ?? 0;
    if (plan.kind === 'number') return { ...plan, slope: own[0] ?? 0, steps: own.slice(1, -1), missing, centre };
    const levels = Object.fromEntries(plan.levels.map((level, i) => [level, own[i] ?? 0]));
    return { kind: plan.kind, name: plan.name, levels, rare: own.at(-2) ?? 0, missing, centre };
  });
}
