import { Inject, Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { Database } from '../database/database.js';
import { rawSql, sql } from '../database/sql.js';
import { MONTHS_OPTIONS, monthName, type MonthPart, type MonthReport, MonthStays, type MonthsOptions } from './months-options.js';
import { MonthsQueries } from './months.queries.js';
import { seize, tookTooLong } from './seize.js';

/** So long a table or an index is held while it is copied; who reads that month waits. */
const LONGEST = sql`set local statement_timeout = '120s'`;

interface Relation {
  name: string;
  kind: 'table' | 'index';
}

/** Moves months that few ask for to a tablespace of their own; their rows are read and written as ever. */
@Injectable()
export class MonthMover {
  private readonly logger = new Logger('Months');

  constructor(
    private readonly database: Database,
    private readonly months: MonthsQueries,
    @Inject(MONTHS_OPTIONS) private readonly options: MonthsOptions,
  ) {}

  /** Nothing unless ARCHIVE_TABLESPACE is set. @throws Error when there is no such tablespace, or no room and no right to use it */
  async moveOld(parent: string): Promise<MonthReport[]> {
    const { tablespace, afterMonths } = this.options;
    if (!tablespace) return [];
    await this.mustExist(tablespace);
    const reports: MonthReport[] = [];
    const faults: unknown[] = [];
    for (const part of await this.months.olderThan(parent, afterMonths))
      await this.move(part, tablespace).then(
        (report) => reports.push(report),
        (fault: unknown) => faults.push(fault),
      );
    // one month that cannot move holds no other back
    if (faults.length > 0) throw faults[0];
    return reports;
  }

  private async mustExist(tablespace: string): Promise<void> {
    const found = await this.database.maybe<{ usable: boolean }>(sql`
      select has_tablespace_privilege(oid, 'create') as usable from pg_tablespace where spcname = ${tablespace}`);
    if (found?.usable) return;
    // without quotes: what stands in them is taken out of errors that are kept
    const fault = found
      ? `the database account may not use it: run grant create on tablespace ${tablespace} to <account> as superuser`
      : `this database has no tablespace of that name: run create tablespace ${tablespace} location … as superuser`;
    throw new Error(`ARCHIVE_TABLESPACE is ${tablespace}, but ${fault}, or unset the variable. Nothing was moved.`);
  }

  private async move(part: MonthPart, tablespace: string): Promise<MonthReport> {
    try {
      const elsewhere = await this.elsewhere(part, tablespace);
      for (const relation of elsewhere) await this.moveOne(relation, tablespace);
      if (elsewhere.length > 0 || !(await this.isKnown(part))) await this.record(part, tablespace);
      if (elsewhere.length > 0) this.logger.log(`${part.parent} of ${monthName(part)} lies in tablespace ${tablespace} now`);
      return { ...part, stays: null };
    } catch (error) {
      if (!(error instanceof MonthStays)) throw told(error, part, tablespace);
      this.logger.warn(`${part.parent} of ${monthName(part)} did not move: ${error.message}`);
      return { ...part, stays: error.message };
    }
  }

  /** The month's table and indexes that do not lie there yet, the table first. */
  private elsewhere(part: MonthPart, tablespace: string): Promise<Relation[]> {
    return this.database.rows<Relation>(sql`
      select format('%I.%I', n.nspname, c.relname) as name, case c.relkind when 'r' then 'table' else 'index' end as kind
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where (c.oid = ${part.name}::text::regclass or c.oid in (select indexrelid from pg_index where indrelid = ${part.name}::text::regclass))
        and coalesce(nullif(c.reltablespace, 0), (select dattablespace from pg_database where datname = current_database()))
          <> (select oid from pg_tablespace where spcname = ${tablespace})
      order by kind desc, name`);
  }

  /** Each in a transaction of its own: what has moved stays moved, and nothing is held longer than it takes. */
  private async moveOne({ name, kind }: Relation, tablespace: string): Promise<void> {
    const move = rawSql(`alter ${kind} ${name} set tablespace ${pg.escapeIdentifier(tablespace)}`);
    const moved = await this.database.tx(async (tx) => {
      await tx.run(LONGEST);
      return seize(tx, move);
    });
    if (!moved) throw new MonthStays(`somebody works with ${name}; the next night tries again`);
  }

  private async isKnown(part: MonthPart): Promise<boolean> {
    return (await this.months.isRecorded(part, 'tablespace')) || (await this.months.isRecorded(part, 'file'));
  }

  private async record(part: MonthPart, tablespace: string): Promise<void> {
    const rows = await this.database.count(rawSql(`select from ${part.name}`));
    await this.database.tx((tx) => this.months.record(tx, part, { place: 'tablespace', tablespace, file: null, sha256: null, rows }));
  }
}

function told(error: unknown, part: MonthPart, tablespace: string): unknown {
  const what = `${part.parent} of ${monthName(part)} did not move`;
  if (tookTooLong(error))
    return new Error(`${what}: copying takes longer than two minutes. Move it by hand in a quiet hour: alter table … set tablespace ${tablespace}.`);
  if ((error as { code?: string }).code === '53100')
    return new Error(`${what}: tablespace ${tablespace} (ARCHIVE_TABLESPACE) is full. Make room there, or name another one.`);
  return error;
}
