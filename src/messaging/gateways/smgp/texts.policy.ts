import type { OutgoingMessage } from '../gateway.types.js';
import { cutParts, measure, measureAs } from '../../wording/sms-parts.policy.js';
import { digitsOf, type InboundText, makesSense, type NumberForm, withHeader, withoutHeader } from '../long-texts.policy.js';
import { absoluteTime } from '../stale-after.policy.js';
import { DATA_CODING, textOf, ucs2Octets } from '../smpp/alphabets.policy.js';
import { numberIn } from '../tlvs.policy.js';
import { type Deliver, FORMAT, type Submit, TAG, TO_TERMINAL, WIDTH } from './packet.types.js';

/** How a message of ours becomes Submits, and how a Deliver becomes a text again. */

export interface Sender {
  from: string;
  serviceId: string;
  /** Where the content is from, an optional parameter; empty: left out. */
  msgSrc: string;
  numbers: NumberForm;
}

const REPORT_WANTED = 1;
const NORMAL = 1;
/** Nobody is charged for what we send. */
const FREE = { feeType: '00', feeCode: '000000', fixedFee: '000000' } as const;

const ASCII = /^[\r\n\x20-\x7e]*$/;
const asciiOctets = (text: string): Buffer => Buffer.from(text, 'latin1');
const one = (value: number): Buffer => Buffer.from([value]);

function msgSrcOf(text: string): Buffer {
  const field = Buffer.alloc(WIDTH.msgSrc);
  field.write(text, 'latin1');
  return field;
}

/** This protocol has ASCII where others have the GSM alphabet: what that has beyond it goes out in UCS-2. */
function writingOf(body: string): { format: number; octets: (text: string) => Buffer; breaks: readonly number[] } {
  const { encoding, breaks } = measure(body);
  if (encoding === 'gsm7' && ASCII.test(body)) return { format: FORMAT.ascii, octets: asciiOctets, breaks };
  return { format: FORMAT.ucs2, octets: ucs2Octets, breaks: measureAs(body, 'ucs2').breaks };
}

/** One Submit a part. @param reference tells the parts of one message from those of another on the telephone */
export function submitsOf(message: OutgoingMessage, sender: Sender, reference: number): Submit[] {
  const { format, octets, breaks } = writingOf(message.body);
  const source = sender.msgSrc ? [[TAG.msgSrc, msgSrcOf(sender.msgSrc)] as const] : [];
  const texts = cutParts(message.body, breaks);
  const total = texts.length;
  const whole = {
    type: TO_TERMINAL,
    needReport: REPORT_WANTED,
    priority: NORMAL,
    serviceId: sender.serviceId,
    ...FREE,
    format,
    validTime: absoluteTime(message.notAfter),
    atTime: '',
    source: sender.from,
    charged: '',
    destinations: [digitsOf(message.number, sender.numbers)],
  };
  if (total === 1) return [{ ...whole, content: octets(message.body), tlvs: new Map(source) }];
  return texts.map((text, i) => ({
    ...whole,
    content: withHeader(octets(text), { reference, total, part: i + 1 }),
    tlvs: new Map([[TAG.tpUdhi, one(1)], ...source, [TAG.pkTotal, one(total)], [TAG.pkNumber, one(i + 1)]]),
  }));
}

/** What a customer wrote. What is no text is shown by its bytes. */
export function readInbound({ content, format, tlvs }: Deliver): InboundText {
  const headed = ((numberIn(tlvs, TAG.tpUdhi) ?? 0) & 1) === 1;
  const { octets, of } = headed ? withoutHeader(content) : { octets: content, of: null };
  const body = textOf(octets, format === FORMAT.ascii ? DATA_CODING.latin1 : format);
  return { body: body ?? octets.toString('hex'), of: of && makesSense(of) ? of : null };
}
