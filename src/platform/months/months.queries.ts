import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { addMonths, type Day, dayOf, monthOf } from '../../kernel/day.js';
import { Database, type Tx } from '../database/database.js';
import { type Sql, sql } from '../database/sql.js';
import type { MonthPart } from './months-options.js';

/** A month that lies elsewhere. */
export interface ArchivedMonth {
  parent: string;
  month: Day;
  place: 'tablespace' | 'file';
  tablespace: string | null;
  file: string | null;
  sha256: string | null;
  rows: string;
  at: Date;
}

/** Of a recorded month `a`: its table was not brought back. */
export const isGone = (a: Sql): Sql => sql`to_regclass(${a}.parent || '_' || to_char(${a}.month, 'YYYYMM')) is null`;

@Injectable()
export class MonthsQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The partitions of which every day is more than so many months ago, the oldest first. */
  async olderThan(parent: string, months: number): Promise<MonthPart[]> {
    const firstKept = `${monthOf(addMonths(dayOf(this.clock.now()), -months))}-01`;
    const parts = await this.database.rows<MonthPart>(sql`
      select ${parent} as parent, format('%I.%I', n.nspname, c.relname) as name, to_date(substring(c.relname from '[0-9]{6}$'), 'YYYYMM') as month
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
      where i.inhparent = ${parent}::text::regclass and c.relname ~ '_[0-9]{6}$' order by 3`);
    return parts.filter(({ month }) => month < firstKept);
  }

  /** Newest first. */
  archived(): Promise<ArchivedMonth[]> {
    return this.database.rows<ArchivedMonth>(sql`
      select parent, month, place, tablespace, file, sha256, rows, at from platform.archived_month order by month desc, parent`);
  }

  /** The months of a table that have become files, newest first. @param gone leaves out those that were brought back */
  files(parent: string, { gone = false } = {}): Promise<{ month: Day; file: string }[]> {
    return this.database.rows(sql`
      select month, file from platform.archived_month a
      where parent = ${parent} and place = 'file' and (not ${gone}::boolean or ${isGone(sql`a`)}) order by month desc`);
  }

  /** The sum of a file that was changed. */
  async resum(parent: string, month: Day, sha256: string): Promise<void> {
    await this.database.run(
      sql`update platform.archived_month set sha256 = ${sha256} where parent = ${parent} and month = ${month} and place = 'file'`,
    );
  }

  async isRecorded({ parent, month }: MonthPart, place: ArchivedMonth['place']): Promise<boolean> {
    const found = await this.database.maybe(sql`
      select 1 from platform.archived_month where parent = ${parent} and month = ${month} and place = ${place}`);
    return found !== undefined;
  }

  /** A month that has become a file stays recorded as that. */
  async record(tx: Tx, part: MonthPart, where: Pick<ArchivedMonth, 'place' | 'tablespace' | 'file' | 'sha256'> & { rows: number }): Promise<void> {
    await tx.run(sql`
      insert into platform.archived_month as kept (parent, month, place, tablespace, file, sha256, rows, at)
      values (${part.parent}, ${part.month}, ${where.place}, ${where.tablespace}, ${where.file}, ${where.sha256}, ${where.rows}, ${this.clock.now()})
      on conflict (parent, month) do update set place = excluded.place, tablespace = excluded.tablespace, file = excluded.file,
        sha256 = excluded.sha256, rows = excluded.rows, at = excluded.at
      where kept.place <> 'file'`);
  }
}
