import { Injectable } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { Clock } from '../kernel/clock.js';
import { DomainError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { Audit } from '../staff/audit/audit.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { FeedRegistry } from './feed-registry.js';
import type { Feed, UploadOptions } from './feeds.types.js';
import { runImport } from './imports.jobs.js';
import { type ImportRow, ImportsQueries } from './imports.queries.js';
import type { MappedHeader } from './header.policy.js';
import { type Ask, mappingOf, questions } from './mapping.js';
import { inspect, StoredFiles } from './stored-file.js';

export interface StoredUpload {
  /** Where the file lies; it is the import's to remove. */
  path: string;
  /** What the sender called it. */
  filename: string;
  bytes: number;
}

interface KeptUpload extends StoredUpload {
  sha256: string;
  kind: string;
  options: UploadOptions;
  /** The headers to ask about; undefined: nothing to ask. */
  asked: MappedHeader[] | undefined;
}

@Injectable()
export class ImportsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly feeds: FeedRegistry,
    private readonly imports: ImportsQueries,
    private readonly files: StoredFiles,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /**
   * Takes a stored file over and queues its import, or lets it wait for somebody to say which column is which. The file is removed when it is refused
   * here, and when the import has ended.
   * @param ask whether to wait: never (systems), when a header is not known, or always
   * @throws DomainError feed_unknown, role_refused (403), segment_required, and what the feed says of the options
   */
  async accept(user: CurrentUser, feedCode: string, options: UploadOptions & { ask?: Ask }, file: StoredUpload): Promise<ImportRow> {
    try {
      const feed = this.feeds.byCode(feedCode);
      if (feed.adminsOnly && user.role !== 'admin') throw new DomainError('role_refused', { status: 403, param: 'feed' });
      if (feed.needsSegment && !options.segment) throw new DomainError('segment_required', { param: 'segment' });
      await feed.prepare?.(user, options);
      const { sha256, kind } = await inspect(file.path);
      const said = await this.imports.said(user, feed.code);
      const asked = await questions(this.files.source(file.path, kind), { feed, said, ask: options.ask ?? 'never' });
      const segment = feed.needsSegment && options.segment ? { segment: options.segment } : {};
      const kept = { ...segment, ...(Object.keys(said).length > 0 ? { mapping: said } : {}) };
      return await this.keep(user, feed, { ...file, sha256, kind, options: kept, asked });
    } catch (error) {
      await rm(file.path, { force: true });
      throw error;
    }
  }

  /** Stops an import that has not ended: nothing of it stays. @throws DomainError not_found, import_ended (409) */
  async cancel(user: CurrentUser, id: string): Promise<void> {
    await this.database.tx(async (tx) => {
      const { state, storedPath } = await this.imports.byId(user, id, tx);
      const stopped = await tx.run(sql`
        update feeds.import set state = 'cancelled', finished_at = ${this.clock.now()}, read = 0, rejected = 0
        where id = ${id} and state in ('mapping', 'queued', 'running')`);
      if (stopped === 0) throw new DomainError('import_ended', { status: 409 });
      if (state === 'mapping' && storedPath) await rm(storedPath, { force: true }); // no job will come for it
      await this.audit.record(tx, user, { action: 'import.cancelled', object: 'import', id });
    });
  }

  /** What a person says of the columns of a waiting import: remembered for the next file, then it is queued. @throws DomainError */
  async map(user: CurrentUser, id: string, choices: readonly string[]): Promise<void> {
    await this.database.tx(async (tx) => {
      const row = await this.imports.byId(user, id, tx);
      const mapping = mappingOf(row.columns, this.feeds.byCode(row.feed), choices);
      const begun = await tx.run(sql`
        update feeds.import set state = 'queued', options = options || ${JSON.stringify({ mapping })}::jsonb where id = ${id} and state = 'mapping'`);
      if (begun === 0) throw new DomainError('import_ended', { status: 409 });
      await tx.run(sql`
        insert into feeds.mapping as m (feed, user_id, headers, updated_at) values (${row.feed}, ${user.id}, ${JSON.stringify(mapping)}::jsonb, ${this.clock.now()})
        on conflict (feed, user_id) do update set headers = m.headers || excluded.headers, updated_at = excluded.updated_at`);
      await this.outbox.add(tx, runImport, { importId: id });
      await this.audit.record(tx, user, { action: 'import.mapped', object: 'import', id, detail: { feed: row.feed, mapping } });
    });
  }

  private keep(user: CurrentUser, feed: Feed, file: KeptUpload): Promise<ImportRow> {
    const state = file.asked ? 'mapping' : 'queued';
    return this.database.tx(async (tx) => {
      const { id } = await tx.one<{ id: string }>(sql`
        insert into feeds.import (feed, options, file_name, stored_path, sha256, state, encoding, columns, bytes_total, uploaded_by, org_unit_id, created_at)
        values (${feed.code}, ${JSON.stringify(file.options)}::jsonb, ${file.filename}, ${file.path}, ${file.sha256}, ${state}, ${file.kind},
          ${JSON.stringify(file.asked ?? [])}::jsonb, ${file.bytes}, ${user.id}, ${user.orgUnitId}, ${this.clock.now()})
        returning id`);
      if (!file.asked) await this.outbox.add(tx, runImport, { importId: id });
      const { segment } = file.options;
      const detail = { feed: feed.code, file: file.filename, ...(segment ? { segment } : {}) };
      await this.audit.record(tx, user, { action: 'import.uploaded', object: 'import', id, detail });
      return this.imports.byId(user, id, tx);
    });
  }
}
