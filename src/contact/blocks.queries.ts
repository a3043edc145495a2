import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { BlockChannel } from './contact.types.js';

export interface BlockRow {
  id: string;
  number: string;
  channel: BlockChannel;
  scope: 'all' | 'marketing';
  reason: string;
  source: string;
  until: Date | null;
  createdAt: Date;
  createdBy: string | null;
}

const BLOCK = sql`select b.id, b.number, b.channel, b.scope, b.reason, b.source, b.until, b.created_at as "createdAt", u.name as "createdBy"
  from contact.block b left join staff.v_user u on u.id = b.created_by`;

@Injectable()
export class BlocksQueries {
  constructor(private readonly db: Database) {}

  /** Blocks in force, the newest first; of one number when it is given. */
  async list(now: Date, filter: { number?: string; limit: number; cursor?: string }): Promise<Page<BlockRow>> {
    const before = decodeCursor(filter.cursor, 1)?.[0] as string | undefined;
    const rows = await this.db.rows<BlockRow>(sql`${BLOCK}
      where b.lifted_at is null and (b.until is null or b.until > ${now})
        and (${filter.number ?? null}::text is null or b.number = ${filter.number ?? null}::text)
        and (${before ?? null}::bigint is null or b.id < ${before ?? null}::bigint)
      order by b.id desc limit ${filter.limit + 1}`);
    return pageOf(rows, filter.limit, (last) => [last.id]);
  }

  /** @throws DomainError not_found */
  async byId(id: string, on: Queryable = this.db): Promise<BlockRow> {
    const row = /^\d{1,18}$/.test(id) ? await on.maybe<BlockRow>(sql`${BLOCK} where b.id = ${id} and b.lifted_at is null`) : undefined;
    if (!row) throw notFound('block', id);
    return row;
  }
}
