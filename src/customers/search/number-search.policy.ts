import { DomainError } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';

export interface NumberWanted {
  /** E.164, when the whole number was given. */
  number?: string;
  /** Otherwise its last four digits. */
  lastFour?: string;
}

/** What somebody looks for: a whole number in any spelling, or the last four digits. @throws DomainError phone_invalid */
export function readNumber(text: string): NumberWanted {
  const digits = text.replace(/\D/g, '');
  if (digits.length === 4 && /^[\d\s*]+$/.test(text)) return { lastFour: digits };
  const parsed = parsePhone(text);
  if ('number' in parsed) return { number: parsed.number };
  throw new DomainError('phone_invalid', { param: 'phone', params: { digits: digits.length } });
}

/** A search box takes all: digits are a number, anything else the beginning of a name. */
export const isNumberSearch = (text: string): boolean => /^[+\d\s*()-]+$/.test(text) && /\d{4}/.test(text.replace(/\D/g, ''));
