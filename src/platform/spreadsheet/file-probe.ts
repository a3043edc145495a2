import { isUtf8 } from 'node:buffer';

/** What a file is, judged by all of its bytes. `binary` and `xls` cannot be read; `empty` holds nothing. */
export type FileKind = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'xlsx' | 'xls' | 'binary' | 'empty';

const SIGNATURES: [kind: FileKind, bytes: number[]][] = [
  ['xlsx', [0x50, 0x4b, 0x03, 0x04]],
  ['xls', [0xd0, 0xcf, 0x11, 0xe0]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** How many bytes at the end belong to a character whose rest has not arrived. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/**
 * Learns the kind of a file while it streams by. UTF-8 is tried on every byte: a file that is plain ASCII for its first megabyte
 * and GBK afterwards is GBK. What is no UTF-8 and has no NUL byte is taken for GB18030, which contains GBK and GB2312.
 */
export class FileProbe {
  private head = Buffer.alloc(0);
  private carry: Buffer = Buffer.alloc(0);
  private utf8 = true;
  private nul = false;

  push(chunk: Buffer): void {
    if (this.head.length < 4) this.head = Buffer.concat([this.head, chunk.subarray(0, 4)]);
    this.nul ||= chunk.includes(0);
    if (!this.utf8) return;
    const bytes = this.carry.length > 0 ? Buffer.concat([this.carry, chunk]) : chunk;
    const cut = bytes.length - unfinished(bytes);
    this.utf8 = isUtf8(bytes.subarray(0, cut));
    this.carry = Buffer.from(bytes.subarray(cut));
  }

  /** The verdict, after the last chunk. */
  kind(): FileKind {
    if (this.head.length === 0) return 'empty';
    const signed = SIGNATURES.find(([, bytes]) => bytes.every((byte, i) => this.head[i] === byte));
    if (signed) return signed[0];
    if (this.nul) return 'binary';
    return this.utf8 && this.carry.length === 0 ? 'utf-8' : 'gb18030';
  }
}
