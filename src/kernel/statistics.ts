/** A share, or null where nothing divides. */
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

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
