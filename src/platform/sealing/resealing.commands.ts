import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { rawSql, sql } from '../database/sql.js';
import { defineJob } from '../jobs/define-job.js';
import { DailyAt, HandlesJob } from '../jobs/job-handler.js';
import { Outbox } from '../jobs/outbox.js';
import { placeIn, type SealedColumn, sealedColumns } from './sealed-columns.js';
import { Sealer } from './sealer.js';

/** After a new sealing key was put first. */
export const resealTexts = defineJob<Record<string, never>>('platform.reseal-texts', { concurrency: 1, leaseSeconds: 120 });

const ROWS_A_STEP = 200;

/** What older keys sealed is sealed with the one in use, so that the old ones can go. What no key of this server opens stays as it is. */
@Injectable()
export class Resealing implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly sealer: Sealer,
  ) {}

  /** Keys are read at the start, so this is when a rotation shows. */
  onApplicationBootstrap(): Promise<void> {
    return this.look();
  }

  /** And every night: a process that was restarted last has sealed with the old key until then. */
  @DailyAt('02:50', 'platform.look-for-old-seals')
  async look(): Promise<void> {
    for (const column of sealedColumns()) {
      if ((await this.oldKeys(column)).length > 0) return this.outbox.add(this.database, resealTexts, {});
    }
  }

  /** Harmless when it runs twice. */
  @HandlesJob(resealTexts)
  async run(): Promise<void> {
    for (const column of sealedColumns()) {
      const old = await this.oldKeys(column);
      while (old.length > 0 && (await this.step(column, old)) > 0);
    }
  }

  /** Older keys that this server still has and that seal something. */
  private async oldKeys({ table, key }: SealedColumn): Promise<string[]> {
    const rows = await this.database.rows<{ keyId: string }>(
      sql`select distinct ${rawSql(key)} as "keyId" from ${rawSql(table)} where sealed is not null`,
    );
    const { current } = this.sealer;
    return rows.map(({ keyId }) => keyId).filter((keyId) => current !== undefined && keyId !== current && this.sealer.has(keyId));
  }

  private step(column: SealedColumn, old: readonly string[]): Promise<number> {
    const [table, owner, key] = [rawSql(column.table), rawSql(column.owner), rawSql(column.key)];
    return this.database.tx(async (tx) => {
      const rows = await tx.rows<{ owner: string; keyId: string; data: Buffer }>(sql`
        select ${owner}::text as owner, ${key} as "keyId", sealed as data from ${table}
        where sealed is not null and ${key} = any(${old}::text[]) order by ${owner} limit ${ROWS_A_STEP} for no key update`);
      for (const row of rows) {
        const place = placeIn(column, row.owner);
        const anew = this.sealer.seal(this.sealer.open(row, place), place);
        // no two seals are alike
        await tx.run(sql`
          update ${table} set sealed = ${anew.data}, ${key} = ${anew.keyId} where ${owner}::text = ${row.owner} and sealed = ${row.data}`);
      }
      return rows.length;
    });
  }
}
