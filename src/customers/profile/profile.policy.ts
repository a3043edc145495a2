import type { AskedField } from '../customers.types.js';
import type { FieldType } from './profile-values.policy.js';

interface FieldRule {
  /** Its label stands under `customers.field.<name>`. */
  name: string;
  type: FieldType;
  /** What it adds to the completeness score; 0 is kept but never asked for. */
  weight: number;
  /** Asked of a card: each line has its own (CUS-2). */
  perLine?: true;
}

/** The collected profile (CUS-2), one line a field, in the order in which they are worth asking. Form, check, label, score and history follow from it. */
export const PROFILE_FIELDS = [
  { name: 'second_contact', type: 'contacts', weight: 15 },
  { name: 'wecom', type: 'wecom', weight: 10 },
  { name: 'wechat', type: 'wechat', weight: 10 },
  { name: 'actual_user', type: 'text', weight: 8, perLine: true },
  { name: 'actual_user_birthday', type: 'birthday', weight: 8, perLine: true },
  { name: 'interests', type: 'text', weight: 8 },
  { name: 'family', type: 'text', weight: 6 },
  { name: 'job', type: 'text', weight: 5 },
  { name: 'title', type: 'text', weight: 0 },
  { name: 'industry', type: 'text', weight: 5 },
  { name: 'employer', type: 'text', weight: 5 },
  { name: 'home_address', type: 'address', weight: 5 },
  { name: 'mailing_address', type: 'address', weight: 0 },
  { name: 'work_address', type: 'address', weight: 0 },
  { name: 'email', type: 'email', weight: 0 },
  { name: 'qq', type: 'qq', weight: 0 },
  { name: 'weibo', type: 'text', weight: 0 },
] as const satisfies readonly FieldRule[];

/** Facts of the customer itself that count as known profile. ID-card numbers never do (CUS-2). */
const SCORED_FACTS = { birthday: 10, gender: 5 } as const;

export type ProfileField = (typeof PROFILE_FIELDS)[number]['name'];

export const fieldOf = (name: string): (FieldRule & { name: ProfileField }) | undefined => PROFILE_FIELDS.find((field) => field.name === name);

export const isOfLine = (name: string): boolean => fieldOf(name)?.perLine ?? false;

export interface Completeness {
  /** 0–100, whole. */
  percent: number;
  /** The fields to ask for next, and what the score would be then. */
  askNext: ProfileField[];
  then: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const TOTAL = sum([...PROFILE_FIELDS.map((field) => field.weight), ...Object.values(SCORED_FACTS)]);
const percent = (points: number): number => Math.round((points / TOTAL) * 100);

/** How much of the profile is known, by weight. */
export function completeness(known: ReadonlySet<string>, facts: { birthday: unknown; gender: unknown }, count = 2): Completeness {
  const unknown = PROFILE_FIELDS.filter((field) => field.weight > 0 && !known.has(field.name));
  const askNext = unknown.slice(0, count);
  const points = TOTAL - sum(unknown.map((field) => field.weight)) - missingFacts(facts);
  return { percent: percent(points), askNext: askNext.map((field) => field.name), then: percent(points + sum(askNext.map((field) => field.weight))) };
}

const missingFacts = ({ birthday, gender }: { birthday: unknown; gender: unknown }): number =>
  (birthday ? 0 : SCORED_FACTS.birthday) + (gender ? 0 : SCORED_FACTS.gender);

const ASKED_AT_THE_DESK = 3;

/** What a caller asks by the way: the first fields nobody has asked yet. */
export const asksOf = (known: ReadonlySet<string>): AskedField[] =>
  PROFILE_FIELDS.filter((field) => field.weight > 0 && !known.has(field.name))
    .slice(0, ASKED_AT_THE_DESK)
    .map(({ name, type }) => ({ name, type }));
