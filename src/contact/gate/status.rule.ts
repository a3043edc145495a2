import type { GateFacts, GateRule, Question } from './gate.types.js';

type Status = 'active' | 'suspended' | 'churned';

/** Calls and messages reach a number; the others reach the person, by whatever number they are known. */
export const reachesNumber = ({ channel }: Pick<Question, 'channel'>): boolean => channel === 'call' || channel === 'sms';

/** What stands against it: the customer's status, or that of the number asked about. null: in service, or nothing is known. */
export function outOfService(question: Question, { customer, lineStatus }: GateFacts): Status | null {
  if (customer && customer.status !== 'active') return customer.status;
  return reachesNumber(question) && lineStatus && lineStatus !== 'active' ? lineStatus : null;
}

/**
 * Marketing and care go to customers in service; those suspended or gone get service messages and callbacks only. Neither do they go to a number that is out
 * of service while its customer has another: it may be a stranger's by now.
 */
export const statusRule: GateRule = {
  reason: 'inactive',
  source: 'GOV-1',
  applies: (question) => question.channel !== 'inbound' && ['marketing', 'care', 'greeting'].includes(question.purpose),
  check: (question, facts) => (outOfService(question, facts) ? { reason: 'inactive', until: null } : null),
};
