import { draws } from '../../kernel/draws.js';
import { planColumns } from './columns.policy.js';
import { type Design, designOf, weightsOf } from './design.policy.js';
import { areaUnderCurve, calibrationOf, foldsOf, liftOf } from './judgement.policy.js';
import { type Fit, fitLogistic, logistic, logOdds } from './logistic.policy.js';
import type { Attributes, ColumnPlan, Model, ModelCard } from './model.types.js';

const FOLDS = 5;
const PENALTY = 10;
/** More rows give a hundred weights nothing more. */
export const MOST_ROWS = 50_000;
/** A single column that orders customers this well has probably been written after they left. */
const SUSPICIOUS_AUC = 0.97;

export interface Labelled {
  attributes: Attributes;
  positive: boolean;
}

export interface TrainingInput {
  rows: readonly Labelled[];
  columns: readonly string[];
  label: string;
  exclude: readonly string[];
  unlabelled: number;
}

/** A drawn part of a large segment, the same one each time. */
function drawn(rows: readonly Labelled[]): readonly Labelled[] {
  if (rows.length <= MOST_ROWS) return rows;
  const draw = draws(rows.length);
  const keyed = rows.map((row) => ({ row, key: draw() })).sort((a, b) => a.key - b.key);
  return keyed.slice(0, MOST_ROWS).map(({ row }) => row);
}

/**
 * Fits and judges a churn model. Each score that is judged comes from a fit that never saw its row: columns are typed, levels counted and numbers scaled
 * anew in each fold.
 * @param pause called between fits, so that a server breathes
 */
export async function train(input: TrainingInput, pause: () => Promise<void>): Promise<{ model: Model; card: ModelCard }> {
  const rows = drawn(input.rows);
  const labels = Uint8Array.from(rows, ({ positive }) => Number(positive));
  const scores = await scoresUnseen(input, { rows, labels }, pause);
  const attributes = rows.map((row) => row.attributes);
  const { plans, leftOut } = planColumns(attributes, input.columns, { label: input.label, asked: input.exclude });
  const design = designOf(attributes, plans);
  const fit = fitLogistic(design, labels, Int32Array.from(labels.keys()), PENALTY);
  const card: ModelCard = {
    rows: rows.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    unlabelled: input.unlabelled,
    auc: areaUnderCurve(scores, labels),
    lift: liftOf(scores, labels),
    calibration: calibrationOf(scores, labels),
    leftOut,
    suspicious: suspiciousColumns({ design, plans, labels, fit }),
  };
  return { model: { intercept: fit.intercept, columns: weightsOf(plans, fit.weights, centresOf(design, plans, fit)) }, card };
}

async function scoresUnseen(
  input: TrainingInput,
  { rows, labels }: { rows: readonly Labelled[]; labels: Uint8Array },
  pause: () => Promise<void>,
): Promise<Float64Array> {
  const folds = foldsOf(labels, FOLDS);
  const scores = new Float64Array(rows.length);
  const attributes = rows.map((row) => row.attributes);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    await pause();
    const seen = Int32Array.from([...labels.keys()].filter((row) => folds[row] !== fold));
    const known = Array.from(seen, (row) => attributes[row] ?? {});
    const { plans } = planColumns(known, input.columns, { label: input.label, asked: input.exclude });
    const design = designOf(attributes, plans);
    const fit = fitLogistic(design, labels, seen, PENALTY);
    for (let row = 0; row < rows.length; row += 1) if (folds[row] === fold) scores[row] = logistic(logOdds(design, row, fit));
  }
  return scores;
}

/** Log-odds that one column adds to a row. */
function added(design: Design, fit: Fit, row: number, place: number): number {
  const at = row * design.width + place * 2;
  return [at, at + 1].reduce((sum, i) => sum + (fit.weights[design.index[i] ?? 0] ?? 0) * (design.value[i] ?? 0), 0);
}

const centresOf = (design: Design, plans: readonly ColumnPlan[], fit: Fit): number[] =>
  plans.map((_, place) => {
    let sum = 0;
    for (let row = 0; row < design.rows; row += 1) sum += added(design, fit, row, place);
    return sum / design.rows;
  });

function suspiciousColumns({ design, plans, labels, fit }: { design: Design; plans: readonly ColumnPlan[]; labels: Uint8Array; fit: Fit }): string[] {
  return plans
    .filter((_, place) => {
      const scores = Float64Array.from(labels, (__, row) => added(design, fit, row, place));
      return areaUnderCurve(scores, labels) >= SUSPICIOUS_AUC;
    })
    .map(({ name }) => name);
}
