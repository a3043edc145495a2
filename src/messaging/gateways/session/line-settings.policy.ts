import { NUMBER_FORMS, type NumberForm } from '../long-texts.policy.js';

/** What accounts over a standing line have in common, whatever they speak. */

export const BIND_MODES = ['transceiver', 'transmitter-receiver'] as const;

export interface LineSettings {
  host: string;
  port: number;
  systemId: string;
  /** One connection for both directions, or one for each. */
  bindMode: (typeof BIND_MODES)[number];
  /** The sender. */
  from: string;
  numbers: NumberForm;
  /** Silence after which the line is asked for a sign of life. */
  enquireSeconds: number;
  /** Without an answer for so long a message is in doubt. */
  answerSeconds: number;
}

export const LINE_DEFAULTS = { host: '', systemId: '', bindMode: 'transceiver', from: '', enquireSeconds: 30, answerSeconds: 60 } as const;

export interface LineFault {
  param: string;
  code: string;
}

export type Range = readonly [least: number, most: number];
/** A fault where it is one: whether, at which field, which. */
export type Check = [is: boolean, param: string, code: string];

const HOST = /^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$/;
const RANGES = { port: [1, 65_535], enquireSeconds: [5, 600], answerSeconds: [2, 600] } as const;
/** Some centres take longer secrets than their standards say. */
const PASSWORD_MOST = 64;

/** What fields of C octet strings hold: printable, and no longer than the standard says, without the closing zero. */
export const fits = (text: string, most: number): boolean => text.length <= most && /^[\x20-\x7e]*$/.test(text);
const isOneOf = (list: readonly string[], value: string | undefined): boolean => value === undefined || list.includes(value);
export const choice = (wish: Readonly<Record<string, unknown>>, param: string, list: readonly string[]): Check => [
  !isOneOf(list, wish[param] as string | undefined),
  param,
  'gateway_choice_unknown',
];
const inRange = (value: unknown, [least, most]: Range): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most);
export const ranges = (wish: Readonly<Record<string, unknown>>, of: Readonly<Record<string, Range>>): Check[] =>
  Object.entries(of).map(([param, range]) => [!inRange(wish[param], range), param, 'gateway_number_out_of_range']);

/** The checks every such account has to stand. @param lacking what it is called that a protocol's password is missing */
export function lineChecks(wish: Partial<LineSettings> & { password?: string }, hasPassword: boolean, lacking: string): Check[] {
  const { host, password } = wish;
  return [
    [!host, 'host', 'gateway_host_missing'],
    [!!host && !HOST.test(host), 'host', 'gateway_host_malformed'],
    [password === undefined && !hasPassword, 'password', lacking],
    [!fits(password ?? '', PASSWORD_MOST), 'password', 'gateway_password_malformed'],
    choice(wish, 'bindMode', BIND_MODES),
    choice(wish, 'numbers', NUMBER_FORMS),
    ...ranges(wish, RANGES),
  ];
}

export const faultsOf = (checks: readonly Check[]): LineFault[] => checks.flatMap(([is, param, code]) => (is ? [{ param, code }] : []));

/** What is kept of a wish: the settings that the table knows, gaps filled. */
export function keptOf<T extends object>(defaults: T, wish: Partial<T>): T {
  const kept = { ...defaults };
  for (const name of Object.keys(defaults) as (keyof T)[]) {
    if (wish[name] !== undefined) Object.assign(kept, { [name]: wish[name] });
  }
  return kept;
}
