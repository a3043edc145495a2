import { dayOf, daysBetween } from '../kernel/day.js';
import { formatPhone, maskPhone } from '../kernel/phone.js';
import type { Role } from '../staff/staff.types.js';
import { birthdayText } from './birthday.policy.js';
import type { CustomerCard, CustomerRow, LineRow, ProfileFact } from './customers.types.js';
import { isNumberSearch } from './number-search.policy.js';
import { type Completeness, completeness, isProfileField, PROFILE_FIELDS } from './profile.policy.js';

/** Whole numbers are for those who plan and supervise; a manager sees one when she holds its task (api.md, Masking). */
export const seesNumbers = (role: Role): boolean => ['admin', 'planner', 'supervisor'].includes(role);

/** A number for the API: E.164, or masked. */
export const numberFor = (role: Role, number: string | null): string | null =>
  number === null ? null : seesNumbers(role) ? number : maskPhone(number);

/** A number for a page. */
export const shownNumber = (role: Role, number: string | null): string | null =>
  number === null ? null : seesNumbers(role) ? formatPhone(number) : maskPhone(number);

export interface CustomerRowView extends Omit<CustomerRow, 'number'> {
  phone: string | null;
}

export const rowView = (role: Role, { number, ...row }: CustomerRow): CustomerRowView => ({ ...row, phone: numberFor(role, number) });

const lineView = (role: Role, { number, ...line }: LineRow): object => ({ ...line, phone: numberFor(role, number) });

/** A customer for the API. */
export function cardView(role: Role, card: CustomerCard): object {
  const { manager, birthday, birthdayOn, profile, lines, ...facts } = card;
  return {
    ...facts,
    phone: numberFor(role, lines[0]?.number ?? null),
    manager: manager?.username ?? null,
    managerName: manager?.name ?? null,
    birthday: birthday ? birthdayText(birthday) : null,
    birthdayCalendar: birthday?.calendar ?? null,
    birthdayLeap: birthday?.leap ?? false,
    birthdayOn,
    lines: lines.map((line) => lineView(role, line)),
    profile: Object.fromEntries(profile.filter((fact) => fact.value !== null).map(({ field, ...fact }) => [field, fact])),
  };
}

/** Query of the page: `q` is sorted into number or name. */
export function searchOf({ q, ...query }: Record<string, string>): Record<string, string> {
  if (!q) return query;
  return isNumberSearch(q) ? { ...query, phone: q } : { ...query, name: q };
}

export interface CustomerPage extends Omit<CustomerCard, 'profile'> {
  /** Whole numbers may be read without asking. */
  seesNumbers: boolean;
  mayReveal: boolean;
  mayRate: boolean;
  /** The line they are reached on. */
  main: LineRow | undefined;
  /** Birthday without its calendar: 10-18 or 1978-10-18. */
  birthdayText: string | null;
  birthdaySoon: boolean;
  birthdayFact: ProfileFact | undefined;
  known: ProfileFact[];
  completeness: Completeness;
}

const SOON_DAYS = 14;

/** What the 360 page shows (CUS-4). */
export function customerPage(card: CustomerCard, role: Role, now: Date): CustomerPage {
  const { profile, ...facts } = card;
  const known = profile.filter((fact) => fact.value !== null && isProfileField(fact.field));
  return {
    ...facts,
    seesNumbers: seesNumbers(role),
    mayReveal: !seesNumbers(role),
    mayRate: role !== 'manager',
    main: card.lines[0],
    birthdayText: card.birthday && birthdayText(card.birthday),
    birthdaySoon: card.birthdayOn !== null && daysBetween(dayOf(now), card.birthdayOn) <= SOON_DAYS,
    birthdayFact: profile.find((fact) => fact.field === 'birthday' && fact.oldValue !== null),
    known,
    completeness: completeness(new Set(known.map((fact) => fact.field)), card.birthday !== null),
  };
}

/** The values of the edit form as they stand. */
export function typedValues(card: CustomerCard): Record<string, unknown> {
  const profile = new Map(card.profile.map((fact) => [fact.field, fact.value]));
  return {
    ...card,
    manager: card.manager?.username ?? '',
    birthday: card.birthday ? birthdayText(card.birthday) : '',
    birthdayCalendar: card.birthday?.calendar ?? 'solar',
    smsConsent: flag(card.smsConsent),
    callConsent: flag(card.callConsent),
    fields: PROFILE_FIELDS.map(({ name }) => ({ name, value: profile.get(name) ?? '' })),
  };
}

const flag = (value: boolean | null): string => (value === null ? 'unknown' : String(value));

/** Boxes that a form always sends, and what an empty one means: cleared. */
const CLEARABLE = ['name', 'gender', 'tier', 'city', 'district', 'manager', 'birthday'] as const;
const KEPT = ['starLevel', 'class', 'birthdayCalendar', 'smsConsent', 'callConsent', 'note'] as const;
const FOR_PLANNERS: readonly string[] = ['starLevel', 'tier', 'class', 'manager'];

/** The patch a posted form means: only what differs from the customer as it stands, so that two people can edit different boxes. */
export function patchOf(body: Record<string, string>, card: CustomerCard, role: Role): Record<string, unknown> {
  const current = typedValues(card) as Record<string, string | null>;
  const patch: Record<string, unknown> = {};
  for (const field of [...CLEARABLE, ...KEPT]) {
    const typed = body[field]?.trim();
    if (typed === undefined || typed === String(current[field] ?? '')) continue;
    if (role === 'manager' && FOR_PLANNERS.includes(field)) continue;
    if (typed !== '') patch[field] = typed;
    else if ((CLEARABLE as readonly string[]).includes(field)) patch[field] = null;
  }
  if ('birthdayCalendar' in patch && !('birthday' in patch)) patch.birthday = current.birthday || null;
  if ('birthday' in patch) patch.birthdayCalendar = body.birthdayCalendar ?? current.birthdayCalendar;
  const known = new Map(card.profile.map((fact) => [fact.field, fact.value ?? '']));
  const profile = PROFILE_FIELDS.map(({ name }) => [name, body[`profile.${name}`]?.trim()] as const).filter(
    ([name, typed]) => typed !== undefined && typed !== (known.get(name) ?? ''),
  );
  if (profile.length > 0) patch.profile = Object.fromEntries(profile.map(([name, typed]) => [name, typed || null]));
  return patch;
}
