import { dayOf } from '../../../kernel/day.js';

/** Three bytes of the gateway, MMDDhhmm in four, six digits of a running number in three; two digits a byte. */
const DATED = /^\d{6}(\d{2})([0-2]\d|3[01])([01]\d|2[0-3])[0-5]\d\d{6}$/;

const yearOf = (now: Date): number => Number(dayOf(now).slice(0, 4));
const monthOf = (now: Date): number => Number(dayOf(now).slice(5, 7));

/**
 * The spelling under which an id of ten bytes is kept (R42): hexadecimal, and where it is dated as the standard says, after its year. The
 * standard's date has none, so a year later the same ids come again. @param now when the id was heard, in an answer or in a receipt
 */
export function refOf(id: Buffer, now: Date): string {
  const hex = id.toString('hex');
  const month = Number(DATED.exec(hex)?.[1] ?? 0);
  if (month < 1 || month > 12) return hex;
  const ahead = month - monthOf(now);
  // of a neighbouring month, perhaps over New Year; what is further away is no date
  if (Math.abs(ahead) <= 1) return `${yearOf(now)}-${hex}`;
  if (ahead === 11) return `${yearOf(now) - 1}-${hex}`;
  return ahead === -11 ? `${yearOf(now) + 1}-${hex}` : hex;
}
