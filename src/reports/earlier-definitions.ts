import type { Day } from '../kernel/day.js';

/** A definition that is no longer in use, worded as it was: figures made until then were counted by it. */
export interface EarlierDefinition {
  key: string;
  version: number;
  /** The last day it was in use. */
  until: Day;
  about: string;
}

/** Whoever raises a version in the catalogue puts the old wording here, oldest first; catalogue.spec.ts asks for it. */
export const EARLIER_DEFINITIONS: readonly EarlierDefinition[] = [];
