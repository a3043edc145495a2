/** What a cell of a sheet holds, as its XML tells it. */
export interface SheetCell {
  /** s shared text · inlineStr · str result of a formula · n number · b yes or no · e error · d ISO date */
  type: string;
  /** Text of the value; undefined when there is none. */
  value: string | undefined;
  formula: string | undefined;
  /** Whether its style shows a number as a date. */
  isDate: boolean;
}

export interface BookFacts {
  text(index: number): string;
  /** Days are counted from 1904, as old Macs did. */
  from1904: boolean;
}

const DAY_MS = 86_400_000;
const LAST_SERIAL = 2_958_465; // 9999-12-31
const two = (n: number): string => String(n).padStart(2, '0');

/** A spreadsheet's day number as a person sees it; it keeps wall-clock time without a zone. */
function dateText(serial: number, from1904: boolean): string {
  const days = from1904 ? serial + 1462 : serial;
  if (!(days >= 0 && days <= LAST_SERIAL)) return numberText(serial);
  const at = new Date(Math.round(days * 86_400) * 1000 + Date.UTC(1899, 11, 30));
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  if (days < 1) return time;
  const day = new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
  return time === '00:00:00' ? day : `${day} ${time}`;
}

/** From here on a spreadsheet has rounded digits away. */
const EXACT = 1e15;

/** All digits of a number; one that has lost some is written so that it is seen: 1.101E+17. */
function numberText(value: number): string {
  if (Math.abs(value) >= EXACT) return value.toExponential().toUpperCase();
  if (Number.isInteger(value)) return value.toFixed(0); // never 1.38E+10
  return String(Math.round(value * 1e10) / 1e10);
}

/** Signs that XML cannot hold: _x000D_ is a carriage return. What no text can hold either (half a sign, the sign 0) becomes a mark of damage. */
const unescaped = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => signOf(parseInt(hex, 16))) : text;
const signOf = (code: number): string => (code === 0 || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCharCode(code));

/** Before a formula whose result was never stored. */
export const NO_RESULT = '#FORMULA =';

/** What a person sees in the cell. A formula without a result is marked as one, an error stands as its sign: neither may pass for a blank. */
export function cellText({ type, value, formula, isDate }: SheetCell, book: BookFacts): string {
  if (value === undefined) return formula === undefined ? '' : `${NO_RESULT}${formula}`;
  if (type === 's') return book.text(Number(value));
  if (type === 'inlineStr' || type === 'str') return unescaped(value);
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type === 'e' || type === 'd') return value;
  const number = Number(value);
  if (value === '' || Number.isNaN(number)) return value;
  return isDate ? dateText(number, book.from1904) : numberText(number);
}

/** The formats 14 to 22, 27 to 36, 45 to 47 and 50 to 58 of every workbook are dates and times; the second and last are those of East Asia. */
const isBuiltInDate = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Whether a format code shows dates: a letter of a date that is neither quoted text nor a colour or condition. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const [first = ''] = code.split(';');
  const bare = first.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(bare.replace(/general/gi, ''));
}
