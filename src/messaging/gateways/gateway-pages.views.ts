import type { GatewayAccount, GatewayKind } from './gateway.types.js';
import type { GatewayLine } from './session/gateway-lines.commands.js';
import { smgpSettings } from './smgp/smgp-settings.policy.js';
import { smppSettings } from './smpp/smpp-settings.policy.js';
import { httpSettings, placeOf, simulatorBoxes, simulatorOfBoxes, SPOKEN_KINDS } from './gateway-settings.policy.js';

/** Rows of gateways → strings and flags. */

export type Fields = Record<string, string>;

export interface GatewayFacts {
  code: string;
  /** Why nothing goes over it, in its own words, and since when. */
  fault: string | null;
  faultAt: Date | null;
  /** Messages handed over whose end is not known. */
  waiting: number;
}

/** `resting`: nothing could be sent; it is tried again by itself. */
type GatewayState = 'on' | 'resting' | 'off';

const CHIPS: Record<GatewayState, { kind: string; icon: string }> = {
  on: { kind: 'ok', icon: 'check' },
  resting: { kind: 'warn', icon: 'clock-pause' },
  off: { kind: '', icon: 'player-pause' },
};

function stateOf({ active, downUntil }: GatewayAccount, now: Date): GatewayState {
  if (!active) return 'off';
  return downUntil !== null && downUntil > now ? 'resting' : 'on';
}

export function gatewayRow(account: GatewayAccount, facts: GatewayFacts | undefined, now: Date): object {
  const { code, kind, ratePerSecond, window, active, settings, downUntil } = account;
  const state = stateOf(account, now);
  const { fault = null, faultAt = null, waiting = 0 } = facts ?? {};
  const place = placeOf(kind, settings);
  return { code, kind, ratePerSecond, window, active, state, chip: CHIPS[state], place, waiting, fault, faultAt, restsUntil: downUntil };
}

/** The group of kannel.conf by which customers' answers come: no answer of ours is ever sent on. */
export const kannelService = (url: string): string =>
  ['group = sms-service', 'keyword = default', 'catch-all = true', 'max-messages = 0', `get-url = "${url}"`].join('\n');

export const kindTabs = (current: GatewayKind): object[] => SPOKEN_KINDS.map((kind) => ({ kind, current: kind === current }));

const OWN: Record<GatewayKind, (settings: Record<string, unknown>) => object> = {
  http: httpSettings,
  smpp: smppSettings,
  simulator: simulatorBoxes,
  smgp: smgpSettings,
};

const LINE_CHIPS = {
  bound: { kind: 'ok', icon: 'plug-connected' },
  connecting: { kind: 'warn', icon: 'loader' },
  waiting: { kind: 'bad', icon: 'plug-x' },
} as const;

/** Its connections, and the reason of a fault by name with what the gateway said. */
export function lineRow({ line, state, since, fault, faultAt }: GatewayLine): object {
  const [reason, ...detail] = (fault ?? '').split(' ');
  return { line, state, since, chip: LINE_CHIPS[state], reason: reason || null, detail: detail.join(' '), faultAt };
}

/** What stands in the boxes of the form. The password never does. */
export function gatewayValues({ kind, settings, ratePerSecond, window, fallbackGateways }: GatewayAccount): object {
  return { ...OWN[kind](settings), ratePerSecond, window, fallbackGateways };
}

/** The simulator's boxes become its one field. */
export function formFields(kind: string | undefined, body: Fields, stored: Record<string, unknown> = {}): Record<string, unknown> {
  return kind === 'simulator' ? { ...body, simulator: simulatorOfBoxes(body, stored) } : body;
}
