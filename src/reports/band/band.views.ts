import type { Role } from '../../staff/staff.types.js';
import type { Band } from '../band.queries.js';
import { reportUrl } from '../funnel.views.js';
import type { BandCause, BandRate } from './band.types.js';

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

/** Lines of the table of causes; a part of less than a tenth of a point is left to the last line, so that the column still adds up. */
export function causeLines(band: Omit<Band, 'first'>, context: DeedContext) {
  const shown = band.causes.filter(({ excess }) => Math.abs(excess) >= SMALL);
  const rest = band.causes.filter(({ excess }) => Math.abs(excess) < SMALL);
  const sum = (of: 'excess' | 'share'): number => rest.reduce((total, cause) => total + cause[of], 0);
  return {
    lines: shown.map((cause) => ({
      ...cause,
      known: KNOWN.includes(cause.cause),
      main: cause.cause === band.main,
      bar: Math.max(0, Math.min(1, cause.share)),
      evidenceKey: MIXES.includes(cause.cause) ? cause.cause : 'end',
      nextHour: (cause.evidence.hour ?? 0) + 1,
      deed: deedOf(cause, band, context),
    })),
    rest: rest.length > 0 ? { excess: sum('excess'), share: sum('share') } : undefined,
  };
}

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
