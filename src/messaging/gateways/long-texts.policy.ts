/** What telephones know of a message of several parts: a user data header before the text of each. */

const HEADER_BYTES = 6;

/** Of one part: which message, how many parts, which of them. */
export interface TextPart {
  reference: number;
  total: number;
  part: number;
}

export interface InboundText {
  body: string;
  /** Null for a message of one part. */
  of: TextPart | null;
}

/** `05 00 03 id total n` before the octets; of the reference one byte goes out. */
export function withHeader(octets: Buffer, { reference, total, part }: TextPart): Buffer {
  const whole = Buffer.allocUnsafe(HEADER_BYTES + octets.length);
  whole.set([5, 0, 3, reference & 0xff, total, part]);
  octets.copy(whole, HEADER_BYTES);
  return whole;
}

/** The concatenation element of a user data header, with a reference of one byte or of two. */
function elementOf(header: Buffer): TextPart | null {
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

/** The octets after the header, and what the header says. */
export function withoutHeader(whole: Buffer): { octets: Buffer; of: TextPart | null } {
  const headerBytes = whole.length > 0 ? 1 + whole.readUInt8(0) : 0;
  return { octets: whole.subarray(headerBytes), of: headerBytes > 0 ? elementOf(whole.subarray(1, headerBytes)) : null };
}

export const makesSense = ({ total, part }: TextPart): boolean => total > 1 && part >= 1 && part <= total && total <= 255;

/** With 86 before them, or as they are dialled at home. */
export const NUMBER_FORMS = ['international', 'national'] as const;
export type NumberForm = (typeof NUMBER_FORMS)[number];

export const digitsOf = (number: string, form: NumberForm): string => number.replace(form === 'national' ? /^\+86/ : /^\+/, '');
