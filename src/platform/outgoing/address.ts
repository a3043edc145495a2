import { BlockList, isIP } from 'node:net';

/** Hosts of the operator's own network that may be called although their addresses are private, and over plain http: names, addresses or networks. */
export interface Allowed {
  names: ReadonlySet<string>;
  networks: BlockList;
}

/** What must not be called from a server by somebody's wish: itself, its network, the metadata of its cloud, multicast, what is reserved (IANA special-purpose registries). */
const NOT_PUBLIC: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Of IPv6 only global unicast (2000::/3) is public, less what in it carries or maps another address, or is for documents. */
const NOT_PUBLIC_6: readonly [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

function listOf(networks: readonly [string, number][], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}
const PRIVATE = listOf(NOT_PUBLIC, 'ipv4');
const SPECIAL_6 = listOf(NOT_PUBLIC_6, 'ipv6');
const GLOBAL_6 = listOf([['2000::', 3]], 'ipv6');

/** Whether an address belongs to the public internet. An IPv4 address written as IPv6 (::ffff:10.0.0.1) is none: nothing honest resolves to it. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !PRIVATE.check(address, 'ipv4');
  return family === 6 && GLOBAL_6.check(address, 'ipv6') && !SPECIAL_6.check(address, 'ipv6');
}

/** @param entries host names, addresses or networks (`hooks.corp.example`, `10.20.30.40`, `10.20.0.0/16`). @throws RangeError naming the entry that is none */
export function allowedOf(entries: readonly string[]): Allowed {
  const names = new Set<string>();
  const networks = new BlockList();
  for (const entry of entries.map((one) => one.trim().toLowerCase()).filter(Boolean)) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address);
    if (family === 0 && (prefix !== undefined || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(entry))) throw new RangeError(entry);
    if (family === 0) names.add(entry);
    else addNetwork(networks, { address, prefix, family, entry });
  }
  return { names, networks };
}

function addNetwork(
  networks: BlockList,
  { address, prefix, family, entry }: { address: string; prefix: string | undefined; family: number; entry: string },
): void {
  const most = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  if (!Number.isInteger(bits) || bits < 1 || bits > most) throw new RangeError(entry);
  networks.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}

const isListed = (address: string, { networks }: Allowed): boolean =>
  isIP(address) !== 0 && networks.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');

export type AddressFault = 'url_malformed' | 'url_not_https' | 'url_userinfo' | 'url_host_private';

/** The host of an address without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** What is wrong with an address as it is written, before anybody asks the DNS; undefined when nothing is. */
export function addressFault(text: string, allowed: Allowed): AddressFault | undefined {
  if (!URL.canParse(text)) return 'url_malformed';
  const url = new URL(text);
  const host = hostOf(url);
  const ours = allowed.names.has(host) || isListed(host, allowed);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && ours)) return 'url_not_https';
  if (url.username || url.password) return 'url_userinfo';
  if (!ours && (isIP(host) !== 0 ? !isPublicAddress(host) : host === 'localhost' || host.endsWith('.localhost') || !host.includes('.')))
    return 'url_host_private';
  return undefined;
}

/** Whether a host may be called at the addresses it has resolved to: all of them must be public, or the operator's own by name or network. */
export function mayConnect(host: string, addresses: readonly string[], allowed: Allowed): boolean {
  if (addresses.length === 0) return false;
  return allowed.names.has(host) || addresses.every((address) => isPublicAddress(address) || isListed(address, allowed));
}
