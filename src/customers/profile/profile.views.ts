import { dayOf, daysBetween, type Day } from '../../kernel/day.js';
import { birthdayText, lunarText, parseBirthdayWords } from './birthday.policy.js';
import type { Birthday, CustomerCard, ProfileFact } from '../customers.types.js';
import { type Completeness, completeness, isOfLine, PROFILE_FIELDS } from './profile.policy.js';
import { contactsIn, type FieldType, shownValue } from './profile-values.policy.js';

/** A birthday for reading: with its calendar, or in words that say it: 农历十月十八. */
export interface BirthdayShown extends Pick<Birthday, 'calendar' | 'leap'> {
  text: string;
  words: string | null;
}

/** One field of the profile as the 360 page shows and edits it. */
export interface FactView {
  name: string;
  type: FieldType;
  /** What the box of the form holds. */
  raw: string;
  /** For reading, when it is plain text. */
  text: string | null;
  /** A value that has a word of its own: `customers.value.<label>`. */
  label: string | null;
  birthday: BirthdayShown | null;
  learnedBy: string | null;
  learnedAt: Date | null;
  inCall: boolean;
  known: boolean;
  /** Worth asking: shown although nothing is known. */
  asked: boolean;
}

/** Who reads: whether they see numbers whole, and their language. */
export interface Reader {
  whole: boolean;
  locale: string;
}

/** What the box of a form holds for a stored value. A masked number is sent back as it was: then nothing changed. */
export function boxText(type: FieldType, value: string | null, { whole, locale }: Reader): string {
  if (value === null) return '';
  const told = type === 'birthday' ? parseBirthdayWords(value) : null;
  return (told && shownBirthday(told, locale).words) ?? shownValue(value, whole);
}

export const shownBirthday = (birthday: Birthday, locale: string): BirthdayShown => ({
  calendar: birthday.calendar,
  leap: birthday.leap,
  text: birthdayText(birthday),
  words: locale === 'zh' && birthday.calendar === 'lunar' ? lunarText(birthday) : null,
});

const HAVE_WORDS: readonly string[] = ['wecom', 'wechat'];

/** How a stored value is read: text with masked numbers, a word of the catalogue, or a birthday. */
export function readable(type: FieldType, value: string | null, { whole, locale }: Reader): Pick<FactView, 'text' | 'label' | 'birthday'> {
  const nothing = { text: null, label: null, birthday: null };
  if (value === null) return nothing;
  if (type === 'wecom' || (HAVE_WORDS.includes(type) && value === 'phone')) return { ...nothing, label: `${type}.${value}` };
  const told = type === 'birthday' ? parseBirthdayWords(value) : null;
  if (told) return { ...nothing, birthday: shownBirthday(told, locale) };
  return { ...nothing, text: shownValue(value, whole) };
}

const knownOf = (card: Pick<CustomerCard, 'profile'>): Map<string, ProfileFact> =>
  new Map(card.profile.filter((fact) => fact.value !== null).map((fact) => [fact.field, fact]));

export const scoreOf = (card: Pick<CustomerCard, 'profile' | 'birthday' | 'gender'>): Completeness =>
  completeness(new Set(knownOf(card).keys()), card);

/** One field as it stands; of a field of a line, that line's. */
function factView({ name, type }: { name: string; type: FieldType }, fact: ProfileFact | undefined, reader: Reader): Omit<FactView, 'asked'> {
  return {
    name,
    type,
    raw: boxText(type, fact?.value ?? null, reader),
    ...readable(type, fact?.value ?? null, reader),
    learnedBy: fact?.learnedBy ?? null,
    learnedAt: fact?.learnedAt ?? null,
    inCall: Boolean(fact?.attemptId),
    known: fact !== undefined,
  };
}

/** The fields of the profile, known ones first, each with who learned it; those of a line stand with the line: {@link lineFacts}. */
export function factViews(card: Pick<CustomerCard, 'profile' | 'birthday' | 'gender'>, reader: Reader): FactView[] {
  const known = knownOf(card);
  const asked: readonly string[] = scoreOf(card).askNext;
  const views = PROFILE_FIELDS.filter(({ name }) => !isOfLine(name)).map((field): FactView => ({
    ...factView(field, known.get(field.name), reader),
    asked: asked.includes(field.name),
  }));
  return [...views.filter((view) => view.known), ...views.filter((view) => !view.known)];
}

/** What is known of who uses a card. */
export function lineFacts(card: Pick<CustomerCard, 'profile'>, lineId: string, reader: Reader): FactView[] {
  const told = card.profile.filter((fact) => fact.value !== null && fact.lineId === lineId);
  return PROFILE_FIELDS.filter(({ name }) => isOfLine(name)).map((field) => ({
    ...factView(
      field,
      told.find((fact) => fact.field === field.name),
      reader,
    ),
    asked: false,
  }));
}

export interface ContactView {
  who: string;
  /** For reading: masked, or as it is dialled. */
  number: string;
}

/** Second contacts one by one, the first the one to try first. */
export const contactViews = (card: Pick<CustomerCard, 'profile'>, { whole }: Reader): ContactView[] =>
  contactsIn(knownOf(card).get('second_contact')?.value ?? '')
    .filter(({ number }) => number !== '')
    .map(({ who, number }) => ({ who, number: shownValue(number, whole) }));

/** A fact for the API: numbers of other people are masked like the customer's own. */
export const shownInApi = ({ lineId: _, ...fact }: Omit<ProfileFact, 'field'>, whole: boolean): object => ({
  ...fact,
  value: fact.value && shownValue(fact.value, whole),
  oldValue: fact.oldValue && shownValue(fact.oldValue, whole),
});

export interface BirthdayView {
  birthday: BirthdayShown | null;
  birthdayOn: Day | null;
  birthdaySoon: boolean;
  /** The newest correction, and what stood there before. */
  birthdayFact: ProfileFact | undefined;
  birthdayOld: string;
}

const SOON_DAYS = 14;

/** The birthday with its next day and, when it was corrected, what it was before (CUS-3). */
export function birthdayView({ birthday, birthdayOn, profile }: CustomerCard, reader: Reader, now: Date): BirthdayView {
  const birthdayFact = profile.find((fact) => fact.field === 'birthday' && fact.oldValue !== null);
  return {
    birthday: birthday && shownBirthday(birthday, reader.locale),
    birthdayOn,
    birthdaySoon: birthdayOn !== null && daysBetween(dayOf(now), birthdayOn) <= SOON_DAYS,
    birthdayFact,
    birthdayOld: boxText('birthday', birthdayFact?.oldValue ?? null, reader),
  };
}

export interface PastFact extends Pick<FactView, 'text' | 'label' | 'birthday'> {
  learnedBy: string | null;
  learnedAt: Date;
  note: string | null;
  apologised: boolean;
  inCall: boolean;
}

/** What a field was, newest first. */
export const pastFacts = (type: FieldType, history: readonly ProfileFact[], reader: Reader): PastFact[] =>
  history.map(({ value, learnedBy, learnedAt, note, apologised, attemptId }) => ({
    ...readable(type, value, reader),
    learnedBy,
    learnedAt,
    note,
    apologised,
    inCall: attemptId !== null,
  }));
