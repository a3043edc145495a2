import { atTime, type Day } from '../../kernel/day.js';

/** What comes up to this much after its time is on time: the schedule looks once a minute. */
const ON_TIME_MINUTES = 5;
/** What could not be sent for longer than this is left out: by then the page says more. */
export const LATEST_MINUTES = 120;

export type SlotVerdict = { send: true; late: boolean } | { send: false; reason: 'too_late' | 'day_off' };

/** The times of a day that have come since the bulletin was switched on. Those of days before are not made up for. */
export function slotsDue(times: readonly string[], { today, now, since }: { today: Day; now: Date; since: Date }): Date[] {
  return times.map((time) => atTime(today, time)).filter((slot) => slot <= now && slot > since);
}

/**
 * Sent in time, sent late with its mark within two hours of down-time, or left out. A day off has a bulletin only when somebody called.
 * @param idle nobody works today and nobody called
 */
export function slotVerdict(slot: Date, { now, idle }: { now: Date; idle: boolean }): SlotVerdict {
  const minutes = (now.getTime() - slot.getTime()) / 60_000;
  if (minutes > LATEST_MINUTES) return { send: false, reason: 'too_late' };
  if (idle) return { send: false, reason: 'day_off' };
  return { send: true, late: minutes > ON_TIME_MINUTES };
}
