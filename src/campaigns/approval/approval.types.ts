import type { CampaignKind } from '../campaigns.types.js';

/** Which campaigns need a second person's word before they start. Nothing chosen: none. */
export interface ApprovalRule {
  kinds: readonly CampaignKind[];
  /** Above so many customers, whatever the kind; null: the number does not matter. */
  above: number | null;
}

export type ApprovalState = 'asked' | 'approved' | 'refused' | 'superseded';

export interface ApprovalRow {
  id: string;
  content: string;
  customers: number;
  state: ApprovalState;
  askedById: string;
  askedBy: string;
  askedAt: Date;
  decidedBy: string | null;
  byClient: boolean | null;
  decidedAt: Date | null;
  reason: string | null;
}

/** Where a campaign stands: `changed` when it is not what was asked for or approved any more. */
export type ApprovalStanding = 'none' | 'asked' | 'approved' | 'refused' | 'changed';
