import { addDays, atTime, type Day, dayOf } from '../../kernel/day.js';
import type { Slot } from '../contact.types.js';
import type { GateContext, GateRule, Question, SettingField } from './gate.types.js';

/** How far an opening is looked for: longer than any closed festival. */
const LOOK_AHEAD_DAYS = 31;

/** A promised callback and the answer to a complaint obey only the hard window, on closed days too (GOV-4); a test, to a number of the house's own, as well. */
export const isPromise = ({ purpose }: Pick<Question, 'purpose'>): boolean => purpose === 'callback' || purpose === 'service' || purpose === 'test';

/** Visits, WeCom and incoming calls have no hours. */
const hasHours = (question: Question): boolean => question.channel === 'call' || question.channel === 'sms';
const ALL_DAY: readonly Slot[] = [['00:00', '24:00']];

export const slotsText = (slots: readonly Slot[]): string => slots.map(([from, to]) => `${from}–${to}`).join(' ');

/** Times that lie in both lists. 'HH:MM' compares as text. */
function overlap(a: readonly Slot[], b: readonly Slot[]): Slot[] {
  return a.flatMap(([from, to]) =>
    b.map(([low, high]): Slot => [from > low ? from : low, to < high ? to : high]).filter(([start, end]) => start < end),
  );
}

/** The slots of an open day for this channel and purpose, in order. */
export function slotsFor(question: Question, context: GateContext): Slot[] {
  const { settings } = context;
  if (!hasHours(question)) return [...ALL_DAY];
  const hard = question.channel === 'sms' ? settings.hardWindow.sms : settings.hardWindow.call;
  const working = question.channel === 'call' && !isPromise(question) ? (question.callWindow ?? settings.callWindow) : hard;
  return overlap(hard, working).sort(([a], [b]) => a.localeCompare(b));
}

/** Greetings rest on closed days in every channel (GOV-6), calls and messages whatever they are about but promises (GOV-4). */
const isClosed = (question: Question, context: GateContext, day: Day): boolean =>
  (question.purpose === 'greeting' || (hasHours(question) && !isPromise(question))) && context.closedDays.has(day);

/** The earliest instant at or after `from` that lies in the window; null when there is none within a month. */
export function nextOpening(question: Question, context: GateContext, from: Date): Date | null {
  const slots = slotsFor(question, context);
  const first = dayOf(from);
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    const day = addDays(first, ahead);
    const slot = isClosed(question, context, day) ? undefined : slots.find(([, to]) => atTime(day, to) > from);
    if (slot) return new Date(Math.max(atTime(day, slot[0]).getTime(), from.getTime()));
  }
  return null;
}

/** The end of the window `at` lies in; null when it lies in none. */
export function closingTime(question: Question, context: GateContext, at: Date): Date | null {
  const day = dayOf(at);
  if (isClosed(question, context, day)) return null;
  const slot = slotsFor(question, context).find(([from, to]) => atTime(day, from) <= at && at < atTime(day, to));
  return slot ? atTime(day, slot[1]) : null;
}

/** The spans in which this may go out, in order, from one instant to another. */
export function openSpans(question: Question, context: GateContext, { from, until }: { from: Date; until: Date }): { from: Date; to: Date }[] {
  const spans: { from: Date; to: Date }[] = [];
  for (let opens = nextOpening(question, context, from); opens && opens < until;) {
    const to = closingTime(question, context, opens);
    if (!to) break;
    spans.push({ from: opens, to });
    opens = nextOpening(question, context, to);
  }
  return spans;
}

/** The hard window is the administrators'; what a planner or a campaign sets only narrows it. */
const WINDOW_SETTINGS: readonly SettingField[] = [
  { path: 'callWindow', kind: 'slots', level: 'working', min: 0, max: 0, within: 'hardWindow.call' },
  { path: 'hardWindow.call', kind: 'slots', level: 'hard', min: 0, max: 0 },
  { path: 'hardWindow.sms', kind: 'slots', level: 'hard', min: 0, max: 0 },
];

/** Calls and messages go out in their windows only, and rest on the statutory days of the two great festivals. */
export const windowRule: GateRule = {
  reason: 'quiet_hours',
  source: 'GOV-4',
  settings: WINDOW_SETTINGS,
  applies: hasHours,
  check(question, _facts, context) {
    if (closingTime(question, context, question.at)) return null;
    return { reason: 'quiet_hours', until: nextOpening(question, context, question.at) };
  },
};
