import type { Tlvs } from './pdu.types.js';

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
