import { maskPhone, parsePhone } from '../kernel/phone.js';

const DIGITS = /\+?\d[\d ]{9,}\d/g;

const masked = (text: string): string =>
  text.replace(DIGITS, (digits) => {
    const parsed = parsePhone(digits);
    return 'number' in parsed ? maskPhone(parsed.number) : digits;
  });

/** A filter for the audit log and for the eyes of a second person: no full number. */
export const discreet = (filter: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([key, value]) => [key, typeof value === 'string' ? masked(value) : (value as unknown)]),
  );
