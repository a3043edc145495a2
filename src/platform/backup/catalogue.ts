import type { Client } from 'pg';
import type { PartitionEntry } from './manifest.js';

/** The journal of migrations is written by the migrations of the restore; views are made by them; nobody is logged in on a restored system. */
const LEFT_OUT = ['public.migration', 'public.migration_text', 'staff.session'];

export interface SourceTable {
  table: string;
  columns: string[];
}

/** Every table that holds rows of its own or of its partitions, with the columns that can be written. */
export async function tablesOf(client: Client): Promise<SourceTable[]> {
  const { rows } = await client.query<SourceTable>(
    `select format('%I.%I', n.nspname, c.relname) as "table", array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and n.nspname || '.' || c.relname <> all ($1)
     group by 1 order by 1`,
    [LEFT_OUT],
  );
  return rows;
}

export async function partitionsOf(client: Client): Promise<PartitionEntry[]> {
  const { rows } = await client.query<PartitionEntry>(
    `select format('%I.%I', n.nspname, c.relname) as partition, format('%I.%I', pn.nspname, p.relname) as parent, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
     join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
     where c.relispartition and c.relkind = 'r' order by 1`,
  );
  return rows;
}

export async function sequencesOf(client: Client): Promise<{ sequence: string; value: string; called: boolean }[]> {
  const { rows } = await client.query<{ sequence: string }>(
    "select format('%I.%I', schemaname, sequencename) as sequence from pg_sequences where schemaname <> 'public' order by 1",
  );
  const found = [];
  for (const { sequence } of rows) {
    const state = await client.query<{ value: string; called: boolean }>(`select last_value as value, is_called as called from ${sequence}`);
    found.push({ sequence, value: state.rows[0]?.value ?? '1', called: state.rows[0]?.called ?? false });
  }
  return found;
}

/** How many rows, and the sum of a hash of each: the same for the same rows in any order. */
export async function countOf(client: Client, { table, columns }: SourceTable): Promise<{ rows: number; sum: string }> {
  const row = `row(${columns.map((column) => `t.${column}`).join(', ')})`;
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `select count(*) as rows, coalesce(sum(hashtextextended(${row}::text, 0)::numeric), 0)::text as sum from ${table} t`,
  );
  return { rows: Number(rows[0]?.rows ?? 0), sum: rows[0]?.sum ?? '0' };
}

const PLAIN = ["timezone = 'UTC'", "datestyle = 'ISO'", "intervalstyle = 'iso_8601'", 'extra_float_digits = 1', "bytea_output = 'hex'"];
/** What the text of a value depends on, the same at both ends. */
export const PLAIN_TEXT = PLAIN.map((one) => `set ${one}`).join('; ');
/** The same until the transaction ends. */
export const PLAIN_TEXT_HERE = PLAIN.map((one) => `set local ${one}`).join('; ');
