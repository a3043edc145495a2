import { NUMBER_FORMS, type NumberForm } from '../long-texts.policy.js';
import { ID_FORMATS, type IdFormat } from './message-ids.policy.js';

export const BIND_MODES = ['transceiver', 'transmitter-receiver'] as const;
export const LONG_MESSAGES = ['udh', 'payload'] as const;

/** An SMPP account as stored, the password apart. */
export interface SmppSettings {
  host: string;
  port: number;
  systemId: string;
  systemType: string;
  /** One connection for both directions, or one for each. */
  bindMode: (typeof BIND_MODES)[number];
  /** The sender; empty: the gateway puts its own. */
  from: string;
  sourceTon: number;
  sourceNpi: number;
  destinationTon: number;
  destinationNpi: number;
  numbers: NumberForm;
  longMessages: (typeof LONG_MESSAGES)[number];
  idFormat: IdFormat;
  /** Silence after which the line is asked for a sign of life. */
  enquireSeconds: number;
  /** Without an answer for so long a message is in doubt. */
  answerSeconds: number;
}

export const SMPP_DEFAULTS: SmppSettings = {
  host: '',
  port: 2775,
  systemId: '',
  systemType: '',
  bindMode: 'transceiver',
  from: '',
  sourceTon: 0,
  sourceNpi: 1,
  destinationTon: 1,
  destinationNpi: 1,
  numbers: 'international',
  longMessages: 'udh',
  idFormat: 'same',
  enquireSeconds: 30,
  answerSeconds: 60,
};

/** Gaps filled; the table decides what a value may be, so whatever is stored is whole. */
export const smppSettings = (stored: Record<string, unknown>): SmppSettings => ({ ...SMPP_DEFAULTS, ...stored });

export type SmppWish = Partial<SmppSettings> & { password?: string };

export interface SmppFault {
  param: string;
  code: string;
}

/** What fields of C octet strings hold: printable, and no longer than the standard says, without the closing zero. */
export const fits = (text: string, most: number): boolean => text.length <= most && /^[\x20-\x7e]*$/.test(text);
export const HOST = /^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/;
const SENDER = /^(\+?\d{1,20}|[\w .-]{1,11})$/;
export const isOneOf = (list: readonly string[], value: string | undefined): boolean => value === undefined || list.includes(value);
export const inRange = (value: number | undefined, [least, most]: readonly [number, number]): boolean =>
  value === undefined || (Number.isInteger(value) && value >= least && value <= most);

const RANGES = {
  port: [1, 65_535],
  sourceTon: [0, 6],
  sourceNpi: [0, 18],
  destinationTon: [0, 6],
  destinationNpi: [0, 18],
  enquireSeconds: [5, 600],
  answerSeconds: [2, 600],
} as const;

/** Some centres take longer passwords than the eight characters of the standard. */
const PASSWORD_MOST = 64;

/** What is wrong with an account as somebody wishes it. @param hasPassword one is kept already */
export function smppFaults(wish: SmppWish, hasPassword: boolean): SmppFault[] {
  const { host, systemId, systemType, from, password } = wish;
  const wrong: [boolean, string, string][] = [
    [!host, 'host', 'gateway_host_missing'],
    [!!host && !HOST.test(host), 'host', 'gateway_host_malformed'],
    [!systemId, 'systemId', 'gateway_system_id_missing'],
    [!!systemId && !fits(systemId, 15), 'systemId', 'gateway_system_id_malformed'],
    [!fits(systemType ?? '', 12), 'systemType', 'gateway_system_type_malformed'],
    [password === undefined && !hasPassword, 'password', 'gateway_password_missing'],
    [!fits(password ?? '', PASSWORD_MOST), 'password', 'gateway_password_malformed'],
    [!!from && !SENDER.test(from), 'from', 'gateway_from_malformed'],
    [!isOneOf(BIND_MODES, wish.bindMode), 'bindMode', 'gateway_choice_unknown'],
    [!isOneOf(NUMBER_FORMS, wish.numbers), 'numbers', 'gateway_choice_unknown'],
    [!isOneOf(LONG_MESSAGES, wish.longMessages), 'longMessages', 'gateway_choice_unknown'],
    [!isOneOf(ID_FORMATS, wish.idFormat), 'idFormat', 'gateway_choice_unknown'],
    ...Object.entries(RANGES).map(([param, range]): [boolean, string, string] => [
      !inRange(wish[param as keyof typeof RANGES], range),
      param,
      'gateway_number_out_of_range',
    ]),
  ];
  return wrong.flatMap(([is, param, code]) => (is ? [{ param, code }] : []));
}

/** An alphanumeric sender has a type of number of its own. */
const ALPHANUMERIC = 5;

/** What is kept of a wish: of the settings, not the password. */
export function smppKept(wish: SmppWish): SmppSettings {
  const kept = { ...SMPP_DEFAULTS };
  for (const name of Object.keys(SMPP_DEFAULTS) as (keyof SmppSettings)[]) {
    if (wish[name] !== undefined) Object.assign(kept, { [name]: wish[name] });
  }
  if (wish.sourceTon === undefined && /[^+\d]/.test(kept.from)) Object.assign(kept, { sourceTon: ALPHANUMERIC, sourceNpi: 0 });
  return kept;
}
