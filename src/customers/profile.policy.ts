/** The collected profile (CUS-2): its fields in the order in which they are worth asking. `scored` ones make up the completeness. */
export const PROFILE_FIELDS = [
  { name: 'second_contact', scored: true },
  { name: 'wecom', scored: true },
  { name: 'wechat', scored: true },
  { name: 'interests', scored: true },
  { name: 'family', scored: true },
  { name: 'job', scored: true },
  { name: 'industry', scored: true },
  { name: 'employer', scored: true },
  { name: 'home_address', scored: true },
  { name: 'mailing_address', scored: false },
  { name: 'work_address', scored: false },
  { name: 'email', scored: false },
  { name: 'qq', scored: false },
  { name: 'weibo', scored: false },
  { name: 'actual_user', scored: false },
  { name: 'actual_user_birthday', scored: false },
] as const;

export type ProfileField = (typeof PROFILE_FIELDS)[number]['name'];

export const isProfileField = (name: string): name is ProfileField => PROFILE_FIELDS.some((field) => field.name === name);

export const LONGEST_VALUE = 500;

export interface Completeness {
  /** 0–100, whole. */
  percent: number;
  /** The fields to ask for next, at most two, and what the score would be then. */
  askNext: ProfileField[];
  then: number;
}

/** How much of the scored profile is known. The birthday counts as one field; ID-card numbers never do (CUS-2). */
export function completeness(known: ReadonlySet<string>, hasBirthday: boolean): Completeness {
  const scored = PROFILE_FIELDS.filter((field) => field.scored);
  const total = scored.length + 1;
  const have = scored.filter((field) => known.has(field.name)).length + (hasBirthday ? 1 : 0);
  const askNext = scored.filter((field) => !known.has(field.name)).slice(0, 2);
  const percent = (count: number): number => Math.round((count / total) * 100);
  return { percent: percent(have), askNext: askNext.map((field) => field.name), then: percent(have + askNext.length) };
}
