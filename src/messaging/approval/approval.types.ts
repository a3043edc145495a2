/** second: somebody of the house; client: the client's own people. */
export const APPROVAL_KINDS = ['second', 'client'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

export interface ApprovalRow {
  id: string;
  kind: ApprovalKind;
  content: string;
  people: number;
  /** Why it is asked for. */
  note: string;
  state: 'asked' | 'approved' | 'refused' | 'superseded';
  askedById: string;
  askedBy: string;
  askedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  reason: string | null;
}

/** What the last request of a kind is worth now: `changed` when the blast is not what was asked for or approved any more. */
export type Standing = 'none' | 'asked' | 'approved' | 'refused' | 'changed';

export interface ApprovalStatus {
  /** Whose word the blast needs, in this order. */
  needed: ApprovalKind[];
  standing: Record<ApprovalKind, Standing>;
  /** The last request of each kind. */
  last: Partial<Record<ApprovalKind, ApprovalRow>>;
  content: string;
  people: number;
}
