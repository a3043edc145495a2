import { GSM_BASIC, GSM_ESCAPE, GSM_EXTENDED } from '../../wording/gsm-alphabet.policy.js';

/** Texts as the network carries them: the GSM 03.38 default alphabet (one octet a septet, unpacked) and UCS-2, big end first. */

const OCTET = new Map<string, number>([...GSM_BASIC].map((char, octet) => [char, octet]));
OCTET.delete('\x1b');
const AFTER_ESCAPE = new Map(Object.entries(GSM_EXTENDED).map(([octet, char]) => [char, Number(octet)]));
const QUESTION_MARK = 0x3f;

/** What is not in the alphabet becomes a question mark; who measured the text first has none of these. */
export function gsm7Octets(text: string): Buffer {
  const octets: number[] = [];
  for (const char of text) {
    const plain = OCTET.get(char);
    const extended = AFTER_ESCAPE.get(char);
    if (plain !== undefined) octets.push(plain);
    else if (extended !== undefined) octets.push(GSM_ESCAPE, extended);
    else octets.push(QUESTION_MARK);
  }
  return Buffer.from(octets);
}

/** Characters with the same octet in the default alphabet and in ASCII: nearly all of a receipt. */
const AS_ASCII = /^[\n\r -#%-?A-Za-z]*$/;

/** An escape that leads nowhere is a space, as the standard has it. */
export function gsm7Text(octets: Buffer): string {
  const ascii = octets.toString('latin1');
  if (AS_ASCII.test(ascii)) return ascii;
  let text = '';
  for (let i = 0; i < octets.length; i += 1) {
    const octet = octets[i] ?? 0;
    if (octet !== GSM_ESCAPE) text += GSM_BASIC[octet] ?? ' ';
    else text += GSM_EXTENDED[octets[++i] ?? -1] ?? ' ';
  }
  return text;
}

export const ucs2Octets = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** A last half of a character is left out. */
export const ucs2Text = (octets: Buffer): string =>
  Buffer.from(octets.subarray(0, octets.length - (octets.length % 2)))
    .swap16()
    .toString('utf16le');

export const DATA_CODING = { gsm7: 0, latin1: 3, ucs2: 8 } as const;

const ASCII = 1;
const BINARY = new Set([2, 4]);
/** Not of the standard, but of Chinese gateways. */
const GBK = 15;

const gbk = new TextDecoder('gb18030');

/** The text of a message by its `data_coding`; null for what is no text. Some end it with a zero, which PostgreSQL takes in no text: an opt-out would get lost. */
export const textOf = (octets: Buffer, dataCoding: number): string | null => decoded(octets, dataCoding)?.replaceAll('\u0000', '') ?? null;

function decoded(octets: Buffer, dataCoding: number): string | null {
  if (dataCoding === ASCII || dataCoding === DATA_CODING.latin1) return octets.toString('latin1');
  if (dataCoding === GBK) return gbk.decode(octets);
  if (BINARY.has(dataCoding)) return null;
  const classed = (dataCoding & 0xf0) === 0xf0;
  if (classed) return (dataCoding & 0x04) === 0 ? gsm7Text(octets) : null;
  const alphabet = dataCoding & 0x0c;
  if (alphabet === 0x08) return ucs2Text(octets);
  return alphabet === 0 ? gsm7Text(octets) : null;
}
