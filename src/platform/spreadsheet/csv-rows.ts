import { open } from 'node:fs/promises';
import { CsvParser } from './csv-parser.js';
import { detectDelimiter } from './delimiter.js';
import type { TextKind } from './file-probe.js';

/** Some rows of a file, and how many of its bytes have been read so far. */
export interface RowBatch {
  rows: string[][];
  bytesRead: number;
}

// small pieces of a file die young: bigger ones are strings that only a full collection of the heap takes away
const CHUNK_BYTES = 32 * 1024;

/** The bytes of a file, piece by piece in one buffer: each is gone when the next is asked for. */
export async function* fileChunks(path: string, bytes: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, bytes, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The rows of a text file, a batch a chunk: memory stays the same at any size. @throws CsvFault */
export async function* csvRows(path: string, encoding: TextKind): AsyncGenerator<RowBatch> {
  const decoder = new TextDecoder(encoding);
  let parser: CsvParser | undefined;
  let breaks: RegExp | undefined;
  let bytesRead = 0;
  for await (const chunk of fileChunks(path, CHUNK_BYTES)) {
    bytesRead += chunk.length;
    let text = decoder.decode(chunk, { stream: true });
    if (!parser && !text.includes('\n')) breaks = /\r/g; // as Excel for the Mac may save it
    if (breaks) text = text.replace(breaks, '\n');
    parser ??= new CsvParser(detectDelimiter(text));
    yield { rows: parser.push(text), bytesRead };
  }
  if (!parser) return;
  const tail = decoder.decode();
  yield { rows: [...(tail ? parser.push(tail) : []), ...parser.end()], bytesRead };
}
