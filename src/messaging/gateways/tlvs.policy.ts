/** Optional parameters, the same in SMPP and SMGP: a tag and a length of two bytes each, then the value. */
export type Tlvs = ReadonlyMap<number, Buffer>;

const HEAD_BYTES = 4;
const NONE: Tlvs = new Map();

/** One that runs past the end closes the list: what stands before it is good, and the message it came with is worth more than it. */
export function readTlvs(octets: Buffer): Tlvs {
  if (octets.length === 0) return NONE;
  const found = new Map<number, Buffer>();
  for (let at = 0; at + HEAD_BYTES <= octets.length;) {
    const end = at + HEAD_BYTES + octets.readUInt16BE(at + 2);
    if (end > octets.length) break;
    found.set(octets.readUInt16BE(at), octets.subarray(at + HEAD_BYTES, end));
    at = end;
  }
  return found;
}

export function tlvBytes(tlvs: Tlvs): number {
  let bytes = 0;
  for (const value of tlvs.values()) bytes += HEAD_BYTES + value.length;
  return bytes;
}

/** @returns where they end */
export function writeTlvs(tlvs: Tlvs, into: Buffer, from: number): number {
  let at = from;
  for (const [tag, value] of tlvs) {
    at = into.writeUInt16BE(value.length, into.writeUInt16BE(tag, at));
    at += value.copy(into, at);
  }
  return at;
}

const NUMBERS = { 1: 'writeUInt8', 2: 'writeUInt16BE' } as const;

/** A number as an optional parameter. */
export function tlvNumber(value: number, bytes: 1 | 2): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  buffer[NUMBERS[bytes]](value, 0);
  return buffer;
}

/** The number in an optional parameter, however many bytes the other side took for it. */
export function numberIn(tlvs: Tlvs, tag: number): number | null {
  const value = tlvs.get(tag);
  return value && value.length > 0 && value.length <= 6 ? value.readUIntBE(0, value.length) : null;
}

/** The text in an optional parameter, without its closing zero. */
export function textIn(tlvs: Tlvs, tag: number): string | null {
  const value = tlvs.get(tag);
  if (!value) return null;
  const end = value.indexOf(0);
  return value.toString('latin1', 0, end < 0 ? value.length : end);
}
