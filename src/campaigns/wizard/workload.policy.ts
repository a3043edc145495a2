import type { Day } from '../../kernel/day.js';

/** One person's calls by rota, day by day, and what of other lists is due before. */
export interface Worker {
  id: string;
  name: string;
  days: { day: Day; calls: number }[];
  backlog: number;
}

export interface WorkloadRow {
  name: string;
  people: number;
  /** Mean of the days they work. */
  perDay: number;
  /** Null: not within the days looked at. */
  finishOn: Day | null;
}

export interface Workload {
  managers: number;
  /** Calls a working day of all together. */
  capacity: number;
  /** Days on which somebody calls, up to the last call; null when they do not suffice. */
  days: number | null;
  finishOn: Day | null;
  rows: WorkloadRow[];
}

type Days = Worker['days'];

/** The first day by whose end so many calls are made. */
export function finishDay(days: Days, calls: number): Day | null {
  let left = calls;
  for (const { day, calls: possible } of days) {
    left -= possible;
    if (possible > 0 && left <= 1e-9) return day;
  }
  return null;
}

const sumOf = (days: Days): number => days.reduce((sum, { calls }) => sum + calls, 0);

const perDayOf = (days: Days): number => {
  const worked = days.filter(({ calls }) => calls > 0);
  return worked.length === 0 ? 0 : Math.round(sumOf(worked) / worked.length);
};

const together = (workers: readonly Worker[]): Days =>
  (workers[0]?.days ?? []).map(({ day }, nth) => ({ day, calls: workers.reduce((sum, worker) => sum + (worker.days[nth]?.calls ?? 0), 0) }));

const peopleIn = (people: ReadonlyMap<string, number> | number): number =>
  typeof people === 'number' ? people : [...people.values()].reduce((sum, one) => sum + one, 0);

const latest = (ends: (Day | null)[]): Day | null => ends.reduce((last, end) => (last === null || end === null ? null : end > last ? end : last), '');

/**
 * How long a list takes with the people there are, by rota (CAM-1).
 * @param people by owner, where the list goes to the customers' own managers; else how many there are, shared by what each can do
 * @param dials calls a customer takes on average, at least 1
 * @returns null when nobody is there to call, or to be called
 */
export function workloadOf(workers: readonly Worker[], people: ReadonlyMap<string, number> | number, dials: number): Workload | null {
  const all = together(workers);
  const possible = sumOf(all);
  // where nobody is to be called, no day is the last one, and nobody is too few for it
  if (possible === 0 || peopleIn(people) === 0) return null;
  const part = ({ id, days }: Worker): number => (typeof people === 'number' ? (people * sumOf(days)) / possible : (people.get(id) ?? 0));
  const pooledEnd = finishDay(all, workers.reduce((sum, { backlog }) => sum + backlog, 0) + (typeof people === 'number' ? people : 0) * dials);
  const rows = workers
    .map((worker) => ({
      name: worker.name,
      people: Math.round(part(worker)),
      perDay: perDayOf(worker.days),
      finishOn: typeof people === 'number' ? pooledEnd : finishDay(worker.days, worker.backlog + part(worker) * dials),
    }))
    .filter((row) => row.people > 0);
  const finishOn = typeof people === 'number' ? pooledEnd : latest(rows.map((row) => row.finishOn)) || null;
  const days = finishOn === null ? null : all.filter(({ day, calls }) => calls > 0 && day <= finishOn).length;
  return { managers: workers.filter(({ days: own }) => sumOf(own) > 0).length, capacity: perDayOf(all), days, finishOn, rows: rows.sort(byEnd) };
}

/** Who is last comes first. */
const byEnd = (a: WorkloadRow, b: WorkloadRow): number => (b.finishOn ?? '9').localeCompare(a.finishOn ?? '9') || b.people - a.people;
