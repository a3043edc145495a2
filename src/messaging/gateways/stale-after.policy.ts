import { shanghaiClock } from '../../kernel/day.js';

/** Until when the network may deliver a text, as each protocol writes it: a telephone that is off till tomorrow must not ring with what was for today (R9). */

/** How far Shanghai is ahead of UTC, in quarters of an hour. */
const ZONE_QUARTERS = '32';

/** SMPP 3.4 section 7.1.1, which SMGP follows: YYMMDDhhmmss, tenths of a second, quarters of an hour, sign. Empty: as long as the network keeps messages. */
export function absoluteTime(notAfter: Date | null | undefined): string {
  if (!notAfter) return '';
  const digits = shanghaiClock(notAfter).replace(/\D/g, '');
  return `${digits.slice(2, 15)}${ZONE_QUARTERS}+`;
}

/** Kannel counts in whole minutes from now; the last of them counts whole, for none would be no limit. */
export const minutesLeft = (notAfter: Date, now: Date): number => Math.max(1, Math.floor((notAfter.getTime() - now.getTime()) / 60_000));
