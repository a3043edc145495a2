import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Sealer } from '../../platform/sealing/sealer.js';
import { GatewaySecrets } from './gateway-secrets.js';

/** After a new sealing key was put first: what older ones sealed of gateways is sealed anew, so that the old key can go. */
@Injectable()
export class GatewayResealing implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly secrets: GatewaySecrets,
  ) {}

  /** Sealing keys are read at the start, and gateways are few. What no key of this server opens stays as it is. */
  async onApplicationBootstrap(): Promise<void> {
    const old = (await this.sealedWith()).filter((keyId) => keyId !== this.sealer.current && this.sealer.has(keyId));
    if (this.sealer.current !== undefined && old.length > 0) await this.database.tx((tx) => this.reseal(tx, old));
  }

  private async reseal(tx: Tx, old: readonly string[]): Promise<void> {
    const rows = await tx.rows<{ code: string }>(sql`
      select code from messaging.gateway where seal_key_id = any(${old}::text[]) order by code for no key update`);
    for (const { code } of rows) {
      const { keyId, data } = await this.secrets.seal(code, undefined, tx);
      await tx.run(sql`update messaging.gateway set sealed = ${data}, seal_key_id = ${keyId} where code = ${code}`);
    }
  }

  private async sealedWith(): Promise<string[]> {
    const rows = await this.database.rows<{ keyId: string }>(sql`
      select distinct seal_key_id as "keyId" from messaging.gateway where seal_key_id is not null`);
    return rows.map(({ keyId }) => keyId);
  }
}
