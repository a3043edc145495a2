import type { OutgoingMessage } from '../../gateway.types.js';
import { cutParts, measure } from '../../sms-parts.policy.js';
import { DATA_CODING, gsm7Octets, textOf, ucs2Octets } from './alphabets.policy.js';
import { numberIn, tlvNumber } from './tlvs.policy.js';
import { type Address, ESM, type ShortMessage, TAG } from './pdu.types.js';
import { octetsOf } from './receipts.policy.js';

/** How a message of ours becomes submit_sm, and how deliver_sm becomes a text again. */

export interface Sender {
  source: Address;
  destinationTon: number;
  destinationNpi: number;
  /** Numbers with 86 before them, or as they are dialled at home. */
  numbers: 'international' | 'national';
  /** Long messages: in parts with a user data header, or whole in message_payload. */
  longMessages: 'udh' | 'payload';
}

const HEADER_BYTES = 6;
const RECEIPT_WANTED = 1;
const NOTHING = Buffer.alloc(0);

const digitsOf = (number: string, numbers: Sender['numbers']): string => number.replace(numbers === 'national' ? /^\+86/ : /^\+/, '');

/** `05 00 03 id total n` before the octets. */
function withHeader(octets: Buffer, [reference, total, part]: readonly [number, number, number]): Buffer {
  const whole = Buffer.allocUnsafe(HEADER_BYTES + octets.length);
  whole.set([5, 0, 3, reference & 0xff, total, part]);
  octets.copy(whole, HEADER_BYTES);
  return whole;
}

/** One submit_sm a part. @param own our reference of the message @param reference tells the parts of one message from those of another on the telephone; one byte of it goes out */
export function submitsOf(message: OutgoingMessage, sender: Sender, { own, reference }: { own: number; reference: number }): ShortMessage[] {
  const { encoding, breaks } = measure(message.body);
  const octets = encoding === 'gsm7' ? gsm7Octets : ucs2Octets;
  const one: ShortMessage = {
    serviceType: '',
    source: sender.source,
    destination: { ton: sender.destinationTon, npi: sender.destinationNpi, digits: digitsOf(message.number, sender.numbers) },
    esmClass: 0,
    protocolId: 0,
    priority: 0,
    scheduledFor: '',
    validUntil: '',
    registeredDelivery: RECEIPT_WANTED,
    replaceIfPresent: 0,
    dataCoding: DATA_CODING[encoding],
    defaultMessageId: 0,
    content: NOTHING,
    tlvs: new Map([[TAG.userMessageReference, tlvNumber(own, 2)]]),
  };
  if (breaks.length === 0) return [{ ...one, content: octets(message.body) }];
  if (sender.longMessages === 'payload') return [{ ...one, tlvs: new Map([...one.tlvs, [TAG.messagePayload, octets(message.body)]]) }];
  const texts = cutParts(message.body, breaks);
  return texts.map((text, i) => ({ ...one, esmClass: ESM.udh, content: withHeader(octets(text), [reference, texts.length, i + 1]) }));
}

export interface InboundPart {
  reference: number;
  total: number;
  part: number;
}

export interface InboundText {
  body: string;
  /** Null for a message of one part. */
  of: InboundPart | null;
}

/** The concatenation element of a user data header, with a reference of one byte or of two. */
function elementOf(header: Buffer): InboundPart | null {
  for (let at = 0; at + 2 <= header.length; at += 2 + (header[at + 1] ?? 0)) {
    const [kind, length] = [header[at], header[at + 1]];
    const value = header.subarray(at + 2, at + 2 + (length ?? 0));
    if (kind === 0 && length === 3 && value.length === 3)
      return { reference: value.readUInt8(0), total: value.readUInt8(1), part: value.readUInt8(2) };
    if (kind === 8 && length === 4 && value.length === 4)
      return { reference: value.readUInt16BE(0), total: value.readUInt8(2), part: value.readUInt8(3) };
  }
  return null;
}

function sarOf({ tlvs }: ShortMessage): InboundPart | null {
  const [reference, total, part] = [numberIn(tlvs, TAG.sarReference), numberIn(tlvs, TAG.sarTotal), numberIn(tlvs, TAG.sarPart)];
  return reference === null || total === null || part === null ? null : { reference, total, part };
}

const makesSense = ({ total, part }: InboundPart): boolean => total > 1 && part >= 1 && part <= total && total <= 255;

/** What a customer wrote. What is no text is shown by its bytes. */
export function readInbound(message: ShortMessage): InboundText {
  const whole = octetsOf(message);
  const headerBytes = (message.esmClass & ESM.udh) !== 0 && whole.length > 0 ? 1 + whole.readUInt8(0) : 0;
  const header = whole.subarray(1, headerBytes);
  const octets = whole.subarray(headerBytes);
  const of = (headerBytes > 0 ? elementOf(header) : null) ?? sarOf(message);
  return { body: textOf(octets, message.dataCoding) ?? octets.toString('hex'), of: of && makesSense(of) ? of : null };
}
