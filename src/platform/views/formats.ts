import { addDays, type Day, dayOf, daysBetween, isDay, minuteOfDay, weekday } from '../../kernel/day.js';
import type { Locale } from '../i18n/catalogue.js';

const NONE = '—';
const WEEKDAYS: Record<Locale, readonly string[]> = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};
const LONG_WEEKDAYS: Record<Locale, readonly string[]> = {
  zh: ['星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const NEAR: Record<Locale, Record<string, string>> = {
  zh: { '-1': '昨天', '0': '今天', '1': '明天' },
  en: { '-1': 'Yesterday', '0': 'Today', '1': 'Tomorrow' },
};

/** A day or an instant (Date, ISO text); undefined when it is neither. */
export function toDay(value: unknown): Day | undefined {
  if (typeof value === 'string' && isDay(value)) return value;
  const at = toInstant(value);
  return at && dayOf(at);
}

export function toInstant(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  const at = typeof value === 'string' && value.length > 10 ? new Date(value) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `18:30`, Shanghai. */
export const timeText = (at: Date): string => `${two(Math.floor(minuteOfDay(at) / 60))}:${two(minuteOfDay(at) % 60)}`;

/** For exports: 2026-11-24 18:30, Shanghai; null where there is none. */
export const stampText = (at: Date | null): string | null => at && `${dayOf(at)} ${timeText(at)}`;

/** As a box for a moment takes it: 2026-11-24T18:30, Shanghai; empty where there is none. */
export const boxText = (at: Date | null): string => stampText(at)?.replace(' ', 'T') ?? '';

/** For tables and exports: 2026-11-24, in the year of `now` 11-24. */
export const dayText = (day: Day, now?: Date): string => (now && dayOf(now).slice(0, 4) === day.slice(0, 4) ? day.slice(5) : day);

export const weekdayText = (day: Day, locale: Locale, long = false): string => (long ? LONG_WEEKDAYS : WEEKDAYS)[locale][weekday(day) - 1] ?? '';

/** 11月24日 · 24 Nov; with the year when it is not that of `now`. */
export function monthDayText(day: Day, locale: Locale, now: Date, yearly = false): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const other = !yearly && dayOf(now).slice(0, 4) !== day.slice(0, 4);
  if (locale === 'zh') return `${other ? `${year}年` : ''}${month}月${date}日`;
  return `${date} ${MONTHS[month - 1] ?? ''}${other ? ` ${year}` : ''}`;
}

/** 昨天、今天、明天, the weekday up to the end of this week, else the date. */
export const nearText = (day: Day, locale: Locale, now: Date): string => near(day, { locale, now, yearly: false });

/** The same without a year, for what comes every year. */
export const nearMonthDayText = (day: Day, locale: Locale, now: Date): string => near(day, { locale, now, yearly: true });

function near(day: Day, { locale, now, yearly }: { locale: Locale; now: Date; yearly: boolean }): string {
  const today = dayOf(now);
  const away = daysBetween(today, day);
  const named = NEAR[locale][String(away)];
  if (named) return named;
  const sunday = addDays(today, 7 - weekday(today));
  return away > 0 && day <= sunday ? weekdayText(day, locale) : monthDayText(day, locale, now, yearly);
}

/** What is one word though it is written with a gap: no line ends between a number and its unit. */
const together = (number: number | string, unit: string): string => `${number}\u00a0${unit}`;

/** 3分08秒 · 1小时12分. */
export function durationText(seconds: number, locale: Locale): string {
  const total = Math.round(seconds);
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  if (locale === 'zh') return h > 0 ? `${h}小时${m}分` : m > 0 ? `${m}分${two(s)}秒` : `${s}秒`;
  if (h > 0) return `${together(h, 'h')} ${together(m, 'min')}`;
  return m > 0 ? `${together(m, 'min')} ${together(two(s), 's')}` : together(s, 's');
}

/** 36,912; — when there is no figure. */
export const countText = (value: unknown): string => {
  const n = value === null || value === undefined || value === '' ? NaN : Number(value);
  return Number.isNaN(n) ? NONE : n.toLocaleString('en-US', { maximumFractionDigits: 1 });
};

/** A fraction as 34.3%; — where nothing divides. */
export const rateText = (value: unknown): string => (typeof value === 'number' && Number.isFinite(value) ? `${(value * 100).toFixed(1)}%` : NONE);

/** A fraction as percentage points: 7.4; — where there is none. */
export const pointsText = (value: unknown): string => (typeof value === 'number' && Number.isFinite(value) ? (value * 100).toFixed(1) : NONE);

/** What something does to a rate, in percentage points with its sign: −7.4 or +1.2; — where there is none. */
export function effectText(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return NONE;
  const text = (Math.abs(value) * 100).toFixed(1);
  return text === '0.0' ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** Bytes as 312.4 MB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024))));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step] ?? 'B'}`;
}
