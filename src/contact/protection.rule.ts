import type { GateRule } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';

/** No marketing to a customer with an open complaint, fault or retention case, in arrears suspension or abroad. */
export const protectionRule: GateRule = {
  reason: 'protected',
  source: 'GOV-7',
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound',
  check(question, facts) {
    const open = facts.protections.filter((one) => one.until === null || one.until > question.at);
    return open.length === 0 ? null : { reason: 'protected', until: latestEnd(open.map((one) => one.until)) };
  },
};
