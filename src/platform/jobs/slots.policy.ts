import { atTime, dayOf } from '../../kernel/day.js';

const MINUTE_MS = 60_000;

/** The minute `now` lies in, by its first instant. */
export const minuteSlot = (now: Date): Date => new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);

/** Today's slot once its time has come, else none: yesterday's is never made up for. */
export function dailySlot(now: Date, time: string): Date | undefined {
  const slot = atTime(dayOf(now), time);
  return slot <= now ? slot : undefined;
}
