import { type Day, weekday } from '../../kernel/day.js';
import type { DayInfo } from '../calendar.types.js';
import type { RotaAbsence, RotaDay, RotaFacts, RotaPattern, RotaReason } from './rota.types.js';

type OfficialDay = Pick<DayInfo, 'day' | 'working' | 'kind'>;

const WHOLE_DAY_HALVES = 2;
/** All of a day, counted in halves of a percent. */
const ALL_LOST = 200;

/** Halves of a percent an absence takes from each of its days. */
const lost = ({ part, lossPercent }: RotaAbsence): number => lossPercent * (part === 'day' ? WHOLE_DAY_HALVES : 1);

/** The week in force: the one with the latest beginning not after the day. */
function patternOn(day: Day, patterns: readonly RotaPattern[]): readonly number[] | null {
  const begun = patterns.filter((one) => one.from <= day).sort((a, b) => b.from.localeCompare(a.from));
  return begun[0]?.shares ?? null;
}

/**
 * What the day is before any absence. A single day wins; then a person's own week, but where the official calendar stands against the usual week
 * it wins over that: a make-up day is worked by all, a holiday by nobody.
 */
export function rosteredOn(official: OfficialDay, { days, patterns }: RotaFacts): { rostered: number; reason: RotaReason } {
  const single = days.find((one) => one.day === official.day);
  if (single) return { rostered: single.share, reason: 'single' };
  const shares = patternOn(official.day, patterns);
  if (!shares) return { rostered: official.working ? 100 : 0, reason: 'official' };
  const weekend = weekday(official.day) >= 6;
  if (official.working && weekend) return { rostered: 100, reason: 'makeup' };
  if (!official.working && (!weekend || official.kind === 'holiday')) return { rostered: 0, reason: 'holiday' };
  return { rostered: shares[weekday(official.day) - 1] ?? 0, reason: 'pattern' };
}

/** The absences of a day, the one that takes most first, the earlier noted one among equals. */
export const absencesOn = (day: Day, absences: readonly RotaAbsence[]): RotaAbsence[] =>
  absences.filter((one) => one.from <= day && day <= one.to).sort((a, b) => lost(b) - lost(a) || Number(a.id) - Number(b.id));

/**
 * The one answer to "does this person work on that day, and how much" (CAR-1); `calendar.v_rota` says the same for everybody. An absence takes its
 * share of what the person would have done: half a day of leave on a half day leaves a quarter.
 */
export function rotaOn(official: OfficialDay, facts: RotaFacts): RotaDay {
  const { rostered } = rosteredOn(official, facts);
  const away = absencesOn(official.day, facts.absences);
  const halves = Math.min(
    ALL_LOST,
    away.reduce((sum, one) => sum + lost(one), 0),
  );
  const share = Math.floor((rostered * (ALL_LOST - halves)) / ALL_LOST);
  return { day: official.day, rostered, share, calls: Math.floor((facts.dailyCapacity * share) / 100), absenceId: away[0]?.id ?? null };
}

/** Whether two absences of one person meet: on a day of both, unless one has the morning and the other the afternoon. */
export const overlap = (a: Pick<RotaAbsence, 'from' | 'to' | 'part'>, b: Pick<RotaAbsence, 'from' | 'to' | 'part'>): boolean =>
  a.from <= b.to && b.from <= a.to && (a.part === 'day' || b.part === 'day' || a.part === b.part);
