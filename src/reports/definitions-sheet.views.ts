import type { Words } from '../exports/exports.types.js';
import type { Cell } from '../platform/spreadsheet/workbook.js';
import { COUNT_DEFINITIONS, DEFINITIONS } from './catalogue.js';
import { EARLIER_DEFINITIONS, type EarlierDefinition } from './earlier-definitions.js';
import type { KnownSheet } from './funnel-sheet.views.js';

type T = Words['t'];

/**
 * What each figure meant when the file was made, with the version of its definition: a report read in a year keeps its own meaning, whatever the
 * catalogue says by then (R46).
 */
export function definitionsSheet(t: T, earlier: readonly EarlierDefinition[] = EARLIER_DEFINITIONS): KnownSheet {
  const columns = [
    { header: t('reports.count.name'), width: 24 },
    { header: t('reports.count.of'), width: 12 },
    { header: t('monthly.formula'), width: 36 },
    { header: t('reports.count.about'), width: 90 },
    { header: t('reports.version'), width: 28 },
  ];
  const line = ({ key, nature, version }: { key: string; nature: string; version: number }, formula: Cell): Cell[] => [
    t(`metric.${key}`),
    t(`reports.of.${nature}`),
    formula,
    t(`metric.${key}.about`),
    `${key} v${version}`,
  ];
  const rates = DEFINITIONS.map((rate) => line(rate, `${t(`metric.${rate.numerator}`)} ÷ ${t(`metric.${rate.denominator}`)}`));
  const counts = COUNT_DEFINITIONS.map((count) => line(count, null));
  const before = earlier.map(({ key, version, until, about }): Cell[] => [
    t(`metric.${key}`),
    null,
    null,
    about,
    t('reports.version_until', { version: `${key} v${version}`, until }),
  ]);
  return { name: t('reports.metrics'), columns, rows: [...rates, ...counts, ...before] };
}
