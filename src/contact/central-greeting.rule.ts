import { dayOf } from '../kernel/day.js';
import type { GateRule } from './gate.types.js';

/** Spring Festival and National Day greetings are sent centrally by the province: none goes out here on those days. */
export const centralGreetingRule: GateRule = {
  reason: 'central_greeting',
  source: 'GOV-6',
  applies: (question) => question.purpose === 'greeting' && question.channel !== 'inbound',
  check: (question, _facts, context) => (context.closedDays.has(dayOf(question.at)) ? { reason: 'central_greeting', until: null } : null),
};
