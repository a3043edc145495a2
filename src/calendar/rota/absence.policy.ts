import { addDays, type Day } from '../../kernel/day.js';
import type { RotaAbsence } from './rota.types.js';
import { overlap } from './rota.policy.js';

/** Sick leave is often entered afterwards; what lies further back is settled. */
export const OLDEST_DAYS = 31;

type Asked = Pick<RotaAbsence, 'from' | 'to' | 'part'>;

export interface AbsenceRefusal {
  code: 'absence_reversed' | 'day_past' | 'absence_own_past' | 'absence_overlaps';
  param: string;
  params: Record<string, string | number>;
}

/**
 * Whether an absence may be noted; the first reason against it, or null.
 * @param own somebody notes their own: only from today on, what has passed is the supervisor's to enter
 */
export function absenceRefusal(asked: Asked, known: readonly Asked[], { today, own }: { today: Day; own: boolean }): AbsenceRefusal | null {
  const { from, to } = asked;
  if (to < from) return { code: 'absence_reversed', param: 'to', params: {} };
  if (from < addDays(today, -OLDEST_DAYS)) return { code: 'day_past', param: 'from', params: { days: OLDEST_DAYS } };
  if (own && from < today) return { code: 'absence_own_past', param: 'from', params: {} };
  const met = known.find((one) => overlap(one, asked));
  return met ? { code: 'absence_overlaps', param: 'from', params: { from: met.from, to: met.to } } : null;
}

/** How an absence ends that somebody takes back: not at all begun, cut short by yesterday, or over already. */
export function endingOf({ from, to }: Pick<RotaAbsence, 'from' | 'to'>, today: Day): { cancel: true } | { lastDay: Day } | 'over' {
  if (to < today) return 'over';
  return from >= today ? { cancel: true } : { lastDay: addDays(today, -1) };
}
