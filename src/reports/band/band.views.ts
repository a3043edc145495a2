import type { Role } from '../../staff/staff.types.js';
import type { Band } from '../band.queries.js';
import { reportUrl } from '../funnel.views.js';
import type { BandCause, BandRate } from './band.types.js';

/** What a card of rates says above them: `low` if one is out, `unjudged` where none of them has calls enough to be told from chance. */
export function verdictOf(rates: readonly Pick<Band, 'state'>[]): 'low' | 'unjudged' | 'fine' {
  if (rates.some(({ state }) => state === 'below')) return 'low';
  return rates.every(({ state }) => state === 'too-few') ? 'unjudged' : 'fine';
}

/** Where the deed of a cause is done, and how: a link to its form or file, or a form that does it. */
interface Deed {
  key: 'redial' | 'return_numbers' | 'pause' | 'alert';
  href: string;
  post: boolean;
}

export interface DeedContext {
  code: string;
  rate: BandRate;
  role: Role;
  /** A breach is kept: what was done is written there. */
  breach: boolean;
}

const DOERS: Readonly<Record<Deed['key'], readonly Role[]>> = {
  redial: ['planner', 'supervisor', 'admin'],
  return_numbers: ['planner', 'supervisor', 'admin'],
  alert: ['planner', 'supervisor', 'admin'],
  pause: ['planner', 'admin'],
};

/** What one can do about a cause with one click; undefined for who may not, and where waiting is all there is. */
export function deedOf(cause: BandCause, band: Pick<Band, 'bestSlot' | 'from' | 'to'>, { code, role, breach, rate }: DeedContext): Deed | undefined {
  const { action } = cause;
  if (action === 'watch' || cause.excess <= 0 || !DOERS[action].includes(role)) return undefined;
  if (action === 'redial') return { key: action, href: reportUrl({ from: band.bestSlot?.from }, `/campaigns/${code}/redial`), post: false };
  if (action === 'pause') return { key: action, href: `/campaigns/${code}/pause`, post: false };
  if (action === 'return_numbers') {
    return { key: action, href: reportUrl({ campaign: code, from: band.from, to: band.to }, '/exports/files/provider-returns'), post: false };
  }
  return breach ? { key: action, href: `/reports/campaigns/${code}/breaches/${rate}/alert`, post: true } : undefined;
}

/** A cause on the page: `effect` is what it does to the connect rate, below zero where it takes off it. */
export interface CauseLine extends BandCause {
  known: boolean;
  main: boolean;
  effect: number;
  /** Of the largest effect there is, whichever way. */
  bar: number;
  evidenceKey: string;
  nextHour: number;
  deed: Deed | undefined;
}

export interface CauseGroup {
  lines: CauseLine[];
  /** Of all lines. */
  effect: number;
}

/**
 * The table of causes in points of the rate: those that take off it, then those that work against the gap, each with their sum; a part of less than a tenth of a
 * point is left to the last line. Both sums and the last line add up to the gap.
 */
export function causeLines(band: Pick<Band, 'causes' | 'main' | 'bestSlot' | 'from' | 'to'>, context: DeedContext) {
  const largest = Math.max(...band.causes.map(({ excess }) => Math.abs(excess)), SMALL);
  const lineOf = (cause: BandCause): CauseLine => ({
    ...cause,
    known: KNOWN.includes(cause.cause),
    main: cause.cause === band.main,
    effect: -cause.excess,
    bar: Math.abs(cause.excess) / largest,
    evidenceKey: MIXES.includes(cause.cause) ? cause.cause : 'end',
    nextHour: (cause.evidence.hour ?? 0) + 1,
    deed: deedOf(cause, band, context),
  });
  const groupOf = (causes: readonly BandCause[]): CauseGroup => ({ lines: causes.map(lineOf), effect: effectOf(causes) });
  const small = band.causes.filter(({ excess }) => Math.abs(excess) < SMALL);
  return {
    pulling: groupOf(band.causes.filter(({ excess }) => excess >= SMALL)),
    against: groupOf(band.causes.filter(({ excess }) => excess <= -SMALL).sort((a, b) => a.excess - b.excess)),
    rest: small.length > 0 ? { effect: effectOf(small) } : undefined,
  };
}

const effectOf = (causes: readonly BandCause[]): number => -causes.reduce((sum, { excess }) => sum + excess, 0);

const SMALL = 0.001;
const MIXES: readonly string[] = ['slot_mix', 'list_mix', 'calling_number'];
/** Causes that are no outcome: their words are the catalogue's. */
const KNOWN: readonly string[] = [...MIXES, 'technical'];

/** What a kept cause is called; '' where none is named. */
export function causeName(
  row: { cause: string | null; causeZh: string | null; causeEn: string | null },
  locale: string,
  t: (key: string) => string,
): string {
  if (row.cause === null) return '';
  return (KNOWN.includes(row.cause) ? t(`band.cause.${row.cause}`) : locale === 'en' ? row.causeEn : row.causeZh) ?? row.cause;
}
