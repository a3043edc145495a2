import type { GatewayAccount, GatewayKind } from '../gateway.types.js';
import type { GatewayLine } from './session/gateway-lines.commands.js';
import { smgpSettings } from './smgp/smgp-settings.policy.js';
import { smppSettings } from './smpp/smpp-settings.policy.js';
import { httpSettings, placeOf, simulatorBoxes, simulatorOfBoxes, SPOKEN_KINDS } from './gateway-settings.policy.js';

/** Rows of gateways → strings and flags. */

export type Fields = Record<string, string>;

export interface GatewayFacts {
  code: string;
  hasSecrets: boolean;
  /** Messages handed over whose end is not known. */
  waiting: number;
}

export type GatewayState = 'on' | 'off';

const CHIPS: Record<GatewayState, { kind: string; icon: string }> = { on: { kind: 'ok', icon: 'check' }, off: { kind: '', icon: 'player-pause' } };

export function gatewayRow(account: GatewayAccount, facts: GatewayFacts | undefined): object {
  const { code, kind, ratePerSecond, window, active, settings } = account;
  const state: GatewayState = active ? 'on' : 'off';
  return { code, kind, ratePerSecond, window, active, state, chip: CHIPS[state], place: placeOf(kind, settings), waiting: facts?.waiting ?? 0 };
}

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
export function gatewayValues({ kind, settings, ratePerSecond, window }: GatewayAccount): object {
  return { ...OWN[kind](settings), ratePerSecond, window };
}

/** The simulator's boxes become its one field. */
export function formFields(kind: string | undefined, body: Fields, stored: Record<string, unknown> = {}): Record<string, unknown> {
  return kind === 'simulator' ? { ...body, simulator: simulatorOfBoxes(body, stored) } : body;
}
