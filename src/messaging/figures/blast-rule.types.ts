/** What is decided for all blasts: the windows of their figures, the limits that stop them, and when a second person is asked. */
export interface BlastRule {
  orderDays: number;
  optOutDays: number;
  complaintDays: number;
  /** Per 10,000 delivered; null: no limit. */
  optOutsMost: number | null;
  complaintsMost: number | null;
  /** With fewer delivered nothing is judged. */
  guardFrom: number;
  /** Above so many recipients a second person approves; null: never. */
  approveAbove: number | null;
  clientApproves: boolean;
}

/** Nobody has decided yet: nothing is asked before a start (a setting would have to), and only a burst stops a blast. */
export const DEFAULT_BLAST_RULE: BlastRule = {
  orderDays: 7,
  optOutDays: 7,
  complaintDays: 7,
  optOutsMost: 300,
  complaintsMost: 20,
  guardFrom: 1000,
  approveAbove: null,
  clientApproves: false,
};

export type BilledOn = 'submit' | 'delivery';
