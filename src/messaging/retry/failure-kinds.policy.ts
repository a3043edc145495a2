import { PARTLY } from '../blasts/blast.states.js';

/**
 * What a failure says about trying again, by the network's code as we keep it. Only what is known to pass is tried again: a code that nobody here knows is
 * left alone, for it may be a black list.
 */
export const FAILURE_KINDS = ['technical', 'number', 'refused', 'partly', 'unknown'] as const;
/** technical: of the moment or of the way · number: nobody is there · refused: the network, or its rules, want no such message · partly: the customer has read some of it. */
export type FailureKind = (typeof FAILURE_KINDS)[number];

const kinds = (of: Partial<Record<FailureKind, readonly number[]>>): Map<number, FailureKind> =>
  new Map(FAILURE_KINDS.flatMap((kind) => (of[kind] ?? []).map((code) => [code, kind] as const)));

/** Errors of the mobile application part (GSM 09.02), which networks give as `err:` of a receipt. */
const MAP_ERRORS = kinds({
  // absent, no answer to paging, busy, memory full, centre or switch at fault, data missing or unexpected
  technical: [6, 27, 28, 31, 32, 33, 34, 35, 36],
  // unknown or unidentified subscriber, no such service, illegal equipment
  number: [1, 5, 9, 10, 11, 12],
  // barred
  refused: [13, 21],
});
/** command_status of SMPP 3.4. */
const SMPP_STATUSES = kinds({
  // system error, queue full, submit failed, throttled, temporary fault of the receiver
  technical: [0x08, 0x14, 0x45, 0x58, 0x64],
  // destination
  number: [0x0b, 0x33, 0x34, 0x48, 0x50, 0x51],
  refused: [0x65, 0x66],
});
/** Statuses of SMGP 3.0. */
const SMGP_STATUSES = kinds({ technical: [1, 37, 39, 58, 103, 104], number: [47, 108, 109], refused: [106] });

/** Our own: the row could not be made into a message. */
const OURS = new Map<string, FailureKind>([['row_fault', 'technical']]);

const READERS: readonly { form: RegExp; kindOf: (found: RegExpExecArray) => FailureKind | undefined }[] = [
  { form: new RegExp(`^${PARTLY}\\b`), kindOf: () => 'partly' },
  { form: /^REJECTD\b/i, kindOf: () => 'refused' },
  { form: /^(?:UNDELIV|FAILED)\s+0*(\d{1,3})$/i, kindOf: ([, err]) => MAP_ERRORS.get(Number(err)) },
  { form: /^(?:NACK\s+)?0x([0-9a-f]{1,8})$/i, kindOf: ([, status]) => SMPP_STATUSES.get(parseInt(status ?? '', 16)) },
  { form: /^(\d{1,3})(?:\s+\D.*)?$/, kindOf: ([, status]) => SMGP_STATUSES.get(Number(status)) },
];

export function kindOfFailure(code: string | null): FailureKind {
  if (code === null) return 'unknown';
  const own = OURS.get(code);
  if (own) return own;
  for (const { form, kindOf } of READERS) {
    const found = form.exec(code);
    if (found) return kindOf(found) ?? 'unknown';
  }
  return 'unknown';
}

/** What stands behind a failure: words of ours, the network's code, or both. */
interface Told {
  key: string | null;
  code: string | null;
}

export function toldOf(code: string | null): Told {
  if (code !== null && OURS.has(code)) return { key: code, code: null };
  const [first, ...rest] = (code ?? '').split(' ');
  return first === PARTLY ? { key: PARTLY, code: rest.join(' ') || null } : { key: null, code };
}
