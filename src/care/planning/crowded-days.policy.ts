import type { Day } from '../../kernel/day.js';
import { level, type Room, type Want } from './level.policy.js';

/** An untouched call on a day of its owner. */
export interface Crowded {
  taskId: string;
  owner: string;
  day: Day;
  /** The last day that keeps its promise. */
  deadline: Day;
  /** The day has no room for it; otherwise it is flagged without need. */
  crowded: boolean;
  /** Somebody at work stands in on its day. */
  stoodIn: boolean;
}

/** The day a call is to have, which may be the one it has. */
export interface Move {
  taskId: string;
  owner: string;
  from: Day;
  day: Day;
  /** It stays beyond the capacity of its day. */
  over: boolean;
}

/**
 * New days for one owner's calls, in their order: a later one within the promise, an earlier one only where all that is left of its window is days off, as
 * at planning, and nobody stands in. What is late already comes as soon as there is room; what finds none stays and is flagged.
 * @param days the owner's working days in order, with the room that is left on each
 */
export function relieve(calls: readonly Crowded[], days: readonly Room[]): Move[] {
  const wants = new Map<string, Want & { calls: Crowded[] }>();
  for (const call of calls.filter(({ crowded }) => crowded)) {
    const key = `${call.day} ${call.deadline}`;
    const want = wants.get(key) ?? { from: call.day, until: call.deadline >= call.day ? call.deadline : null, count: 0, calls: [] };
    wants.set(key, { ...want, count: want.count + 1, calls: [...want.calls, call] });
  }
  const list = [...wants.values()];
  const next = list.map(() => 0);
  const free = level(list, days)
    .filter(({ over, want, day }) => !over && !list[want]?.calls.some((call) => call.stoodIn && day < call.day))
    .sort((a, b) => a.day.localeCompare(b.day));
  const moved = free.flatMap(({ want, day, count }) => {
    const first = next[want] ?? 0;
    next[want] = first + count;
    return (list[want]?.calls ?? []).slice(first, first + count).map((call) => ({ ...moveOf(call), day, over: false }));
  });
  const stay = list.flatMap(({ calls: all }, want) => all.slice(next[want] ?? 0).map((call) => ({ ...moveOf(call), over: true })));
  const eased = calls.filter(({ crowded }) => !crowded).map((call) => ({ ...moveOf(call), over: false }));
  return [...moved, ...stay, ...eased];
}

const moveOf = ({ taskId, owner, day }: Crowded): Omit<Move, 'over'> => ({ taskId, owner, from: day, day });
