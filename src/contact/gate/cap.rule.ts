import { addDays, dayOf, dayStart } from '../../kernel/day.js';
import type { Channel, Purpose } from '../contact.types.js';
import type { Caps, GateRule, GateSettings, Question, SettingField, TouchFact } from './gate.types.js';
import { latestEnd } from './latest-end.rule.js';
import { systemOf } from '../foreign/foreign-system.policy.js';
import { isPromise } from './window.rule.js';

const DAY_MS = 86_400_000;

/**
 * At most `limit` touches since `from`. A touch leaves the count `rollingDays` after it happened, or, in a calendar
 * period, when the period ends at `endsAt`. There is no upper bound on purpose: a reservation that was asked for a
 * moment later but written first counts.
 */
export interface Cap {
  name: 'greeting_sms_month' | 'marketing_sms_week' | 'calls_day' | 'calls_week' | 'callbacks_day' | 'calls_elsewhere';
  channel: Channel;
  /** null = every purpose counts */
  purpose: Purpose | null;
  limit: number;
  from: Date;
  rollingDays: number | null;
  endsAt: Date | null;
  /** Only what another system than this one holds at the moment counts. */
  heldByOthersThan?: string;
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

/** The lower of what is set and what administrators allow. */
const limitOf = ({ caps, limits }: GateSettings, name: keyof Caps): number => Math.min(caps[name], limits[name]);

/** One voice at a time: while another system holds the customer for a call, nobody else dials, whatever it is about (GOV-8). */
const elsewhere = ({ at, system }: Question): Cap => ({
  name: 'calls_elsewhere',
  channel: 'call',
  purpose: null,
  limit: 1,
  ...rolling(at, 1),
  heldByOthersThan: system,
});

function callCaps(question: Question, settings: GateSettings): Cap[] {
  const { at, purpose } = question;
  const channel = 'call';
  const limit = (name: keyof Caps): number => limitOf(settings, name);
  if (purpose === 'callback') return [{ name: 'callbacks_day', channel, purpose, limit: limit('callbacksPerDay'), ...thisDay(at) }];
  if (isPromise(question)) return [];
  return [
    { name: 'calls_day', channel, purpose: null, limit: limit('callsPerDay'), ...thisDay(at) },
    { name: 'calls_week', channel, purpose: null, limit: limit('callsPerWeek'), ...rolling(at, 7) },
  ];
}

/**
 * The caps that count for a question. A callback the customer asked for has its own allowance (R25), an answer to a complaint
 * none; both count in the caps of the other calls.
 */
export function capsFor(question: Question, settings: GateSettings): Cap[] {
  const { at, channel, purpose } = question;
  if (channel === 'call') return [...callCaps(question, settings), elsewhere(question)];
  if (channel === 'sms' && purpose === 'marketing')
    return [{ name: 'marketing_sms_week', channel, purpose, limit: limitOf(settings, 'marketingSmsPerWeek'), ...rolling(at, 7) }];
  if (channel === 'sms' && purpose === 'greeting')
    return [{ name: 'greeting_sms_month', channel, purpose, limit: limitOf(settings, 'greetingSmsPerMonth'), ...thisMonth(at) }];
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

const heldElsewhere = (touch: TouchFact, system: string): boolean => touch.state === 'reserved' && systemOf(touch.source) !== system;

/** The touches that count against a cap. */
export const touchesOf = (cap: Cap, touches: readonly TouchFact[], at: Date): TouchFact[] =>
  touches
    .filter((touch) => touch.channel === cap.channel && (cap.purpose === null || touch.purpose === cap.purpose))
    .filter((touch) => cap.heldByOthersThan === undefined || heldElsewhere(touch, cap.heldByOthersThan))
    .filter((touch) => isCounting(touch, at) && (cap.rollingDays === null ? touch.at >= cap.from : touch.at > cap.from));

/** When they leave the count, the last first. */
export const countedBy = (cap: Cap, touches: readonly TouchFact[], at: Date): Date[] =>
  touchesOf(cap, touches, at)
    .map((touch) => leavesAt(touch, cap))
    .sort((a, b) => b.getTime() - a.getTime());

/** A touch that stands in the way of another one. */
export interface Winner {
  touch: TouchFact;
  /** When it stops counting. */
  until: Date;
}

/** What fills the full caps of a question, the newest first, each touch once. */
export function winnersOf(question: Question, touches: readonly TouchFact[], settings: GateSettings): Winner[] {
  const full = capsFor(question, settings).filter((cap) => fullness(cap, touches, question.at).full);
  const found = new Map<TouchFact, Winner>();
  for (const cap of full)
    for (const touch of touchesOf(cap, touches, question.at)) if (!found.has(touch)) found.set(touch, { touch, until: leavesAt(touch, cap) });
  return [...found.values()].sort((a, b) => b.touch.at.getTime() - a.touch.at.getTime());
}

/** A full cap, and when it has room again: when so many have left that one less than the limit remains. A limit of 0 never has. */
export function fullness(cap: Cap, touches: readonly TouchFact[], at: Date): { full: boolean; until: Date | null } {
  const counted = countedBy(cap, touches, at);
  if (counted.length < cap.limit) return { full: false, until: null };
  return { full: true, until: cap.limit === 0 ? null : (counted[cap.limit - 1] ?? null) };
}

const HIGHEST: Caps = { callsPerDay: 10, callsPerWeek: 30, callbacksPerDay: 10, marketingSmsPerWeek: 14, greetingSmsPerMonth: 10 };

/** Each cap twice: what is in force, and what it may be at most. */
const CAP_SETTINGS: readonly SettingField[] = [
  ...(Object.keys(HIGHEST) as (keyof Caps)[]).flatMap((name): SettingField[] => [
    { path: `caps.${name}`, kind: 'count', level: 'working', min: 0, max: HIGHEST[name], within: `limits.${name}` },
    { path: `limits.${name}`, kind: 'count', level: 'hard', min: 0, max: HIGHEST[name] },
  ]),
  { path: 'holdMinutes', kind: 'count', level: 'hard', min: 1, max: 240 },
];

/** How often a customer is contacted, over all campaigns and care rules together. */
export const capRule: GateRule = {
  reason: 'cap_reached',
  source: 'GOV-5',
  settings: CAP_SETTINGS,
  applies: (question) => question.channel === 'call' || (question.channel === 'sms' && ['marketing', 'greeting'].includes(question.purpose)),
  check(question, facts, context) {
    const full = capsFor(question, context.settings)
      .map((cap) => fullness(cap, facts.touches, question.at))
      .filter((one) => one.full);
    return full.length === 0 ? null : { reason: 'cap_reached', until: latestEnd(full.map((one) => one.until)) };
  },
};
