import type { Day } from '../../kernel/day.js';

export const PARTNER_KINDS = ['cinema', 'fuel', 'restaurant', 'car-service', 'other'] as const;
export type PartnerKind = (typeof PARTNER_KINDS)[number];

/** The days an offer holds on: all of its term, marked member days, the customer's birthday, statutory holidays. */
export const OCCASIONS = ['any', 'member-day', 'birthday', 'holiday'] as const;
export type Occasion = (typeof OCCASIONS)[number];

export const PARTNER_STATES = ['valid', 'coming', 'over'] as const;
export type PartnerState = (typeof PARTNER_STATES)[number];

/** What a partner gives, to whom, until when (CAR-13). */
export interface PartnerOffer {
  id: string;
  partner: string;
  kind: PartnerKind;
  benefit: string;
  redeem: string;
  /** Said in messages; null: told on calls only. */
  sentence: string | null;
  stars: number[];
  region: string | null;
  occasion: Occasion;
  validFrom: Day;
  validUntil: Day;
}

export interface PartnerOfferRow extends PartnerOffer {
  state: PartnerState;
  endedAt: Date | null;
  version: number;
  orgUnit: string;
  orgUnitName: string;
  /** The reader may change it. */
  own: boolean;
  uses: number;
}

/** One offer a customer may use, and the first day of those asked about on which it holds. */
export interface Entitlement extends PartnerOffer {
  customerId: string;
  on: Day;
}

export interface PartnerUse {
  id: string;
  offerId: string;
  partner: string;
  benefit: string;
  customerId: string;
  customerName: string | null;
  usedOn: Day;
  note: string | null;
  recordedBy: string;
}
