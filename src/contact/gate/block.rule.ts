import type { BlockFact, Finding, GateRule, Question } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';

const covers = (block: BlockFact, question: Question): boolean =>
  (block.channel === 'all' || block.channel === question.channel) && (block.until === null || block.until > question.at);

/** The finding of the block that lasts longest. */
export function longestBlock(question: Question, blocks: readonly BlockFact[], reason: Finding['reason']): Finding | null {
  const covering = blocks.filter((block) => covers(block, question));
  if (covering.length === 0) return null;
  return { reason, until: latestEnd(covering.map((block) => block.until)) };
}

/** Do-not-contact lists: keyed by number, service included; only the customer's own call gets through. */
export const blockRule: GateRule = {
  reason: 'blocked',
  source: 'GOV-2',
  applies: (question) => question.channel !== 'inbound',
  check: (question, facts) =>
    longestBlock(
      question,
      facts.blocks.filter((block) => block.scope === 'all'),
      'blocked',
    ),
};
