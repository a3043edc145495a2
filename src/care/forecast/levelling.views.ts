import type { Day } from '../../kernel/day.js';
import type { Move } from '../planning/crowded-days.policy.js';

export interface LevelledDay {
  day: Day;
  /** Calls that leave the day. */
  leave: number;
  /** Calls that come to it. */
  come: number;
  /** Calls beyond capacity that find no other day. */
  stay: number;
}

/** What levelling does to each day, in order; days it does not touch are left out. */
export function levelling(moves: readonly Move[]): { moved: number; stay: number; days: LevelledDay[] } {
  const days = new Map<Day, LevelledDay>();
  const of = (day: Day): LevelledDay => {
    const known = days.get(day) ?? { day, leave: 0, come: 0, stay: 0 };
    days.set(day, known);
    return known;
  };
  for (const { from, day, over } of moves) {
    if (from !== day) {
      of(from).leave += 1;
      of(day).come += 1;
    } else if (over) of(day).stay += 1;
  }
  const list = [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
  const sum = (key: 'leave' | 'stay'): number => list.reduce((all, one) => all + one[key], 0);
  return { moved: sum('leave'), stay: sum('stay'), days: list };
}
