import type { Role } from '../staff/staff.types.js';

interface Place {
  href: string;
  /** Key of its name. */
  label: string;
  /** Who is let in; undefined: everybody. */
  roles?: readonly Role[];
}

const PLANS: readonly Role[] = ['planner', 'supervisor', 'admin'];

/** Reports beside the funnel that are asked for less often than the two with a button of their own. */
const PLACES: readonly Place[] = [
  { href: '/reports/coverage', label: 'reports.coverage' },
  { href: '/orders', label: 'orders.title', roles: PLANS },
  { href: '/reports/breaches', label: 'band.breaches', roles: PLANS },
  { href: '/reports/providers', label: 'providers.title', roles: PLANS },
  { href: '/call-records/unmatched', label: 'reports.switch.title', roles: PLANS },
  { href: '/reports/bulletins', label: 'bulletins.title', roles: ['supervisor', 'admin'] },
  { href: '/reports/metrics', label: 'reports.metrics' },
];

/** What stands behind "more" for somebody of this role. */
export const moreReports = (role: Role): Pick<Place, 'href' | 'label'>[] => PLACES.filter(({ roles }) => !roles || roles.includes(role));
