import { ROLE_AREAS } from './role-areas.policy.js';

/** An address, and who may ask for it besides `admin`; null: everybody. */
interface Right {
  method: string;
  path: string;
  roles: readonly string[] | null;
}

export interface Address {
  method: string;
  path: string;
  /** Whether the role may ask for it. */
  allowed: boolean;
}

export interface AreaRights {
  key: string;
  see: boolean;
  change: boolean;
  /** How many of its addresses the role may ask for. */
  allowed: number;
  addresses: readonly Address[];
}

const API = /^\/api\/v1(?=\/)/;
const begins = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/** Every prefix with its area, the longest first. */
const PREFIXES = ROLE_AREAS.flatMap(({ key, prefixes }) => prefixes.map((prefix) => ({ key, prefix }))).sort(
  (a, b) => b.prefix.length - a.prefix.length,
);

/** The area an address belongs to: that of the longest prefix. */
export function areaOf(address: string): string | undefined {
  const path = address.replace(API, '');
  return PREFIXES.find(({ prefix }) => begins(path, prefix))?.key;
}

/** As the guard decides. */
const mayAsk = (role: string, { roles }: Right): boolean => roles === null || role === 'admin' || roles.includes(role);

/** What a role may see and change of each area: it sees one that it may read something of, and changes one that it may send something to. */
export function rightsOf(role: string, routes: readonly Right[]): AreaRights[] {
  const placed = routes.map((route) => ({ route, area: areaOf(route.path) }));
  return ROLE_AREAS.map(({ key }) => {
    const own = placed.filter(({ area }) => area === key);
    const addresses = own.map(({ route }) => ({ method: route.method, path: route.path, allowed: mayAsk(role, route) }));
    const open = addresses.filter(({ allowed }) => allowed);
    return {
      key,
      see: open.some(({ method }) => method === 'GET'),
      change: open.some(({ method }) => method !== 'GET'),
      allowed: open.length,
      addresses,
    };
  });
}
