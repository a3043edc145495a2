/** A row of a labelled segment: the file's own columns as they came. */
export type Attributes = Readonly<Record<string, string>>;

/** How a column enters the model: a number by slope and step, everything else by level. */
export type ColumnPlan =
  | { kind: 'number'; name: string; mean: number; spread: number; edges: readonly number[] }
  | { kind: 'category'; name: string; levels: readonly string[] };

/** Why a column stands outside: asked for, the label itself, an identifier, or the same value everywhere. */
export interface LeftOut {
  column: string;
  why: 'asked' | 'label' | 'identifier' | 'constant';
}

/** What one column adds to the log-odds. `centre` is its mean over the training rows: reasons are told against it. */
export type ColumnWeights =
  | {
      kind: 'number';
      name: string;
      mean: number;
      spread: number;
      edges: readonly number[];
      slope: number;
      steps: readonly number[];
      missing: number;
      centre: number;
    }
  | { kind: 'category'; name: string; levels: Readonly<Record<string, number>>; rare: number; missing: number; centre: number };

export interface Model {
  intercept: number;
  columns: readonly ColumnWeights[];
}

export interface CalibrationRow {
  /** Mean score of the tenth, 0…1. */
  predicted: number;
  /** Share that did leave. */
  observed: number;
  customers: number;
}

/** What the model card says, all from rows the judged fold never saw. */
export interface ModelCard {
  rows: number;
  /** Rows that bear the label's positive value. */
  positives: number;
  /** Rows without a label: not trained on. */
  unlabelled: number;
  /** Area under the ROC curve, 0.5…1. */
  auc: number;
  /** Share of leavers in each tenth by score, highest first, over the share in all: 1 is chance. */
  lift: readonly number[];
  calibration: readonly CalibrationRow[];
  leftOut: readonly LeftOut[];
  /** Columns that alone nearly give the answer: they may have been written after it. */
  suspicious: readonly string[];
}

/** Which part of a customer's record moves the score, and which way. */
export interface Reason {
  column: string;
  /** As in the file; empty: missing. */
  value: string;
  /** Log-odds against the average customer; above 0 towards leaving. */
  weight: number;
}
