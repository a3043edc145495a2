import type { GateRule } from './gate.types.js';

/** After a refusal or a success the same product family rests; other families go on. */
export const coolingOffRule: GateRule = {
  reason: 'cooling_off',
  source: 'GOV-7',
  applies: (question) => question.purpose === 'marketing' && question.channel !== 'inbound' && question.productFamily !== null,
  check(question, facts) {
    const resting = facts.coolingOff.find((one) => one.family === question.productFamily && one.until > question.at);
    return resting ? { reason: 'cooling_off', until: resting.until } : null;
  },
};
