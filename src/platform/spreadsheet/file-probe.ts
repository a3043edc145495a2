import { isAscii, isUtf8 } from 'node:buffer';

/** What a file is, judged by all of its bytes. What is no table is named as what it is; `empty` holds nothing. */
export type FileKind = TextKind | 'xlsx' | 'xls' | 'html' | 'pdf' | 'image' | 'archive' | 'binary' | 'empty';
export type TextKind = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

const SIGNATURES: [kind: FileKind, starts: string[]][] = [
  ['xlsx', ['PK\x03\x04']],
  ['xls', ['\xd0\xcf\x11\xe0']], // also what Excel makes of a workbook with a password
  ['utf-16le', ['\xff\xfe']],
  ['utf-16be', ['\xfe\xff']],
  ['pdf', ['%PDF-']],
  ['image', ['\x89PNG', '\xff\xd8\xff', 'GIF8']],
  ['archive', ['PK\x05\x06', '\x1f\x8b', 'Rar!', '7z\xbc\xaf']],
];
const BOM = '\xef\xbb\xbf';
/** A page or an XML table: many systems name such a file .xls. */
const HTML = /^(\xef\xbb\xbf)?\s*<(!doctype|html|head|meta|table|style|\?xml)/i;
const HEAD_BYTES = 512;

/** How many bytes at the end belong to a character whose rest has not arrived. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** A Chinese character in UTF-8. GBK hits upon this by chance in one line of thousands; upon two bytes of UTF-8 all the time (女 is Ů). */
const CHINESE = /[\xe4-\xe9][\x80-\xbf]{2}/;
const ENOUGH_LINES = 20_000;
/** How many lines of good Chinese UTF-8 outweigh one that is none. */
const OUTWEIGH = 4;

/** Lines that speak for and against UTF-8, should a byte turn up that does not belong there. */
class Evidence {
  private lines = 0;
  private against = 0;

  weigh(bytes: Buffer): void {
    for (let from = 0; from < bytes.length && this.lines + this.against < ENOUGH_LINES;) {
      const end = bytes.indexOf(10, from);
      const line = bytes.subarray(from, end < 0 ? bytes.length : end);
      from += line.length + 1;
      if (isAscii(line)) continue;
      if (!isUtf8(line)) this.against += 1;
      else if (CHINESE.test(line.toString('latin1'))) this.lines += 1;
    }
  }

  get isUtf8(): boolean {
    return this.lines > this.against * OUTWEIGH;
  }
}

/**
 * Learns the kind of a file while it streams by. UTF-8 is tried on every byte: a file that is plain ASCII for its first megabyte
 * and GBK afterwards is GBK. One damaged character does not make GBK of a file of good UTF-8: its row will be refused, not all others garbled.
 * What is no UTF-8 and has no NUL byte is taken for GB18030, which contains GBK and GB2312.
 */
export class FileProbe {
  private head = '';
  private carry: Buffer = Buffer.alloc(0);
  private utf8 = true;
  private nul = false;
  private readonly evidence = new Evidence();

  push(chunk: Buffer): void {
    if (this.head.length < HEAD_BYTES) this.head += chunk.toString('latin1', 0, HEAD_BYTES);
    this.nul ||= chunk.includes(0);
    const bytes = this.carry.length > 0 ? Buffer.concat([this.carry, chunk]) : chunk;
    const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
    this.carry = Buffer.from(bytes.subarray(whole.length));
    if (isAscii(whole)) return;
    this.utf8 &&= isUtf8(whole);
    this.evidence.weigh(whole);
  }

  /** The verdict, after the last chunk. */
  kind(): FileKind {
    if (this.head === '') return 'empty';
    const signed = SIGNATURES.find(([, starts]) => starts.some((start) => this.head.startsWith(start)));
    if (signed) return signed[0];
    if (HTML.test(this.head)) return 'html';
    if (this.nul) return 'binary';
    if ((this.utf8 && this.carry.length === 0) || this.head.startsWith(BOM)) return 'utf-8';
    return this.evidence.isUtf8 ? 'utf-8' : 'gb18030';
  }
}
