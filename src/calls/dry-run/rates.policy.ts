import type { Rates } from './dry-run.types.js';

/** Calls of the like in one hour of day. */
export interface HourHistory {
  /** 0–23 */
  hour: number;
  dials: number;
  connected: number;
  talk18: number;
  closes: number;
  converted: number;
  /** Unanswered, and never to be dialled again. */
  dead: number;
  /** Orders that have ended, and how many of them well. */
  settled: number;
  succeeded: number;
}

/** What is assumed where nothing is known: shares as an outbound list of this kind usually has them; the page says that they are assumed. */
export const ASSUMED = { connect: 0.4, talk18: 0.7, closes: 0.85, converted: 0.05, succeeded: 0.8, dead: 0.05 } as const;
/** What is assumed counts as so many calls, and what is known of all hours as so many of one. */
export const WEIGHT = 50;

const shrunk = (part: number, whole: number, towards: number): number => (part + WEIGHT * towards) / (whole + WEIGHT);

/** Shares from what was counted: every hour shrunk to all hours, all hours to what is assumed. */
export function ratesOf(history: readonly HourHistory[]): Rates {
  const sum = (key: keyof HourHistory): number => history.reduce((all, row) => all + row[key], 0);
  const [dials, connected] = [sum('dials'), sum('connected')];
  const overall = shrunk(connected, dials, ASSUMED.connect);
  const connect = Array.from({ length: 24 }, (_, hour) => {
    const row = history.find((one) => one.hour === hour);
    return shrunk(row?.connected ?? 0, row?.dials ?? 0, overall);
  });
  return {
    connect,
    talk18: shrunk(sum('talk18'), connected, ASSUMED.talk18),
    closes: shrunk(sum('closes'), connected, ASSUMED.closes),
    converted: shrunk(sum('converted'), connected, ASSUMED.converted),
    succeeded: shrunk(sum('succeeded'), sum('settled'), ASSUMED.succeeded),
    dead: shrunk(sum('dead'), dials - connected, ASSUMED.dead),
  };
}
