import type { Script } from '../../campaigns/campaigns.types.js';
import type { Day } from '../../kernel/day.js';

export const OFFER_KINDS = ['discount', 'gift', 'data', 'upgrade', 'waiver', 'device'] as const;
export type OfferKind = (typeof OFFER_KINDS)[number];

/** What may be given to somebody who stays; see the columns of retention.offer. */
export interface RetentionOffer {
  code: string;
  name: string;
  kind: OfferKind;
  text: string;
  catalogueCode: string | null;
  costFen: number;
  starFrom: number;
  starTo: number;
  leastValueFen: number;
  sources: readonly string[];
  reasons: readonly string[];
  restDays: number;
  alwaysAsks: boolean;
  validUntil: Day | null;
  enabled: boolean;
}

export interface Strategy {
  code: string;
  name: string;
  sort: number;
  sources: readonly string[];
  reasons: readonly string[];
  starFrom: number;
  starTo: number;
  goal: string;
  script: Script;
  offers: readonly string[];
  enabled: boolean;
}

/** Where signs of leaving come from, as people set it; see the columns of retention.source. */
export interface Source {
  code: string;
  labelZh: string;
  labelEn: string;
  sort: number;
  words: readonly string[];
  /** How likely such a customer is to leave, in whole per cent. */
  likelihood: number;
  draws: boolean;
  nightly: boolean;
  /** Switched off, its signs are noted and open no case. */
  enabled: boolean;
}

/** With what comes with the product and is no matter of taste. */
export interface SourceAsKept extends Source {
  stops: boolean;
  filter: Record<string, unknown> | null;
}

/** A reason or a direction. */
export interface Answer {
  code: string;
  labelZh: string;
  labelEn: string;
  sort: number;
  words: readonly string[];
  enabled: boolean;
}

export const SETUP_KINDS = ['sources', 'strategies', 'offers', 'reasons', 'directions'] as const;
export type SetupKind = (typeof SETUP_KINDS)[number];
export type SetupItem = Answer | Source | Strategy | RetentionOffer;

export const isSource = (item: SetupItem): item is Source => 'likelihood' in item;
export const isAnswer = (item: SetupItem): item is Answer => 'labelZh' in item && !isSource(item);
