import type { Day } from '../kernel/day.js';
import type { Fen } from '../kernel/money.js';

/** 套餐 · 流量包 · 业务包 · 副卡, in the order in which the catalogue is shown. */
export const OFFER_KINDS = ['package', 'data-pack', 'business-pack', 'second-card'] as const;
export type OfferKind = (typeof OFFER_KINDS)[number];

/** What an offer is and brings. `dataMb`, `voiceMin`: a month; null brings nothing of it. */
export interface Offer {
  code: string;
  name: string;
  kind: OfferKind;
  /** A month. */
  priceFen: Fen;
  dataMb: number | null;
  voiceMin: number | null;
  /** How long it binds; null: it does not. */
  contractMonths: number | null;
  /** Codes of the offers nobody may have beside it. */
  excludes: readonly string[];
  /** The last day it is sold; null: no end is known. */
  validUntil: Day | null;
}

/** What a line used in one month, as the operator's systems tell it; null where they do not. */
export interface UseMonth {
  /** First day of the month. */
  month: Day;
  dataQuotaMb: number | null;
  dataUsedMb: number | null;
  voiceQuotaMin: number | null;
  voiceUsedMin: number | null;
  /** What was paid beyond the package. */
  extraFeeFen: Fen | null;
}

export interface BillMonth {
  month: Day;
  amountFen: Fen;
}

/** What there is to know of a line before anything is advised. Months in any order, more of them than are needed do no harm. */
export interface LineMonths {
  /** Name or code of the package it has, as the customers feed tells it. */
  package: string | null;
  uses: readonly UseMonth[];
  bills: readonly BillMonth[];
}

/** CAR-7, in the order in which they are spoken of. */
export type Situation = 'data-overflow' | 'data-underuse' | 'other-overflow' | 'other-underuse';

/** coaching: show what the package can do, recommend applications; it costs nothing. */
export type AdvisedAction = 'data-pack' | 'upgrade' | 'business-pack' | 'second-card' | 'coaching';

/** One month of a sum. */
export interface MonthSum {
  month: Day;
  fen: Fen;
}

/** What would be paid, worked out over the months that have a bill. */
export interface OptionSum {
  months: MonthSum[];
  /** A month on average. */
  averageFen: Fen;
  /** That beside what was paid, both a month on average; above 0 it costs more. */
  monthlyDifferenceFen: Fen;
  /** The same for twelve such months, worked out before anything is rounded to a month. */
  yearlyDifferenceFen: Fen;
  costsMore: boolean;
}

export interface AdvisedOption {
  situation: Situation;
  action: AdvisedAction;
  /** null for coaching. */
  offer: Offer | null;
  /** It would have covered the use of every month. null where that is not the question: coaching, second card. */
  covers: boolean | null;
  /** null only for coaching of a line without bills. */
  sum: OptionSum | null;
}

/** What the sums could not take into account, for whoever says them aloud. */
export type AdviceGap =
  /** Fewer than two whole months of use are known: nothing is advised. */
  | 'too_few_months'
  /** No bill of these months: no offer is worked out. */
  | 'bills_missing'
  /** The quota changed within these months, so another package was paid in some of them. */
  | 'quota_changed'
  /** The package is not in the catalogue: its price is read off the bills. */
  | 'package_unknown'
  /** Something overflowed in a month whose fee beyond the package is not known: nothing is counted as saved there. */
  | 'extra_fee_unknown'
  /** Data and voice overflowed in one month: an option that mends one of them is counted as saving only what it surely saves. */
  | 'extra_fee_not_split';

export interface Advice {
  /** The months it rests on, oldest first: at most three whole ones. */
  months: Day[];
  situations: Situation[];
  /** What was paid, a month on average; null without a bill. */
  paid: { months: MonthSum[]; averageFen: Fen } | null;
  /** In the order in which they are to be offered. */
  options: AdvisedOption[];
  /** When this month's data will be, or was, used up if it is used as in those months; null: not this month, or not known. */
  dataUsedUpOn: Day | null;
  gaps: AdviceGap[];
}
