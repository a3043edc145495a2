import { createHash } from 'node:crypto';
import type { StarRight } from './star-rights.types.js';

/** Tells one state of a star's rights from another. */
export const rightsVersion = (items: readonly StarRight[]): string =>
  createHash('sha256')
    .update(JSON.stringify(items.map(({ code, labelZh, labelEn, perYear }) => [code, labelZh, labelEn, perYear])))
    .digest('hex')
    .slice(0, 16);
