import { dayOf, daysBetween, type Day } from '../../kernel/day.js';
import { birthdayText, parseBirthdayWords } from './birthday.policy.js';
import type { Birthday, CustomerCard, ProfileFact } from '../customers.types.js';
import { type Completeness, completeness, PROFILE_FIELDS } from './profile.policy.js';
import { type FieldType, shownValue } from './profile-values.policy.js';

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
  birthday: (Pick<Birthday, 'calendar' | 'leap'> & { text: string }) | null;
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
  if (type === 'birthday' && locale === 'zh') return value.replace('lunar ', '农历').replace('leap ', '闰');
  return shownValue(value, whole);
}

const HAVE_WORDS: readonly string[] = ['wecom', 'wechat'];

/** How a stored value is read: text with masked numbers, a word of the catalogue, or a birthday. */
export function readable(type: FieldType, value: string | null, whole: boolean): Pick<FactView, 'text' | 'label' | 'birthday'> {
  const nothing = { text: null, label: null, birthday: null };
  if (value === null) return nothing;
  if (type === 'wecom' || (HAVE_WORDS.includes(type) && value === 'phone')) return { ...nothing, label: `${type}.${value}` };
  const told = type === 'birthday' ? parseBirthdayWords(value) : null;
  if (told) return { ...nothing, birthday: { calendar: told.calendar, leap: told.leap, text: birthdayText(told) } };
  return { ...nothing, text: shownValue(value, whole) };
}

const knownOf = (card: Pick<CustomerCard, 'profile'>): Map<string, ProfileFact> =>
  new Map(card.profile.filter((fact) => fact.value !== null).map((fact) => [fact.field, fact]));

export const scoreOf = (card: Pick<CustomerCard, 'profile' | 'birthday' | 'gender'>): Completeness =>
  completeness(new Set(knownOf(card).keys()), card);

/** All fields of the profile, known ones first, each with who learned it. */
export function factViews(card: Pick<CustomerCard, 'profile' | 'birthday' | 'gender'>, reader: Reader): FactView[] {
  const known = knownOf(card);
  const asked: readonly string[] = scoreOf(card).askNext;
  const views = PROFILE_FIELDS.map(({ name, type }): FactView => {
    const fact = known.get(name);
    return {
      name,
      type,
      raw: boxText(type, fact?.value ?? null, reader),
      ...readable(type, fact?.value ?? null, reader.whole),
      learnedBy: fact?.learnedBy ?? null,
      learnedAt: fact?.learnedAt ?? null,
      inCall: Boolean(fact?.attemptId),
      known: fact !== undefined,
      asked: asked.includes(name),
    };
  });
  return [...views.filter((view) => view.known), ...views.filter((view) => !view.known)];
}

/** A fact for the API: numbers of other people are masked like the customer's own. */
export const shownInApi = (fact: Omit<ProfileFact, 'field'>, whole: boolean): object => ({
  ...fact,
  value: fact.value && shownValue(fact.value, whole),
  oldValue: fact.oldValue && shownValue(fact.oldValue, whole),
});

export interface BirthdayView {
  birthday: Birthday | null;
  /** Without its calendar: 10-18 or 1978-10-18. */
  birthdayText: string | null;
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
    birthday,
    birthdayText: birthday && birthdayText(birthday),
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
export const pastFacts = (type: FieldType, history: readonly ProfileFact[], whole: boolean): PastFact[] =>
  history.map(({ value, learnedBy, learnedAt, note, apologised, attemptId }) => ({
    ...readable(type, value, whole),
    learnedBy,
    learnedAt,
    note,
    apologised,
    inCall: attemptId !== null,
  }));
