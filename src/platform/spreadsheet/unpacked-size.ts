import { type ZipEntry, ZipFault, type ZipFile } from './zip-file.js';

const MB = 1024 * 1024;
/** Texts of a workbook are held in memory while its rows are read; what surrounds the sheets is read as a whole. */
const MOST_SHARED = 256 * MB;
/** Tables pack to a tenth, very regular ones to a fiftieth; what packs better than this is no table. */
const BOMB_RATIO = 250;
const SMALL = 64 * MB;

/**
 * Counts what a workbook unpacks to before anything reads it: what a file says of its own sizes may be a lie. Unpacks into nothing, and no further
 * than it takes to know.
 * @param most bytes all entries may have together
 * @throws ZipFault zip_bomb · zip_too_large · zip_broken
 */
export async function checkUnpackedSize(file: ZipFile, most: number): Promise<void> {
  const bomb = Math.max(SMALL, file.size * BOMB_RATIO);
  let total = 0;
  for (const entry of file.entries) {
    const limit = Math.min(bomb, most, ...(isShared(entry) ? [total + MOST_SHARED] : []));
    for await (const chunk of file.chunks(entry)) {
      total += chunk.length;
      if (total <= limit) continue;
      throw new ZipFault(total > bomb ? 'zip_bomb' : 'zip_too_large', Math.round(limit / MB));
    }
  }
}

const isShared = ({ name }: ZipEntry): boolean => !name.includes('/worksheets/');
