import type { Day } from '../kernel/day.js';
import type { Fen } from '../kernel/money.js';
import type { AdvisedAction, AdvisedOption, Advice, AdviceGap, LineMonths, Offer, OfferKind, Situation, UseMonth } from './offers.types.js';
import {
  averageFen,
  billsOf,
  type ChangeOf,
  dataOverflowed,
  overflowed,
  packageFeeOnBills,
  type PaidMonth,
  paidMonths,
  sumOf,
  voiceOverflowed,
} from './option-sum.policy.js';
import { ADVICE_SETTINGS, type AdviceSettings, beyond, dataUsedUpOn, FEWEST_MONTHS, monthsJudged, situationsOf } from './use.policy.js';

/** Everything the options of one line are worked out from. */
interface Case {
  uses: readonly UseMonth[];
  paid: readonly PaidMonth[];
  /** Sold today. */
  sold: readonly Offer[];
  /** The package the line has, as the catalogue tells it. */
  held: Offer | undefined;
  /** What it is called where the catalogue does not have it. */
  heldName: string | null;
  /** What it costs a month; null: not known, and no other package can be compared with it. */
  heldFen: Fen | null;
}

/**
 * What to say to a customer whose package does not fit (CAR-7): data overflow → a data pack, then a bigger package; data underuse → coaching; other overflow →
 * a business pack or a bigger package; other underuse → a second card. Each offer with what the last three bills would have been with it.
 * @param catalogue of the customer's unit, with what is no longer sold: the line may still have it
 */
export function advise(line: LineMonths, catalogue: readonly Offer[], today: Day, settings: AdviceSettings = ADVICE_SETTINGS): Advice {
  const uses = monthsJudged(line.uses, today);
  const months = uses.map(({ month }) => month);
  if (uses.length < FEWEST_MONTHS) return { months, situations: [], paid: null, options: [], dataUsedUpOn: null, gaps: ['too_few_months'] };
  const facts = caseOf(line, uses, catalogue, today);
  const situations = situationsOf(uses, settings);
  const paid = billsOf(facts.paid);
  return {
    months,
    situations,
    paid: paid.length === 0 ? null : { months: paid, averageFen: averageFen(paid) },
    options: withoutRepeats(situations.flatMap((situation) => optionsFor(situation, facts))),
    dataUsedUpOn: dataUsedUpOn(line, uses, today),
    gaps: gapsOf(facts, situations),
  };
}

function caseOf(line: LineMonths, uses: readonly UseMonth[], catalogue: readonly Offer[], today: Day): Case {
  const paid = paidMonths(uses, line.bills);
  const heldName = line.package?.trim() || null;
  const packages = catalogue.filter(({ kind }) => kind === 'package');
  const held = packages.find(({ code }) => code === heldName) ?? packages.find(({ name }) => name === heldName);
  const sold = catalogue.filter(({ validUntil }) => validUntil === null || validUntil >= today);
  return { uses, paid, sold, held, heldName, heldFen: held?.priceFen ?? packageFeeOnBills(paid) };
}

function optionsFor(situation: Situation, facts: Case): AdvisedOption[] {
  switch (situation) {
    case 'data-overflow':
      return [...packs(facts, situation, 'data-pack'), ...upgrades(facts, situation)];
    case 'other-overflow':
      return [...packs(facts, situation, 'business-pack'), ...upgrades(facts, situation)];
    case 'data-underuse':
      return [{ situation, action: 'coaching', offer: null, covers: null, sum: facts.paid.length === 0 ? null : sumOf(facts.paid, asNow) }];
    case 'other-underuse':
      return secondCards(facts, situation);
  }
}

const asNow: ChangeOf = ({ dataQuotaMb, voiceQuotaMin }) => ({ addedFen: 0, dataQuotaMb, voiceQuotaMin });
const plus = (quota: number | null, more: number | null): number | null => (quota === null ? null : quota + (more ?? 0));

/** Offers that come on top of the package, and may. */
function addOns({ sold, held, heldName }: Case, kind: OfferKind): Offer[] {
  const excludedBy = (offer: Offer): boolean =>
    [held?.code, heldName].some((code) => code !== undefined && code !== null && offer.excludes.includes(code));
  return sold.filter((offer) => offer.kind === kind && !excludedBy(offer) && !held?.excludes.includes(offer.code));
}

function packs(facts: Case, situation: Situation, action: 'data-pack' | 'business-pack'): AdvisedOption[] {
  const helps = (offer: Offer): boolean => ((action === 'data-pack' ? offer.dataMb : offer.voiceMin) ?? 0) > 0;
  return best(facts, { situation, action }, addOns(facts, action).filter(helps), (offer) => (month) => ({
    addedFen: offer.priceFen,
    dataQuotaMb: plus(month.dataQuotaMb, offer.dataMb),
    voiceQuotaMin: plus(month.voiceQuotaMin, offer.voiceMin),
  }));
}

/** Packages with more of what runs short, and with enough of the other: nobody is led from one overflow into another. */
function upgrades(facts: Case, situation: Situation): AdvisedOption[] {
  const { heldFen, held, uses } = facts;
  if (heldFen === null) return [];
  const last = uses[uses.length - 1];
  const more = (offer: Offer): boolean =>
    situation === 'data-overflow' ? (offer.dataMb ?? 0) > (last?.dataQuotaMb ?? 0) : (offer.voiceMin ?? 0) > (last?.voiceQuotaMin ?? 0);
  const noWorse = (offer: Offer): boolean =>
    uses.every(
      (use) =>
        beyond(use.dataUsedMb, offer.dataMb ?? 0) <= beyond(use.dataUsedMb, use.dataQuotaMb) &&
        beyond(use.voiceUsedMin, offer.voiceMin ?? 0) <= beyond(use.voiceUsedMin, use.voiceQuotaMin),
    );
  const candidates = facts.sold.filter((offer) => offer.kind === 'package' && offer.code !== held?.code && more(offer) && noWorse(offer));
  return best(facts, { situation, action: 'upgrade' }, candidates, (offer) => () => ({
    addedFen: offer.priceFen - heldFen,
    dataQuotaMb: offer.dataMb ?? 0,
    voiceQuotaMin: offer.voiceMin ?? 0,
  }));
}

function secondCards(facts: Case, situation: Situation): AdvisedOption[] {
  const { paid } = facts;
  if (paid.length === 0) return [];
  const [offer] = addOns(facts, 'second-card').sort(byPrice);
  if (!offer) return [];
  const sum = sumOf(paid, (month) => ({ ...asNow(month), addedFen: offer.priceFen }));
  return [{ situation, action: 'second-card', offer, covers: null, sum }];
}

const byPrice = (a: Offer, b: Offer): number => a.priceFen - b.priceFen || a.code.localeCompare(b.code);

/** Of one action the offer with the least sum, and where that leaves some overflow also the cheapest that leaves none. */
function best(
  { paid, uses }: Case,
  { situation, action }: { situation: Situation; action: AdvisedAction },
  offers: readonly Offer[],
  changeOf: (offer: Offer) => ChangeOf,
): AdvisedOption[] {
  if (paid.length === 0) return [];
  const coversAll = (change: ChangeOf): boolean =>
    uses.every((use) => {
      const { dataQuotaMb, voiceQuotaMin } = change(use);
      return situation === 'data-overflow' ? beyond(use.dataUsedMb, dataQuotaMb) === 0 : beyond(use.voiceUsedMin, voiceQuotaMin) === 0;
    });
  const options = [...offers]
    .sort(byPrice)
    .map((offer) => ({ situation, action, offer, covers: coversAll(changeOf(offer)), sum: sumOf(paid, changeOf(offer)) }))
    .sort((a, b) => a.sum.averageFen - b.sum.averageFen);
  const [first] = options;
  const covering = options.find(({ covers }) => covers);
  return first === undefined ? [] : covering === undefined || covering === first ? [first] : [first, covering];
}

/** A package that mends data and voice is said once. */
const withoutRepeats = (options: readonly AdvisedOption[]): AdvisedOption[] =>
  options.filter(({ offer }, i) => offer === null || options.findIndex((other) => other.offer?.code === offer.code) === i);

function gapsOf({ uses, paid, held }: Case, situations: readonly Situation[]): AdviceGap[] {
  const over = paid.filter(overflowed);
  const overflows = situations.some((situation) => situation.endsWith('overflow'));
  const gaps: [AdviceGap, boolean][] = [
    ['bills_missing', paid.length === 0],
    ['package_unknown', overflows && held === undefined],
    ['quota_changed', new Set(uses.map(({ dataQuotaMb, voiceQuotaMin }) => `${dataQuotaMb}/${voiceQuotaMin}`)).size > 1],
    ['extra_fee_unknown', over.some(({ extraFeeFen }) => extraFeeFen === null)],
    ['extra_fee_not_split', over.some((month) => dataOverflowed(month) && voiceOverflowed(month))],
  ];
  return gaps.filter(([, so]) => so).map(([gap]) => gap);
}
