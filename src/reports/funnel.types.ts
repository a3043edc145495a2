import type { Day } from '../kernel/day.js';
import type { Sureness } from '../kernel/statistics.js';
import type { CountKey, RateKey } from './catalogue.js';
import type { PeriodBefore } from './period-before.policy.js';

export const CUTS = ['manager', 'team', 'hour', 'day', 'star', 'region', 'source', 'variant'] as const;
/** What a funnel is cut by. */
export type Cut = (typeof CUTS)[number];

export interface FunnelFilter {
  campaign?: string | undefined;
  /** Of a campaign: with all its waves. Only the rows behind a figure are asked so. */
  waves?: boolean | undefined;
  /** First and last Shanghai day, both included; without them: all time. */
  from?: Day | undefined;
  to?: Day | undefined;
  /** Beside each figure that of the period before, and the difference; needs both days. */
  compare?: boolean | undefined;
  /** The columns of the table; all: every figure of the catalogue. */
  columns?: 'all' | undefined;
  /** People (reach, list connect rate …) also in the cuts: slower, they do not add up. */
  distinct?: boolean | undefined;
}

/** Counts are whole numbers; those of people are null in cuts unless asked for. Rates are fractions, null where nothing divides. */
export type FunnelRow = Record<CountKey, number | null> & Record<RateKey, number | null>;
export type FunnelCutRow = FunnelRow & { key: string; label: string };

export interface Funnel {
  total: FunnelRow;
  rows: FunnelCutRow[];
}

/** How sure each rate of a row is; rates that have no value are missing. */
export type RowSureness = Partial<Record<RateKey, Sureness>>;
/** A row as the report shows it. */
export interface ReportedRow {
  sureness: RowSureness;
  /** The same figures of the period before, all 0 where there was nothing; only where asked for. */
  before?: FunnelRow;
  /** What the row was called then, where it was: the day that stands over against it. */
  beforeKey?: string;
  /** Now − before: counts in their unit, rates as fractions (0.01 is one percentage point); null where either has no value. */
  difference?: FunnelRow;
}

/** A funnel with how sure its rates are and, where asked for, with the period before. */
export interface FunnelReport {
  before?: PeriodBefore;
  total: FunnelRow & ReportedRow;
  rows: (FunnelCutRow & ReportedRow)[];
}

/** One attempt behind a figure. */
export interface AttemptRow {
  attemptId: string;
  startedAt: Date;
  customerId: string;
  customerName: string | null;
  star: number;
  number: string;
  campaignCode: string;
  campaignName: string;
  managerName: string;
  outcome: string;
  outcomeZh: string;
  outcomeEn: string;
  tone: string;
  talkSeconds: number;
  orderState: string | null;
  orderNo: string | null;
}
