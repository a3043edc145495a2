/** What the pretended network does with a number: settings and the number decide, so a test knows beforehand. */

export interface SimulatorSettings {
  /** From hand-over to receipt, in milliseconds. */
  latencyMs: [number, number];
  /** Shares from 0 to 1. The first four are drawn together and must not exceed 1. */
  rejected: number;
  undelivered: number;
  expired: number;
  /** Taken over, but no receipt ever comes. */
  silent: number;
  /** The line breaks before the message is taken over, or after. */
  lostBefore: number;
  lostAfter: number;
  /** Customers who answer with opt-out words. */
  optOut: number;
  seed: number;
}

export const SIMULATOR_DEFAULTS: SimulatorSettings = {
  latencyMs: [800, 3000],
  rejected: 0,
  undelivered: 0,
  expired: 0,
  silent: 0,
  lostBefore: 0,
  lostAfter: 0,
  optOut: 0,
  seed: 1,
};

const SHARES = ['rejected', 'undelivered', 'expired', 'silent', 'lostBefore', 'lostAfter', 'optOut'] as const;

const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

/** Drawn together: what one of them takes the others cannot. */
const DRAWN_TOGETHER = [
  ['rejected', 'undelivered', 'expired', 'silent'],
  ['lostBefore', 'lostAfter'],
] as const;
/** Tenths of a per cent do not add up exactly. */
const A_LITTLE = 1e-9;

const isLatency = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((ms) => Number.isFinite(ms) && ms >= 0);

/** What cannot be meant. Left at its default in silence, it would look as if it had been taken. */
export function simulatorFaults(wish: Record<string, unknown>): { param: string; code: string }[] {
  const given = SHARES.filter((name) => wish[name] !== undefined);
  const malformed = given.filter((name) => !isShare(wish[name]));
  const sum = (names: readonly string[]): number => names.reduce((total, name) => total + (isShare(wish[name]) ? wish[name] : 0), 0);
  return [
    ...malformed.map((param) => ({ param, code: 'simulator_share_malformed' })),
    ...DRAWN_TOGETHER.filter((names) => sum(names) > 1 + A_LITTLE).map(([param]) => ({ param, code: 'simulator_shares_over' })),
    ...(wish.latencyMs === undefined || isLatency(wish.latencyMs) ? [] : [{ param: 'latencyFrom', code: 'simulator_latency_malformed' }]),
  ];
}

/** Settings as stored, gaps filled; what makes no sense is left at its default. */
export function simulatorSettings(stored: Record<string, unknown>): SimulatorSettings {
  const settings = { ...SIMULATOR_DEFAULTS };
  for (const name of SHARES) {
    const value = stored[name];
    if (isShare(value)) settings[name] = value;
  }
  if (isLatency(stored.latencyMs)) settings.latencyMs = [Math.min(...stored.latencyMs), Math.max(...stored.latencyMs)];
  if (typeof stored.seed === 'number') settings.seed = stored.seed;
  return settings;
}

/** A number from 0 to 1 that depends on nothing but its input (FNV-1a, then the finaliser of MurmurHash3). */
export function drawOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export type Fate = 'rejected' | 'undelivered' | 'expired' | 'silent' | 'delivered';

const CODES: Record<Fate, string | null> = {
  rejected: 'REJECTD 008',
  undelivered: 'UNDELIV 027',
  expired: 'EXPIRED 000',
  silent: null,
  delivered: 'DELIVRD 000',
};

export interface PlannedFate {
  fate: Fate;
  networkCode: string | null;
  latencyMs: number;
  /** Where the answer to the hand-over gets lost. A message handed over anew draws anew. */
  lost: 'before' | 'after' | null;
  reply: string | null;
}

export function planFate(settings: SimulatorSettings, message: { id: string; number: string }): PlannedFate {
  const draw = (salt: string): number => drawOf(`${settings.seed}:${salt}:${message.number}`);
  let left = draw('fate');
  const fate = (['rejected', 'undelivered', 'expired', 'silent'] as const).find((name) => (left -= settings[name]) < 0) ?? 'delivered';
  const [from, to] = settings.latencyMs;
  const line = drawOf(`${settings.seed}:line:${message.id}`);
  const lost = line < settings.lostBefore ? 'before' : line < settings.lostBefore + settings.lostAfter ? 'after' : null;
  const reply = fate === 'delivered' && draw('reply') < settings.optOut ? 'TD' : null;
  return { fate, networkCode: CODES[fate], latencyMs: Math.round(from + draw('latency') * (to - from)), lost, reply };
}
