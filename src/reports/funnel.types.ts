import type { Day } from '../kernel/day.js';
import type { CountKey, RateKey } from './catalogue.js';

export const CUTS = ['manager', 'team', 'hour', 'day', 'star', 'region', 'source', 'variant'] as const;
/** What a funnel is cut by. */
export type Cut = (typeof CUTS)[number];

export interface FunnelFilter {
  campaign?: string | undefined;
  /** First and last Shanghai day, both included; without them: all time. */
  from?: Day | undefined;
  to?: Day | undefined;
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
