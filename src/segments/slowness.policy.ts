/** A preview over all customers answers within three seconds (R29); from here on the planner is told why she waits. */
const SLOW_MS = 3_000;

export const isSlow = (tookMs: number | null): boolean => tookMs !== null && tookMs > SLOW_MS;
