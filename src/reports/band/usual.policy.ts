import { type Day, weekday } from '../../kernel/day.js';
import type { BestSlot, DialCount, UsualCount } from './band.types.js';

/** Slot: weekday and hour. List: star. */
export interface Cell {
  weekday: number;
  hour: number;
  star: number;
}

/** One cell of the comparison: its share of the usual calls and of those here, and how calls usually end in it. */
export interface ComparedCell extends Cell {
  usualShare: number;
  share: number;
  /** Share of each kind of end; they add up to 1. */
  ends: ReadonlyMap<string, number>;
  connect: number;
}

export interface Comparison {
  cells: ComparedCell[];
  /** The ends that are connected. */
  connecting: ReadonlySet<string>;
  attempts: number;
  /** Σ usual share × usual rate: what a usual list connects at usual hours. */
  expected: number;
}

/** How much of an hour has been dialled, 0…1: of today only what has passed can be compared. */
export type HourShare = (day: Day, hour: number) => number;

/** With so few calls of its own a cell speaks half for itself, half as what is wider: star and hour, then the hour, then all. */
const CELL_WEIGHT = 40;
const SHARE_WEIGHT = 200;

type Counts = Map<string, number>;
const slotStar = (cell: Pick<Cell, 'hour' | 'star'>): string => `${cell.hour}|${cell.star}`;
const whole = (cell: Cell): string => `${cell.weekday}|${slotStar(cell)}`;
const total = (counts: Counts | undefined): number => [...(counts?.values() ?? [])].reduce((sum, n) => sum + n, 0);

function tally<T extends { kind: string; count: number }>(rows: readonly T[], keyOf: (row: T) => string): Map<string, Counts> {
  const tallies = new Map<string, Counts>();
  for (const row of rows) {
    const key = keyOf(row);
    const counts = tallies.get(key) ?? new Map<string, number>();
    counts.set(row.kind, (counts.get(row.kind) ?? 0) + row.count);
    tallies.set(key, counts);
  }
  return tallies;
}

/** Shares of the ends, drawn towards `wider` by as many calls as {@link CELL_WEIGHT}. */
function shrunk(counts: Counts | undefined, wider: ReadonlyMap<string, number>): Map<string, number> {
  const n = total(counts) + CELL_WEIGHT;
  const kinds = new Set([...(counts?.keys() ?? []), ...wider.keys()]);
  return new Map([...kinds].map((kind) => [kind, ((counts?.get(kind) ?? 0) + CELL_WEIGHT * (wider.get(kind) ?? 0)) / n]));
}

function sharesOf(counts: Counts): Map<string, number> {
  const n = total(counts);
  return new Map([...counts].map(([kind, count]) => [kind, count / n]));
}

/** The usual calls, tallied once: how they end at a weekday, hour and star, and how many there are. */
export interface Usual {
  ends: (cell: Cell) => Ends;
  /** Calls by hour and star, and by weekday as well. */
  bySlotStar: ReadonlyMap<string, number>;
  byCell: ReadonlyMap<string, number>;
  attempts: number;
  connecting: ReadonlySet<string>;
  places: readonly Pick<Cell, 'hour' | 'star'>[];
}

/** How calls of a cell usually end, thin cells leaning on wider ones. */
interface Ends {
  shares: ReadonlyMap<string, number>;
  connect: number;
}

export function usualOf(rows: readonly UsualCount[]): Usual {
  const connecting = new Set(rows.filter((row) => row.connected).map((row) => row.kind));
  const all = sharesOf(tally(rows, () => '').get('') ?? new Map<string, number>());
  const [byHour, bySlotStar, byCell] = [tally(rows, (row) => String(row.hour)), tally(rows, slotStar), tally(rows, whole)];
  const known = new Map<string, Ends>();
  const ends = (cell: Cell): Ends => {
    const key = whole(cell);
    const found = known.get(key);
    if (found) return found;
    const shares = shrunk(byCell.get(key), shrunk(bySlotStar.get(slotStar(cell)), shrunk(byHour.get(String(cell.hour)), all)));
    const made = { shares, connect: [...shares].reduce((sum, [kind, p]) => sum + (connecting.has(kind) ? p : 0), 0) };
    known.set(key, made);
    return made;
  };
  const sums = (tallies: Map<string, Counts>): Map<string, number> => new Map([...tallies].map(([key, counts]) => [key, total(counts)]));
  const attempts = rows.reduce((sum, row) => sum + row.count, 0);
  return { ends, bySlotStar: sums(bySlotStar), byCell: sums(byCell), attempts, connecting, places: placesOf(rows) };
}

/** The usual share of hour and star on a weekday, of the hours that have passed. */
function usualSharesOf(usual: Usual, weekdays: ReadonlyMap<number, Day>, passed: HourShare): (cell: Cell) => number {
  const weightOf = (cell: Cell): number => {
    const day = weekdays.get(cell.weekday);
    const smooth = (SHARE_WEIGHT * (usual.bySlotStar.get(slotStar(cell)) ?? 0)) / usual.attempts;
    return day === undefined ? 0 : ((usual.byCell.get(whole(cell)) ?? 0) + smooth) * passed(day, cell.hour);
  };
  const sums = new Map([...weekdays.keys()].map((day) => [day, usual.places.reduce((sum, place) => sum + weightOf({ weekday: day, ...place }), 0)]));
  return (cell) => {
    const sum = sums.get(cell.weekday) ?? 0;
    return sum === 0 ? 0 : weightOf(cell) / sum;
  };
}

/** What a usual list connects on such a weekday at its usual hours: the centre of the chart on that day. */
export function expectedOn(usual: Usual, day: Day): number {
  const on = weekday(day);
  const cell = (place: Pick<Cell, 'hour' | 'star'>): Cell => ({ weekday: on, ...place });
  const share = usualSharesOf(usual, new Map([[on, day]]), () => 1);
  return usual.places.reduce((sum, place) => sum + share(cell(place)) * usual.ends(cell(place)).connect, 0);
}

/**
 * Lays calls beside the usual ones, cell by cell of weekday, hour and star. The days are those of the calls: which weekdays they fall on is the
 * calendar, no choice. `usual` must not be empty.
 */
export function compare(calls: readonly DialCount[], usual: Usual, passed: HourShare): Comparison {
  const attempts = calls.reduce((sum, row) => sum + row.count, 0);
  const here = new Map<string, number>();
  const dayShares = new Map<number, number>();
  const weekdays = new Map<number, Day>();
  for (const row of calls) {
    const cell = { hour: row.hour, star: row.star, weekday: weekday(row.day) };
    here.set(whole(cell), (here.get(whole(cell)) ?? 0) + row.count);
    dayShares.set(cell.weekday, (dayShares.get(cell.weekday) ?? 0) + row.count / attempts);
    weekdays.set(cell.weekday, row.day);
  }
  const usualShare = usualSharesOf(usual, weekdays, passed);
  const places = placesOf([...calls, ...usual.places]);
  const connecting = new Set([...usual.connecting, ...calls.filter((row) => row.connected).map((row) => row.kind)]);
  const cells = [...dayShares].flatMap(([day, dayShare]) =>
    places.map((place): ComparedCell => {
      const cell = { weekday: day, ...place };
      const { shares, connect } = usual.ends(cell);
      return { ...cell, usualShare: dayShare * usualShare(cell), share: (here.get(whole(cell)) ?? 0) / attempts, ends: shares, connect };
    }),
  );
  const kept = balanced(cells);
  return { cells: kept, connecting, attempts, expected: kept.reduce((sum, cell) => sum + cell.usualShare * cell.connect, 0) };
}

/** Every hour with every star, also those that nobody dialled: the distributions in between have calls there. */
function placesOf(rows: readonly Pick<Cell, 'hour' | 'star'>[]): Pick<Cell, 'hour' | 'star'>[] {
  const stars = [...new Set(rows.map((row) => row.star))];
  return [...new Set(rows.map((row) => row.hour))].flatMap((hour) => stars.map((star) => ({ hour, star })));
}

/** A day before whose first usual hour there are calls already has no usual share to be compared with: it is compared with itself. */
function balanced(cells: readonly ComparedCell[]): ComparedCell[] {
  const sums = new Map<number, number>();
  for (const cell of cells) sums.set(cell.weekday, (sums.get(cell.weekday) ?? 0) + cell.usualShare);
  return cells.map((cell) => ((sums.get(cell.weekday) ?? 0) === 0 ? { ...cell, usualShare: cell.share } : cell));
}

const SLOT_HOURS = 2;
const SLOT_WEIGHT = 50;

/** The two hours in which most calls connect, thin hours leaning on the mean. @param open whether an hour may be dialled in */
export function bestSlot(usual: readonly UsualCount[], open: (hour: number) => boolean): BestSlot | null {
  const count = (rows: readonly UsualCount[]): number => rows.reduce((sum, row) => sum + row.count, 0);
  const attempts = count(usual);
  if (attempts === 0) return null;
  const mean = count(usual.filter((row) => row.connected)) / attempts;
  const slots = Array.from({ length: 24 - SLOT_HOURS }, (_, from) => ({ from, to: from + SLOT_HOURS })).filter(
    ({ from }) => open(from) && open(from + 1) && usual.some((row) => row.hour === from),
  );
  const rated = slots.map(({ from, to }): BestSlot => {
    const rows = usual.filter((row) => row.hour >= from && row.hour < to);
    return { from, to, rate: (count(rows.filter((row) => row.connected)) + SLOT_WEIGHT * mean) / (count(rows) + SLOT_WEIGHT) };
  });
  return rated.reduce<BestSlot | null>((best, slot) => (best && best.rate >= slot.rate ? best : slot), null);
}
