import type { PoolClient } from 'pg';
import { copyLine, CopyWriter } from './copy-text.js';
import type { SpooledRow } from './reject-spool.js';

const PACK_ROWS = 500;
const PACK_CHARS = 64 * 1024;

/** Rows each reason refused; a row with two faults counts under both. */
export type ReasonCounts = Record<string, number>;

/** Brings refused rows into feeds.reject_pack. They must come in the order of the file. @returns how many, and why */
export async function copyRejects(
  client: PoolClient,
  importId: string,
  rows: AsyncIterable<SpooledRow>,
): Promise<{ rows: number; reasons: ReasonCounts }> {
  const writer = new CopyWriter(client, 'feeds.reject_pack (import_id, first_row, last_row, reasons, rows)');
  const counted = { rows: 0, reasons: {} as ReasonCounts };
  let pack: SpooledRow[] = [];
  let chars = 0;
  const close = async (): Promise<void> => {
    if (pack.length > 0) writer.write(packLine(importId, pack));
    pack = [];
    chars = 0;
    await writer.flush();
  };
  try {
    for await (const row of rows) {
      counted.rows += 1;
      for (const reason of row.reasons) counted.reasons[reason] = (counted.reasons[reason] ?? 0) + 1;
      pack.push(row);
      chars += row.json.length;
      if (pack.length >= PACK_ROWS || chars >= PACK_CHARS) await close();
    }
    await close();
    await writer.end();
    return counted;
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function packLine(importId: string, pack: readonly SpooledRow[]): string {
  const reasons = [...new Set(pack.flatMap((row) => row.reasons))];
  const [first, last] = [pack[0]?.rowNumber ?? 0, pack[pack.length - 1]?.rowNumber ?? 0];
  return copyLine(importId, [String(first), String(last), `{${reasons.join(',')}}`, `[${pack.map((row) => row.json).join(',')}]`]);
}
