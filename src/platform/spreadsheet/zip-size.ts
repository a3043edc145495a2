import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';

/** A workbook that would unpack to more than anybody could mean. */
export class ZipFault extends Error {
  constructor(
    readonly code: 'zip_bomb' | 'zip_too_large' | 'zip_broken',
    readonly megabytes: number,
  ) {
    super(code);
  }
}

const MB = 1024 * 1024;
export const MOST_UNPACKED = 3072 * MB;
/** Texts of a workbook are held in memory while its rows are read. */
const MOST_SHARED = 256 * MB;
/** Tables pack to a tenth, very regular ones to a fiftieth; what packs better than this is no table. */
const BOMB_RATIO = 250;
const SMALL = 64 * MB;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LONGEST_END = 22 + 65_535;

interface Entry {
  name: string;
  method: number;
  packed: number;
  at: number;
}

/** The table of contents at the end of the file. */
async function contents(file: FileHandle, size: number): Promise<Entry[]> {
  const tail = await read(file, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new ZipFault('zip_broken', 0);
  const list = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === ENTRY;) {
    const nameLength = list.readUInt16LE(at + 28);
    entries.push({
      name: list.toString('utf8', at + 46, at + 46 + nameLength),
      method: list.readUInt16LE(at + 10),
      packed: list.readUInt32LE(at + 20),
      at: list.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

async function read(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(length, 64 * MB));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

/** Unpacks one entry into nothing and counts: what a file says of its own sizes may be a lie. */
async function unpacked(path: string, { method, packed, at }: Entry, header: Buffer, most: number): Promise<number> {
  if (method === 0 || packed === 0) return packed;
  const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const source = createReadStream(path, { start, end: start + packed - 1 });
  const inflate = source.pipe(createInflateRaw());
  source.on('error', (error) => inflate.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) break;
    }
  } finally {
    source.destroy();
  }
  return bytes;
}

/** Counts what a workbook unpacks to before anything reads it. @throws ZipFault */
export async function checkUnpackedSize(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    let total = 0;
    for (const entry of await contents(file, size)) {
      const most = entry.name === 'xl/sharedStrings.xml' ? MOST_SHARED : MOST_UNPACKED - total;
      const bytes = await unpacked(path, entry, await read(file, entry.at, 30), most);
      total += bytes;
      if (total > SMALL && total / size > BOMB_RATIO) throw new ZipFault('zip_bomb', Math.round(total / MB));
      if (bytes > most) throw new ZipFault('zip_too_large', Math.round(most / MB));
    }
  } finally {
    await file.close();
  }
}
