import { type Check, faultsOf, fits, keptOf, LINE_DEFAULTS, lineChecks, type LineFault, type LineSettings } from '../session/line-settings.policy.js';

/** An SMGP account as stored, the shared secret apart: `systemId` is ClientID, `from` SrcTermID, the access code such as 10659…. */
export interface SmgpSettings extends LineSettings {
  serviceId: string;
  msgSrc: string;
}

export const SMGP_DEFAULTS: SmgpSettings = { ...LINE_DEFAULTS, port: 8890, serviceId: '', msgSrc: '', numbers: 'national' };
/** These gateways allow 16 to 32 messages without an answer. */
export const SMGP_WINDOW = 16;

export const smgpSettings = (stored: Record<string, unknown>): SmgpSettings => ({ ...SMGP_DEFAULTS, ...stored });

export type SmgpWish = Partial<SmgpSettings> & { password?: string };

const ACCESS_CODE = /^\d{1,21}$/;

/** What is wrong with an account as somebody wishes it. @param hasPassword a secret is kept already */
export function smgpFaults(wish: SmgpWish, hasPassword: boolean): LineFault[] {
  const { systemId, from } = wish;
  const own: Check[] = [
    [!systemId, 'systemId', 'gateway_client_id_missing'],
    [!!systemId && !fits(systemId, 8), 'systemId', 'gateway_client_id_malformed'],
    [!from, 'from', 'gateway_access_code_missing'],
    [!!from && !ACCESS_CODE.test(from), 'from', 'gateway_access_code_malformed'],
    [!fits(wish.serviceId ?? '', 10), 'serviceId', 'gateway_service_id_malformed'],
    [!fits(wish.msgSrc ?? '', 8), 'msgSrc', 'gateway_msg_src_malformed'],
  ];
  return faultsOf([...lineChecks(wish, hasPassword, 'gateway_secret_missing'), ...own]);
}

/** What is kept of a wish: of the settings, not the secret. */
export const smgpKept = (wish: SmgpWish): SmgpSettings => keptOf(SMGP_DEFAULTS, wish);
