import { parseFen } from '../kernel/money.js';
import { parsePhone, type PhoneFault } from '../kernel/phone.js';
import { dayOfSerial, isSerial, parseBirthday, parseDay, parseInstant, parseMonth } from './day.policy.js';
import { hasLostDigits } from './cell-traps.policy.js';
import type { ColumnType, FeedColumn } from './feeds.types.js';

/** Why a cell is refused: a reason code of `feeds.reject.<reason>`, and values for its sentence. */
export interface CellFault {
  reason: string;
  params?: Record<string, string | number>;
}

/** The staged text, null for a blank, or what is wrong. */
export type Cell = string | null | CellFault;

/** Reads one trimmed, non-blank cell. */
export type CellReader = (text: string) => Cell;

const fault = (reason: string, params?: CellFault['params']): CellFault => (params ? { reason, params } : { reason });

const PHONE_FAULTS: Record<PhoneFault, (text: string) => CellFault> = {
  empty: () => fault('required'),
  scientific: () => fault('phone_scientific'),
  letters: () => fault('phone_letters'),
  length: (text) => fault('phone_length', { digits: text.replace(/\D/g, '').length }),
  prefix: () => fault('phone_prefix'),
};

function phone(text: string): Cell {
  const parsed = parsePhone(text);
  return 'number' in parsed ? parsed.number : PHONE_FAULTS[parsed.fault](text);
}

const SCIENTIFIC = /^-?\d+(\.\d+)?e\+?\d+$/i;
const WHOLE = /^-?\d{1,10}(\.0+)?$/;

function wholeNumber(text: string, min: number, max: number): Cell {
  const plain = text.replace(/,/g, '');
  if (SCIENTIFIC.test(plain)) return fault('scientific');
  if (!WHOLE.test(plain)) return fault('not_a_number');
  const value = Math.trunc(Number(plain));
  return value < min || value > max ? fault('out_of_range', { min, max }) : String(value);
}

const STAR = /^([0-7])(?:\.0+)?(?:星级?|★)?$/;
const star: CellReader = (text) => STAR.exec(text)?.[1] ?? fault('star_range');

const BIGGEST_FEN = 2_147_483_647;
function fen(text: string): Cell {
  if (SCIENTIFIC.test(text)) return fault('scientific');
  const amount = parseFen(text) ?? parseFen(text.replace(/^(-?\d+\.\d{2})\d+$/, '$1')); // 88.3333 of an average
  if (amount === null) return fault('not_an_amount');
  return Math.abs(amount) > BIGGEST_FEN ? fault('out_of_range', { min: -21_474_836, max: 21_474_836 }) : String(amount);
}

const DECIMAL = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?(%?)$/i;
/** What programs write of a probability, 5e-05 among it. Six decimals: a score that differs behind them says nothing new. */
const fraction: CellReader = (text) => {
  const match = DECIMAL.exec(text);
  if (!match) return fault('not_a_fraction');
  const value = Number(text.replace('%', '')) / (match[3] ? 100 : 1);
  return value < 0 || value > 1 ? fault('fraction_range') : String(Number(value.toFixed(6)));
};

const LONGEST_CODE = 64;
const codes: CellReader = (text) => {
  if (isBroken(text)) return fault('broken_characters');
  const each = [...new Set(text.split(/[\s,，、;；|]+/).filter(Boolean))].sort();
  if (each.some((code) => code.length > LONGEST_CODE)) return fault('too_long', { max: LONGEST_CODE });
  return `{${each.map((code) => `"${code.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
};

const dateFault = (kind: 'serial' | 'missing' | 'format', text: string): CellFault => {
  if (SCIENTIFIC.test(text)) return fault('scientific');
  if (kind === 'serial') return fault('day_serial', { day: dayOfSerial(Math.trunc(Number(text))) });
  return fault(kind === 'missing' ? 'day_missing' : 'day_format');
};

/** A month or an instant that is none: perhaps a spreadsheet's number for it. */
const timeFault = (text: string, otherwise: string): CellFault =>
  SCIENTIFIC.test(text) || isSerial(text) ? dateFault('serial', text) : fault(otherwise);

const day: CellReader = (text) => {
  const parsed = parseDay(text);
  return 'day' in parsed ? parsed.day : dateFault(parsed.fault, text);
};
const TIME_OF_DAY = /[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const dayOfMoment: CellReader = (text) => day(text.replace(TIME_OF_DAY, ''));
const birthday: CellReader = (text) => {
  const parsed = parseBirthday(text);
  return 'birthday' in parsed ? parsed.birthday : dateFault(parsed.fault, text);
};

const TRUE = new Set(['是', '1', 'y', 'yes', 'true', 't', '同意']);
const FALSE = new Set(['否', '0', 'n', 'no', 'false', 'f', '不同意']);
const bool: CellReader = (text) => {
  const word = text.toLowerCase();
  if (TRUE.has(word)) return 't';
  return FALSE.has(word) ? 'f' : fault('not_yes_or_no');
};

function choice(choices: Readonly<Record<string, string>>): CellReader {
  const words = new Map(
    Object.entries(choices).flatMap(([word, value]) => [[word.toLowerCase(), value] as const, [value.toLowerCase(), value] as const]),
  );
  const allowed = Object.keys(choices).join('、');
  return (text) => words.get(text.toLowerCase()) ?? fault('not_a_choice', { allowed });
}

/** A character that could not be decoded, or one no text holds. */
export const isBroken = (text: string): boolean => text.includes('\ufffd') || text.includes('\0');

function words(maxLength: number): CellReader {
  return (text) => {
    if (isBroken(text)) return fault('broken_characters');
    if (hasLostDigits(text)) return fault('scientific');
    return text.length > maxLength ? fault('too_long', { max: maxLength }) : text;
  };
}

const READERS: Record<ColumnType, (column: FeedColumn) => CellReader> = {
  phone: () => phone,
  text: (column) => words(column.maxLength ?? 200),
  int: (column) => (text) => wholeNumber(text, column.min ?? 0, column.max ?? 2_147_483_647),
  star: () => star,
  fen: () => fen,
  day: (column) => (column.withTime ? dayOfMoment : day),
  month: () => (text) => parseMonth(text) ?? timeFault(text, 'month_format'),
  instant: () => (text) => parseInstant(text) ?? timeFault(text, 'instant_format'),
  bool: () => bool,
  choice: (column) => choice(column.choices ?? {}),
  birthday: () => birthday,
  fraction: () => fraction,
  codes: () => codes,
};

export const cellReader = (column: FeedColumn): CellReader => READERS[column.type](column);

/** The type of the staging column a cell goes into. */
export const STAGED_AS: Record<ColumnType, string> = {
  phone: 'text',
  text: 'text',
  int: 'integer',
  star: 'smallint',
  fen: 'integer',
  day: 'date',
  month: 'date',
  instant: 'timestamptz',
  bool: 'boolean',
  choice: 'text',
  birthday: 'text',
  fraction: 'numeric',
  codes: 'text[]',
};
