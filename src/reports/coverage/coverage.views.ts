import { VISIT_COUNTS, VISIT_RATES } from '../catalogue.js';
import type { VisitCut, VisitCutRow } from './coverage.types.js';

/** The columns of the table, the counts before the rates they make; page and file alike. */
export const COVERAGE_COLUMNS = [...VISIT_COUNTS, ...VISIT_RATES].map(({ key }) => key);

/** What a row is called. */
export function rowLabel(by: VisitCut, { key, label }: Pick<VisitCutRow, 'key' | 'label'>, t: (key: string) => string): string {
  if (by === 'star') return `★${key}`;
  if (by === 'rule') return t(`care.rule.${key}`);
  return label ?? t('reports.unknown');
}
