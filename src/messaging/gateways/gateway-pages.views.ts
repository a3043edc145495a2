import type { GatewayAccount, GatewayKind } from '../gateway.types.js';
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

/** What stands in the boxes of the form. The password never does. */
export function gatewayValues({ kind, settings, ratePerSecond, window }: GatewayAccount): object {
  const own = kind === 'http' ? { ...httpSettings(settings) } : kind === 'simulator' ? simulatorBoxes(settings) : settings;
  return { ...own, ratePerSecond, window };
}

/** The simulator's boxes become its one field. */
export function formFields(kind: string | undefined, body: Fields, stored: Record<string, unknown> = {}): Record<string, unknown> {
  return kind === 'simulator' ? { ...body, simulator: simulatorOfBoxes(body, stored) } : body;
}
