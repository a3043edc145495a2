import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { type Sealed, Sealer } from '../../platform/sealing/sealer.js';
import { BulletinTargets } from './bulletin-targets.js';

/** After a new sealing key was put first: the addresses and secrets that older ones sealed are sealed anew, so that the old key can go. */
@Injectable()
export class BulletinResealing {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly targets: BulletinTargets,
  ) {}

  async isNeeded(): Promise<boolean> {
    return this.sealer.current !== undefined && (await this.oldSeals()).length > 0;
  }

  /** What no key of this server opens stays as it is. Harmless when it runs twice. @returns how many were sealed anew */
  async run(): Promise<number> {
    const old = await this.oldSeals();
    if (this.sealer.current === undefined || old.length === 0) return 0;
    return this.db.tx(async (tx) => {
      const rows = await tx.rows<Sealed & { id: string }>(sql`
        select id, seal_key_id as "keyId", sealed as data from reports.bulletin where seal_key_id = any(${old}::text[]) order by id for update`);
      for (const row of rows) {
        const { data, keyId } = this.targets.seal(row.id, this.targets.open(row.id, row));
        await tx.run(sql`update reports.bulletin set sealed = ${data}, seal_key_id = ${keyId} where id = ${row.id}`);
      }
      return rows.length;
    });
  }

  /** Names of older sealing keys that this server still has and that seal an address. */
  private async oldSeals(): Promise<string[]> {
    const rows = await this.db.rows<{ keyId: string }>(sql`select distinct seal_key_id as "keyId" from reports.bulletin where sealed is not null`);
    return rows.map(({ keyId }) => keyId).filter((keyId) => keyId !== this.sealer.current && this.sealer.has(keyId));
  }
}
