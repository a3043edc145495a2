/** Mainland China numbers. Stored as E.164 (`+8613800138000`), shown as 138 0013 8000, masked as 138 **** 8000. */
export type PhoneFault = 'empty' | 'scientific' | 'letters' | 'length' | 'prefix';

const NOISE = /[\s\-()\uff08\uff09\u00b7\u00a0\u3000\u200b\ufeff]/g;

function toHalfWidth(text: string): string {
  return text.replace(/[\uff10-\uff19\uff0b]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/** A fixed line without the zero of its area code. */
const FIXED = /^(?:10|2\d|[3-9]\d{2})\d{7,8}$/;
const USUAL = /^1[3-9]\d{9}$/;

/**
 * Normalises any usual spelling (`+86 138-0013-8000`, `0086…`, full-width digits, `13800138000.0` from a spreadsheet).
 * A fault names what is wrong; `1.38001E+10` has lost digits and is refused as `scientific`.
 */
export function parsePhone(input: string | null | undefined): { number: string } | { fault: PhoneFault } {
  if (input && USUAL.test(input)) return { number: `+86${input}` }; // nearly all of a file
  const text = toHalfWidth(String(input ?? '')).replace(NOISE, '');
  if (text === '') return { fault: 'empty' };
  if (/^\d+(\.\d+)?e\+?\d+$/i.test(text)) return { fault: 'scientific' };
  const digits = text.replace(/\.0+$/, '').replace(/^\+/, '').replace(/^00/, '');
  if (!/^\d+$/.test(digits)) return { fault: 'letters' };
  const local = digits.length > 11 && digits.startsWith('86') ? digits.slice(2) : digits;
  if (local.length === 11 && /^1[3-9]/.test(local)) return { number: `+86${local}` };
  if (/^0\d{9,11}$/.test(local)) return { number: `+86${local.slice(1)}` }; // fixed line with its area code
  if (text.startsWith('+86') && FIXED.test(digits.slice(2))) return { number: text }; // as it is stored
  return { fault: local.length === 11 ? 'prefix' : 'length' };
}

/** The number as everything here keeps it; what is none (a short code, an alphanumeric sender) as it came. */
export function numberOrDigits(input: string): string {
  const parsed = parsePhone(input);
  return 'number' in parsed ? parsed.number : input;
}

const localPart = (e164: string): string => e164.replace(/^\+86/, '');

/** What is shown where a row has outlived its number. */
const NO_NUMBER = '—';

export function formatPhone(e164: string | null): string {
  if (e164 === null) return NO_NUMBER;
  const local = localPart(e164);
  return /^1\d{10}$/.test(local) ? `${local.slice(0, 3)} ${local.slice(3, 7)} ${local.slice(7)}` : local;
}

export function maskPhone(e164: string | null): string {
  if (e164 === null) return NO_NUMBER;
  const local = localPart(e164);
  return `${local.slice(0, 3)} **** ${local.slice(-4)}`;
}

const LONG = /\+?\d[\d ]{9,}\d/g;

/** A text with every whole number in it masked. */
export const maskNumbers = (text: string): string =>
  text.replace(LONG, (digits) => {
    const parsed = parsePhone(digits);
    return 'number' in parsed ? maskPhone(parsed.number) : digits;
  });
