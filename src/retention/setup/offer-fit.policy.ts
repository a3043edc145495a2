import { addDays, type Day } from '../../kernel/day.js';
import type { RetentionOffer } from './setup.types.js';

/** What of a case decides about an offer. */
export interface CaseFacts {
  star: number;
  valueFen: number;
  source: string;
  reason: string | null;
  /** Codes of offers this customer took, with the day, in this case or an earlier one. */
  taken: readonly { offer: string; on: Day }[];
}

export const MISFITS = ['ended', 'star', 'value', 'source', 'reason', 'resting'] as const;
export type Misfit = (typeof MISFITS)[number];

const allows = (list: readonly string[], code: string | null): boolean => list.length === 0 || (code !== null && list.includes(code));

function isResting({ code, restDays }: RetentionOffer, { taken }: CaseFacts, today: Day): boolean {
  return taken.some(({ offer, on }) => offer === code && today < addDays(on, restDays));
}

/** Why an offer is not for this customer, in the order of its rules; none when it is. */
export function misfitsOf(offer: RetentionOffer, facts: CaseFacts, today: Day): Misfit[] {
  const found: [Misfit, boolean][] = [
    ['ended', !offer.enabled || (offer.validUntil !== null && offer.validUntil < today)],
    ['star', facts.star < offer.starFrom || facts.star > offer.starTo],
    ['value', facts.valueFen < offer.leastValueFen],
    ['source', !allows(offer.sources, facts.source)],
    ['reason', !allows(offer.reasons, facts.reason)],
    ['resting', isResting(offer, facts, today)],
  ];
  return found.flatMap(([misfit, is]) => (is ? misfit : []));
}

/** What costs more than the house lets go by itself, or is always asked for, waits for a second person. */
export const asksApproval = (costFen: number, always: boolean, { approvalFen }: { approvalFen: number }): boolean => always || costFen > approvalFen;

/** The offers of a strategy first, in its order, then the others by what they cost; a strategy that names some offers no others. */
export function offersInOrder(offers: readonly RetentionOffer[], named: readonly string[]): RetentionOffer[] {
  const byCost = [...offers].sort((a, b) => a.costFen - b.costFen || a.code.localeCompare(b.code));
  if (named.length === 0) return byCost;
  return named.flatMap((code) => byCost.find((offer) => offer.code === code) ?? []);
}
