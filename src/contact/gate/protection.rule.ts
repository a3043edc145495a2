import type { GateFacts, GateRule, ProtectionFact } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';

export const openProtections = ({ protections }: GateFacts, at: Date): ProtectionFact[] =>
  protections.filter((one) => one.until === null || one.until > at);

/** No marketing to a customer with an open complaint, fault or retention case, in arrears suspension or abroad. */
export const protectionRule: GateRule = {
  reason: 'protected',
  source: 'GOV-7',
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound',
  check(question, facts) {
    const open = openProtections(facts, question.at);
    return open.length === 0 ? null : { reason: 'protected', until: latestEnd(open.map((one) => one.until)) };
  },
};
