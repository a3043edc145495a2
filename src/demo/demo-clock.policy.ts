import { atTime, type Day, hourOf } from '../kernel/day.js';

const FROM_HOUR = 9;
const TO_HOUR = 18;

/** True while somebody who tries the demo right now meets a working call desk with some hours left. */
export const inCallingHours = (now: Date, workingDay: boolean): boolean =>
  workingDay && hourOf(now) >= FROM_HOUR && hourOf(now) < TO_HOUR && hourOf(now) !== 12 && hourOf(now) !== 13;

/**
 * Where the demo's clock starts (ADR 7): now, while calls may be made; else 10:00 of the next working day.
 * @param nextWorkingDay the first working day on which 10:00 still lies ahead
 */
export function demoStart(now: Date, todayWorks: boolean, nextWorkingDay: Day): Date {
  if (inCallingHours(now, todayWorks)) return now;
  return atTime(nextWorkingDay, '10:00');
}

/** Over a restart the clock goes on from where it would be, never back: at least from the last moment it showed. */
export const demoResume = (now: Date, offsetMs: number, lastShown: Date): Date => new Date(Math.max(now.getTime() + offsetMs, lastShown.getTime()));

/** The banner is shown while the demo's clock and the wall differ by more than a minute. */
export const isShifted = (offsetMs: number): boolean => Math.abs(offsetMs) > 60_000;
