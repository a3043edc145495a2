import type { Tx } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { STAGED_AS } from './cell.policy.js';
import { CopyWriter } from './copy-text.js';
import type { Feed, Stage } from './feeds.types.js';
import type { RowReader } from './row.policy.js';

const NAME = /^[a-z][a-z0-9_]*$/;

/** Column names come from a feed's declaration; anything odd there is a mistake of the program. */
function identifier(name: string): string {
  if (!NAME.test(name)) throw new Error(`${name} cannot be a staging column`);
  return name;
}

export interface StageFault {
  rowNumber: number;
  column: string;
  reason: string;
}

const FAULTS_AT_ONCE = 5000;

/** The temporary table of one import: typed, unlogged by nature, gone with the transaction. */
export class ImportStage implements Stage {
  readonly table = rawSql('import_stage');
  rejected = 0;
  duplicate = 0;

  private constructor(
    private readonly tx: Tx,
    private readonly reader: RowReader,
  ) {}

  static async create(tx: Tx, feed: Feed, reader: RowReader): Promise<ImportStage> {
    const columns = [
      ...feed.columns.map((column) => `${identifier(column.name)} ${STAGED_AS[column.type]}`),
      ...(feed.derived ?? []).map((column) => `${identifier(column.name)} text`),
    ];
    await tx.run(rawSql(`create temp table import_stage (row_number integer not null, ${columns.join(', ')}, extras jsonb) on commit drop`));
    await tx.run(
      rawSql('create temp table import_fault (row_number integer primary key, "column" text not null, reason text not null) on commit drop'),
    );
    return new ImportStage(tx, reader);
  }

  get extraColumns(): readonly string[] {
    return this.reader.extraColumns;
  }

  has(column: string): boolean {
    return this.reader.columns.includes(column);
  }

  /** Takes rows as `row_number`, the reader's columns, extras. */
  writer(): CopyWriter {
    const columns = this.reader.columns.map(identifier).join(', ');
    return new CopyWriter(this.tx.client, `import_stage (row_number, ${columns}, extras)`);
  }

  /** Plans on a freshly filled table are guesses until it is analysed. */
  async analyse(): Promise<void> {
    await this.tx.run(rawSql('analyze import_stage'));
  }

  async reject(column: string, reason: string, rowNumbers: Sql): Promise<number> {
    const count = await this.tx.run(sql`
      with found as (${rowNumbers}),
      gone as (delete from import_stage s using (select distinct row_number from found) f where s.row_number = f.row_number returning s.row_number)
      insert into import_fault (row_number, "column", reason) select g.row_number, ${column}, ${reason} from gone g`);
    this.rejected += count;
    return count;
  }

  async keepLast(...key: string[]): Promise<number> {
    const columns = rawSql(key.map(identifier).join(', '));
    const same = rawSql(key.map((name) => `s.${identifier(name)} = r.${identifier(name)}`).join(' and '));
    // few keys come twice: found by hash, only their rows are put in order
    await this.tx.run(
      sql`create temp table import_repeat as select ${columns}, max(row_number) as last from import_stage group by ${columns} having count(*) > 1`,
    );
    await this.tx.run(rawSql('analyze import_repeat'));
    const count = await this.tx.run(sql`delete from import_stage s using import_repeat r where ${same} and s.row_number < r.last`);
    await this.tx.run(rawSql('drop table import_repeat'));
    this.duplicate += count;
    return count;
  }

  async replaced(rowNumbers: Sql): Promise<number> {
    const count = await this.tx.run(sql`with found as (${rowNumbers}) delete from import_stage s using found f where s.row_number = f.row_number`);
    this.duplicate += count;
    return count;
  }

  async remaining(): Promise<number> {
    return (await this.tx.one<{ n: number }>(sql`select count(*)::int as n from import_stage`)).n;
  }

  /** The rows the database refused, in file order; a million are never held at once. */
  async *faults(): AsyncGenerator<StageFault> {
    for (let after = 0; ;) {
      const faults = await this.tx.rows<StageFault>(sql`
        select row_number as "rowNumber", "column", reason from import_fault where row_number > ${after} order by row_number limit ${FAULTS_AT_ONCE}`);
      yield* faults;
      const last = faults[faults.length - 1];
      if (!last || faults.length < FAULTS_AT_ONCE) return;
      after = last.rowNumber;
    }
  }
}
