import { addMonths, atTime, type Day, dayOf } from '../kernel/day.js';
import type { CareRule, RuleRow } from './care.types.js';
import type { Coverage } from './coverage.queries.js';
import type { PlanRun } from './planning/plan-run.types.js';

const NONE: Coverage = { due: 0, inTime: 0, late: 0, open: 0, atRisk: 0, notReached: 0, missed: 0 };
const PARTS = [
  ['inTime', 'ok'],
  ['late', 'teal'],
  ['open', 'brand2'],
  ['atRisk', 'warn'],
  ['notReached', 'none'],
  ['missed', 'bad'],
] as const satisfies readonly (readonly [keyof Coverage, string])[];
/** Width of the split bar's drawing. */
const WIDTH = 1000;
/** When the schedule plans the day. */
const PLANNED_AT = '06:00';

export interface CoverageLine extends Coverage {
  /** Of the open ones and those still to be planned, whom the forecast sees missed. */
  willMiss: number;
  rate: number | null;
  parts: { kind: string; x: string; width: string }[];
}

export function coverageLine(coverage: Coverage, willMiss = 0): CoverageLine {
  let x = 0;
  const parts = PARTS.map(([key, kind]) => {
    const width = coverage.due === 0 ? 0 : (coverage[key] / coverage.due) * WIDTH;
    const part = { kind, x: x.toFixed(2), width: width.toFixed(2) };
    x += width;
    return part;
  });
  return { ...coverage, willMiss, rate: coverage.due === 0 ? null : coverage.inTime / coverage.due, parts };
}

export const totalOf = (rows: readonly Coverage[]): Coverage =>
  rows.reduce<Coverage>(
    (sum, row) => ({
      due: sum.due + row.due,
      inTime: sum.inTime + row.inTime,
      late: sum.late + row.late,
      open: sum.open + row.open,
      atRisk: sum.atRisk + row.atRisk,
      notReached: sum.notReached + row.notReached,
      missed: sum.missed + row.missed,
    }),
    NONE,
  );

/** The state of a promise, as colour and word: broken, at risk, on time, nothing promised. */
export function promiseOf(rule: CareRule, coverage: Coverage = NONE) {
  const kind = coverage.due === 0 ? '' : coverage.missed > 0 ? 'bad' : coverage.atRisk > 0 ? 'warn' : 'ok';
  const done = coverage.inTime + coverage.late;
  const count = coverage.missed || coverage.atRisk;
  const part = { '': null, ok: null, warn: 'atRisk', bad: 'missed' }[kind];
  return { code: rule.code, kind, part, done, due: coverage.due, count, coverage, icon: { '': 'minus', ok: 'check', warn: 'alarm', bad: 'x' }[kind] };
}

export function programmeLine(row: RuleRow, rule: CareRule, coverage: Coverage = NONE) {
  return {
    code: row.code,
    icon: rule.icon,
    enabled: row.enabled,
    version: row.version,
    due: coverage.due,
    done: coverage.inTime + coverage.late,
    atRisk: coverage.atRisk,
    missed: coverage.missed,
  };
}

/** When the schedule runs next. */
export const nextRunAt = (now: Date): Date => {
  const today = atTime(dayOf(now), PLANNED_AT);
  return now < today ? today : new Date(today.getTime() + 86_400_000);
};

/** The months to choose from: this one, the next, and half a year back. */
export const monthsAround = (month: Day): Day[] => Array.from({ length: 8 }, (_, i) => addMonths(month, 1 - i));

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, count) => all + count, 0);

/** A run with its sums, its counts by rule and by reason. */
export function runView(run: PlanRun) {
  const { planned, messages, skipped } = run;
  return {
    ...run,
    live: run.state === 'queued' || run.state === 'running',
    kind: { queued: 'info', running: 'info', done: 'ok', failed: 'bad' }[run.state],
    plannedSum: sum(planned),
    messagesSum: sum(messages),
    skippedSum: sum(skipped),
    byRule: run.rules.map((code) => ({ code, planned: planned[code] ?? 0, messages: messages[code] ?? 0 })),
    unsentRules: Object.entries(run.unsent).map(([code, unsent]) => ({ code, ...unsent })),
    byReason: Object.entries(skipped)
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count),
  };
}
