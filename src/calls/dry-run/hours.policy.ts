import { addDays, atTime, type Day, dayStart, daysBetween } from '../../kernel/day.js';
import { redialAt } from '../lists/redial.policy.js';
import type { Cell } from './dry-run.types.js';

type Slot = readonly [string, string];

const HOUR_MS = 3_600_000;
/** On paper the calls of an hour are all made at this minute of it. */
const MIDDLE = 30;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Minutes of these slots in an hour of the day, from a minute of the day on. */
function minutesIn(slots: readonly Slot[], hour: number, from: number): number {
  const [start, end] = [Math.max(hour * 60, from), (hour + 1) * 60];
  return slots.reduce((sum, [open, close]) => sum + Math.max(0, Math.min(end, minuteOf(close)) - Math.max(start, minuteOf(open))), 0);
}

export interface Hours {
  first: Day;
  last: Day;
  /** Minute of the first day before which nobody calls any more: it is over already. */
  fromMinute: number;
  /** When this campaign may call on an open day, and when the house calls: a day's calls are made over the latter. */
  slots: readonly Slot[];
  usual: readonly Slot[];
  closed: ReadonlySet<Day>;
  minGapMinutes: number;
}

/** The hours in which the campaign may call, with the share of a day's calls that may have been made by the end of each: a shorter window is no faster pace. */
export function cellsOf(hours: Hours): Cell[] {
  const { first, last, slots, usual, closed } = hours;
  const day0 = dayStart(first).getTime();
  const whole = usual.reduce((sum, [open, close]) => sum + minuteOf(close) - minuteOf(open), 0);
  const cells: Cell[] = [];
  for (let ahead = 0; ahead <= daysBetween(first, last); ahead += 1) {
    const day = addDays(first, ahead);
    let minutes = 0;
    for (let hour = 0; hour < 24 && !closed.has(day); hour += 1) {
      const more = minutesIn(slots, hour, ahead === 0 ? hours.fromMinute : 0);
      if (more === 0) continue;
      minutes += more;
      const due = redialAt('other_slot', atTime(day, `${String(hour).padStart(2, '0')}:${MIDDLE}`), hours.minGapMinutes).getTime();
      const index = ahead * 24 + hour;
      cells.push({
        index,
        day,
        hour,
        again: Math.max(index + 1, Math.ceil((due - day0) / HOUR_MS - MIDDLE / 60)),
        share: whole === 0 ? 0 : Math.min(1, minutes / whole),
      });
    }
  }
  return cells;
}

/** The calls of a day that may have been made by the end of an hour. */
export const callsBy = (cell: Cell, calls: number): number => Math.floor(calls * cell.share + 1e-9);
