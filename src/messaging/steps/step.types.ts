import type { Told } from '../../campaigns/campaigns.types.js';
import type { MessagePurpose } from '../messaging.types.js';

/** Of the audience drawn for one text: people = allowed + the sum of the refused. */
export interface StepCount {
  /** A, B, C. */
  key: string;
  template: string;
  purpose: MessagePurpose;
  people: number;
  allowed: number;
  refused: { reason: string; people: number }[];
}

/** people = delivered + failed + refused + waiting, always. */
export interface StepFigures {
  key: string;
  template: string;
  blastCode: string;
  people: number;
  delivered: number;
  failed: number;
  refused: number;
  waiting: number;
  /** Customers with whom somebody spoke on a call of the campaign. */
  reached: number;
  /** Customers who took an order since, that did not fail. */
  converted: number;
}

export interface StepUplift extends Told {
  measure: 'reached' | 'converted';
  of: string;
  against: string;
}
