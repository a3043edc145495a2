import { addDays, atTime, type Day, dayOf, minuteOfDay } from '../../kernel/day.js';

/** The hard window of calls (GOV-4); a promised callback obeys no other. Times of day in minutes. */
export interface HardWindow {
  from: string;
  to: string;
}

export const DEFAULT_HARD_WINDOW: HardWindow = { from: '08:00', to: '21:00' };
/** A promise further away than this is a slip of the keyboard. */
export const CALLBACK_DAYS = 60;

const EVENING = '18:30';
const MORNING = '09:00';
/** What customers say most: "tomorrow morning at ten". */
const TOMORROW = '10:00';
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export type CallbackFault = 'callback_at_missing' | 'callback_in_past' | 'callback_too_far' | 'callback_in_quiet_hours';

export const inWindow = (at: Date, window: HardWindow): boolean => {
  const minute = minuteOfDay(at);
  return minute >= minutes(window.from) && minute < minutes(window.to);
};

/** What is wrong with a promised time, or undefined. */
export function callbackFault(at: Date | null | undefined, now: Date, window = DEFAULT_HARD_WINDOW): CallbackFault | undefined {
  if (!at || Number.isNaN(at.getTime())) return 'callback_at_missing';
  if (at <= now) return 'callback_in_past';
  if (dayOf(at) > addDays(dayOf(now), CALLBACK_DAYS)) return 'callback_too_far';
  return inWindow(at, window) ? undefined : 'callback_in_quiet_hours';
}

/** The allowed times nearest to a wish that lies in quiet hours: the last good one before it, the first one after. */
export function nearestChoices(wish: Date, now: Date, window = DEFAULT_HARD_WINDOW): Date[] {
  const day = dayOf(wish);
  const opens = atTime(day, window.from);
  const after = wish < opens ? atTime(day, MORNING) : atTime(addDays(day, 1), MORNING);
  const before = wish < opens ? atTime(addDays(day, -1), EVENING) : atTime(day, EVENING);
  return [before, after].filter((choice) => choice > now);
}

const round5 = (at: Date): Date => new Date(Math.ceil(at.getTime() / 300_000) * 300_000);

/** Quick choices of the desk: in an hour, this evening, tomorrow at ten, the same time tomorrow. Those in the past or in quiet hours are left out. */
export function quickChoices(now: Date, window = DEFAULT_HARD_WINDOW): Date[] {
  const today: Day = dayOf(now);
  const soon = round5(now).getTime();
  const wishes = [new Date(soon + 3_600_000), atTime(today, EVENING), atTime(addDays(today, 1), TOMORROW), new Date(soon + 86_400_000)];
  const open = wishes.filter((at) => !callbackFault(at, now, window));
  return [...new Map(open.map((at) => [at.getTime(), at])).values()].sort((a, b) => a.getTime() - b.getTime());
}
