import type { GateRule } from './gate.types.js';
import { reachesNumber } from './status.rule.js';

/** A number known to be void is neither dialled nor texted until it is corrected. */
export const numberHealthRule: GateRule = {
  reason: 'invalid_number',
  source: 'CUS-1',
  applies: reachesNumber,
  check: (_question, facts) => (facts.lineHealth === 'invalid' ? { reason: 'invalid_number', until: null } : null),
};
