import { maskNumbers } from '../kernel/phone.js';

/** A filter for the audit log and for the eyes of a second person: no full number. */
export const discreet = (filter: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([key, value]) => [key, typeof value === 'string' ? maskNumbers(value) : (value as unknown)]),
  );
