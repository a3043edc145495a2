import { type Day, weekday } from '../../kernel/day.js';
import { statutoryDays } from '../year.policy.js';
import type { Notice, NoticeFault, NoticeWarning, Reading, Statement } from './notice.types.js';
import { readProse } from './notice-prose.policy.js';
import { readJson, readRows } from './notice-rows.policy.js';

/** Only the notice's own words have a full stop. */
const isProse = (text: string): boolean => text.includes('。');

function read(text: string, year: number): Reading {
  const written = text.replace(/^\uFEFF/, '').trim();
  if (/^[[{]/.test(written)) return readJson(written, year);
  return isProse(text) ? readProse(text, year) : readRows(text, year);
}

/** What is wrong with a statement in itself. */
function faultOf(one: Statement, year: number, weekdaysWritten: boolean): NoticeFault | null {
  const fault = (code: NoticeFault['code'], params: NoticeFault['params'] = {}): NoticeFault => ({ line: one.line, value: one.day, code, params });
  if (!one.day.startsWith(`${year}-`)) return fault('year', { year: String(year) });
  if (one.weekday !== null && one.weekday !== weekday(one.day)) return fault('weekday', { day: one.day });
  if (weekdaysWritten && one.weekday === null) return fault('weekday_missing', { day: one.day });
  return one.working && weekday(one.day) <= 5 ? fault('on_weekday', { day: one.day }) : null;
}

function warningsOf(year: number, days: Notice['days']): NoticeWarning[] {
  const off = new Set(days.filter((one) => !one.working).map((one) => one.day));
  const unnamed = [...statutoryDays(year)].filter(([day]) => !off.has(day));
  return [
    ...unnamed.map(([day, name]): NoticeWarning => ({ code: 'statutory', params: { day, name } })),
    ...(days.some((one) => one.working) ? [] : [{ code: 'no_makeup' as const, params: {} }]),
  ];
}

/**
 * Reads the yearly notice from a small text: lines of day, off|work, name; the same as JSON; or the notice in its own words.
 * Each statement is taken, a duplicate of one taken, or faulty; with a single fault nothing may be imported.
 */
export function readNotice(text: string, year: number): Notice {
  const { statements, unread, miscounts } = read(text, year);
  // a table with weekdays has one on each line; prose has them where it likes
  const weekdaysWritten = !isProse(text) && statements.some((one) => one.weekday !== null);
  const taken = new Map<Day, Statement>();
  const faults = [...unread];
  let duplicate = 0;
  let line = 0;
  for (const one of statements) {
    const fault = faultOf(one, year, weekdaysWritten && one.line !== line);
    const before = taken.get(one.day);
    line = one.line;
    if (fault) faults.push(fault);
    else if (!before) taken.set(one.day, one);
    else if (before.working === one.working) duplicate += 1;
    else faults.push({ line: one.line, value: one.day, code: 'contradiction', params: { day: one.day, line: String(before.line) } });
  }
  const faulty = faults.length;
  const days = [...taken.values()].map(({ day, working, name }) => ({ day, working, name })).sort((a, b) => a.day.localeCompare(b.day));
  const nothing: NoticeFault[] = days.length + faulty === 0 ? [{ line: 1, value: '', code: 'nothing', params: {} }] : [];
  return {
    year,
    read: statements.length + unread.length,
    off: days.filter((one) => !one.working).length,
    work: days.filter((one) => one.working).length,
    duplicate,
    faulty,
    days,
    faults: [...faults, ...miscounts, ...nothing].sort((a, b) => a.line - b.line),
    warnings: days.length > 0 ? warningsOf(year, days) : [],
  };
}
