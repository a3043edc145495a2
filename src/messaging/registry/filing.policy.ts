import { addDays, type Day, daysBetween } from '../../kernel/day.js';

/** How long something is filed for. null: from the beginning, without end. */
export interface Filing {
  validFrom: Day | null;
  expiresOn: Day | null;
}

export type FilingState = 'valid' | 'ends_soon' | 'not_yet' | 'expired';

/** A filing takes the networks some weeks: so long before its end a new one is asked for. */
export const WARN_DAYS = 30;

export function filingState({ validFrom, expiresOn }: Filing, day: Day): FilingState {
  if (expiresOn !== null && expiresOn < day) return 'expired';
  if (validFrom !== null && validFrom > day) return 'not_yet';
  return expiresOn !== null && expiresOn <= addDays(day, WARN_DAYS) ? 'ends_soon' : 'valid';
}

export const daysLeft = ({ expiresOn }: Filing, day: Day): number | null => (expiresOn === null ? null : daysBetween(day, expiresOn));

const holds = (filing: Filing, day: Day): boolean => ['valid', 'ends_soon'].includes(filingState(filing, day));

export interface SignatureFiling extends Filing {
  signature: string;
  /** null: every gateway. */
  gateway: string | null;
}

export interface TemplateFiling extends Filing {
  templateId: string;
  version: number;
  gateway: string;
}

/** What the networks know a text by. */
export interface FiledWording {
  signature: string;
  templateId: string;
  version: number;
}

/** What is to be sent, over which gateways, on which day. */
export interface ToSend extends FiledWording {
  gateways: readonly string[];
  day: Day;
}

export interface FilingFault {
  code:
    | 'signature_not_filed'
    | 'signature_filing_expired'
    | 'signature_filing_not_yet'
    | 'template_not_filed'
    | 'template_filed_otherwise'
    | 'template_filing_expired'
    | 'template_filing_not_yet';
  gateway: string;
  /** The day on which it ended or begins. */
  day: Day | null;
  /** The version that was filed. */
  version: number | null;
}

/** Of filings none of which holds: why, by the one that comes closest. */
function why(filings: readonly Filing[], day: Day): { state: 'expired' | 'not_yet'; day: Day | null } {
  const coming = filings
    .filter((filing) => filingState(filing, day) === 'not_yet')
    .sort((a, b) => (a.validFrom ?? '').localeCompare(b.validFrom ?? ''))[0];
  if (coming) return { state: 'not_yet', day: coming.validFrom };
  const last = [...filings].sort((a, b) => (b.expiresOn ?? '').localeCompare(a.expiresOn ?? ''))[0];
  return { state: 'expired', day: last?.expiresOn ?? null };
}

const covers = (filing: SignatureFiling, signature: string, gateway: string): boolean =>
  filing.signature === signature && (filing.gateway === null || filing.gateway === gateway);

function signatureFault(send: ToSend, gateway: string, filed: readonly SignatureFiling[]): FilingFault | null {
  if (filed.length === 0) return null;
  const own = filed.filter((filing) => covers(filing, send.signature, gateway));
  if (own.length === 0) return { code: 'signature_not_filed', gateway, day: null, version: null };
  if (own.some((filing) => holds(filing, send.day))) return null;
  const { state, day } = why(own, send.day);
  return { code: `signature_filing_${state}`, gateway, day, version: null };
}

function templateFault(send: ToSend, gateway: string, filed: readonly TemplateFiling[]): FilingFault | null {
  const here = filed.filter((filing) => filing.gateway === gateway);
  if (here.length === 0) return null;
  const own = here.find(({ templateId }) => templateId === send.templateId);
  if (!own) return { code: 'template_not_filed', gateway, day: null, version: null };
  if (own.version !== send.version) return { code: 'template_filed_otherwise', gateway, day: null, version: own.version };
  if (holds(own, send.day)) return null;
  const { state, day } = why([own], send.day);
  return { code: `template_filing_${state}`, gateway, day, version: own.version };
}

/** The first thing that keeps a message from going out over the first of its gateways that has one; null: all is filed, or nothing needs to be. */
export function filingFault(
  send: ToSend,
  filed: { signatures: readonly SignatureFiling[]; templates: readonly TemplateFiling[] },
): FilingFault | null {
  for (const gateway of send.gateways) {
    const fault = signatureFault(send, gateway, filed.signatures) ?? templateFault(send, gateway, filed.templates);
    if (fault) return fault;
  }
  return null;
}

/** Goes on without a gap where the other ends, and does not end soon itself. */
const takesOver = (filing: Filing, { expiresOn }: Filing, day: Day): boolean =>
  expiresOn !== null &&
  (filing.validFrom === null || filing.validFrom <= addDays(expiresOn, 1)) &&
  (filing.expiresOn === null || filing.expiresOn > addDays(day, WARN_DAYS));

/** What still holds on the day and ends soon after it with nothing to follow, for a word of warning. */
export function endingSoon(
  send: ToSend,
  filed: { signatures: readonly SignatureFiling[]; templates: readonly TemplateFiling[] },
): (Filing & { what: 'signature' | 'template'; gateway: string | null })[] {
  const endsSoon = (filing: Filing): boolean => filingState(filing, send.day) === 'ends_soon';
  const here = (gateway: string): SignatureFiling[] => filed.signatures.filter((filing) => covers(filing, send.signature, gateway));
  const leavesOpen = (filing: SignatureFiling): boolean =>
    send.gateways.some((gateway) => here(gateway).includes(filing) && !here(gateway).some((other) => takesOver(other, filing, send.day)));
  const templates = filed.templates.filter(({ templateId, gateway }) => templateId === send.templateId && send.gateways.includes(gateway));
  return [
    ...filed.signatures.filter((filing) => endsSoon(filing) && leavesOpen(filing)).map((filing) => ({ ...filing, what: 'signature' as const })),
    ...templates.filter(endsSoon).map((filing) => ({ ...filing, what: 'template' as const })),
  ];
}
