import { isDay } from '../../kernel/day.js';
import { honorificOf } from '../../kernel/honorific.js';

/** The ways in which a variable may be written beside as it stands. A closed set: whatever else is refused when a template is saved (SMS-1). */
export interface BodyHelper {
  /** How many variables it takes. */
  variables: { least: number; most: number };
  /** Words in quotes it knows: `{{date until "year"}}`. */
  options: readonly string[];
  /** null: the values are not of its kind. */
  say(values: readonly string[], option: string | null): string | null;
}

const DATE = /^(\d{4})([-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[ T].*)?$/u;

/** 2026-11-30, 2026/11/30, 20261130, 2026年11月30日 → its parts. */
function dayParts(value: string): [year: number, month: number, date: number] | null {
  const found = DATE.exec(value);
  if (!found) return null;
  const [, year = '', mark, month = '', date = ''] = found;
  if (mark === '' && (month.length < 2 || date.length < 2)) return null;
  return isDay(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`) ? [Number(year), Number(month), Number(date)] : null;
}

function sayDate([value = '']: readonly string[], option: string | null): string | null {
  const parts = dayParts(value.trim());
  if (!parts) return null;
  const [year, month, date] = parts;
  return `${option === 'year' ? `${year}年` : ''}${month}月${date}日`;
}

/** 5.1 → 5.10元, 1,200 → 1200元: to the fen, and without it where there is none. */
function sayMoney([value = '']: readonly string[]): string | null {
  const plain = value
    .trim()
    .replace(/^[¥￥]/u, '')
    .replace(/元$/u, '')
    .replace(/,/g, '')
    .trim();
  if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(plain)) return null;
  const text = (Math.round(Number(plain) * 100) / 100).toFixed(2);
  return `${text.endsWith('.00') ? text.slice(0, -3) : text}元`;
}

const GENDERS: Readonly<Record<string, 'male' | 'female'>> = { 男: 'male', m: 'male', male: 'male', 女: 'female', f: 'female', female: 'female' };

const sayHonorific = ([name = '', gender = '']: readonly string[]): string => honorificOf(name, GENDERS[gender.trim().toLowerCase()] ?? null);

export const BODY_HELPERS = {
  date: { variables: { least: 1, most: 1 }, options: ['year'], say: sayDate },
  money: { variables: { least: 1, most: 1 }, options: [], say: sayMoney },
  honorific: { variables: { least: 1, most: 2 }, options: [], say: sayHonorific },
} as const satisfies Readonly<Record<string, BodyHelper>>;

export type BodyHelperName = keyof typeof BODY_HELPERS;

export const isBodyHelper = (name: string): name is BodyHelperName => Object.hasOwn(BODY_HELPERS, name);
export const helperOf = (name: BodyHelperName): BodyHelper => BODY_HELPERS[name];
