import { addDays, isDay, type Day } from '../kernel/day.js';

const pad = (value: string | number, width = 2): string => String(value).padStart(width, '0');

/** Spreadsheets count days from here; 1900 is wrongly a leap year there, which this start makes good for all days since March 1900. */
const SERIAL_START: Day = '1899-12-30';
const FIRST_SERIAL = 20_000; // 1954
const LAST_SERIAL = 60_000; // 2064

export const dayOfSerial = (serial: number): Day => addDays(SERIAL_START, serial);

/** A number a spreadsheet shows where a day was formatted as a number, such as 45231. */
export const isSerial = (text: string): boolean => /^\d{5}(\.\d+)?$/.test(text) && Number(text) >= FIRST_SERIAL && Number(text) <= LAST_SERIAL;

const DAY = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))$/;
const MIDNIGHT = /[ T]0{1,2}:00(:00(\.0+)?)?$/;

export interface Parts {
  year: string;
  month: string;
  day: string;
}

/** Year, month and day of any usual spelling, padded; not yet checked against a calendar. */
export function dayParts(text: string): Parts | null {
  const match = DAY.exec(text.replace(MIDNIGHT, ''));
  if (!match) return null;
  const [year = '', ...rest] = match.slice(1);
  const [month = '', day = ''] = rest.filter((part) => part !== undefined);
  return { year, month: pad(month), day: pad(day) };
}

/** Years outside are slips of the finger (0206, 20266), and some of them no date type of a database takes. */
const isOurTime = (day: string): boolean => day >= '1900' && day < '2200';

/** @returns the day, 'serial' for a spreadsheet's day number, 'missing' for a day no calendar has, 'format' for anything else */
export function parseDay(text: string): { day: Day } | { fault: 'serial' | 'missing' | 'format' } {
  if (text.length === 10 && isDay(text) && isOurTime(text)) return { day: text }; // as nearly all of a file is written
  if (isSerial(text)) return { fault: 'serial' };
  const parts = dayParts(text);
  if (!parts) return { fault: 'format' };
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  return isDay(day) && isOurTime(day) ? { day } : { fault: 'missing' };
}

/** 2026-10, 202610, 2026/10, 2026年10月, or any day of it → its first day. */
export function parseMonth(text: string): Day | null {
  const match = /^(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))$/.exec(text);
  const parts = match ? { year: match[1] ?? '', month: pad(match[2] ?? match[3] ?? '') } : dayParts(text);
  const first = parts ? `${parts.year}-${parts.month}-01` : '';
  return isDay(first) && isOurTime(first) ? first : null;
}

const INSTANT = /^(.+?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/i;

/** An instant as ISO text; without a zone it is Shanghai time. */
export function parseInstant(text: string): string | null {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const [, date = '', hour = '', minute = '', second = '00', fraction = '', zone = '+08:00'] = match;
  const parsed = parseDay(date);
  if (!('day' in parsed) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return `${parsed.day}T${pad(hour)}:${minute}:${second}${fraction}${zone.toUpperCase()}`;
}

/**
 * 2001-02-03, 20010203, 2001/2/3, or without a year 11-26, 11/26, 1126, 11月26日. Year 0000 stands for an unknown one. Whether the day exists depends
 * on the calendar it is told in, so only the range is checked here: months 1–12, days 1–31.
 */
export function parseBirthday(text: string): { birthday: string } | { fault: 'serial' | 'missing' | 'format' } {
  if (text.length === 10 && isDay(text) && isOurTime(text)) return { birthday: text };
  if (isSerial(text)) return { fault: 'serial' };
  const short = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text);
  const parts = short ? { year: '0000', month: pad(short[1] ?? ''), day: pad(short[2] ?? '') } : dayParts(text);
  if (!parts) return { fault: 'format' };
  if (!short && !isOurTime(parts.year)) return { fault: 'missing' };
  const inRange = Number(parts.month) >= 1 && Number(parts.month) <= 12 && Number(parts.day) >= 1 && Number(parts.day) <= 31;
  return inRange ? { birthday: `${parts.year}-${parts.month}-${parts.day}` } : { fault: 'missing' };
}
