import { addDays, type Day, weekday } from '../../kernel/day.js';
import type { RuleCode } from '../care.types.js';
import type { Backtest } from './backtest.queries.js';
import type { Forecast } from './forecast.queries.js';
import type { ForecastCell, ForecastRow, StoredForecast } from './forecast.types.js';

/** The upper ends of the load steps, in percent of what fits; above the last one it is over, above 120 % far over (UI guide, charts). */
const STEPS = [0, 50, 70, 85, 95, 100, 120] as const;

type Load = Pick<ForecastRow, 'tasks' | 'capacity'>;

export const isOver = ({ tasks, capacity }: Load): boolean => tasks > capacity;

/** `ld0` to `ld7`, or `ldL` where nobody works and nothing stands. */
export function stepOf({ tasks, capacity }: Load): string {
  if (capacity === 0) return tasks === 0 ? 'ldL' : 'ld7';
  const percent = (100 * tasks) / capacity;
  const step = STEPS.findIndex((upper) => percent <= upper);
  return `ld${step === -1 ? STEPS.length : step}`;
}

export interface Difference {
  rule: RuleCode;
  /** Whether it is on already, and only its settings are tried. */
  enabled: boolean;
  customers: number;
  /** Calls by week, each by its Monday or the first day. */
  weeks: { from: Day; before: number; after: number }[];
  /** Managers whose days over capacity change. */
  over: { owner: string; name: string; before: number; after: number }[];
  lastMonth: Backtest | null;
}

const weekOf = (date: Day, from: Day): Day => {
  const monday = addDays(date, 1 - weekday(date));
  return monday < from ? from : monday;
};

const sumBy = (cells: readonly ForecastCell[], key: (cell: ForecastCell) => string, value: (cell: ForecastCell) => number): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const cell of cells) sums.set(key(cell), (sums.get(key(cell)) ?? 0) + value(cell));
  return sums;
};

export function differenceOf({ from, cells, stored, draft }: Forecast): Difference | null {
  if (!draft) return null;
  const inWeek = ({ date }: ForecastCell): Day => weekOf(date, from);
  const calls = (of: readonly ForecastCell[]) => sumBy(of, inWeek, ({ tasks }) => tasks);
  const over = (of: readonly ForecastCell[]) =>
    sumBy(
      of,
      ({ owner }) => owner,
      (cell) => Number(isOver(cell)),
    );
  const [callsBefore, overBefore, overAfter] = [calls(draft.before), over(draft.before), over(cells)];
  const names = new Map(cells.map(({ owner, name }) => [owner, name]));
  return {
    rule: draft.rule.rule.code,
    enabled: draft.enabled,
    customers: stored.customers[draft.rule.rule.code] ?? 0,
    weeks: [...calls(cells)].map(([week, after]) => ({ from: week, before: callsBefore.get(week) ?? 0, after })),
    over: [...overAfter]
      .map(([owner, after]) => ({ owner, name: names.get(owner) ?? owner, before: overBefore.get(owner) ?? 0, after }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => b.after - b.before - (a.after - a.before)),
    lastMonth: draft.backtest,
  };
}

/** So many managers are drawn, those with the most days over capacity first; a team is chosen to see others. */
const DRAWN = 40;

export interface HeatCell {
  gap: boolean;
  step: string;
  day: Day;
  tasks: number;
  capacity: number;
  off: boolean;
  /** Its year's holiday notice is not out. */
  unsure: boolean;
}

const sum = (cells: readonly ForecastCell[], value: (cell: ForecastCell) => number): number => cells.reduce((all, cell) => all + value(cell), 0);

function groupBy(cells: readonly ForecastCell[], key: (cell: ForecastCell) => string): ForecastCell[][] {
  const groups = new Map<string, ForecastCell[]>();
  for (const cell of cells) {
    const group = groups.get(key(cell));
    if (group) group.push(cell);
    else groups.set(key(cell), [cell]);
  }
  return [...groups.values()];
}

const overDays = (cells: readonly ForecastCell[]): ForecastCell[] => cells.filter(isOver);

/** The days on which anybody works or anything stands. */
const daysOf = (cells: readonly ForecastCell[]): Day[] =>
  groupBy(cells, ({ date }) => date).flatMap((day) => (day.some(({ tasks, capacity }) => tasks + capacity > 0) ? (day[0]?.date ?? []) : []));

const newWeek = (day: Day, before: Day | undefined): boolean => before !== undefined && addDays(day, 1 - weekday(day)) > before;

/** Days under which the name of their month has room. */
const MONTH_WIDTH = 3;

const monthNumber = (day: Day): string => String(Number(day.slice(5, 7)));

/** Managers by days, with a gap before each week. */
export function heatOf({ cells }: Forecast, unpublished: readonly number[]) {
  const days = daysOf(cells);
  const columns = days.map((day, i) => ({ day, gap: newWeek(day, days[i - 1]) }));
  const months = new Map<string, { month: string; span: number }>();
  for (const { day, gap } of columns) {
    const month = months.get(day.slice(0, 7)) ?? { month: monthNumber(day), span: 0 };
    months.set(day.slice(0, 7), { ...month, span: month.span + (gap ? 2 : 1) });
  }
  const managers = groupBy(cells, ({ owner }) => owner).sort((a, b) => overDays(b).length - overDays(a).length);
  const row = (own: ForecastCell[]) => {
    const byDay = new Map(own.map((cell) => [cell.date, cell]));
    const drawn = columns.map(({ day, gap }): HeatCell => {
      const load = byDay.get(day) ?? { tasks: 0, capacity: 0 };
      const off = load.capacity === 0 && load.tasks === 0;
      return { day, gap, ...load, off, step: stepOf(load), unsure: unpublished.includes(Number(day.slice(0, 4))) };
    });
    const capacity = own.reduce((most, cell) => Math.max(most, cell.capacity), 0);
    return { name: own[0]?.name, owner: own[0]?.owner, capacity, over: overDays(own).length, cells: drawn };
  };
  return {
    columns,
    months: [...months.values()].map((one) => ({ ...one, narrow: one.span < MONTH_WIDTH })),
    rows: managers.slice(0, DRAWN).map(row),
    more: Math.max(0, managers.length - DRAWN),
  };
}

/** Each day of all managers together, and who is over. */
export const dayLines = ({ cells }: Forecast) =>
  groupBy(cells, ({ date }) => date)
    .map((of) => ({
      day: of[0]?.date ?? '',
      tasks: sum(of, ({ tasks }) => tasks),
      capacity: sum(of, ({ capacity }) => capacity),
      over: overDays(of).map(({ name }) => name),
    }))
    .filter(({ tasks, capacity }) => tasks + capacity > 0);

/** The days over capacity by manager, who has most of them first. */
export const overLines = ({ cells }: Forecast) =>
  groupBy(overDays(cells), ({ owner }) => owner)
    .map((days) => ({
      name: days[0]?.name ?? '',
      owner: days[0]?.owner ?? '',
      team: days[0]?.team ?? '',
      more: sum(days, ({ tasks, capacity }) => tasks - capacity),
      days: days.map(({ date, tasks, capacity }) => ({ date, tasks, capacity, far: stepOf({ tasks, capacity }) === 'ld7' })),
    }))
    .sort((a, b) => b.days.length - a.days.length);

export const totalsOf = ({ cells, stored }: Forecast) => ({
  calls: sum(cells, ({ tasks }) => tasks),
  capacity: sum(cells, ({ capacity }) => capacity),
  over: overDays(cells).length,
  more: sum(overDays(cells), ({ tasks, capacity }) => tasks - capacity),
  overdue: stored.overdue,
});

/** How far a forecast under way has come. */
export const progressView = ({ id, state, done, parts }: StoredForecast): object => ({
  id,
  state,
  live: state === 'queued' || state === 'running',
  done,
  parts: Math.max(parts, 1),
  percent: Math.round((100 * done) / Math.max(parts, 1)),
});

/** The difference as the page tells it: with signs, and the month by its number. */
export function differenceView(difference: Difference | null) {
  if (!difference) return null;
  const signed = (n: number): string => (n > 0 ? `+${n}` : n < 0 ? `−${-n}` : '0');
  return {
    ...difference,
    month: difference.lastMonth && monthNumber(difference.lastMonth.month),
    weeks: difference.weeks.map((week) => ({ ...week, change: signed(week.after - week.before) })),
  };
}
