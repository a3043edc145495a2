import { type Day, dayOf } from '../../kernel/day.js';

/** A span in which messages may go out. */
export interface Span {
  from: Date;
  to: Date;
}

export interface PlanFacts {
  /** How many are to be sent. */
  left: number;
  ratePerSecond: number;
  /** The first moment. */
  from: Date;
  notAfter: Date | null;
  /** In order, as far as anybody looks ahead. */
  spans: readonly Span[];
}

export interface PlannedDay extends Span {
  day: Day;
  count: number;
}

/** Why somebody's turn never comes: it is too late already, no hour of messages lies before the last moment, or it goes out too slowly. */
export type Unreached = 'past' | 'closed' | 'slow';

/** How a blast spreads over the hours in which it may go out (R15). */
export interface BlastPlan {
  days: PlannedDay[];
  /** The last one goes out; null when not all do. */
  finishAt: Date | null;
  /** Whose turn comes after `notAfter`: they get nothing. */
  expiring: number;
  /** Why; null: nobody does. */
  expiringFor: Unreached | null;
  /** Whose turn comes later than anybody looks ahead. */
  beyond: number;
}

const earlier = (a: Date, b: Date | null): Date => (b && b < a ? b : a);
const later = (a: Date, b: Date): Date => (b > a ? b : a);

/** What keeps everybody from being reached, however quick it goes; null: nothing. */
export function hoursFault({ from, notAfter, spans }: Pick<PlanFacts, 'from' | 'notAfter' | 'spans'>): Exclude<Unreached, 'slow'> | null {
  if (notAfter === null) return null;
  if (notAfter <= from) return 'past';
  return spans.some((span) => later(span.from, from) < earlier(span.to, notAfter)) ? null : 'closed';
}

/** Span by span, as many as the rate lets through. */
export function planBlast(facts: PlanFacts): BlastPlan {
  const { left, ratePerSecond, notAfter, spans } = facts;
  const days: PlannedDay[] = [];
  let rest = left;
  for (const span of spans) {
    if (rest === 0) break;
    const from = later(span.from, facts.from);
    const room = Math.floor(((earlier(span.to, notAfter).getTime() - from.getTime()) / 1000) * ratePerSecond);
    if (room <= 0) continue;
    const count = Math.min(rest, room);
    add(days, { from, to: new Date(from.getTime() + Math.ceil((count / ratePerSecond) * 1000)), count });
    rest -= count;
  }
  const seen = spans.at(-1)?.to;
  const late = notAfter !== null && (seen === undefined || notAfter <= seen);
  const expiring = late ? rest : 0;
  return {
    days,
    finishAt: rest === 0 ? (days.at(-1)?.to ?? null) : null,
    expiring,
    expiringFor: expiring > 0 ? (hoursFault(facts) ?? 'slow') : null,
    beyond: late ? 0 : rest,
  };
}

function add(days: PlannedDay[], { from, to, count }: Span & { count: number }): void {
  const day = dayOf(from);
  const last = days.at(-1);
  if (last?.day !== day) days.push({ day, from, to, count });
  else Object.assign(last, { to, count: last.count + count });
}
