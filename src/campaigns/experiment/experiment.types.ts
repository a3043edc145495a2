/** What is compared: customers who took an order that did not fail · whose order succeeded · who are still customers. */
export const MEASURES = ['converted', 'succeeded', 'stayed'] as const;
export type Measure = (typeof MEASURES)[number];

/** The customers drawn for one thing: `hold_out`, `treated` (all others), or the letter of a script. */
export type GroupCounts = { key: string; people: number; called: number } & Record<Measure, number>;

/** How many of how many. */
export interface Group {
  people: number;
  happened: number;
}

/** `too-few`: nothing can be said yet; `no-difference`: the interval holds zero. */
export type Verdict = 'too-few' | 'no-difference' | 'better' | 'worse';

/** A difference of shares, of − against, as a fraction, with the interval that covers the true one in 95 of 100 cases. */
export interface Difference {
  difference: number | null;
  interval: [number, number];
  verdict: Verdict;
}

/** A difference as it is told: no number at all before there is data enough (`too-few`). */
export interface Told {
  difference: number | null;
  interval: [number, number] | null;
  verdict: Verdict;
  /** People each group needs before anything is said, where that is known; null where it is said, or where nothing has happened to anybody yet. */
  needed: number | null;
}

export interface Comparison extends Told {
  measure: Measure;
  of: string;
  against: string;
}

export interface Uplift {
  /** Null before the first launch. */
  since: Date | null;
  groups: GroupCounts[];
  comparisons: Comparison[];
}

/** The share of customers who take an order in campaigns of a kind; `people` is whom it was counted from, 0 where it is only assumed. */
export interface UsualShare {
  share: number;
  people: number;
}
