import type { Person } from './personal-data.types.js';

/** How a person is found in texts nobody reads as data. */
export interface Trace {
  /** A regular expression (POSIX) of the numbers in every usual spelling; null when there is none. */
  numbers: string | null;
  name: string | null;
}

const GAP = '[ -]*';

/** +8613800138000 → 1[ -]*3[ -]*8…: with or without its prefix, in groups or in one. */
const spelled = (number: string): string => [...number.replace(/^\+86|\D/g, '')].join(GAP);

export const traceOf = ({ numbers, name }: Person): Trace => ({ numbers: numbers.length === 0 ? null : numbers.map(spelled).join('|'), name });
