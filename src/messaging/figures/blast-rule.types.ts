/** What is decided for all blasts: the windows of their figures, and the limits that stop them. */
export interface BlastRule {
  orderDays: number;
  optOutDays: number;
  complaintDays: number;
  /** Per 10,000 delivered; null: no limit. */
  optOutsMost: number | null;
  complaintsMost: number | null;
  /** With fewer delivered nothing is judged. */
  guardFrom: number;
}

/** Nobody has decided yet: only a burst stops a blast. */
export const DEFAULT_BLAST_RULE: BlastRule = {
  orderDays: 7,
  optOutDays: 7,
  complaintDays: 7,
  optOutsMost: 300,
  complaintsMost: 20,
  guardFrom: 1000,
};

export type BilledOn = 'submit' | 'delivery';
