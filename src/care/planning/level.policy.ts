import type { Day } from '../../kernel/day.js';

/** Contacts of one manager that may take place in the same window. */
export interface Want {
  from: Day;
  /** The last day that keeps the promise; null: as soon as there is room. */
  until: Day | null;
  count: number;
}

/** A day the manager works, and how many contacts still fit. */
export interface Room {
  day: Day;
  room: number;
  /** The manager is away and somebody at work stands in: no room, but what must be called that day is handed over on it. */
  stoodIn?: boolean;
}

export interface Placement {
  /** Index of the want. */
  want: number;
  day: Day;
  count: number;
  /** There was no room left, or no day at work that keeps the promise: planned all the same, and flagged. */
  over: boolean;
}

type Left = Required<Want> & { want: number };

const byUntil = (a: Left, b: Left): number => (a.until ?? '').localeCompare(b.until ?? '') || a.from.localeCompare(b.from) || a.want - b.want;
const byFrom = (a: Left, b: Left): number => b.from.localeCompare(a.from) || (b.until ?? '').localeCompare(a.until ?? '') || a.want - b.want;

const open = (want: Left, day: Day): boolean => want.from <= day && (want.until === null || want.until >= day);

/** Takes from the wants in their order as long as the day has room. @returns what it took */
function fill(day: Day, room: number, wants: readonly Left[]): Placement[] {
  const taken: Placement[] = [];
  let left = Math.max(0, room);
  for (const want of wants) {
    const count = Math.min(left, open(want, day) ? want.count : 0);
    if (count === 0) continue;
    want.count -= count;
    left -= count;
    taken.push({ want: want.want, day, count, over: false });
  }
  return taken;
}

const sum = (placements: readonly Placement[]): number => placements.reduce((all, one) => all + one.count, 0);

/** How much of each day must be kept free so that every promise that can be kept is kept: the latest possible plan. */
function reserved(promised: readonly Left[], days: readonly Room[]): Map<Day, number> {
  const wants = promised.map((want) => ({ ...want })).sort(byFrom);
  return new Map([...days].reverse().map(({ day, room }) => [day, sum(fill(day, room, wants))]));
}

/** What did not fit: on the last working day that keeps the promise, else on the last one that somebody stands in on, else on the first one after it. */
function overflow(want: Left, days: readonly Room[], stoodIn: readonly Room[]): Placement[] {
  if (want.count === 0) return [];
  const inside = [...stoodIn, ...days].filter(({ day }) => open(want, day)).at(-1);
  const early = days.filter(({ day }) => want.until !== null && day <= want.until).at(-1);
  const after = days.find(({ day }) => day >= want.from);
  const place = want.until === null ? (days.at(-1) ?? after) : (inside ?? early ?? after ?? days.at(-1));
  return place ? [{ want: want.want, day: place.day, count: want.count, over: true }] : [];
}

const isPast = (want: Want | undefined, day: Day): boolean => want != null && want.until !== null && day > want.until;

/** A window in which nobody works shrinks to the working day before it, or the first one after it. */
function withWorkingDay(want: Left, days: readonly Room[], stoodIn: readonly Room[]): Left {
  if (want.until === null || [...days, ...stoodIn].some(({ day }) => open(want, day))) return want;
  const { until } = want;
  const instead = days.filter(({ day }) => day <= until).at(-1) ?? days.find(({ day }) => day >= until);
  return instead ? { ...want, from: instead.day, until: instead.day } : want;
}

/**
 * Spreads one manager's contacts over the working days: no day exceeds its room and no promise is broken while there is
 * room, what is late comes on the first days with room that no promise needs (CAR-1).
 * @param given working days and days stood in for, in order, none before the day of the run
 */
export function level(wants: readonly Want[], given: readonly Room[]): Placement[] {
  const days = given.filter((one) => !one.stoodIn);
  const stoodIn = given.filter((one) => one.stoodIn);
  const all = wants.map((want, i) => withWorkingDay({ ...want, want: i }, days, stoodIn));
  const promised = all.filter((want) => want.until !== null).sort(byUntil);
  const late = all.filter((want) => want.until === null);
  const kept = reserved(promised, days);
  const placed: Placement[] = [];
  const left = days.map(({ day, room }) => {
    const forLate = fill(day, room - (kept.get(day) ?? 0), late);
    placed.push(...forLate);
    return { day, room: room - sum(forLate) };
  });
  for (const { day, room } of left) placed.push(...fill(day, room, promised));
  return [...placed, ...all.flatMap((want) => overflow(want, days, stoodIn))].map((one) => ({
    ...one,
    over: one.over || isPast(wants[one.want], one.day),
  }));
}
