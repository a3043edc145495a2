import { FIELDS, fieldOf } from './filter/fields.policy.js';
import { EXCLUDE, type FormGroup, type FormRow, pathOf } from './filter-form.policy.js';

export type Control = 'none' | 'choices' | 'flag' | 'day' | 'number' | 'text';

export interface RowView extends FormRow {
  field: string;
  op: string;
  /** As the page counts and as a refusal names it: 1.2, ×.1 */
  number: string;
  path: string;
  control: Control;
  choices: readonly string[];
  text: string;
}

export interface GroupView {
  key: string;
  number: string;
  join: 'and' | 'or';
  rows: RowView[];
}

/** What may be asked, in the order of the page. */
export const MENU = Object.entries(FIELDS).map(([field, { ops }]) => ({ field, asks: ops.map((op) => ({ ask: `${field}.${op}`, op })) }));

function controlOf(field: string, op: string): Control {
  if (op === 'known' || op === 'unknown') return 'none';
  const kind = fieldOf(field)?.kind;
  if (kind === 'choice') return 'choices';
  if (kind === 'flag' || kind === 'day') return kind;
  return kind === 'ago' || (kind === 'whole' && op !== 'in' && op !== 'notIn') ? 'number' : 'text';
}

export function groupViews(groups: readonly FormGroup[]): GroupView[] {
  return groups.map((group, i) => {
    const number = group.key === EXCLUDE ? '×' : String(i + 1);
    const rows = group.rows.map((row, k): RowView => {
      const [field = '', op = ''] = row.ask.split('.');
      return {
        ...row,
        field,
        op,
        number: `${number}.${k + 1}`,
        path: pathOf(groups, group, k),
        control: controlOf(field, op),
        choices: fieldOf(field)?.choices ?? [],
        text: Array.isArray(row.value) ? row.value.join('，') : row.value,
      };
    });
    return { key: group.key, number, join: group.join, rows };
  });
}

/** The number of the row a refusal names; the address itself when it is no row. */
export const rowNumber = (groups: readonly FormGroup[], path: string): string =>
  groupViews(groups)
    .flatMap((group) => group.rows)
    .find((row) => row.path === path)?.number ?? path;
