import type { Locale } from '../platform/i18n/catalogue.js';
import type { DayInfo } from './calendar.types.js';

const MONTHS = ['正月', '二月', '三月', '四月', '五月', '六月', '七月', '八月', '九月', '十月', '冬月', '腊月'];
const TENS = ['初', '十', '廿', '三'];
const ONES = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

function dayName(day: number): string {
  if (day === 20) return '二十';
  if (day === 30) return '三十';
  return `${TENS[Math.floor((day - 1) / 10)] ?? ''}${ONES[(day - 1) % 10] ?? ''}`;
}

type Lunar = Pick<DayInfo, 'lunarMonth' | 'lunarDay' | 'lunarLeap'>;

const monthName = ({ lunarMonth, lunarLeap }: Lunar): string => `${lunarLeap ? '闰' : ''}${MONTHS[lunarMonth - 1] ?? ''}`;

/** 闰六月初一 · 6/1 (leap) */
export function lunarDate(day: Lunar, locale: Locale): string {
  if (locale === 'zh') return `${monthName(day)}${dayName(day.lunarDay)}`;
  return `${day.lunarMonth}/${day.lunarDay}${day.lunarLeap ? ' (leap)' : ''}`;
}

/** As a wall calendar has it: the month's name on its first day, the day's on the others. */
export function lunarLabel(day: Lunar, locale: Locale): string {
  if (locale === 'en') return `${day.lunarMonth}/${day.lunarDay}`;
  return day.lunarDay === 1 ? monthName(day) : dayName(day.lunarDay);
}
