import { type Day, isDay } from '../../kernel/day.js';

export type IdCardFault = 'length' | 'letters' | 'region' | 'birth' | 'check';

/** First two digits of the address code: provinces, regions and municipalities of GB/T 2260, and residents of Taiwan, Hong Kong and Macao. */
const REGIONS = new Set('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '));
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
const OLDEST: Day = '1900-01-01';

/** The check sign of the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2): 0–9 or X. */
export const checkSign = (digits: string): string => CHECKS[WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11] ?? '';

const plainText = (text: string): string =>
  text
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\s-]/g, '')
    .toUpperCase();

/**
 * A citizen's number of eighteen signs in one spelling, or what is wrong with it: its length, its signs, the province, the day of birth (which lies
 * between 1900 and `today`), the check sign. Numbers of fifteen digits have not been valid since 2013.
 */
export function readIdCard(text: string, today: Day): { number: string } | { fault: IdCardFault } {
  const number = plainText(text);
  if (number.length !== 18) return { fault: 'length' };
  if (!/^\d{17}[\dX]$/.test(number)) return { fault: 'letters' };
  if (!REGIONS.has(number.slice(0, 2))) return { fault: 'region' };
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(birth) || birth < OLDEST || birth > today) return { fault: 'birth' };
  return checkSign(number) === number[17] ? { number } : { fault: 'check' };
}

/** 3201 **** **** 271X */
export const maskIdCard = (number: string): string => `${number.slice(0, 4)} **** **** ${number.slice(-4)}`;

/** For somebody who has to read it aloud: 320102 19900307 271X */
export const shownIdCard = (number: string): string => `${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`;
