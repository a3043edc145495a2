/** Of PostgreSQL's classes of errors those that speak of a row: its values, what they hang together with, what was raised, what is too large. */
const OF_A_ROW = new Set(['22', '23', '54', 'P0']);
/** A connection that broke names no class. */
const OF_THE_LINE = /connect|terminated|timeout|time-out|closed/i;

/**
 * Whether a batch that could not be cut may be cut without one of its rows (R6), rather than once the database, or whatever else was wanted, is there
 * again. Only then it is worth looking for the row.
 */
export function isOfARow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^[0-9A-Z]{5}$/.test(code) && OF_A_ROW.has(code.slice(0, 2));
  return !OF_THE_LINE.test(error.message);
}

/** Half of what was tried, to find the row in few steps; null: it is found. */
export const narrower = (tried: number): number | null => (tried > 1 ? Math.ceil(tried / 2) : null);
