import type { BlockScope, GatePurpose } from '../contact.types.js';
import { NEEDED_STOP_WORDS } from '../blocks/opt-out.policy.js';
import { longestBlock } from './block.rule.js';
import type { BlockFact, GateFacts, GateRule, Question, SettingField } from './gate.types.js';

/**
 * What each opt-out stops. Care belongs to it only where the customer wants nothing of that one campaign; service and promised
 * callbacks are never marketing (R22).
 */
const STOPS: Readonly<Record<Exclude<BlockScope, 'all'>, readonly GatePurpose[]>> = {
  marketing: ['marketing', 'greeting'],
  product: ['marketing'],
  campaign: ['marketing', 'greeting', 'care'],
};

/** The scopes that have a say for a purpose; the SQL form is in block.queries. */
export const scopesFor = (purpose: GatePurpose): Exclude<BlockScope, 'all'>[] =>
  (Object.keys(STOPS) as (keyof typeof STOPS)[]).filter((scope) => STOPS[scope].includes(purpose));

/** An opt-out of a product line or a campaign acts on that one only (R13). */
const concerns = ({ scope, productFamily, campaignId }: BlockFact, question: Question): boolean =>
  scope !== 'all' &&
  STOPS[scope].includes(question.purpose) &&
  (scope !== 'product' || productFamily === question.productFamily) &&
  (scope !== 'campaign' || campaignId === question.campaignId);

/** Every opt-out in force, also those that have no say for this question. */
export const optOutsOf = ({ blocks }: Pick<GateFacts, 'blocks'>, at: Date): BlockFact[] =>
  blocks.filter(({ scope, until }) => scope !== 'all' && (until === null || until > at));

const WORD_SETTINGS: readonly SettingField[] = [
  { path: 'replyWords.stop', kind: 'words', level: 'working', min: 0, max: 0, needed: NEEDED_STOP_WORDS },
  { path: 'replyWords.resume', kind: 'words', level: 'working', min: 0, max: 0 },
];

/** Who opted out gets no marketing and no filler greetings; care and service go on. Nobody can override it. */
export const optOutRule: GateRule = {
  reason: 'opted_out',
  source: 'GOV-2',
  settings: WORD_SETTINGS,
  applies: (question) => question.channel !== 'inbound' && scopesFor(question.purpose).length > 0,
  check: (question, facts) =>
    longestBlock(
      question,
      facts.blocks.filter((block) => concerns(block, question)),
      'opted_out',
    ),
};
