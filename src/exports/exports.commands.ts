import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { FileAnswer } from '../platform/http/send-file.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit/audit.commands.js';
import { type CurrentUser, staffNoOf } from '../staff/staff.types.js';
import { discreet } from './export-filter.policy.js';
import { markedName } from './export-mark.policy.js';
import { ExportOpening } from './export-opening.js';
import { ExportWriter, TYPES } from './export-writer.js';
import { makeExport } from './exports.jobs.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportRow, ExportState, Opened, Wish } from './exports.types.js';

/** More rows than may go at once. */
export interface TooMany {
  rows: number;
  limit: number;
}

export const isDelivery = (taken: FileAnswer | TooMany): taken is FileAnswer => 'stream' in taken;

/** Taking files out: every one has a number and stands in the audit log before its first byte leaves (SYS-2). */
@Injectable()
export class ExportsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly queries: ExportsQueries,
    private readonly opening: ExportOpening,
    private readonly writer: ExportWriter,
  ) {}

  /** The file at once, or how many rows it would have when a second person must let it go. @throws DomainError as {@link ExportOpening.open} */
  async take(user: CurrentUser, wish: Wish): Promise<FileAnswer | TooMany> {
    const opened = await this.opening.open(user, wish);
    const { rowsAtOnce } = await this.queries.settings();
    if (!opened.source.handBack && opened.content.rows > rowsAtOnce) return { rows: opened.content.rows, limit: rowsAtOnce };
    const id = await this.db.tx((tx) => this.write(tx, user, { opened, wish, state: 'delivered' }));
    return this.deliver(user, id, { opened, wish });
  }

  /** Rows that go back to whoever sent them: always at once. @throws Error when the export is none of that kind; DomainError as {@link ExportOpening.open} */
  async handBack(user: CurrentUser, wish: Wish): Promise<FileAnswer> {
    const taken = await this.take(user, wish);
    if (!isDelivery(taken)) throw new Error(`export ${wish.what} hands nothing back`);
    return taken;
  }

  /**
   * Asks for a file that a job makes: at once when it is small, after a second person's approval when it is not.
   * @throws DomainError export_reason_missing when it needs a second person and says nothing to them; as {@link ExportOpening.open}
   */
  async request(user: CurrentUser, wish: Wish, reason?: string): Promise<ExportRow> {
    const opened = await this.opening.open(user, wish);
    return this.db.tx(async (tx) => {
      const { rowsAtOnce } = await this.queries.settings(tx);
      const free = opened.source.handBack || opened.content.rows <= rowsAtOnce;
      if (!free && !reason) throw new DomainError('export_reason_missing', { param: 'reason', params: { limit: rowsAtOnce } });
      const id = await this.write(tx, user, { opened, wish, reason, state: free ? 'queued' : 'waiting' });
      if (free) await this.outbox.add(tx, makeExport, { exportId: id });
      return this.queries.byId(user, id, tx);
    });
  }

  private async write(
    tx: Tx,
    user: CurrentUser,
    { opened, wish, reason, state }: { opened: Opened; wish: Wish; reason?: string | undefined; state: ExportState },
  ): Promise<string> {
    const { format, filter, content } = opened;
    const { id } = await tx.one<{ id: string }>(sql`
      insert into exports.export (what, format, filter, locale, state, rows, reason, requested_by, org_unit_id, requested_at)
      values (${wish.what}, ${format}, ${JSON.stringify(filter)}::jsonb, ${wish.locale}, ${state}, ${content.rows}, ${reason ?? null},
              ${user.id}, ${user.orgUnitId}, ${this.clock.now()})
      returning id`);
    const detail = { what: wish.what, format, rows: content.rows, filter: discreet(filter), ...(reason ? { reason } : {}) };
    const action = state === 'delivered' ? 'export.delivered' : 'export.asked';
    await this.audit.record(tx, user, { action, object: 'export', id, detail });
    return id;
  }

  private deliver(user: CurrentUser, id: string, { opened, wish }: { opened: Opened; wish: Wish }): FileAnswer {
    const { content, format } = opened;
    const words = this.writer.words(wish.locale);
    const mark = { id, staffNo: staffNoOf(user), name: user.name, at: this.clock.now() };
    return {
      fileName: markedName(content.fileName ?? words.t(`exports.what.${wish.what}`), mark, format),
      type: TYPES[format],
      stream: this.writer.stream(opened, mark, words),
    };
  }
}
