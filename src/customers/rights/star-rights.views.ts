import { EMPTY_ROWS, type TypedRight } from './star-rights.forms.js';
import type { StarRights } from './star-rights.queries.js';
import type { RightsChange, StarRight } from './star-rights.types.js';

const labelled = <T extends { labelZh: string; labelEn: string }>({ labelZh, labelEn, ...right }: T, locale: string) => ({
  ...right,
  label: locale === 'zh' ? labelZh : labelEn,
});

/** The rights with their names in the reader's language. */
export const rightsView = ({ items, ...rights }: StarRights, locale: string): object => ({
  ...rights,
  items: items.map((right) => labelled(right, locale)),
});

const EMPTY: TypedRight = { code: '', labelZh: '', labelEn: '', perYear: '' };

/** One line of boxes a right, stored or typed, and some empty ones; each knows where its faults stand. */
export const linesOf = (rights: readonly (StarRight | TypedRight)[]): object[] =>
  [...rights, ...Array.from({ length: EMPTY_ROWS }, () => EMPTY)].map((right, n) => ({
    ...right,
    perYear: right.perYear ?? '',
    n,
    nth: n + 1,
    at: { labelZh: `items.${n}.labelZh`, labelEn: `items.${n}.labelEn`, perYear: `items.${n}.perYear` },
  }));

/** What was changed, in the reader's language. */
export const historyView = (history: readonly RightsChange[], locale: string): object[] =>
  history.map(({ changes, ...entry }) => ({ ...entry, changes: changes.map((change) => labelled(change, locale)) }));
