import type { Day } from '../../kernel/day.js';

/** A list is told apart by its segment, by the import (batch) that brought a number, or by the campaign that dialled it. */
export const PROVIDER_CUTS = ['segment', 'import', 'campaign'] as const;
export type ProviderCut = (typeof PROVIDER_CUTS)[number];

/** What is wrong with a number that came: who supplied it answers for that. */
export const FAULTS = ['invalid_number', 'suspended', 'wrong_person'] as const;
export type Fault = (typeof FAULTS)[number];

export interface ProviderFilter {
  campaign?: string | undefined;
  segment?: string | undefined;
  import?: string | undefined;
  /** Shanghai days of the calls, both included. */
  from: Day;
  to: Day;
}

/** Counts of one list. `listed` and `duplicates` are of all its numbers, the others of those dialled in the period. */
export interface ProviderCounts extends Record<Fault, number> {
  /** null where the calls name no list that is kept here: nobody knows how many numbers it had. */
  listed: number | null;
  duplicates: number | null;
  /** Numbers dialled. */
  numbers: number;
  attempts: number;
  /** Attempts spent on a number while it was at fault. */
  wasted: number;
  /** What those cost, in fen, at today's cost of a dial; null: no cost is set. */
  wastedFen: number | null;
  connected: number;
  converted: number;
}

export interface ProviderRow extends ProviderCounts {
  key: string;
  label: string | null;
  importedAt: Date | null;
}

/**
 * Fen that one dial costs where nobody has set it: 0.40 yuan, of which 0.10 are a minute of line and 0.30 half a minute of an agent at 36 yuan an hour. It is an
 * estimate to be replaced by one's own; 0: costs are not shown.
 */
export const DEFAULT_DIAL_FEN = 40;

export interface DialCost {
  fen: number;
  by: string;
  at: Date;
}

/** The scorecard, with what a dial costs in fen; 0: no costs are shown. */
export interface Scorecard {
  rows: ProviderRow[];
  total: ProviderRow;
  fenADial: number;
}

/** A number that goes back, as it was found last. */
export interface ReturnedNumber {
  number: string;
  fault: Fault;
  at: Date;
  segment: string;
  segmentName: string | null;
  importId: string | null;
  importName: string | null;
  campaignName: string;
}

/** How a row without a list is asked for. */
export const NO_LIST = '-';

/** Figures of the scorecard that open below it: at numbers, and at calls. */
export const PROVIDER_FIGURES = ['listed', 'duplicates', 'numbers', ...FAULTS, 'attempts', 'wasted', 'converted'] as const;
export type ProviderFigure = (typeof PROVIDER_FIGURES)[number];

export const isFault = (figure: string): figure is Fault => FAULTS.some((fault) => fault === figure);

/** The figure that is opened, of all or of one row. */
export interface FigureAsked {
  by: ProviderCut;
  metric: ProviderFigure;
  list: string | undefined;
}

/** A number behind it with the call that tells most of it, or a call. */
export interface ProviderRowBehind {
  number: string;
  customerId: string;
  customerName: string | null;
  /** null: not called in the period. */
  at: Date | null;
  fault: Fault | null;
  campaignName: string | null;
  segmentName: string | null;
}
