import { addDays, addMonths, type Day, daysBetween } from '../kernel/day.js';
import type { LineMonths, Situation, UseMonth } from './offers.types.js';

/** Sums rest on this many whole months. */
const MONTHS_JUDGED = 3;
/** What lies further back says nothing of today; files come late, so it is more than the months judged. */
const MONTHS_BACK = 6;
/** One month may be a holiday. */
export const FEWEST_MONTHS = 2;

export interface AdviceSettings {
  /** A line that used less than this share of its quota in every month underuses it. 0 to 1. */
  underuseShare: number;
}
export const ADVICE_SETTINGS: AdviceSettings = { underuseShare: 0.3 };

const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;

/** The newest whole months before the one of `today`, at most three, oldest first. */
export function monthsJudged(uses: readonly UseMonth[], today: Day): UseMonth[] {
  const [from, to] = [addMonths(firstOfMonth(today), -MONTHS_BACK), firstOfMonth(today)];
  return uses
    .filter(({ month }) => month >= from && month < to)
    .sort((a, b) => a.month.localeCompare(b.month))
    .slice(-MONTHS_JUDGED);
}

/** What went beyond a quota; 0 where either is not known. */
export const beyond = (used: number | null, quota: number | null): number => (used === null || quota === null ? 0 : Math.max(0, used - quota));

interface Measured {
  used: number;
  quota: number;
}

const measured = (uses: readonly UseMonth[], used: 'dataUsedMb' | 'voiceUsedMin', quota: 'dataQuotaMb' | 'voiceQuotaMin'): Measured[] =>
  uses.flatMap((use): Measured[] => {
    const [u, q] = [use[used], use[quota]];
    return u === null || q === null ? [] : [{ used: u, quota: q }];
  });

/** overflow: beyond the quota in more than half of the months · underuse: below the share in every one. */
function judge(months: readonly Measured[], { underuseShare }: AdviceSettings): 'overflow' | 'underuse' | null {
  if (months.length < FEWEST_MONTHS) return null;
  if (months.filter(({ used, quota }) => used > quota).length * 2 > months.length) return 'overflow';
  return months.every(({ used, quota }) => used < quota * underuseShare) ? 'underuse' : null;
}

/** Which of the four a line is in; data and voice are judged each by itself. */
export function situationsOf(uses: readonly UseMonth[], settings: AdviceSettings): Situation[] {
  const data = judge(measured(uses, 'dataUsedMb', 'dataQuotaMb'), settings);
  const other = judge(measured(uses, 'voiceUsedMin', 'voiceQuotaMin'), settings);
  const found: Situation[] = [];
  if (data === 'overflow') found.push('data-overflow');
  if (other === 'overflow') found.push('other-overflow');
  if (data === 'underuse') found.push('data-underuse');
  if (other === 'underuse') found.push('other-underuse');
  return found;
}

/**
 * The day of this month on which its data is used up, at the daily average of the months judged. What the line has used of this month already counts
 * as used up to today; where it is beyond the quota the day lies at or before today. null: not within this month, or not known.
 */
export function dataUsedUpOn({ uses }: LineMonths, judged: readonly UseMonth[], today: Day): Day | null {
  const first = firstOfMonth(today);
  const now = uses.find(({ month }) => month === first);
  const quota = now?.dataQuotaMb ?? judged[judged.length - 1]?.dataQuotaMb ?? null;
  const known = judged.filter(({ dataUsedMb }) => dataUsedMb !== null);
  const used = known.reduce((sum, { dataUsedMb }) => sum + (dataUsedMb ?? 0), 0);
  const days = known.reduce((sum, { month }) => sum + daysBetween(month, addMonths(month, 1)), 0);
  if (quota === null || used === 0) return null;
  const lasts = (mb: number): number => Math.max(0, Math.ceil((mb * days) / used) - 1);
  const already = now?.dataUsedMb ?? null;
  if (already !== null && already < quota) return within(first, addDays(today, lasts(quota - already)));
  const day = within(first, addDays(first, lasts(quota)));
  return already === null ? day : day === null || day > today ? today : day;
}

const within = (first: Day, day: Day): Day | null => (day < addMonths(first, 1) ? day : null);
