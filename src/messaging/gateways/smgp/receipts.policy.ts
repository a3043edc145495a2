import { parsePhone } from '../../../kernel/phone.js';
import type { ReceiptState } from '../gateway.types.js';
import { fieldIn, headOf, stateOfName } from '../report-texts.policy.js';
import { DATA_CODING, textOf } from '../smpp/alphabets.policy.js';
import { refOf } from './message-ids.policy.js';
import { type Deliver, ID_BYTES } from './packet.types.js';

/** What a Deliver with IsReport says of a message of ours. */
export interface DeliveryReport {
  /** Null where it names none. */
  ref: string | null;
  /** To whom the message was; some gateways put it as the sender of the report, some as its receiver. */
  number: string | null;
  state: ReceiptState;
  networkCode: string | null;
}

const START = /^id:/i;
const WRITTEN_OUT = /^[0-9a-f]{20}(?=\s|$)/i;

/** Ten raw bytes after `id:`, any of which may look like a letter or a blank; some gateways write them out in hexadecimal. */
function splitId(content: Buffer): { id: Buffer | null; rest: Buffer } {
  if (!START.test(content.toString('latin1', 0, 3))) return { id: null, rest: content };
  const after = content.subarray(3);
  if (WRITTEN_OUT.test(after.toString('latin1', 0, 2 * ID_BYTES + 1)))
    return { id: Buffer.from(after.toString('latin1', 0, 2 * ID_BYTES), 'hex'), rest: after.subarray(2 * ID_BYTES) };
  if (after.length < ID_BYTES) return { id: null, rest: after };
  return { id: after.subarray(0, ID_BYTES), rest: after.subarray(ID_BYTES) };
}

function numberIn(...digits: string[]): string | null {
  for (const each of digits) {
    const parsed = parsePhone(each);
    if ('number' in parsed) return parsed.number;
  }
  return null;
}

/** @param now when it came */
export function readReport({ content, source, destination }: Deliver, now: Date): DeliveryReport {
  const { id, rest } = splitId(content);
  const head = headOf(textOf(rest, DATA_CODING.latin1) ?? '');
  const stat = fieldIn(head, 'stat');
  const known = stat === null ? undefined : stateOfName(stat);
  const code = [known?.name ?? stat, fieldIn(head, 'err')].filter((each) => each !== null);
  return {
    ref: id && refOf(id, now),
    number: numberIn(source, destination),
    state: known?.state ?? 'unknown',
    networkCode: code.length > 0 ? code.join(' ') : null,
  };
}
