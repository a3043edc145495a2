import { createReadStream } from 'node:fs';
import { CsvParser } from './csv-parser.js';
import { detectDelimiter } from './delimiter.js';
import type { FileKind } from './file-probe.js';

/** Some rows of a file, and how many of its bytes have been read so far. */
export interface RowBatch {
  rows: string[][];
  bytesRead: number;
}

const CHUNK_BYTES = 256 * 1024;

/** The rows of a text file, a batch a chunk: memory stays the same at any size. @throws CsvFault */
export async function* csvRows(path: string, encoding: Extract<FileKind, 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'>): AsyncGenerator<RowBatch> {
  const decoder = new TextDecoder(encoding);
  let parser: CsvParser | undefined;
  let bytesRead = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    bytesRead += chunk.length;
    const text = decoder.decode(chunk, { stream: true });
    parser ??= new CsvParser(detectDelimiter(text));
    yield { rows: parser.push(text), bytesRead };
  }
  if (!parser) return;
  const tail = decoder.decode();
  yield { rows: [...(tail ? parser.push(tail) : []), ...parser.end()], bytesRead };
}
