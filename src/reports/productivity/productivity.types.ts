import type { Day } from '../../kernel/day.js';
import type { Sureness } from '../../kernel/statistics.js';
import { WORK_COUNT_KEYS, type WorkRateKey } from '../catalogue.js';

export const WORK_CUTS = ['manager', 'team'] as const;
export type WorkCut = (typeof WORK_CUTS)[number];

/** The counts of the table: calls as the funnel counts them, seconds, promises. */
export const WORK_METRICS = ['attempts', 'connected', 'converted', ...WORK_COUNT_KEYS] as const;
export type WorkMetric = (typeof WORK_METRICS)[number];

export interface WorkFilter {
  from: Day;
  to: Day;
  /** Code of a team. */
  team?: string | undefined;
}

export type WorkCounts = Record<WorkMetric, number>;
/** One person's, with whom they belong to. */
export interface PersonCounts extends WorkCounts {
  username: string;
  name: string;
  teamCode: string;
  teamName: string;
}
/** Rates are fractions, average talk is in seconds; null where nothing divides. */
export type WorkRates = Record<WorkRateKey, number | null>;
export interface WorkRow extends WorkCounts, WorkRates {
  key: string;
  label: string;
  team: string;
  /** How sure the shares of promises are; missing where there were none. */
  sureness: Partial<Record<WorkRateKey, Sureness>>;
}

export interface Productivity {
  rows: WorkRow[];
  total: WorkRow;
}

/** One call or other contact behind a figure. */
export interface WorkCallRow {
  startedAt: Date;
  customerId: string;
  customerName: string | null;
  star: number;
  number: string;
  campaignName: string;
  managerName: string;
  channel: string;
  outcomeZh: string;
  outcomeEn: string;
  talkSeconds: number;
  wrapSeconds: number;
}

/** One day of one person behind the working time. */
export interface WorkDayRow {
  day: Day;
  managerName: string;
  /** Percent by the rota, and what absences leave of it. */
  rostered: number;
  share: number;
  absence: string | null;
  seconds: number;
}

/** One promised callback behind a figure. */
export interface CallbackRow {
  customerId: string;
  customerName: string | null;
  star: number;
  campaignName: string;
  managerName: string;
  dueAt: Date;
  calledAt: Date | null;
}

/** One promise of another kind behind a figure. */
export interface PromiseRow {
  customerId: string;
  customerName: string | null;
  star: number;
  campaignName: string;
  managerName: string;
  kind: string;
  text: string;
  state: 'kept' | 'broken';
  dueOn: Day;
  closedAt: Date;
  /** When a broken one was kept after all. */
  doneAt: Date | null;
}

export type RowKind = 'calls' | 'days' | 'callbacks' | 'promises';
export function kindOf(metric: WorkMetric): RowKind {
  if (metric === 'workSeconds') return 'days';
  if (metric.startsWith('callbacks')) return 'callbacks';
  return metric.startsWith('promises') ? 'promises' : 'calls';
}
export type WorkAnyRow = WorkCallRow | WorkDayRow | CallbackRow | PromiseRow;
