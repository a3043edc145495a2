/** Of a row that failed, until its next run. */
export const LONGEST_WAIT_S = 3600;
const LONGEST_TEXT = 300;

export interface Patience {
  attempts: number;
  backoffSeconds: number;
}

export type AfterFailure = { retryAt: Date } | { deadAt: Date };

/** What becomes of a row whose `attempt`-th run (from 1) failed at `now`: doubled waits, then a dead letter. */
export function afterFailure(job: Patience, attempt: number, now: Date): AfterFailure {
  if (attempt >= job.attempts) return { deadAt: now };
  const seconds = Math.min(LONGEST_WAIT_S, job.backoffSeconds * 2 ** (attempt - 1));
  return { retryAt: new Date(now.getTime() + seconds * 1000) };
}

/**
 * What may be kept of an error: its message without quoted values and long numbers, because PostgreSQL and gateways
 * quote names and phone numbers back.
 */
export function keptMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const bare = text
    .replace(/"[^"]*"|'[^']*'|“[^”]*”/g, '"…"')
    .replace(/\+?\d[\d -]{4,}\d/g, '…')
    .replace(/\s+/g, ' ');
  return bare.length > LONGEST_TEXT ? `${bare.slice(0, LONGEST_TEXT - 1)}…` : bare;
}
