import type { GatewayKind } from './gateway.types.js';
import { simulatorFaults, simulatorSettings } from './simulator.policy.js';
import { SMGP_WINDOW, smgpFaults, smgpKept, type SmgpWish } from './smgp/smgp-settings.policy.js';
import { smppFaults, smppKept, type SmppWish } from './smpp/smpp-settings.policy.js';

/** What a kind of gateway keeps of a form, and what is wrong with it. A new kind is one entry of READERS. */

export const GATEWAY_KINDS = ['simulator', 'http', 'smpp', 'smgp'] as const satisfies readonly GatewayKind[];

/** The ones the pages offer: a kind joins when its protocol is built in. */
export const SPOKEN_KINDS = ['http', 'smpp', 'smgp', 'simulator'] as const satisfies readonly GatewayKind[];

export const SEND_METHODS = ['GET', 'POST'] as const;
export type SendMethod = (typeof SEND_METHODS)[number];

/** What somebody asks a gateway to be. */
export interface GatewayWish extends SmppWish, SmgpWish {
  username?: string;
  url?: string;
  connections?: number;
  timeoutSeconds?: number;
  callbackUrl?: string;
  method?: SendMethod;
  window?: number;
  simulator?: Record<string, unknown>;
}

export interface SettingFault {
  param: string;
  code: string;
}

export interface GatewaySetup {
  settings: Record<string, unknown>;
  /** Kept sealed; undefined: as it was. */
  password: string | undefined;
  window: number;
  faults: SettingFault[];
}

/** What stands when a form leaves it open. */
export interface Surroundings {
  /** StarCare's own address, as the one who asks has reached it. */
  here: string;
  /** The gateway has a password already. */
  hasPassword: boolean;
}

export interface HttpSettings {
  url: string;
  username: string | null;
  from: string | null;
  connections: number;
  timeoutSeconds: number;
  callbackUrl: string;
  method: SendMethod;
}

export const HTTP_DEFAULTS = { connections: 50, timeoutSeconds: 10, method: 'GET' } as const;
const DEFAULT_WINDOW = 32;
const SENDSMS = '/cgi-bin/sendsms';
/** Alphanumeric senders have 11 characters, numbers up to 20 digits. */
const SENDER = /^(\+?\d{1,20}|[\w .-]{1,11})$/;

const isWeb = (text: string): boolean => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
/** A percent sign would be an escape of Kannel's in the addresses we give to it. */
const isBase = (text: string): boolean => isWeb(text) && !text.includes('%') && new URL(text).search === '' && new URL(text).hash === '';

function sendAddress({ url, host, port }: GatewayWish): string | undefined {
  const text = url ?? (host === undefined ? undefined : `http://${host}:${port ?? 13013}`);
  if (text === undefined || !isWeb(text)) return undefined;
  const address = new URL(text);
  if (address.username || address.password) return undefined;
  if (address.pathname === '/') address.pathname = SENDSMS;
  return address.href;
}

function readHttp(wish: GatewayWish, { here, hasPassword }: Surroundings): GatewaySetup {
  const url = sendAddress(wish);
  const username = wish.username ?? wish.systemId ?? null;
  const callbackUrl = (wish.callbackUrl ?? here).replace(/\/+$/, '');
  const connections = wish.connections ?? HTTP_DEFAULTS.connections;
  const faults = [
    ...(url === undefined ? [{ param: 'url', code: (wish.url ?? wish.host) ? 'gateway_url_malformed' : 'gateway_url_missing' }] : []),
    ...(isBase(callbackUrl) ? [] : [{ param: 'callbackUrl', code: 'gateway_callback_malformed' }]),
    ...(wish.from === undefined || SENDER.test(wish.from) ? [] : [{ param: 'from', code: 'gateway_from_malformed' }]),
    ...(username !== null && wish.password === undefined && !hasPassword ? [{ param: 'password', code: 'gateway_password_missing' }] : []),
  ];
  const settings: HttpSettings = {
    url: url ?? '',
    username,
    from: wish.from ?? null,
    connections,
    timeoutSeconds: wish.timeoutSeconds ?? HTTP_DEFAULTS.timeoutSeconds,
    callbackUrl,
    method: wish.method ?? HTTP_DEFAULTS.method,
  };
  return { settings: { ...settings }, password: wish.password, window: wish.window ?? connections, faults };
}

function readSimulator(wish: GatewayWish): GatewaySetup {
  return {
    settings: { ...(wish.simulator ?? {}) },
    password: undefined,
    window: wish.window ?? DEFAULT_WINDOW,
    faults: simulatorFaults(wish.simulator ?? {}),
  };
}

/** `username` means the same as the name one logs in with. */
const withLogin = (wish: GatewayWish): GatewayWish => ({ ...wish, systemId: wish.systemId ?? wish.username });

function readSmpp(wish: GatewayWish, { hasPassword }: Surroundings): GatewaySetup {
  const account = withLogin(wish);
  const settings = { ...smppKept(account) };
  return { settings, password: wish.password, window: wish.window ?? DEFAULT_WINDOW, faults: smppFaults(account, hasPassword) };
}

function readSmgp(wish: GatewayWish, { hasPassword }: Surroundings): GatewaySetup {
  const account = withLogin(wish);
  return {
    settings: { ...smgpKept(account) },
    password: wish.password,
    window: wish.window ?? SMGP_WINDOW,
    faults: smgpFaults(account, hasPassword),
  };
}

const READERS: Record<GatewayKind, (wish: GatewayWish, around: Surroundings) => GatewaySetup> = {
  simulator: readSimulator,
  http: readHttp,
  smpp: readSmpp,
  smgp: readSmgp,
};

export const readSetup = (kind: GatewayKind, wish: GatewayWish, around: Surroundings): GatewaySetup => READERS[kind](wish, around);

/** Two ways to say the same: whoever says one of them means both. */
const SAME: readonly (readonly (keyof GatewayWish)[])[] = [
  ['systemId', 'username'],
  ['url', 'host', 'port'],
];

/** A change of some of it: the rest is wished as it is. */
export function changedWish<Wish extends GatewayWish>(kind: GatewayKind, stored: Record<string, unknown>, change: Wish): Wish {
  if (kind === 'simulator') return { ...change, simulator: { ...stored, ...change.simulator } };
  const kept = Object.entries(stored).filter(([, value]) => value !== null);
  const said = new Set(Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  // of an address only a url stands for the rest: host and port are two things
  const replaced = SAME.filter((names) => names.some((name) => said.has(name))).flatMap((names) =>
    names[0] === 'url' && kind !== 'http' ? [] : names,
  );
  const rest = kept.filter(([name]) => !said.has(name) && !replaced.some((one) => one === name));
  return { ...change, ...Object.fromEntries(rest) };
}

/** Settings as stored, gaps filled. */
export function httpSettings(stored: Record<string, unknown>): HttpSettings {
  return { username: null, from: null, callbackUrl: '', url: '', ...HTTP_DEFAULTS, ...stored };
}

/** Where a gateway's messages go, for a list: without what only its administrator needs. */
export function placeOf(kind: GatewayKind, settings: Record<string, unknown>): string | null {
  if (kind === 'http') return URL.canParse(httpSettings(settings).url) ? new URL(httpSettings(settings).url).host : null;
  const { host, port } = settings;
  return typeof host === 'string' ? `${host}${typeof port === 'number' ? `:${port}` : ''}` : null;
}

/** The boxes of the simulator's form: shares in per cent, latency in milliseconds. */
export const SIMULATOR_SHARES = ['rejected', 'undelivered', 'expired', 'silent', 'lostBefore', 'lostAfter', 'optOut'] as const;

export function simulatorBoxes(stored: Record<string, unknown>): Record<string, number> {
  const settings = simulatorSettings(stored);
  const shares = SIMULATOR_SHARES.map((name) => [name, Math.round(settings[name] * 1000) / 10] as const);
  return { ...Object.fromEntries(shares), latencyFrom: settings.latencyMs[0], latencyTo: settings.latencyMs[1] };
}

export function simulatorOfBoxes(boxes: Record<string, string | undefined>, stored: Record<string, unknown>): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...stored };
  const number = (name: string): number | undefined => (boxes[name] ? Number(boxes[name]) : undefined);
  for (const name of SIMULATOR_SHARES) {
    // an emptied box is the nothing it shows
    if (boxes[name] !== undefined) settings[name] = (number(name) ?? 0) / 100;
  }
  const [from, to] = [number('latencyFrom'), number('latencyTo')];
  if (from !== undefined && to !== undefined) settings.latencyMs = [from, to];
  return settings;
}
