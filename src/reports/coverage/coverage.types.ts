import type { VisitCountKey, VisitRateKey } from '../catalogue.js';

/** By what visits are told apart. */
export const VISIT_CUTS = ['star', 'rule', 'team', 'manager'] as const;
export type VisitCut = (typeof VISIT_CUTS)[number];

/** Rates are fractions, null where nothing was due. */
export type VisitFigures = Record<VisitCountKey, number> & Record<VisitRateKey, number | null>;

/** Those of one star, rule, team or manager; the key is `-` where there is none. */
export type VisitCutRow = VisitFigures & { key: string; label: string | null };
