import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Sql, sql, whereAll } from '../platform/database/sql.js';
import { FeedRegistry } from './feed-registry.js';
import type { FileKind } from '../platform/spreadsheet/file-probe.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { UploadOptions } from './feeds.types.js';
import type { MappedHeader, Mapping } from './header.policy.js';
import type { ReasonCounts } from './reject-packs.js';

export type ImportState = 'mapping' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface ImportRow {
  id: string;
  feed: string;
  options: UploadOptions;
  fileName: string;
  state: ImportState;
  /** Why it failed; of one that is done: `already_imported`, `no_rows`. */
  reason: string | null;
  reasonParams: Record<string, string | number>;
  encoding: string | null;
  storedPath: string | null;
  columns: MappedHeader[];
  bytesTotal: number;
  bytesRead: number;
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  duplicate: number;
  rejected: number;
  rejectReasons: ReasonCounts;
  /** The import whose rejects these are: of a file that was known, the first one's. */
  rejectsOf: string;
  uploadedBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** What the worker needs, in nobody's scope. */
export interface ImportWork extends Pick<ImportRow, 'id' | 'feed' | 'options' | 'state' | 'createdAt'> {
  storedPath: string;
  sha256: string;
  kind: FileKind;
  uploaderId: string;
  orgUnitId: string;
  orgPath: string;
}

const IMPORT = sql`
  select i.id, i.feed, i.options, i.file_name as "fileName", i.state, i.reason, i.reason_params as "reasonParams", i.encoding, i.stored_path as "storedPath", i.columns,
         i.bytes_total::float8 as "bytesTotal", i.bytes_read::float8 as "bytesRead", i.read, i.created, i.updated, i.unchanged, i.duplicate,
         i.rejected, i.reject_reasons as "rejectReasons",
         case when i.reason = 'already_imported' then i.reason_params ->> 'importId' else i.id::text end as "rejectsOf", u.name as "uploadedBy", i.created_at as "createdAt", i.started_at as "startedAt", i.finished_at as "finishedAt"
  from feeds.import i
  join staff.v_org_unit o on o.id = i.org_unit_id
  left join staff.v_user u on u.id = i.uploaded_by`;

@Injectable()
export class ImportsQueries {
  constructor(
    private readonly database: Database,
    private readonly feeds: FeedRegistry,
  ) {}

  /** @throws DomainError not_found */
  async byId(user: CurrentUser, id: string, on: Queryable = this.database): Promise<ImportRow> {
    const row = /^\d{1,18}$/.test(id) && (await on.maybe<ImportRow>(sql`${IMPORT} where i.id = ${id} and ${this.visibleTo(user)}`));
    if (!row) throw notFound('import', id);
    return row;
  }

  /** Newest first. */
  async list(user: CurrentUser, { limit = 20, cursor }: { limit?: number; cursor?: string | undefined } = {}): Promise<Page<ImportRow>> {
    const key = decodeCursor(cursor, 1);
    const rows = await this.database.rows<ImportRow>(sql`
      ${IMPORT} ${whereAll([this.visibleTo(user), key && sql`i.id < ${key[0]}::bigint`])}
      order by i.id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.id]);
  }

  /** Files of one's own units; those that only administrators hand in are theirs to see, map, stop and take the rejects of. */
  private visibleTo(user: CurrentUser): Sql {
    const closed = user.role === 'admin' ? [] : this.feeds.all().flatMap(({ adminsOnly, code }) => (adminsOnly ? [code] : []));
    return sql`(${inScope(user, sql`o.path`)} and i.feed <> all(${closed}::text[]))`;
  }

  work(id: string): Promise<ImportWork | undefined> {
    return this.database.maybe<ImportWork>(sql`
      select i.id, i.feed, i.options, i.state, i.created_at as "createdAt", i.stored_path as "storedPath", i.sha256, i.encoding as kind,
             i.uploaded_by as "uploaderId", i.org_unit_id as "orgUnitId", o.path as "orgPath"
      from feeds.import i
      join staff.v_org_unit o on o.id = i.org_unit_id
      where i.id = ${id}`);
  }

  /** What this person said of headers of this feed before (FED-2). */
  async said(user: Pick<CurrentUser, 'id'>, feed: string): Promise<Mapping> {
    const row = await this.database.maybe<{ headers: Mapping }>(sql`select headers from feeds.mapping where feed = ${feed} and user_id = ${user.id}`);
    return row?.headers ?? {};
  }

  /** An earlier import of the same bytes with the same options by the same unit, if it came to its end. */
  sameFile(on: Queryable, work: ImportWork): Promise<{ id: string } | undefined> {
    return on.maybe<{ id: string }>(sql`
      select id from feeds.import
      where feed = ${work.feed} and sha256 = ${work.sha256} and state = 'done' and reason is null and options = ${JSON.stringify(work.options)}::jsonb
        and org_unit_id = ${work.orgUnitId} and id <> ${work.id}
      order by id desc limit 1`);
  }

  /** Files that wait for somebody: the last ones of a user that were refused, whole or in part, in the last days. */
  async waiting(user: CurrentUser, since: Date): Promise<number> {
    const { n } = await this.database.one<{ n: number }>(sql`
      select count(*)::int as n from feeds.import where uploaded_by = ${user.id} and state in ('failed', 'mapping') and created_at >= ${since}`);
    return n;
  }
}
