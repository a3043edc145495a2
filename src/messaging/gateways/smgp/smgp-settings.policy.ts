import { NUMBER_FORMS, type NumberForm } from '../long-texts.policy.js';
import { BIND_MODES, fits, HOST, inRange, isOneOf, type SmppFault } from '../smpp/smpp-settings.policy.js';

/** An SMGP account as stored, the shared secret apart. */
export interface SmgpSettings {
  host: string;
  port: number;
  /** ClientID. */
  systemId: string;
  /** One connection for both directions, or one for each. */
  bindMode: (typeof BIND_MODES)[number];
  /** SrcTermID: the access code, such as 10659…. */
  from: string;
  serviceId: string;
  msgSrc: string;
  numbers: NumberForm;
  /** Silence after which the line is asked for a sign of life. */
  enquireSeconds: number;
  /** Without an answer for so long a message is in doubt. */
  answerSeconds: number;
}

export const SMGP_DEFAULTS: SmgpSettings = {
  host: '',
  port: 8890,
  systemId: '',
  bindMode: 'transceiver',
  from: '',
  serviceId: '',
  msgSrc: '',
  numbers: 'national',
  enquireSeconds: 30,
  answerSeconds: 60,
};
/** These gateways allow 16 to 32 messages without an answer. */
export const SMGP_WINDOW = 16;

export const smgpSettings = (stored: Record<string, unknown>): SmgpSettings => ({ ...SMGP_DEFAULTS, ...stored });

export type SmgpWish = Partial<SmgpSettings> & { password?: string };

const ACCESS_CODE = /^\d{1,21}$/;
const RANGES = { port: [1, 65_535], enquireSeconds: [5, 600], answerSeconds: [2, 600] } as const;
/** The standard has 15 characters; the digest takes any number. */
const SECRET_MOST = 64;

/** What is wrong with an account as somebody wishes it. @param hasPassword a secret is kept already */
export function smgpFaults(wish: SmgpWish, hasPassword: boolean): SmppFault[] {
  const { host, systemId, from, password } = wish;
  const wrong: [boolean, string, string][] = [
    [!host, 'host', 'gateway_host_missing'],
    [!!host && !HOST.test(host), 'host', 'gateway_host_malformed'],
    [!systemId, 'systemId', 'gateway_client_id_missing'],
    [!!systemId && !fits(systemId, 8), 'systemId', 'gateway_client_id_malformed'],
    [password === undefined && !hasPassword, 'password', 'gateway_secret_missing'],
    [!fits(password ?? '', SECRET_MOST), 'password', 'gateway_password_malformed'],
    [!from, 'from', 'gateway_access_code_missing'],
    [!!from && !ACCESS_CODE.test(from), 'from', 'gateway_access_code_malformed'],
    [!fits(wish.serviceId ?? '', 10), 'serviceId', 'gateway_service_id_malformed'],
    [!fits(wish.msgSrc ?? '', 8), 'msgSrc', 'gateway_msg_src_malformed'],
    [!isOneOf(BIND_MODES, wish.bindMode), 'bindMode', 'gateway_choice_unknown'],
    [!isOneOf(NUMBER_FORMS, wish.numbers), 'numbers', 'gateway_choice_unknown'],
    ...Object.entries(RANGES).map(([param, range]): [boolean, string, string] => [
      !inRange(wish[param as keyof typeof RANGES], range),
      param,
      'gateway_number_out_of_range',
    ]),
  ];
  return wrong.flatMap(([is, param, code]) => (is ? [{ param, code }] : []));
}

/** What is kept of a wish: of the settings, not the secret. */
export function smgpKept(wish: SmgpWish): SmgpSettings {
  const kept = { ...SMGP_DEFAULTS };
  for (const name of Object.keys(SMGP_DEFAULTS) as (keyof SmgpSettings)[]) {
    if (wish[name] !== undefined) Object.assign(kept, { [name]: wish[name] });
  }
  return kept;
}
