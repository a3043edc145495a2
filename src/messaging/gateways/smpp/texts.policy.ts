import type { OutgoingMessage } from '../gateway.types.js';
import { cutParts, measure } from '../../wording/sms-parts.policy.js';
import { digitsOf, type InboundText, makesSense, type NumberForm, type TextPart, withHeader, withoutHeader } from '../long-texts.policy.js';
import { absoluteTime } from '../stale-after.policy.js';
import { DATA_CODING, gsm7Octets, textOf, ucs2Octets } from './alphabets.policy.js';
import { numberIn, tlvNumber } from '../tlvs.policy.js';
import { type Address, ESM, type ShortMessage, TAG } from './pdu.types.js';
import { octetsOf } from './receipts.policy.js';

/** How a message of ours becomes submit_sm, and how deliver_sm becomes a text again. */

export interface Sender {
  source: Address;
  destinationTon: number;
  destinationNpi: number;
  /** Numbers with 86 before them, or as they are dialled at home. */
  numbers: NumberForm;
  /** Long messages: in parts with a user data header, or whole in message_payload. */
  longMessages: 'udh' | 'payload';
}

const RECEIPT_WANTED = 1;
const NOTHING = Buffer.alloc(0);

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
    validUntil: absoluteTime(message.notAfter),
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
  return texts.map((text, i) => ({ ...one, esmClass: ESM.udh, content: withHeader(octets(text), { reference, total: texts.length, part: i + 1 }) }));
}

function sarOf({ tlvs }: ShortMessage): TextPart | null {
  const [reference, total, part] = [numberIn(tlvs, TAG.sarReference), numberIn(tlvs, TAG.sarTotal), numberIn(tlvs, TAG.sarPart)];
  return reference === null || total === null || part === null ? null : { reference, total, part };
}

/** What a customer wrote. What is no text is shown by its bytes. */
export function readInbound(message: ShortMessage): InboundText {
  const whole = octetsOf(message);
  const { octets, of: headed } = (message.esmClass & ESM.udh) === 0 ? { octets: whole, of: null } : withoutHeader(whole);
  const of = headed ?? sarOf(message);
  return { body: textOf(octets, message.dataCoding) ?? octets.toString('hex'), of: of && makesSense(of) ? of : null };
}
