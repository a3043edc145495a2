/** What a spreadsheet may take for the beginning of a formula (OWASP: CSV injection), full-width signs of Chinese keyboards included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?[\d.,%]+$/;
const GUARDED = /^'(?=[=+\-@\t\r\n＝＋－＠])/;

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it; signed numbers stay as they are. */
export const plainText = (value: string): string => (FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value);

/** The cell as it was before {@link plainText}: for a file of ours that comes back. */
export const withoutGuard = (value: string): string => (value.startsWith("'") ? value.replace(GUARDED, '') : value);

/** The first `length` characters; a sign of two halves is not cut in the middle, which no database would take. */
export const beginning = (text: string, length: number): string => {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, text.length > length && code >= 0xd800 && code < 0xdc00 ? length - 1 : length);
};
