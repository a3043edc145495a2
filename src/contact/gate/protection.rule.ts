import type { GateFacts, GateRule, ProtectionFact, Question } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';

/** Who has applied to port out is asked by nobody to stay and offered nothing: service alone goes on (rule of 2019 on porting numbers). */
export const PORTING = 'porting';

/** Whether every open state concerns a purpose, or only the one that leaves nothing but service. */
export const concernsAll = ({ purpose }: Pick<Question, 'purpose'>): boolean => purpose === 'marketing';

/** The open states that stand in the way of what is asked. */
export const openProtections = ({ protections }: GateFacts, question: Pick<Question, 'at' | 'purpose'>): ProtectionFact[] =>
  protections.filter((one) => (one.until === null || one.until > question.at) && (concernsAll(question) || one.kind === PORTING));

/**
 * No marketing to a customer with an open complaint, fault or retention case, in arrears suspension or abroad; after an application to port out no care
 * and no greeting either.
 */
export const protectionRule: GateRule = {
  reason: 'protected',
  source: 'GOV-7',
  applies: (question) => ['marketing', 'care', 'greeting'].includes(question.purpose) && question.channel !== 'inbound',
  check(question, facts) {
    const open = openProtections(facts, question);
    return open.length === 0 ? null : { reason: 'protected', until: latestEnd(open.map((one) => one.until)) };
  },
};
