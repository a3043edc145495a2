import { Injectable } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { FeedRegistry } from './feed-registry.js';
import type { Feed, UploadOptions } from './feeds.types.js';
import { runImport } from './imports.jobs.js';
import { type ImportRow, ImportsQueries } from './imports.queries.js';
import { inspect } from './stored-file.js';

export interface StoredUpload {
  /** Where the file lies; it is the import's to remove. */
  path: string;
  /** What the sender called it. */
  filename: string;
  bytes: number;
}

@Injectable()
export class ImportsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly feeds: FeedRegistry,
    private readonly imports: ImportsQueries,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /**
   * Takes a stored file over and queues its import. The file is removed when it is refused here, and when the import has ended.
   * @throws DomainError feed_unknown, segment_required, and what the feed says of the options
   */
  async accept(user: CurrentUser, feedCode: string, options: UploadOptions, file: StoredUpload): Promise<ImportRow> {
    try {
      const feed = this.feeds.byCode(feedCode);
      if (feed.needsSegment && !options.segment) throw new DomainError('segment_required', { param: 'segment' });
      await feed.prepare?.(user, options);
      const { sha256, kind } = await inspect(file.path);
      return await this.queue(user, feed, options, { ...file, sha256, kind });
    } catch (error) {
      await rm(file.path, { force: true });
      throw error;
    }
  }

  /** Stops an import that has not ended: nothing of it stays. @throws DomainError not_found, import_ended (409) */
  async cancel(user: CurrentUser, id: string): Promise<void> {
    await this.database.tx(async (tx) => {
      await this.imports.byId(user, id, tx);
      const stopped = await tx.run(sql`
        update feeds.import set state = 'cancelled', finished_at = ${this.clock.now()}, read = 0, rejected = 0
        where id = ${id} and state in ('queued', 'running')`);
      if (stopped === 0) throw new DomainError('import_ended', { status: 409 });
      await this.audit.record(tx, user, { action: 'import.cancelled', object: 'import', id });
    });
  }

  private queue(user: CurrentUser, feed: Feed, options: UploadOptions, file: StoredUpload & { sha256: string; kind: string }): Promise<ImportRow> {
    const kept = feed.needsSegment && options.segment ? { segment: options.segment } : {};
    return this.database.tx(async (tx) => {
      const { id } = await tx.one<{ id: string }>(sql`
        insert into feeds.import (feed, options, file_name, stored_path, sha256, state, encoding, bytes_total, uploaded_by, org_unit_id, created_at)
        values (${feed.code}, ${JSON.stringify(kept)}::jsonb, ${file.filename}, ${file.path}, ${file.sha256}, 'queued', ${file.kind},
          ${file.bytes}, ${user.id}, ${user.orgUnitId}, ${this.clock.now()})
        returning id`);
      await this.outbox.add(tx, runImport, { importId: id });
      await this.audit.record(tx, user, {
        action: 'import.uploaded',
        object: 'import',
        id,
        detail: { feed: feed.code, file: file.filename, ...kept },
      });
      return this.imports.byId(user, id, tx);
    });
  }
}
