import type { Attributes, ColumnPlan, LeftOut } from './model.types.js';

/** A column is a number when nearly all that stands in it reads as one, and it takes more values than a scale of marks would. */
const NUMBER_SHARE = 0.95;
const NUMBER_VALUES = 10;
/** A level of fewer rows goes with the other rare ones. */
const RARE_SHARE = 0.005;
const RARE_ROWS = 10;
/** Words that are nearly all different name a row and say nothing of the next one. */
const IDENTIFIER_SHARE = 0.5;
const MOST_LEVELS = 50;
/** Steps of a number: tenths of the training rows. */
const STEPS = 10;

/** What stands for nothing in exports of common systems. */
const NOTHING = new Set(['', '-', '—', 'null', 'NULL', 'NaN', 'nan', 'NA', 'N/A', '\\N']);

/** @returns the trimmed value; empty where the cell says nothing */
export function cellOf(row: Attributes, column: string): string {
  const text = (row[column] ?? '').trim();
  return NOTHING.has(text) ? '' : text;
}

/** @returns undefined where the cell is no plain decimal number; thousands separators are taken */
export function numberOf(text: string): number | undefined {
  if (!/^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?(e[+-]?\d+)?%?$/i.test(text) || !/\d/.test(text)) return undefined;
  const value = Number(text.replace(/[,%]/g, ''));
  return Number.isFinite(value) ? value : undefined;
}

interface Counted {
  filled: number;
  values: Map<string, number>;
  numbers: number[];
}

function count(rows: readonly Attributes[], column: string): Counted {
  const counted: Counted = { filled: 0, values: new Map(), numbers: [] };
  for (const row of rows) {
    const cell = cellOf(row, column);
    if (cell === '') continue;
    counted.filled += 1;
    counted.values.set(cell, (counted.values.get(cell) ?? 0) + 1);
    const value = numberOf(cell);
    if (value !== undefined) counted.numbers.push(value);
  }
  return counted;
}

function planNumber(name: string, numbers: readonly number[]): ColumnPlan {
  const sorted = Float64Array.from(numbers).sort();
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const spread = Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length) || 1;
  const cuts = Array.from({ length: STEPS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / STEPS)] ?? 0);
  return { kind: 'number', name, mean, spread, edges: [...new Set(cuts)] };
}

function planCategory(name: string, { values, filled }: Counted, rows: number): ColumnPlan | undefined {
  if (values.size > MOST_LEVELS && values.size > filled * IDENTIFIER_SHARE) return undefined;
  const least = Math.max(RARE_ROWS, rows * RARE_SHARE);
  const common = [...values].filter(([, times]) => times >= least).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { kind: 'category', name, levels: common.slice(0, MOST_LEVELS).map(([level]) => level) };
}

function planOne(rows: readonly Attributes[], name: string): ColumnPlan | 'identifier' | 'constant' {
  const counted = count(rows, name);
  const missing = counted.filled < rows.length;
  if (counted.values.size === 0 || (counted.values.size === 1 && !missing)) return 'constant';
  const isNumber = counted.numbers.length >= counted.filled * NUMBER_SHARE && counted.values.size > NUMBER_VALUES;
  return isNumber ? planNumber(name, counted.numbers) : (planCategory(name, counted, rows.length) ?? 'identifier');
}

/**
 * Types the columns of a labelled segment by what stands in them.
 * @param names the segment's columns in the order of the file
 */
export function planColumns(
  rows: readonly Attributes[],
  names: readonly string[],
  without: { label: string; asked: readonly string[] },
): { plans: ColumnPlan[]; leftOut: LeftOut[] } {
  const plans: ColumnPlan[] = [];
  const leftOut: LeftOut[] = [];
  for (const name of names) {
    const plan = name === without.label ? 'label' : without.asked.includes(name) ? 'asked' : planOne(rows, name);
    if (typeof plan === 'string') leftOut.push({ column: name, why: plan });
    else plans.push(plan);
  }
  return { plans, leftOut };
}
