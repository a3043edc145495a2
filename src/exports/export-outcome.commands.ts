import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit/audit.commands.js';
import { after } from './export.states.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportRow } from './exports.types.js';

const HOUR_MS = 3_600_000;

/** How the making of a file ended. Each is told once, however often its job runs. */
@Injectable()
export class ExportOutcomeCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly queries: ExportsQueries,
  ) {}

  async made({ id, what }: ExportRow, { rows, bytes }: { rows: number; bytes: number }): Promise<void> {
    const now = this.clock.now();
    await this.db.tx(async (tx) => {
      const { hoursKept } = await this.queries.settings(tx);
      const kept = await tx.run(sql`
        update exports.export set state = ${after('queued', 'make')}, made_at = ${now}, made_rows = ${rows}, bytes = ${bytes},
               expires_at = ${new Date(now.getTime() + hoursKept * HOUR_MS)}
        where id = ${id} and state = 'queued'`);
      if (kept > 0) await this.audit.record(tx, 'system', { action: 'export.made', object: 'export', id, detail: { what, rows } });
    });
  }

  /** @param fault code of the sentence the requester reads */
  async failed(id: string, fault: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const failed = await tx.run(
        sql`update exports.export set state = ${after('queued', 'fail')}, fault = ${fault} where id = ${id} and state = 'queued'`,
      );
      if (failed > 0) await this.audit.record(tx, 'system', { action: 'export.failed', object: 'export', id, detail: { fault } });
    });
  }

  async expired(id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const gone = await tx.run(sql`update exports.export set state = ${after('ready', 'expire')} where id = ${id} and state = 'ready'`);
      if (gone > 0) await this.audit.record(tx, 'system', { action: 'export.expired', object: 'export', id });
    });
  }
}
