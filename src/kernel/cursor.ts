import { DomainError } from './errors.js';

/** One page of a list, and where the next one starts. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const encodeCursor = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Reads a cursor made by {@link encodeCursor}; anything else is the caller's mistake, not a crash. */
export function decodeCursor(cursor: string | undefined, length: number): unknown[] | undefined {
  if (!cursor) return undefined;
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (Array.isArray(key) && key.length === length) return key as unknown[];
  } catch {
    // falls through to the refusal
  }
  throw new DomainError('cursor_invalid', { status: 400, param: 'cursor' });
}

/** Cuts a list that was read with one row too many into a page. */
export function pageOf<T>(rows: T[], limit: number, key: (last: T) => readonly unknown[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items[items.length - 1];
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(key(last)) : null };
}
