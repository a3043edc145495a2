import { PARTLY } from '../blasts/blast.states.js';
import type { Way } from '../gateways/gateway.types.js';

/**
 * What a failure says about trying again, by the network's code as we keep it. Only what is known to pass is tried again: a code that nobody here knows is
 * left alone, for it may be a black list.
 */
export const FAILURE_KINDS = ['technical', 'number', 'refused', 'partly', 'unknown'] as const;
/** technical: of the moment or of the way · number: nobody is there · refused: the network, or its rules, want no such message · partly: the customer has read some of it. */
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** `said`: where its sentence stands, under `sms.failure.`; null where nobody here can say more than the code. */
export interface FailureMeaning {
  kind: FailureKind;
  said: string | null;
}

type Meanings = ReadonlyMap<number, FailureMeaning>;

const NOT_KNOWN: FailureMeaning = { kind: 'unknown', said: null };

function meanings(family: string, of: Partial<Record<FailureKind, readonly number[]>>, radix = 10): Meanings {
  const said = (code: number): string => `${family}.${code.toString(radix)}`;
  return new Map(FAILURE_KINDS.flatMap((kind) => (of[kind] ?? []).map((code) => [code, { kind, said: said(code) }] as const)));
}

/** Errors of the mobile application part (GSM 09.02), which networks give as `err:` of a receipt. */
const MAP_ERRORS: Meanings = new Map([
  ...meanings('map', {
    // absent, busy, memory full, centre or switch at fault, data missing or unexpected
    technical: [6, 27, 31, 32, 33, 34, 35, 36],
    // unknown or unidentified subscriber, no such service, illegal equipment
    number: [1, 5, 9, 10, 11, 12],
    // barred
    refused: [13, 21],
  }),
  // no answer to paging at some centres, a telephone that cannot take it at others: passes or not, and no sentence fits both
  [28, { kind: 'technical', said: null }],
]);
/**
 * `err:` of a receipt of SMGP 3.0, whose low numbers are other faults than those of GSM: its own list, as clz619/smgp3 (SmgpReportErrEnum) has it. What is
 * not in it comes from further away, and is read as there.
 */
const SMGP_ERRORS = meanings('smgp_err', { technical: [1, 2, 6, 7, 10], number: [4, 8], refused: [5], unknown: [3, 9, 999] });
/** command_status of SMPP 3.4. */
const SMPP_STATUSES = meanings(
  'smpp',
  {
    // system error, queue full, submit failed, throttled, temporary fault of the receiver
    technical: [0x08, 0x14, 0x45, 0x58, 0x64],
    // destination
    number: [0x0b, 0x33, 0x34, 0x50, 0x51],
    refused: [0x65, 0x66],
    // the sender's number: of the settings, and no better a second time
    unknown: [0x48],
  },
  16,
);
/** Statuses of SMGP 3.0 that are of one message; those not tried again without being of its number or its words are faults of what we wrote. */
const SMGP_STATUSES = meanings('smgp', {
  technical: [1, 37, 39, 58, 103, 104],
  number: [47, 108, 109],
  refused: [106],
  unknown: [10, 30, 31, 34, 35, 36, 44, 45, 107],
});

/** Our own: the row could not be made into a message. What it says stands among the reasons. */
const OURS = new Map<string, FailureMeaning>([['row_fault', { kind: 'technical', said: null }]]);

type Ways = readonly Pick<Way, 'kind'>[];

/** Where messages went two ways whose lists differ over a number, nobody can say which of them it is of. */
function receiptError(err: number, ways: Ways): FailureMeaning | undefined {
  const [ofSmgp, ofGsm] = [SMGP_ERRORS.get(err) ?? MAP_ERRORS.get(err), MAP_ERRORS.get(err)];
  if (!ways.some(({ kind }) => kind === 'smgp')) return ofGsm;
  if (ways.every(({ kind }) => kind === 'smgp') || ofSmgp === ofGsm) return ofSmgp;
  return { kind: ofSmgp?.kind === ofGsm?.kind && ofGsm ? ofGsm.kind : 'unknown', said: null };
}

const READERS: readonly { form: RegExp; read: (found: RegExpExecArray, ways: Ways) => FailureMeaning | undefined }[] = [
  { form: /^REJECTD\b/i, read: () => ({ kind: 'refused', said: 'stat.rejectd' }) },
  { form: /^DELETED\b/i, read: () => ({ kind: 'unknown', said: 'stat.deleted' }) },
  { form: /^(?:UNDELIV|FAILED)\s+0*(\d{1,3})$/i, read: ([, err], ways) => receiptError(Number(err), ways) },
  { form: /^(?:NACK\s+)?0x([0-9a-f]{1,8})$/i, read: ([, status]) => SMPP_STATUSES.get(parseInt(status ?? '', 16)) },
  { form: /^(\d{1,3})(?:\s+\D.*)?$/, read: ([, status]) => SMGP_STATUSES.get(Number(status)) },
];

/** @param ways the gateways it may have gone out by; without any, the numbers are those of GSM */
export function meaningOf(code: string | null, ways: Ways = []): FailureMeaning {
  if (code === null) return NOT_KNOWN;
  const own = OURS.get(code);
  if (own) return own;
  const told = toldOf(code);
  // whoever has read some of it is not sent it again, whatever became of the rest
  if (told.key === PARTLY) return { kind: 'partly', said: meaningOf(told.code, ways).said };
  for (const { form, read } of READERS) {
    const found = form.exec(code);
    if (found) return read(found, ways) ?? NOT_KNOWN;
  }
  return NOT_KNOWN;
}

export const kindOfFailure = (code: string | null, ways: Ways = []): FailureKind => meaningOf(code, ways).kind;

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

/** Every sentence there is. */
export const FAILURE_SENTENCES: readonly string[] = [
  ...[MAP_ERRORS, SMGP_ERRORS, SMPP_STATUSES, SMGP_STATUSES].flatMap((list) => [...list.values()].flatMap(({ said }) => said ?? [])),
  'stat.rejectd',
  'stat.deleted',
];
