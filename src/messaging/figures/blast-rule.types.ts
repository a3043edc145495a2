/** What is decided for all blasts: the windows of their figures, the limits that stop them, whose word they need before they start, and when one is said to stand still. */
export interface BlastRule {
  orderDays: number;
  optOutDays: number;
  complaintDays: number;
  /** Per 10,000 delivered; null: no limit. */
  optOutsMost: number | null;
  complaintsMost: number | null;
  /** With fewer delivered nothing is judged. */
  guardFrom: number;
  /** Above so many recipients a second person approves (SMS-3); null: never. */
  approveAbove: number | null;
  clientApproves: boolean;
  /** Above so many the client does too, where it approves; null: above as many as the second person. */
  clientAbove: number | null;
  /** With work left and nothing done for so long, somebody is told (R7). */
  stallMinutes: number;
}

/** Nobody has decided yet: nobody is asked before a start (a setting would have to), and only a burst stops a blast. */
export const DEFAULT_BLAST_RULE: BlastRule = {
  orderDays: 7,
  optOutDays: 7,
  complaintDays: 7,
  optOutsMost: 300,
  complaintsMost: 20,
  guardFrom: 1000,
  approveAbove: null,
  clientApproves: false,
  clientAbove: null,
  stallMinutes: 10,
};

export type BilledOn = 'submit' | 'delivery';
