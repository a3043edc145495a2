import { addDays, type Day } from '../../kernel/day.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import type { Say } from '../cases/cases.views.js';
import { MEASURE_KINDS } from '../cases/case.types.js';
import type { AnalysisForm } from './analysis.forms.js';
import type { AnalysisRow, AnalysisTotal } from './analysis.queries.js';
import type { Cut } from './figures.policy.js';

/** Without dates the cases of half a year: enough for all days of follow-up. */
const DAYS_SHOWN = 182;

export const askedForm = (form: AnalysisForm, today: Day): AnalysisForm & { from: Day; to: Day; by: Cut; days: 30 | 60 | 90 } => ({
  ...form,
  from: form.from ?? addDays(today, -DAYS_SHOWN),
  to: form.to ?? today,
  by: form.by ?? 'reason',
  days: form.days ?? 90,
});

/** Columns of page and file alike. */
export const COLUMNS = [
  ...['cases', 'firstCallRate', 'talked', 'talkRate', 'offered', 'taken', 'takeRate', 'kept', 'lost', 'stopped'],
  ...['judged', 'active', 'successRate', 'untold', 'costFen', 'costPerSavedFen'],
] as const;
export type Column = (typeof COLUMNS)[number];
const COUNTS: readonly string[] = ['cases', 'talked', 'offered', 'taken', 'kept', 'lost', 'stopped', 'judged', 'active', 'untold'];
const MONEY: readonly string[] = ['costFen', 'costPerSavedFen'];
export const kindOf = (column: Column): 'count' | 'money' | 'rate' => (COUNTS.includes(column) ? 'count' : MONEY.includes(column) ? 'money' : 'rate');

/** Figures of one thing that was done count who took it; offered ones who were offered it. */
const TAKEN: readonly Column[] = ['taken', 'judged', 'active', 'untold'];
const FIELD: Record<Cut, string> = {
  direction: 'direction',
  reason: 'reason',
  source: 'source',
  star: 'star',
  region: 'city',
  month: 'month',
  strategy: 'strategy',
  owner: 'owner',
  measure: 'measure',
};

/** Where the rows behind a figure stand: the list of cases with the same conditions. */
function rowsHref(asked: ReturnType<typeof askedForm>, row: Pick<AnalysisRow, 'key' | 'thenKey'> | null, column: Column): string {
  const { by, then, ...filter } = asked;
  const set = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
  );
  const add = (cut: Cut | undefined, key: string | null): void => {
    if (cut === undefined) return;
    const name = cut === 'measure' && TAKEN.includes(column) ? 'took' : FIELD[cut];
    set.set(name, key ?? 'none');
  };
  if (row) {
    add(by, row.key);
    if (then !== by) add(then, row.thenKey);
  }
  set.set('metric', column);
  set.set('view', 'all');
  return `/retention?${set.toString()}`;
}

/** The name of a row in the reader's language; kinds of measures have theirs in the catalogue. */
export function labelOf(cut: Cut, key: string | null, name: string | null, say: Say): string {
  if (key === null) return say('retention.not_known');
  if (cut === 'star') return say('retention.star_of', { star: key });
  return cut === 'measure' && (MEASURE_KINDS as readonly string[]).includes(key) ? say(`retention.measure_kind.${key}`) : (name ?? key);
}

export function analysisLines(rows: readonly AnalysisRow[], asked: ReturnType<typeof askedForm>, { locale, say }: { locale: Locale; say: Say }) {
  const named = (zh: string | null, en: string | null): string | null => (locale === 'zh' ? zh : en);
  const { by, then } = asked;
  return rows.map((row) => ({
    label: labelOf(by, row.key, named(row.labelZh, row.labelEn), say),
    then: then === undefined || then === by ? null : labelOf(then, row.thenKey, named(row.thenZh, row.thenEn), say),
    cells: cellsFor(row, asked, row),
  }));
}

export function cellsFor(figures: AnalysisTotal, asked: ReturnType<typeof askedForm>, row: Pick<AnalysisRow, 'key' | 'thenKey'> | null) {
  return COLUMNS.map((column) => {
    const kind = kindOf(column);
    const value = figures[column];
    return {
      column,
      kind,
      value,
      plain: value === null ? '' : kind === 'rate' ? value * 100 : kind === 'money' ? value / 100 : value,
      href: kind === 'count' && value !== 0 ? rowsHref(asked, row, column) : null,
      ...(column === 'successRate' && figures.interval
        ? { low: figures.interval[0], high: figures.interval[1], few: figures.tooFew, of: figures.judged }
        : {}),
    };
  });
}
