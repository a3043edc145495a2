import { addDays, dayOf, dayStart } from '../kernel/day.js';
import type { Channel, Purpose } from './contact.types.js';
import type { GateRule, GateSettings, Question, TouchFact } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';
import { isPromise } from './window.rule.js';

const DAY_MS = 86_400_000;

/**
 * At most `limit` touches since `from`. A touch leaves the count `rollingDays` after it happened, or, in a calendar
 * period, when the period ends at `endsAt`. There is no upper bound on purpose: a reservation that was asked for a
 * moment later but written first counts.
 */
export interface Cap {
  name: 'greeting_sms_month' | 'marketing_sms_week' | 'calls_day' | 'calls_week';
  channel: Channel;
  /** null = every purpose counts */
  purpose: Purpose | null;
  limit: number;
  from: Date;
  rollingDays: number | null;
  endsAt: Date | null;
}

const rolling = (at: Date, days: number): Pick<Cap, 'from' | 'rollingDays' | 'endsAt'> => ({
  from: new Date(at.getTime() - days * DAY_MS),
  rollingDays: days,
  endsAt: null,
});

function thisMonth(at: Date): Pick<Cap, 'from' | 'rollingDays' | 'endsAt'> {
  const first = `${dayOf(at).slice(0, 7)}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return { from: dayStart(first), rollingDays: null, endsAt: dayStart(next) };
}

const thisDay = (at: Date): Pick<Cap, 'from' | 'rollingDays' | 'endsAt'> => ({
  from: dayStart(dayOf(at)),
  rollingDays: null,
  endsAt: dayStart(addDays(dayOf(at), 1)),
});

/** The caps that count for a question. Promised callbacks and answers to complaints are counted but never refused (R25). */
export function capsFor(question: Question, settings: GateSettings): Cap[] {
  const { caps } = settings;
  const { at, channel, purpose } = question;
  if (channel === 'call' && !isPromise(question)) {
    return [
      { name: 'calls_day', channel, purpose: null, limit: caps.callsPerDay, ...thisDay(at) },
      { name: 'calls_week', channel, purpose: null, limit: caps.callsPerWeek, ...rolling(at, 7) },
    ];
  }
  if (channel === 'sms' && purpose === 'marketing')
    return [{ name: 'marketing_sms_week', channel, purpose, limit: caps.marketingSmsPerWeek, ...rolling(at, 7) }];
  if (channel === 'sms' && purpose === 'greeting')
    return [{ name: 'greeting_sms_month', channel, purpose, limit: caps.greetingSmsPerMonth, ...thisMonth(at) }];
  return [];
}

/** Confirmed and reported touches count; a reservation counts while it lasts. */
export const isCounting = (touch: TouchFact, at: Date): boolean =>
  touch.state === 'confirmed' || touch.state === 'history' || (touch.state === 'reserved' && (touch.expiresAt === null || touch.expiresAt > at));

/** When a touch stops counting against a cap. */
function leavesAt(touch: TouchFact, cap: Cap): Date {
  const byPeriod = cap.endsAt ?? new Date(touch.at.getTime() + (cap.rollingDays ?? 0) * DAY_MS);
  const reserved = touch.state === 'reserved' ? touch.expiresAt : null;
  return reserved && reserved < byPeriod ? reserved : byPeriod;
}

/** The touches that count against a cap, the one that leaves last first. */
export const countedBy = (cap: Cap, touches: readonly TouchFact[], at: Date): Date[] =>
  touches
    .filter((touch) => touch.channel === cap.channel && (cap.purpose === null || touch.purpose === cap.purpose))
    .filter((touch) => isCounting(touch, at) && (cap.rollingDays === null ? touch.at >= cap.from : touch.at > cap.from))
    .map((touch) => leavesAt(touch, cap))
    .sort((a, b) => b.getTime() - a.getTime());

/** A full cap, and when it has room again: when so many have left that one less than the limit remains. A limit of 0 never has. */
export function fullness(cap: Cap, touches: readonly TouchFact[], at: Date): { full: boolean; until: Date | null } {
  const counted = countedBy(cap, touches, at);
  if (counted.length < cap.limit) return { full: false, until: null };
  return { full: true, until: cap.limit === 0 ? null : (counted[cap.limit - 1] ?? null) };
}

/** How often a customer is contacted, over all campaigns and care rules together. */
export const capRule: GateRule = {
  reason: 'cap_reached',
  source: 'GOV-5',
  applies: (question) =>
    (question.channel === 'call' && !isPromise(question)) || (question.channel === 'sms' && ['marketing', 'greeting'].includes(question.purpose)),
  check(question, facts, context) {
    const full = capsFor(question, context.settings)
      .map((cap) => fullness(cap, facts.touches, question.at))
      .filter((one) => one.full);
    return full.length === 0 ? null : { reason: 'cap_reached', until: latestEnd(full.map((one) => one.until)) };
  },
};
