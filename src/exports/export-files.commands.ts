import { Inject, Injectable } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { FileAnswer } from '../platform/http/send-file.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { EXPORT_FOLDER, filePath } from './export-folder.js';
import { markedName } from './export-mark.policy.js';
import { ExportWriter, TYPES } from './export-writer.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportRow } from './exports.types.js';

/** Fetching a made file. */
@Injectable()
export class ExportFilesCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly queries: ExportsQueries,
    private readonly writer: ExportWriter,
    @Inject(EXPORT_FOLDER) private readonly folder: string,
  ) {}

  /**
   * For the one who asked, as often as they like until it expires; each time stands in the audit log before the first byte leaves.
   * @throws DomainError not_found (also for the one who approved it), export_not_ready (409), export_expired (410)
   */
  async fetch(user: CurrentUser, id: string): Promise<FileAnswer> {
    const row = await this.db.tx(async (tx) => {
      await this.queries.byId(user, id, tx);
      await tx.run(sql`select from exports.export where id = ${id} for share`);
      const found = await this.queries.byId(user, id, tx);
      await this.check(user, found);
      await this.audit.record(tx, user, { action: 'export.downloaded', object: 'export', id, detail: { what: found.what, rows: found.madeRows } });
      return found;
    });
    const mark = { id, staffNo: row.staffNo, name: row.requesterName, at: row.madeAt ?? row.requestedAt };
    const title = this.writer.words(row.locale).t(`exports.what.${row.what}`);
    return {
      fileName: markedName(title, mark, row.format),
      type: TYPES[row.format],
      stream: createReadStream(filePath(this.folder, row)),
      ...(row.bytes === null ? {} : { bytes: row.bytes }),
    };
  }

  private async check(user: CurrentUser, row: ExportRow): Promise<void> {
    if (row.requesterId !== user.id) throw notFound('export', row.id);
    const over = row.state === 'expired' || (row.expiresAt !== null && row.expiresAt <= this.clock.now());
    if (!over && row.state !== 'ready') throw new DomainError('export_not_ready', { status: 409 });
    const there = !over && (await stat(filePath(this.folder, row)).then(Boolean, () => false));
    if (!there) throw new DomainError('export_expired', { status: 410 });
  }
}
