/** First letters of the numbers, by kind (as the table makes them). */
const LETTERS = 'ZX|TS|GZ|JY|JC|YW';
const NUMBER = new RegExp(`^(${LETTERS})\\s*[-－—]?\\s*0*(\\d{1,18})$`, 'i');
const DIGITS = 6;

/** The ticket number somebody typed, in the spelling of the books: `ts12`, `TS-12` and `TS-000012` are one. undefined: it is none. */
export function ticketNumber(typed: string): string | undefined {
  const found = NUMBER.exec(typed.trim());
  const [, letters, digits] = found ?? [];
  return letters && digits ? `${letters.toUpperCase()}-${digits.padStart(DIGITS, '0')}` : undefined;
}
