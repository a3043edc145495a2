import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { joinSql, rawSql, sql } from '../database/sql.js';
import { sealedColumns } from './sealed-columns.js';
import { Sealer } from './sealer.js';

export interface KeyUse {
  keyId: string;
  /** Texts sealed with it, of all kinds. */
  rows: number;
  /** How many of which kind, by the table that holds them. */
  kinds: Record<string, number>;
  /** New texts are sealed with it. */
  current: boolean;
  /** It is among the keys of this process. */
  known: boolean;
}

@Injectable()
export class SealingQueries {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Which keys seal how much. A key may go when it seals nothing at all: not one of the kinds could be read without it. */
  async keys(): Promise<KeyUse[]> {
    const uses = new Map<string, KeyUse>();
    const { current } = this.sealer;
    if (current !== undefined) this.useOf(uses, current);
    for (const { keyId, kind, rows } of await this.counts()) {
      const use = this.useOf(uses, keyId);
      use.rows += rows;
      use.kinds[kind] = rows;
    }
    return [...uses.values()];
  }

  private useOf(uses: Map<string, KeyUse>, keyId: string): KeyUse {
    const use = uses.get(keyId) ?? { keyId, rows: 0, kinds: {}, current: keyId === this.sealer.current, known: this.sealer.has(keyId) };
    uses.set(keyId, use);
    return use;
  }

  private counts(): Promise<{ keyId: string; kind: string; rows: number }[]> {
    const each = sealedColumns().map(
      ({ table, key }) => sql`select ${rawSql(key)} as "keyId", ${table}::text as kind from ${rawSql(table)} where sealed is not null`,
    );
    return this.database.rows(sql`
      select "keyId", kind, count(*)::int as rows from (${joinSql(each, ' union all ')}) sealed group by 1, 2 order by 1, 2`);
  }
}
