import { withoutGuard } from '../kernel/plain-text.js';

/** Signs without width that trim() leaves; they come with what is copied from chats and web pages. */
const isUnseen = (code: number): boolean => (code >= 0x200b && code <= 0x200f) || code === 0x2060;
const UNSEEN_ENDS = /^[\s\u200b-\u200f\u2060]+|[\s\u200b-\u200f\u2060]+$/g;
/** How people keep a spreadsheet from making a number of a text: ="00123" and '00123. */
const KEPT_TEXT = /^="((?:[^"]|"")*)"$/;
const KEPT_NUMBER = /^'(?=\d)/;
const [QUOTE, EQUALS, HASH] = [39, 61, 35];

/** A cell without the blanks and signs around it that nobody means. */
export function bareText(raw: string): string {
  const text = isUnseen(raw.charCodeAt(0)) || isUnseen(raw.charCodeAt(raw.length - 1)) ? raw.replace(UNSEEN_ENDS, '') : raw.trim();
  const first = text.charCodeAt(0);
  if (first === QUOTE) return withoutGuard(text).replace(KEPT_NUMBER, '');
  return first === EQUALS ? text.replace(KEPT_TEXT, (_, inside: string) => inside.replaceAll('""', '"').trim()) : text;
}

const ERROR = /^#(n\/a|value!|ref!|div\/0!|num!|name\?|null!|spill!|calc!|getting_data)$/i;
const HASHES = /^#{3,}$/;
/** As xlsx-cell.ts marks a formula whose result was never stored. */
const NO_RESULT = '#FORMULA =';

/** The reason to refuse what stands in a cell of any type only by mistake of a spreadsheet: an error, a column too narrow to be saved, a formula without its result. */
export function trapOf(text: string): string | null {
  if (text.charCodeAt(0) !== HASH) return null;
  if (text.startsWith(NO_RESULT)) return 'formula';
  if (ERROR.test(text)) return 'cell_error';
  return HASHES.test(text) ? 'cell_hashes' : null;
}

/** A number of eleven digits or more, of which a spreadsheet has left the first few: no text looks like this. */
export const hasLostDigits = (text: string): boolean => text.length > 4 && /^-?\d(\.\d+)?e\+[1-9]\d$/i.test(text);

const FULL_WIDTH = /[\uff01-\uff5e\u3000]/;

/** Digits and signs of a Chinese keyboard as those of a Latin one; undefined when there are none. */
export const halfWidth = (text: string): string | undefined =>
  FULL_WIDTH.test(text)
    ? text.replace(/[\uff01-\uff5e\u3000]/g, (sign) => (sign === '\u3000' ? ' ' : String.fromCharCode(sign.charCodeAt(0) - 0xfee0)))
    : undefined;
