import type { ReceiptState } from '../gateway.types.js';
import { fieldIn, headOf, stateOfName, stateOfNumber } from '../report-texts.policy.js';
import { DATA_CODING, textOf } from './alphabets.policy.js';
import { type IdFormat, normalisedId } from './message-ids.policy.js';
import { numberIn, textIn } from '../tlvs.policy.js';
import { ESM, type ShortMessage, TAG } from './pdu.types.js';

/** What a deliver_sm says of a message of ours. */
export interface DeliveryReport {
  /** The gateway's id in the spelling it is kept under; null where it names none. */
  ref: string | null;
  /** Our user_message_reference, where it comes back. */
  reference: number | null;
  /** To whom the message was. */
  digits: string;
  state: ReceiptState;
  networkCode: string | null;
}

/** By its class, or because it names a message that only we can have sent. A text alone that looks like one is a customer's. */
export const isReport = ({ esmClass, tlvs }: ShortMessage): boolean =>
  (esmClass & ESM.kind) === ESM.receipt || (esmClass & ESM.kind) === ESM.notification || tlvs.has(TAG.receiptedMessageId);

export const octetsOf = ({ content, tlvs }: ShortMessage): Buffer => (content.length > 0 ? content : (tlvs.get(TAG.messagePayload) ?? content));

/** network_error_code: one byte of network type, two of code. */
function networkError(message: ShortMessage): string | null {
  const value = message.tlvs.get(TAG.networkErrorCode);
  return value?.length === 3 ? String(value.readUInt16BE(1)).padStart(3, '0') : null;
}

/** A centre writes its ids in receipts as in its answers, byte by byte; in the GSM alphabet `_`, `$` and `@` of them would be other bytes. */
const reportText = (message: ShortMessage): string =>
  textOf(octetsOf(message), message.dataCoding === DATA_CODING.gsm7 ? DATA_CODING.latin1 : message.dataCoding) ?? '';

/** The optional parameters where they are, else the text. */
export function readReport(message: ShortMessage, format: IdFormat): DeliveryReport {
  const head = headOf(reportText(message));
  const id = textIn(message.tlvs, TAG.receiptedMessageId) || fieldIn(head, 'id');
  const number = numberIn(message.tlvs, TAG.messageState);
  const stat = fieldIn(head, 'stat');
  const known = (number === null ? undefined : stateOfNumber(number)) ?? (stat === null ? undefined : stateOfName(stat));
  const code = [known?.name ?? stat, fieldIn(head, 'err') ?? networkError(message)].filter((each) => each != null);
  return {
    ref: id ? normalisedId(id, 'receipt', format) : null,
    reference: numberIn(message.tlvs, TAG.userMessageReference),
    digits: message.source.digits,
    state: known?.state ?? 'unknown',
    networkCode: code.length > 0 ? code.join(' ') : null,
  };
}
