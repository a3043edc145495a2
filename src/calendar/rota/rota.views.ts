import { addMonths, type Day, isDay, lastDayOfMonth, weekday } from '../../kernel/day.js';
import type { DayInfo } from '../calendar.types.js';
import { absencesOn, rosteredOn, rotaOn } from './rota.policy.js';
import type { AbsenceRow, RotaCell, RotaFacts, RotaPerson } from './rota.types.js';

/** The first day of the month an address asks for; of the present one when it asks for none there is. */
export function monthAsked(asked: string | undefined, today: Day): Day {
  const first = `${asked ?? ''}-01`;
  return isDay(first) ? first : `${today.slice(0, 7)}-01`;
}

export const monthView = (first: Day): object => ({
  month: first.slice(0, 7),
  year: first.slice(0, 4),
  first,
  previous: addMonths(first, -1).slice(0, 7),
  following: addMonths(first, 1).slice(0, 7),
  last: lastDayOfMonth(first),
});

/** How a cell looks: what takes the day, else how much is left of it. */
function lookOf({ rostered, share, absenceKind }: RotaCell): string {
  if (rostered === 0) return 'off';
  if (absenceKind) return `away-${absenceKind}`;
  return share >= 100 ? 'full' : 'part';
}

export interface MonthOfTeam {
  days: readonly DayInfo[];
  people: readonly RotaPerson[];
  cells: ReadonlyMap<string, readonly RotaCell[]>;
  totals: ReadonlyMap<Day, { people: number; calls: number }>;
  today: Day;
}

/** The month of a team: a row a person, a column a day, and below what all of the team can do. */
export function gridView({ days, people, cells, totals, today }: MonthOfTeam): object {
  const rows = people.map((person) => {
    const own = cells.get(person.id) ?? [];
    return {
      ...person,
      cells: own.map((cell) => ({ ...cell, look: lookOf(cell), some: cell.share > 0 })),
      days: own.filter((cell) => cell.share > 0).length,
      calls: own.reduce((sum, cell) => sum + cell.calls, 0),
    };
  });
  const all = days.map(({ day }) => ({ day, ...(totals.get(day) ?? { people: 0, calls: 0 }) }));
  return {
    days: days.map((one) => ({
      day: one.day,
      number: Number(one.day.slice(8)),
      off: !one.working,
      today: one.day === today,
      monday: weekday(one.day) === 1,
    })),
    // the notice of the year is not out: what stands here may change
    open: days.some((one) => !one.published),
    rows,
    totals: all,
    totalCalls: all.reduce((sum, one) => sum + one.calls, 0),
  };
}

/** A person's days with the reason of each, for whoever asks why. */
export function personView(days: readonly DayInfo[], facts: RotaFacts, today: Day): object[] {
  return days.map((one) => ({
    ...rotaOn(one, facts),
    reason: rosteredOn(one, facts).reason,
    working: one.working,
    name: one.name,
    festival: one.festival,
    absences: absencesOn(one.day, facts.absences),
    today: one.day === today,
  }));
}

/** Absences with what can still be done about them. */
export const absencesView = (rows: readonly AbsenceRow[], today: Day): object[] =>
  rows.map((row) => ({
    ...row,
    many: row.from !== row.to,
    state: row.to < today ? 'over' : row.from <= today ? 'now' : 'coming',
    endable: row.to >= today,
  }));

/** Seven boxes of a week, Monday first. */
export const weekView = (shares: readonly number[]): object[] => shares.map((share, i) => ({ number: i + 1, share: String(share) }));
