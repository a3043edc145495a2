import type { GateRule } from './gate.types.js';

/** Marketing and care go to customers in service; those suspended or gone get service messages and callbacks only. */
export const statusRule: GateRule = {
  reason: 'inactive',
  source: 'GOV-1',
  applies: (question) => question.channel !== 'inbound' && ['marketing', 'care', 'greeting'].includes(question.purpose),
  check: (_question, facts) => (facts.customer && facts.customer.status !== 'active' ? { reason: 'inactive', until: null } : null),
};
