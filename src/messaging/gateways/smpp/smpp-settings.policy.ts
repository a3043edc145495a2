import {
  type Check,
  choice,
  faultsOf,
  fits,
  keptOf,
  LINE_DEFAULTS,
  lineChecks,
  type LineFault,
  type LineSettings,
  ranges,
} from '../session/line-settings.policy.js';
import { ID_FORMATS, type IdFormat } from './message-ids.policy.js';

export const LONG_MESSAGES = ['udh', 'payload'] as const;

/** An SMPP account as stored, the password apart. An empty sender: the gateway puts its own. */
export interface SmppSettings extends LineSettings {
  systemType: string;
  sourceTon: number;
  sourceNpi: number;
  destinationTon: number;
  destinationNpi: number;
  longMessages: (typeof LONG_MESSAGES)[number];
  idFormat: IdFormat;
}

export const SMPP_DEFAULTS: SmppSettings = {
  ...LINE_DEFAULTS,
  port: 2775,
  systemType: '',
  sourceTon: 0,
  sourceNpi: 1,
  destinationTon: 1,
  destinationNpi: 1,
  numbers: 'international',
  longMessages: 'udh',
  idFormat: 'same',
};

/** Gaps filled; the table decides what a value may be, so whatever is stored is whole. */
export const smppSettings = (stored: Record<string, unknown>): SmppSettings => ({ ...SMPP_DEFAULTS, ...stored });

export type SmppWish = Partial<SmppSettings> & { password?: string };

const SENDER = /^(\+?\d{1,20}|[\w .-]{1,11})$/;
const RANGES = { sourceTon: [0, 6], sourceNpi: [0, 18], destinationTon: [0, 6], destinationNpi: [0, 18] } as const;

/** What is wrong with an account as somebody wishes it. @param hasPassword one is kept already */
export function smppFaults(wish: SmppWish, hasPassword: boolean): LineFault[] {
  const { systemId, systemType, from } = wish;
  const own: Check[] = [
    [!systemId, 'systemId', 'gateway_system_id_missing'],
    [!!systemId && !fits(systemId, 15), 'systemId', 'gateway_system_id_malformed'],
    [!fits(systemType ?? '', 12), 'systemType', 'gateway_system_type_malformed'],
    [!!from && !SENDER.test(from), 'from', 'gateway_from_malformed'],
    choice(wish, 'longMessages', LONG_MESSAGES),
    choice(wish, 'idFormat', ID_FORMATS),
    ...ranges(wish, RANGES),
  ];
  return faultsOf([...lineChecks(wish, hasPassword, 'gateway_password_missing'), ...own]);
}

/** An alphanumeric sender has a type of number of its own. */
const ALPHANUMERIC = 5;

/** What is kept of a wish: of the settings, not the password. */
export function smppKept(wish: SmppWish): SmppSettings {
  const kept = keptOf(SMPP_DEFAULTS, wish);
  const named = wish.sourceTon === undefined && /[^+\d]/.test(kept.from);
  return named ? { ...kept, sourceTon: ALPHANUMERIC, sourceNpi: 0 } : kept;
}
