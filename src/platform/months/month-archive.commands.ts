import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import { rawSql, type Sql, sql } from '../database/sql.js';
import { MonthFiles, type MonthManifest } from './month-files.js';
import { monthName, type MonthPart, type MonthReport, MonthStays } from './months-options.js';
import { MonthsQueries } from './months.queries.js';
import { isLocked, seize } from './seize.js';

/** What a module knows of its months. */
export interface MonthOwner {
  /** Why this one must stay for now; null: it may go. */
  stays(part: MonthPart): Promise<string | null>;
  /** Writes down what is still asked of its rows when they are gone. */
  keep(tx: Tx, part: MonthPart): Promise<void>;
}

const BUSY = 'somebody works with its table; the next night tries again';

/** Old months become checked files, and only then leave the database (ADR 18). */
@Injectable()
export class MonthArchive {
  private readonly logger = new Logger('Months');

  constructor(
    private readonly database: Database,
    private readonly months: MonthsQueries,
    private readonly files: MonthFiles,
  ) {}

  /** @throws Error when a file cannot be written or read: its month and those after it stay */
  async archiveOld(parent: string, olderThan: number, owner: MonthOwner): Promise<MonthReport[]> {
    const reports: MonthReport[] = [];
    for (const part of await this.months.olderThan(parent, olderThan)) reports.push(await this.archive(part, owner));
    return reports;
  }

  private async archive(part: MonthPart, owner: MonthOwner): Promise<MonthReport> {
    try {
      const { rows, file } = await this.leave(part, await this.write(part, owner), owner);
      this.logger.log(`${part.parent} of ${monthName(part)} is archived: ${rows} rows are in ${file} now`);
      return { ...part, stays: null };
    } catch (error) {
      await this.unwatch(part);
      const stays = isLocked(error) ? BUSY : error instanceof MonthStays ? error.message : null;
      if (stays === null) throw error;
      this.logger.warn(`${part.parent} of ${monthName(part)} stays in the database: ${stays}`);
      return { ...part, stays };
    }
  }

  /** The month as a file; from before its first row is read every change of it is noted. @throws MonthStays */
  async write(part: MonthPart, owner: MonthOwner): Promise<MonthManifest> {
    if (await this.months.isRecorded(part, 'file'))
      throw new MonthStays('it was archived and brought back; its file is not written over (docs/operations.md says how it leaves again)');
    const watched = await this.database.tx((tx) => seize(tx, sql`select platform.watch_month(${part.name})`));
    if (!watched) throw new MonthStays(BUSY);
    const stays = await owner.stays(part);
    if (stays !== null) throw new MonthStays(stays);
    return this.files.write(part);
  }

  /**
   * Lock, decide, save: the month goes when its file reads back as it was written and nothing has changed since.
   * @throws MonthStays having changed nothing
   */
  async leave(part: MonthPart, { rows, sha256, file }: MonthManifest, owner: MonthOwner): Promise<{ rows: number; file: string }> {
    const found = await this.files.read(part);
    if (!found.asWritten || found.rows !== rows || found.sha256 !== sha256)
      throw new MonthStays(`${file} does not read back as it was written (${found.rows} rows where the table has ${rows}, or rows that differ)`);
    await this.database.tx(async (tx) => {
      await owner.keep(tx, part);
      if (!(await seize(tx, await this.lock(tx, part)))) throw new MonthStays(BUSY);
      await this.refuseIfChanged(tx, part);
      await this.months.record(tx, part, { place: 'file', tablespace: null, file, sha256, rows });
      await tx.run(rawSql(`alter table ${part.parent} detach partition ${part.name}`));
      await tx.run(rawSql(`drop table ${part.name}`));
    });
    return { rows, file };
  }

  /** All that dropping it locks, in one go: its parent, and the tables its foreign keys point to. Held for the blink of an eye, for nothing is read under it. */
  private async lock(tx: Tx, { parent, name }: MonthPart): Promise<Sql> {
    const pointedTo = await tx.rows<{ name: string }>(sql`
      select distinct format('%I.%I', n.nspname, c.relname) as name from pg_constraint k join pg_class c on c.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
      where k.conrelid = ${name}::text::regclass and k.contype = 'f' order by 1`);
    const tables = [parent, name, ...pointedTo.map((each) => each.name)];
    return rawSql(`lock table ${tables.map((each) => `only ${each}`).join(', ')} in access exclusive mode`);
  }

  private async refuseIfChanged(tx: Tx, { name }: MonthPart): Promise<void> {
    const changed = await tx.maybe(sql`select 1 from platform.month_change where month_table = ${name} limit 1`);
    if (changed) throw new MonthStays('a row of it changed while it was written; the next night tries again');
  }

  /** Leaves no trigger behind. A lock that is not to be had leaves it until the next night. */
  private async unwatch({ name }: MonthPart): Promise<void> {
    await this.database.tx((tx) => seize(tx, sql`select platform.unwatch_month(${name})`));
  }
}
