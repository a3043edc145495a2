import { addDays, atTime, dayOf, hourOf } from '../../kernel/day.js';

/** Slots are the hours calls are made in: the one from 8 to the one from 20 o'clock. */
export const FIRST_HOUR = 8;
export const LAST_HOUR = 20;
/** Own dials look so far back, in days; what people were like a year ago says little. */
export const OWN_DAYS = 180;
/** What is known of the like counts as so many dials of one's own. */
export const LIKE_WEIGHT = 4;
/** What is known of everybody counts as so many dials of the like. */
export const ALL_WEIGHT = 20;
/** Hours in which the like were dialled less often say nothing by themselves. */
export const LEAST_LIKE_DIALS = 30;
/** An earlier slot is taken while it is worse by no more than this share of answers. */
const NEAR = 0.02;
/** Whoever is dialled again waits at most until the end of this many days later. */
const MOST_DAYS = 1;
const MINUTE_MS = 60_000;

/** What is known of one hour of day: dials and answers of the customer, and of customers of the same star. */
export interface SlotEvidence {
  /** 8–20 */
  hour: number;
  dials: number;
  answered: number;
  likeDials: number;
  likeAnswered: number;
}

export interface SlotScore {
  hour: number;
  /** Expected share of answers, 0–1. */
  score: number;
}

/**
 * How likely the customer answers in each hour: one's own answers, shrunk to those of the like, and these to those of everybody (a beta-binomial each).
 * Hours in which hardly anybody was dialled are left out. @param overall share of answers of everybody, 0–1
 */
export function slotScores(evidence: readonly SlotEvidence[], overall: number): SlotScore[] {
  return evidence
    .filter(({ dials, likeDials }) => dials > 0 || likeDials >= LEAST_LIKE_DIALS)
    .map(({ hour, dials, answered, likeDials, likeAnswered }) => {
      const like = (likeAnswered + ALL_WEIGHT * overall) / (likeDials + ALL_WEIGHT);
      return { hour, score: (answered + LIKE_WEIGHT * like) / (dials + LIKE_WEIGHT) };
    })
    .sort((a, b) => a.hour - b.hour);
}

const startOf = (at: Date, days: number, hour: number): Date => atTime(addDays(dayOf(at), days), `${String(hour).padStart(2, '0')}:00`);

/**
 * The moment of the next dial: the best hour from the gap on to the end of the next day, the earliest of those about as good; never the hour that
 * just failed. null where less than two hours are known: then nothing was learned.
 * @param at end of the call that was not answered @param gapMinutes least gap, in minutes
 * @param now when it is decided, where that is later than the call: then the next day is that of now
 */
export function bestSlotAt(scores: readonly SlotScore[], at: Date, gapMinutes: number, now: Date = at): Date | null {
  if (scores.length < 2) return null;
  const base = now > at ? now : at;
  const from = new Date(Math.max(at.getTime() + gapMinutes * MINUTE_MS, base.getTime()));
  const failed = hourOf(at);
  const free = Array.from({ length: MOST_DAYS + 1 }, (_, days) =>
    scores.filter(({ hour }) => hour !== failed).map(({ hour, score }) => ({ score, at: startOf(base, days, hour) })),
  )
    .flat()
    .filter((slot) => slot.at >= from);
  const best = Math.max(...free.map(({ score }) => score));
  return free.find(({ score }) => score >= best - NEAR)?.at ?? null;
}
