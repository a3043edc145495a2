import { createHash } from 'node:crypto';
import { addDays, dayOf } from '../../src/kernel/day.js';
import type { Condition, FilterNode, Part } from '../../src/segments/filter/filter.types.js';

/** All a filter can ask of one customer, as a plain value. */
export interface Person {
  starLevel: number;
  tier: string | null;
  class: string;
  gender: string | null;
  status: string;
  province: string | null;
  city: string | null;
  district: string | null;
  birthMonth: number | null;
  joinedOn: string | null;
  smsConsent: boolean | null;
  callConsent: boolean | null;
  manager: string | null;
  package: string | null;
  arpuFen: number | null;
  contractEnd: string | null;
  healthTier: string | null;
  /** In per cent. */
  churnScore: number | null;
  use: { month: string; quota: number | null; used: number | null; voiceQuota: number | null; voiceUsed: number | null; extraFee: number | null }[];
  bills: { month: string; amount: number }[];
  attempts: { at: Date; outcome: string; channel: string }[];
  touches: { at: Date; channel: string; state: string }[];
  promotions: { on: string; from: number; to: number }[];
  returns: string[];
  segments: string[];
  campaigns: string[];
}

const FLAGS: Record<string, { connected: boolean; effective: boolean; visit: boolean; converted: boolean }> = {
  no_answer: { connected: false, effective: false, visit: false, converted: false },
  assistant: { connected: true, effective: false, visit: false, converted: false },
  reached: { connected: true, effective: true, visit: true, converted: false },
  converted: { connected: true, effective: true, visit: true, converted: true },
  wrong_person: { connected: true, effective: true, visit: false, converted: false },
};
export const OUTCOMES = Object.keys(FLAGS);

/** The days on which something happened that a field of kind "ago" asks for. */
function daysOf(person: Person, field: string): string[] {
  const attempts = (fits: (one: Person['attempts'][number]) => boolean | undefined): string[] =>
    person.attempts.filter(fits).map((one) => dayOf(one.at));
  const touches = (fits: (one: Person['touches'][number]) => boolean): string[] =>
    person.touches.filter((one) => ['confirmed', 'history'].includes(one.state) && fits(one)).map((one) => dayOf(one.at));
  const asked: Record<string, () => string[]> = {
    reached: () => attempts((one) => FLAGS[one.outcome]?.effective),
    connected: () => attempts((one) => FLAGS[one.outcome]?.connected),
    called: () => attempts((one) => one.channel === 'call'),
    visited: () => attempts((one) => FLAGS[one.outcome]?.visit),
    converted: () => attempts((one) => FLAGS[one.outcome]?.converted),
    touched: () => touches(() => true),
    messaged: () => touches((one) => one.channel === 'sms'),
    promoted: () => person.promotions.filter((one) => one.to > one.from).map((one) => one.on),
    returned: () => person.returns,
  };
  const days = asked[field];
  if (!days) throw new Error(`no answer by hand for ${field}`);
  return days();
}

function inPart(id: string, { name, from, to }: Part): boolean {
  const bucket = Number.parseInt(createHash('md5').update(`${name}:${id}`).digest('hex').slice(0, 8), 16) % 10_000;
  return bucket >= Math.round(from * 100) && bucket < Math.round(to * 100);
}

/** Of the newest month that says something; a person has one line with use here. */
function newest<T extends { month: string }>(rows: readonly T[], figure: (row: T) => number | null): number | null {
  const told = rows.filter((row) => figure(row) !== null).sort((a, b) => b.month.localeCompare(a.month))[0];
  return told ? figure(told) : null;
}

const percent = (part: number | null, of: number | null): number | null => (part === null || !of ? null : Math.floor((100 * part) / of));

/** As customers.star_tier says where the feed has none (CUS-1). */
const TIER_OF_STAR = [null, 'ordinary', 'ordinary', 'member', 'silver', 'gold', 'diamond', 'diamond'];

function factOf(person: Person, field: string): string | number | boolean | null {
  if (field === 'tier') return person.tier ?? TIER_OF_STAR[person.starLevel] ?? null;
  if (field === 'dataUsedPercent') return newest(person.use, (row) => percent(row.used, row.quota));
  if (field === 'voiceUsedPercent') return newest(person.use, (row) => percent(row.voiceUsed, row.voiceQuota));
  if (field === 'extraFeeFen') return newest(person.use, (row) => row.extraFee);
  if (field === 'billFen') return newest(person.bills, (row) => row.amount);
  return person[field as 'city' | 'starLevel' | 'smsConsent'];
}

function among(person: Person, field: string, values: readonly unknown[]): boolean {
  if (field === 'segment') return person.segments.some((code) => values.includes(code));
  if (field === 'campaign') return person.campaigns.some((code) => values.includes(code));
  if (field === 'manager') return person.manager !== null && values.some((one) => String(one).toLowerCase() === person.manager?.toLowerCase());
  return values.includes(factOf(person, field));
}

function holds(id: string, person: Person, { field, op, value }: Condition, today: string): boolean {
  const fact = factOf(person, field);
  switch (op) {
    case 'known':
      return fact !== null;
    case 'unknown':
      return fact === null;
    case 'in':
      return among(person, field, value as unknown[]);
    case 'notIn':
      return !among(person, field, value as unknown[]);
    case 'is':
      return fact === value;
    case 'atLeast':
      return fact !== null && fact >= (value as string | number);
    case 'atMost':
      return fact !== null && fact <= (value as string | number);
    case 'within':
    case 'notWithin': {
      const happened = daysOf(person, field).some((day) => day >= addDays(today, -Number(value)));
      return op === 'within' ? happened : !happened;
    }
    case 'part':
      return inPart(id, value as Part);
  }
}

/** What the SQL of a filter must say, one customer at a time. */
export function matches(id: string, person: Person, node: FilterNode, today: string): boolean {
  if ('field' in node) return holds(id, person, node, today);
  if ('not' in node) return !matches(id, person, node.not, today);
  if ('and' in node) return node.and.every((child) => matches(id, person, child, today));
  return node.or.some((child) => matches(id, person, child, today));
}
