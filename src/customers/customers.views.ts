import { formatPhone, maskPhone } from '../kernel/phone.js';
import type { CurrentUser, Role } from '../staff/staff.types.js';
import { calendarOf } from './customers.forms.js';
import { birthdayText, birthdayWords } from './profile/birthday.policy.js';
import type { CustomerCard, CustomerRow, FormCalendar, LineRow } from './customers.types.js';
import { isNumberSearch } from './search/number-search.policy.js';
import { isOfLine, PROFILE_FIELDS } from './profile/profile.policy.js';
import {
  type BirthdayView,
  birthdayView,
  boxText,
  type ContactView,
  contactViews,
  factViews,
  type FactView,
  lineFacts,
  type Reader,
  scoreOf,
  shownInApi,
} from './profile/profile.views.js';
import type { Completeness } from './profile/profile.policy.js';

/** Whole numbers are for those who plan and supervise; a manager sees one when she holds its task (api.md, Masking). */
export const seesNumbers = (role: Role): boolean => ['admin', 'planner', 'supervisor'].includes(role);

/** A number for the API: E.164, or masked. */
export const numberFor = (role: Role, number: string | null): string | null =>
  number === null ? null : seesNumbers(role) ? number : maskPhone(number);

/** A number for a page. */
export const shownNumber = (role: Role, number: string | null): string | null =>
  number === null ? null : seesNumbers(role) ? formatPhone(number) : maskPhone(number);

export const readerOf = ({ role, locale }: Pick<CurrentUser, 'role' | 'locale'>): Reader => ({ whole: seesNumbers(role), locale });

export interface CustomerRowView extends Omit<CustomerRow, 'number'> {
  phone: string | null;
}

export const rowView = (role: Role, { number, ...row }: CustomerRow): CustomerRowView => ({ ...row, phone: numberFor(role, number) });

const lineView = (role: Role, { number, userBirthday, ...line }: LineRow): object => ({
  ...line,
  userBirthday: userBirthday && birthdayWords(userBirthday),
  phone: numberFor(role, number),
});

/** A customer for the API. */
export function cardView(role: Role, card: CustomerCard): object {
  const { manager, birthday, birthdayOn, profile, lines, tierTold: _, ...facts } = card;
  // of what is asked of a card, that of the line they are reached on; each line tells its own
  const told = profile.filter(({ value, lineId }) => value !== null && (lineId === null || lineId === lines[0]?.id));
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
    profile: Object.fromEntries(told.map(({ field, ...fact }) => [field, shownInApi(fact, seesNumbers(role))])),
    completeness: scoreOf(card).percent,
  };
}

/** Query of the page: `q` is sorted into number or name. */
export function searchOf({ q, ...query }: Record<string, string>): Record<string, string> {
  if (!q) return query;
  return isNumberSearch(q) ? { ...query, phone: q } : { ...query, name: q };
}

/** A line with what is known of its user. */
export interface LineView extends LineRow {
  user: FactView[];
}

/** The filter of the page's list, for its export. */
export const filterOf = ({ cursor: _cursor, limit: _limit, lang: _lang, ...query }: Record<string, string>): Record<string, string> =>
  searchOf(query);

export interface CustomerPage extends Omit<CustomerCard, 'lines' | 'birthday'>, BirthdayView {
  lines: LineView[];
  contacts: ContactView[];
  /** Whole numbers may be read without asking. */
  seesNumbers: boolean;
  mayReveal: boolean;
  mayRate: boolean;
  /** Answers people who ask what is known of them, or to be forgotten. */
  servesPersonalData: boolean;
  /** Who enters contacts that stood on no list. */
  recordsContacts: boolean;
  /** The line they are reached on. */
  main: LineRow | undefined;
  profileRows: FactView[];
  completeness: Completeness;
}

/** What the 360 page shows (CUS-4). */
export function customerPage(card: CustomerCard, { role, locale }: CurrentUser, now: Date): CustomerPage {
  return {
    ...card,
    lines: card.lines.map((line) => ({ ...line, user: lineFacts(card, line.id, readerOf({ role, locale })) })),
    contacts: contactViews(card, readerOf({ role, locale })),
    seesNumbers: seesNumbers(role),
    mayReveal: !seesNumbers(role),
    mayRate: role !== 'manager',
    recordsContacts: role === 'manager' || role === 'supervisor',
    servesPersonalData: role === 'supervisor' || role === 'admin',
    main: card.lines[0],
    ...birthdayView(card, readerOf({ role, locale }), now),
    profileRows: factViews(card, readerOf({ role, locale })),
    completeness: scoreOf(card),
  };
}

/** The values of the edit form as they stand; with a line also what is asked of that card. */
export function typedValues(card: CustomerCard, user: Pick<CurrentUser, 'role' | 'locale'>, lineId?: string): Record<string, unknown> {
  const profile = new Map(card.profile.filter((fact) => fact.lineId === null || fact.lineId === lineId).map((fact) => [fact.field, fact.value]));
  const fields = PROFILE_FIELDS.filter(({ name }) => lineId !== undefined || !isOfLine(name));
  return {
    ...card,
    tier: card.tierTold,
    manager: card.manager?.username ?? '',
    birthday: card.birthday ? birthdayText(card.birthday) : '',
    birthdayCalendar: card.birthday?.leap ? 'lunar_leap' : (card.birthday?.calendar ?? 'solar'),
    smsConsent: flag(card.smsConsent),
    callConsent: flag(card.callConsent),
    fields: fields.map(({ name, type }) => ({ name, type, value: boxText(type, profile.get(name) ?? null, readerOf(user)) })),
  };
}

type Seen = Readonly<Record<string, string | null>>;

/** What the boxes of a form held when it was opened: only what differs from it was changed by its reader, whatever others did meanwhile. */
export function seenOf(current: Record<string, unknown>): string {
  const boxes = [...CLEARABLE, ...KEPT].map((field) => [field, String((current[field] as string | number | null | undefined) ?? '')]);
  const profile = (current.fields as { name: string; value: string }[]).map(({ name, value }) => [`profile.${name}`, value]);
  return JSON.stringify(Object.fromEntries([...boxes, ...profile]));
}

function seenIn(text: string | undefined): Seen | undefined {
  try {
    const seen = JSON.parse(text ?? '') as unknown;
    return typeof seen === 'object' && seen !== null ? (seen as Seen) : undefined;
  } catch {
    return undefined;
  }
}

/** The boxes of a form that comes back hold what was typed, emptied ones too. */
export function typedAgain(current: Record<string, unknown>, body: Readonly<Record<string, string>>): Record<string, unknown> {
  const boxes = Object.fromEntries([...CLEARABLE, ...KEPT].flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])));
  const fields = (current.fields as { name: string; value: string }[]).map((one) => ({ ...one, value: body[`profile.${one.name}`] ?? one.value }));
  return { ...current, ...boxes, fields };
}

const flag = (value: boolean | null): string => (value === null ? 'unknown' : String(value));

/** Boxes that a form always sends, and what an empty one means: cleared. */
const CLEARABLE = ['name', 'gender', 'tier', 'city', 'district', 'manager', 'birthday'] as const;
const KEPT = ['starLevel', 'class', 'birthdayCalendar', 'smsConsent', 'callConsent', 'note', 'apologised'] as const;
const FOR_PLANNERS: readonly string[] = ['starLevel', 'tier', 'class', 'manager'];

/** The patch a posted form means: only what differs from the customer as it stands, so that two people can edit different boxes. */
export function patchOf(body: Record<string, string>, card: CustomerCard, user: Pick<CurrentUser, 'role' | 'locale'>): Record<string, unknown> {
  const line = body.line ?? card.lines[0]?.id;
  const now = typedValues(card, user, line);
  const current = seenIn(body.seen) ?? (now as Seen);
  const patch: Record<string, unknown> = {};
  for (const field of [...CLEARABLE, ...KEPT]) {
    const typed = body[field]?.trim();
    if (typed === undefined || typed === String(current[field] ?? '')) continue;
    if (user.role === 'manager' && FOR_PLANNERS.includes(field)) continue;
    if (typed !== '') patch[field] = typed;
    else if ((CLEARABLE as readonly string[]).includes(field)) patch[field] = null;
  }
  if ('birthdayCalendar' in patch && !('birthday' in patch)) patch.birthday = current.birthday || null;
  delete patch.birthdayCalendar;
  if ('birthday' in patch) Object.assign(patch, calendarOf((body.birthdayCalendar ?? current.birthdayCalendar) as FormCalendar));
  const profile = (now.fields as { name: string; value: string }[]).flatMap(({ name, value }) => {
    const typed = body[`profile.${name}`]?.trim();
    return typed === undefined || typed === (current[`profile.${name}`] ?? value) ? [] : [[name, typed || null] as const];
  });
  if (profile.length > 0) patch.profile = Object.fromEntries(profile);
  if (profile.some(([name]) => isOfLine(name))) patch.line = line;
  return patch;
}
