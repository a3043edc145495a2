import { cellOf, numberOf } from './columns.policy.js';
import { scaled, stepOf } from './design.policy.js';
import { logistic } from './logistic.policy.js';
import type { Attributes, ColumnWeights, Model, Reason } from './model.types.js';

export const REASONS = 3;

/** A contribution below this moves a score by less than a point in a hundred: no reason worth reading. */
const WORTH_SAYING = 0.04;

function contribution(column: ColumnWeights, cell: string): number {
  if (column.kind === 'category') return cell === '' ? column.missing : Object.hasOwn(column.levels, cell) ? (column.levels[cell] ?? 0) : column.rare;
  const value = numberOf(cell);
  if (value === undefined) return column.missing;
  return column.slope * scaled(value, column) + (column.steps[stepOf(value, column.edges)] ?? 0);
}

export interface Scored {
  /** Likelihood of leaving, 0…1. */
  score: number;
  /** At most three, strongest first, whichever way they pull. */
  reasons: Reason[];
}

/** Cells repeat: what a column made of one is kept. Numbers may be as many as customers, so not all are. */
const MOST_KEPT = 20_000;

type Added = { value: string; added: number };

function columnScorer(column: ColumnWeights): (row: Attributes) => Added {
  const kept = new Map<string | undefined, Added>();
  return (row) => {
    const raw = row[column.name];
    const known = kept.get(raw);
    if (known) return known;
    const value = cellOf(row, column.name);
    const fresh = { value, added: contribution(column, value) };
    if (kept.size < MOST_KEPT) kept.set(raw, fresh);
    return fresh;
  };
}

/**
 * What the model says of a customer, and why: a function of his row. Columns the model does not know are not looked at; ones that are missing count
 * as missing.
 */
export function scorerOf(model: Model): (row: Attributes) => Scored {
  const columns = model.columns.map((column) => ({ name: column.name, centre: column.centre, score: columnScorer(column) }));
  return (row) => {
    let sum = model.intercept;
    const top: Reason[] = [];
    for (const { name, centre, score } of columns) {
      const { value, added } = score(row);
      sum += added;
      const weight = added - centre;
      if (Math.abs(weight) >= WORTH_SAYING) keepStrongest(top, { column: name, value, weight });
    }
    return { score: logistic(sum), reasons: top };
  };
}

function keepStrongest(top: Reason[], reason: Reason): void {
  const strength = Math.abs(reason.weight);
  if (top.length === REASONS && strength <= Math.abs(top[REASONS - 1]?.weight ?? 0)) return;
  let place = top.length;
  while (place > 0 && Math.abs(top[place - 1]?.weight ?? 0) < strength) place -= 1;
  top.splice(place, 0, reason);
  if (top.length > REASONS) top.pop();
}
