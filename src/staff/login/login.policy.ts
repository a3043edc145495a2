/** Five wrong passwords in a row close an account for a quarter of an hour, counted by the name typed. */
export const MAX_FAILURES = 5;
export const LOCK_MINUTES = 15;
const LOCK_MS = LOCK_MINUTES * 60_000;

export interface LoginFailures {
  failures: number;
  lastAt: Date;
  lockedUntil: Date | null;
}

export const isLocked = (record: LoginFailures | undefined, now: Date): boolean => record?.lockedUntil != null && record.lockedUntil > now;

/** The record after one more wrong password. Failures older than the lock are forgotten. */
export function afterFailure(record: LoginFailures | undefined, now: Date): LoginFailures & { left: number } {
  const fresh = record !== undefined && now.getTime() - record.lastAt.getTime() < LOCK_MS && record.lockedUntil === null;
  const failures = (fresh ? record.failures : 0) + 1;
  const lockedUntil = failures >= MAX_FAILURES ? new Date(now.getTime() + LOCK_MS) : null;
  return { failures, lastAt: now, lockedUntil, left: MAX_FAILURES - failures };
}
