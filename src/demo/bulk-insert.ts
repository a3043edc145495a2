import type { Tx } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';

interface Target {
  table: string;
  columns: Readonly<Record<string, string>>;
  /** The rows bring their own identities. */
  keepIds?: boolean;
}

const ROWS_A_STATEMENT = 5_000;

/** Writes many rows in few statements. `columns` are `name type` pairs of this program, values come as parameters. */
export async function bulkInsert(tx: Tx, { table, columns, keepIds = false }: Target, rows: readonly object[]): Promise<void> {
  const names = rawSql(Object.keys(columns).join(', '));
  const typed = rawSql(
    Object.entries(columns)
      .map(([name, type]) => `${name} ${type}`)
      .join(', '),
  );
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    await tx.run(
      sql`insert into ${rawSql(table)} (${names}) ${rawSql(keepIds ? 'overriding system value' : '')} select ${names} from jsonb_to_recordset(${chunk}::jsonb) as x(${typed})`,
    );
  }
}
