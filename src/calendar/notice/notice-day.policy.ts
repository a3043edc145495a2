import { addDays, type Day, daysBetween, isDay } from '../../kernel/day.js';

const WEEKDAYS = '一二三四五六日';
const ENGLISH = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const pad = (text: string): string => text.padStart(2, '0');

const FULL = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))$/;
const SHORT = /^(\d{1,2})月(\d{1,2})日?$/;
/** Between the first and the last day of a run; never a plain hyphen, which stands inside a date. */
const BETWEEN = /\s*(?:~|～|至|到|\.\.|—|–|－)\s*/;
/** No holiday is longer; a longer run has a slip in it. */
const LONGEST_RUN = 16;

/** 2027-01-01, 2027/1/1, 20270101, 2027年1月1日, and 1月1日 within the year of the notice; null for anything else. */
export function noticeDay(text: string, year: number): Day | null {
  const short = SHORT.exec(text);
  if (short) return existing(String(year), short[1], short[2]);
  const full = FULL.exec(text);
  if (!full) return null;
  const [month, day] = full.slice(2).filter((part) => part !== undefined);
  return existing(full[1] ?? '', month, day);
}

function existing(year: string, month = '', day = ''): Day | null {
  const written = `${year}-${pad(month)}-${pad(day)}`;
  return isDay(written) ? written : null;
}

/** Every day from the first to the last; null when they are the wrong way round or too far apart. */
export function daysOfRun(first: Day, last: Day): Day[] | null {
  const count = daysBetween(first, last) + 1;
  if (count < 1 || count > LONGEST_RUN) return null;
  return Array.from({ length: count }, (_, i) => addDays(first, i));
}

/** One day or a run of days (`2027-02-05~2027-02-11`, `2月5日至11日`). */
export function noticeDays(text: string, year: number): Day[] | 'day' | 'range' {
  const [from = '', to] = text.split(BETWEEN);
  const first = noticeDay(from, year);
  if (!first) return 'day';
  if (to === undefined) return [first];
  const month = Number(first.slice(5, 7));
  const last = noticeDay(/^\d{1,2}日?$/.test(to) ? `${month}月${to}` : to, year);
  return last ? (daysOfRun(first, last) ?? 'range') : 'day';
}

/** 周六, 星期六, 礼拜六, 六, Sat, Saturday → 6; null for anything else. */
export function noticeWeekday(text: string): number | null {
  const chinese = /(?:周|星期|礼拜)?([一二三四五六日天])$/.exec(text);
  if (chinese) return chinese[1] === '天' ? 7 : WEEKDAYS.indexOf(chinese[1] ?? '') + 1;
  const at = ENGLISH.indexOf(text.slice(0, 3).toLowerCase());
  return at < 0 ? null : at + 1;
}
