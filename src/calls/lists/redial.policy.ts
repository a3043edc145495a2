import { addDays, atTime, dayOf, minuteOfDay } from '../../kernel/day.js';
import { bestSlotAt, type SlotScore } from '../claims/best-slot.policy.js';
import type { Redial } from '../outcomes/outcomes.types.js';

const MINUTE_MS = 60_000;
/** A suspended number is tried again when a bill may have been paid. */
const LATER_DAYS = 7;

/** The times of day in which people are reached differently; the gate's window narrows them further. */
const SLOTS = [
  { from: '09:00', endMinute: 12 * 60 },
  { from: '14:00', endMinute: 18 * 60 },
  { from: '18:00', endMinute: 24 * 60 },
] as const;

const slotOf = (at: Date): number => SLOTS.findIndex((slot) => minuteOfDay(at) < slot.endMinute);

/** The start of the slot that follows the one `at` lies in. */
function nextSlot(at: Date): Date {
  const next = SLOTS[slotOf(at) + 1];
  return next ? atTime(dayOf(at), next.from) : atTime(addDays(dayOf(at), 1), SLOTS[0].from);
}

const latest = (a: Date, b: Date): Date => (a > b ? a : b);

/**
 * The earliest moment of the next dial (CAM-4). `other_slot` waits for another time of day, and at least the gap.
 * A campaign with a gap of 0 has switched the spacing off: it is dialled again at once, the gate's caps still hold.
 * @param gapMinutes least gap of the campaign, in minutes
 * @param scores when the customer is likely to answer; where too little is known the slots of the day stand
 */
export function redialAt(redial: Exclude<Redial, 'never' | 'callback'>, at: Date, gapMinutes: number, scores: readonly SlotScore[] = []): Date {
  const gap = new Date(at.getTime() + gapMinutes * MINUTE_MS);
  if (redial === 'later') return atTime(addDays(dayOf(at), LATER_DAYS), '09:00');
  if (redial === 'same_day' || gapMinutes === 0) return gap;
  const best = bestSlotAt(scores, at, gapMinutes);
  if (best) return best;
  return slotOf(gap) === slotOf(at) && dayOf(gap) === dayOf(at) ? nextSlot(at) : latest(gap, nextSlot(at));
}
