import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { RowFault } from './row.policy.js';

export interface RejectRow {
  rowNumber: number;
  cells: string[];
  faults: RowFault[];
}

type PackedRow = [rowNumber: number, cells: string[], faults: RowFault[]];

/** The refused rows of an import. */
@Injectable()
export class RejectsQueries {
  constructor(private readonly database: Database) {}

  /** All in file order, a pack at a time: a million need no more memory than ten. @param reason only those refused for this */
  private async *packs(importId: string, reason?: string): AsyncGenerator<RejectRow[]> {
    const withReason = reason === undefined ? sql`` : sql`and ${reason} = any (reasons)`;
    for (let after = 0; ;) {
      const pack = await this.database.maybe<{ last: number; rows: PackedRow[] }>(sql`
        select last_row as last, rows from feeds.reject_pack
        where import_id = ${importId} and first_row > ${after} ${withReason} order by first_row limit 1`);
      if (!pack) return;
      const rows = pack.rows.map(([rowNumber, cells, faults]) => ({ rowNumber, cells, faults }));
      yield reason === undefined ? rows : rows.filter(({ faults }) => faults.some((fault) => fault.reason === reason));
      after = pack.last;
    }
  }

  /** All in file order, one by one. */
  async *all(importId: string): AsyncGenerator<RejectRow> {
    for await (const pack of this.packs(importId)) yield* pack;
  }

  async first(importId: string, { limit, reason }: { limit: number; reason?: string | undefined }): Promise<RejectRow[]> {
    const found: RejectRow[] = [];
    for await (const rows of this.packs(importId, reason)) {
      found.push(...rows);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }
}
