import type { StarRights } from './star-rights.queries.js';

/** The rights with their names in the reader's language. */
export const rightsView = ({ items, ...rights }: StarRights, locale: string): object => ({
  ...rights,
  items: items.map(({ labelZh, labelEn, ...right }) => ({ ...right, label: locale === 'zh' ? labelZh : labelEn })),
});
