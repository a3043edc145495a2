import { dayOf } from '../../kernel/day.js';
import type { GateRule } from './gate.types.js';

/**
 * Spring Festival and National Day greetings are sent centrally by the province. No greeting goes out here on those days, and
 * on no day a message that wishes them, whatever it calls itself; a service message may keep its closing line.
 */
export const centralGreetingRule: GateRule = {
  reason: 'central_greeting',
  source: 'GOV-6',
  applies: (question) =>
    question.channel !== 'inbound' &&
    (question.purpose === 'greeting' || (question.centralWish && question.purpose !== 'service' && question.purpose !== 'callback')),
  check: (question, _facts, context) =>
    question.centralWish || context.closedDays.has(dayOf(question.at)) ? { reason: 'central_greeting', until: null } : null,
};
