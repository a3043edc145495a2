/** A share, or null where nothing divides. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** How often each value occurs. */
export function counted<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/**
 * Wilson score interval of a proportion (Wilson 1927), 95 % by default.
 * @returns [low, high] within 0…1; [0, 1] when there is nothing to judge by.
 */
export function wilson(successes: number, trials: number, z = 1.959964): [number, number] {
  if (trials === 0) return [0, 1];
  const p = successes / trials;
  const z2 = z * z;
  const centre = (p + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z / (1 + z2 / trials)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * The interval of a difference of two proportions, of − against: hybrid score interval without continuity correction (Newcombe 1998, method 10).
 * @returns [low, high] within −1…1; [−1, 1] when there is nothing to judge by on a side
 */
export function newcombe(of: { part: number; whole: number }, against: { part: number; whole: number }, z = 1.959964): [number, number] {
  if (of.whole === 0 || against.whole === 0) return [-1, 1];
  const [p1, p2] = [of.part / of.whole, against.part / against.whole];
  const [low1, high1] = wilson(of.part, of.whole, z);
  const [low2, high2] = wilson(against.part, against.whole, z);
  return [p1 - p2 - Math.hypot(p1 - low1, high2 - p2), p1 - p2 + Math.hypot(high1 - p1, p2 - low2)];
}

/** With fewer below the line a rate is shown with its interval and marked as too few: it is not a finding yet. */
export const ENOUGH = 30;

/** How sure a rate is: its 95 % Wilson interval, and whether there are too few to judge by. */
export interface Sureness {
  low: number;
  high: number;
  few: boolean;
  /** What the rate divides by. */
  of: number;
}

/** @returns undefined where nothing divides, or where the parts are no share of the whole (an order that outlived its corrected call) */
export function sureness(part: number | null | undefined, whole: number | null | undefined): Sureness | undefined {
  if (part == null || !whole || part > whole) return undefined;
  const [low, high] = wilson(part, whole);
  return { low, high, few: whole < ENOUGH, of: whole };
}
