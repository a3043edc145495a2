import { longestBlock } from './block.rule.js';
import type { GateRule } from './gate.types.js';

/** Who opted out gets no marketing and no filler greetings; care and service go on. Nobody can override it. */
export const optOutRule: GateRule = {
  reason: 'opted_out',
  source: 'GOV-2',
  applies: (question) => question.channel !== 'inbound' && (question.purpose === 'marketing' || question.purpose === 'greeting'),
  check: (question, facts) =>
    longestBlock(
      question,
      facts.blocks.filter((block) => block.scope === 'marketing'),
      'opted_out',
    ),
};
