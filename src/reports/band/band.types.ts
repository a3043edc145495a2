import type { Day } from '../../kernel/day.js';

/** Calls that are alike in everything a connect rate hangs on, counted. */
export interface DialCount {
  day: Day;
  /** Hour of day in Shanghai, 0–23. */
  hour: number;
  star: number;
  /** First dial of its task. */
  first: boolean;
  /** The outcome, or `technical` where the switch says that the network failed. */
  kind: string;
  connected: boolean;
  /** The number the call came from; '' where it is not known. */
  caller: string;
  count: number;
}

/** Calls of the weeks before, without the day: 1 = Monday … 7 = Sunday. */
export type UsualCount = Omit<DialCount, 'day' | 'caller'> & { weekday: number };

export interface DayCount {
  day: Day;
  attempts: number;
  connected: number;
}

/** What says that a rate is out: it lies beyond a limit, or day after day on one side of what is usual. */
export const BAND_RULES = ['limit', 'run'] as const;
export type BandRule = (typeof BAND_RULES)[number];

/** Two rates stand in a band: that of all calls, and that of first dials. */
export const BAND_RATES = ['total', 'first'] as const;
export type BandRate = (typeof BAND_RATES)[number];

/** Where the usual is taken from, narrowest first. */
export const LIKENESSES = ['campaign', 'segment', 'kind', 'all'] as const;
export type Likeness = (typeof LIKENESSES)[number];

/** What belongs to a cause beside its share: figures as they are here and usually, and where it is worst. */
export interface Evidence {
  here: number;
  usual: number;
  hour?: number;
  star?: number;
  caller?: string;
}

export const BAND_ACTIONS = ['alert', 'return_numbers', 'redial', 'pause', 'watch'] as const;
export type BandAction = (typeof BAND_ACTIONS)[number];

export interface BandCause {
  /** `technical`, `calling_number`, `slot_mix`, `list_mix`, or the code of an outcome. */
  cause: string;
  /** What an outcome is called. */
  labelZh?: string | undefined;
  labelEn?: string | undefined;
  /** Percentage points of attempts, as a fraction, that this takes off the connect rate; below zero it adds to it. All of them add up to the gap. */
  excess: number;
  /** Of the gap; all add up to 1. */
  share: number;
  action: BandAction;
  evidence: Evidence;
}

export interface Diagnosis {
  /** Usual rate less the rate here. */
  gap: number;
  /** What a list like this connects in hours like these. */
  expected: number;
  /** The one to act on first. */
  main: string | null;
  /** Technical causes and the calling number first, then by size. */
  causes: BandCause[];
}

/** When redialling pays best: from the full hour to the full hour. */
export interface BestSlot {
  from: number;
  to: number;
  /** Connect rate, drawn towards the mean where calls are few. */
  rate: number;
}

export type OfCampaign<T> = T & { campaignId: string };
