import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

/** A packed file that cannot be read, or would unpack to more than anybody could mean. */
export class ZipFault extends Error {
  constructor(
    readonly code: 'zip_bomb' | 'zip_too_large' | 'zip_broken',
    /** How much it unpacked to before it was given up; 0 for a broken one. */
    readonly megabytes = 0,
  ) {
    super(code);
  }
}

export interface ZipEntry {
  /** Path within the file, lower case, with forward slashes: packers differ, and names of parts are compared without case. */
  name: string;
  method: number;
  /** Bytes as they lie in the file. */
  packed: number;
  at: number;
}

const MB = 1024 * 1024;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_END = 22 + 65_535;
const LONGEST_CONTENTS = 64 * MB;
const TOLD_ELSEWHERE = 0xffffffff;
const EXTRA_64 = 1;
const [STORED, DEFLATED] = [0, 8];
const CHUNK_BYTES = 64 * 1024;

/** The entries of a ZIP as its table of contents names them; ZIP64, as some writers always use it, included. */
export class ZipFile {
  /** Packed bytes taken in so far, over all entries. */
  bytesRead = 0;

  private constructor(
    readonly path: string,
    readonly size: number,
    readonly entries: readonly ZipEntry[],
  ) {}

  /** @throws ZipFault zip_broken */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      return new ZipFile(path, size, await contents(file, size));
    } finally {
      await file.close();
    }
  }

  find(name: string): ZipEntry | undefined {
    return this.entries.find((entry) => entry.name === name.toLowerCase());
  }

  /** Unpacks one entry piece by piece. @throws ZipFault zip_broken */
  async *chunks({ method, packed, at }: ZipEntry): AsyncGenerator<Buffer> {
    if (packed === 0) return;
    if (method !== STORED && method !== DEFLATED) throw new ZipFault('zip_broken');
    const start = await this.dataStart(at);
    const source = createReadStream(this.path, { start, end: start + packed - 1 });
    const bytes = method === STORED ? source : pipeline(source, createInflateRaw({ chunkSize: CHUNK_BYTES }), () => undefined);
    const before = this.bytesRead;
    try {
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        this.bytesRead = before + source.bytesRead;
        yield chunk;
      }
    } catch {
      throw new ZipFault('zip_broken');
    } finally {
      source.destroy();
      bytes.destroy();
    }
  }

  private async dataStart(at: number): Promise<number> {
    const file = await open(this.path);
    try {
      const header = await read(file, at, 30);
      if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) throw new ZipFault('zip_broken');
      return at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function read(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(length, LONGEST_CONTENTS));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

async function contents(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const tailAt = Math.max(0, size - LONGEST_END);
  const tail = await read(file, tailAt, Math.min(size, LONGEST_END));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new ZipFault('zip_broken');
  const { length, at } = (await largeContents(file, tail, end)) ?? { length: tail.readUInt32LE(end + 12), at: tail.readUInt32LE(end + 16) };
  return entriesOf(await read(file, at, length));
}

async function largeContents(file: FileHandle, tail: Buffer, end: number): Promise<{ length: number; at: number } | undefined> {
  if (end < 20 || tail.readUInt32LE(end - 20) !== LOCATOR_64) return undefined;
  const record = await read(file, Number(tail.readBigUInt64LE(end - 12)), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== END_64) throw new ZipFault('zip_broken');
  return { length: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) };
}

function entriesOf(list: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === ENTRY;) {
    const nameEnd = at + 46 + list.readUInt16LE(at + 28);
    const extraEnd = nameEnd + list.readUInt16LE(at + 30);
    const name = list
      .toString('utf8', at + 46, nameEnd)
      .replaceAll('\\', '/')
      .toLowerCase();
    const [, packed = 0, start = 0] = largeNumbers(
      [list.readUInt32LE(at + 24), list.readUInt32LE(at + 20), list.readUInt32LE(at + 42)],
      list.subarray(nameEnd, extraEnd),
    );
    entries.push({ name, method: list.readUInt16LE(at + 10), packed, at: start });
    at = extraEnd + list.readUInt16LE(at + 32);
  }
  return entries;
}

/** Numbers too large for their field stand in the extra field, in the order of the fields. */
function largeNumbers(told: number[], extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== EXTRA_64) continue;
    let next = at + 4;
    return told.map((value) => {
      if (value !== TOLD_ELSEWHERE || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return told;
}
