import { Injectable, Logger } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { Clock } from '../kernel/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { keptMessage } from '../platform/jobs/failure.policy.js';
import { FeedRegistry } from './feed-registry.js';
import { ImportCancelled, ImportFault } from './import-fault.js';
import { type ImportCounts, ImportLoader, type Progress } from './import-loader.js';
import { ImportsQueries, type ImportWork } from './imports.queries.js';
import { StoredFiles } from './stored-file.js';

const PROGRESS_EVERY_MS = 300;

/** SQLSTATE classes that say "this data, this statement": trying again changes nothing. All else (connection, deadlock, shutdown) may pass. */
const HOPELESS = /^(22|23|42|P0)/;
/** What pg says, without a code, of a connection that broke under a statement. */
const CONNECTION_LOST = /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect/;
/** A file whose import takes the process down must not do so for ever: after this many starts without an end it counts as failed. */
const MOST_STARTS = 4;

/** The disk of the uploads, or that of the database, is full. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', '53100']);
const isDiskFull = (error: unknown): boolean => DISK_FULL.has((error as { code?: string }).code ?? '');

const mayPass = ({ code, message = '' }: { code?: string; message?: string }): boolean =>
  code ? !HOPELESS.test(code) : CONNECTION_LOST.test(message);

/** Runs one import from its stored file. A run that was cut off leaves nothing behind and is run again from the start (FED-4). */
@Injectable()
export class ImportRun {
  private readonly log = new Logger(ImportRun.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly feeds: FeedRegistry,
    private readonly imports: ImportsQueries,
    private readonly files: StoredFiles,
  ) {}

  /** @throws Error what may pass, for the job to try again */
  async run(importId: string): Promise<void> {
    const work = await this.imports.work(importId);
    if (!work) return;
    if (!(await this.begin(importId))) return rm(work.storedPath, { force: true });
    try {
      await this.database.tx((tx) => this.load(tx, work));
    } catch (error) {
      if (!(await this.settle(importId, error))) throw error;
    }
    await rm(work.storedPath, { force: true });
  }

  /** @returns false when there is nothing left to do */
  private async begin(importId: string): Promise<boolean> {
    const begun = await this.database.maybe<{ starts: number }>(sql`
      update feeds.import set state = 'running', starts = starts + 1, started_at = ${this.clock.now()}, bytes_read = 0, read = 0, rejected = 0
      where id = ${importId} and state in ('queued', 'running')
      returning starts`);
    if (!begun || begun.starts <= MOST_STARTS) return begun !== undefined;
    await this.fail(importId, new ImportFault('cut_off', { id: importId, starts: MOST_STARTS }));
    return false;
  }

  private async load(tx: Tx, work: ImportWork): Promise<void> {
    const same = await this.imports.sameFile(tx, work);
    if (same) return this.repeat(tx, work, same.id);
    const feed = this.feeds.byCode(work.feed);
    const loader = new ImportLoader(tx, {
      feed,
      path: work.storedPath,
      source: this.files.source(work.storedPath, work.kind),
      context: {
        importId: work.id,
        options: work.options,
        uploader: { id: work.uploaderId, orgUnitId: work.orgUnitId, orgPath: work.orgPath },
        now: this.clock.now(),
      },
      onProgress: this.progress(work.id),
      onHead: async (headers) => {
        await this.database.run(sql`update feeds.import set columns = ${JSON.stringify(headers)}::jsonb where id = ${work.id}`);
      },
      onStaged: (counts) => this.tell(work.id, { ...counts, bytesRead: sql`bytes_total` }),
      beforeMerge: async () => {
        await tx.run(sql`select pg_advisory_xact_lock(hashtext('feeds.merge'), hashtext(${work.feed}))`);
      },
    });
    await this.finish(tx, work.id, await loader.load());
  }

  /** Tells the page how far it is, on another connection: the import's own transaction shows nothing before its end. */
  private progress(importId: string): (progress: Progress) => Promise<void> {
    let last = performance.now();
    return async ({ bytesRead, read, rejected }) => {
      if (performance.now() - last < PROGRESS_EVERY_MS) return;
      last = performance.now();
      await this.tell(importId, { bytesRead: sql`${bytesRead}`, read, rejected });
    };
  }

  /** @throws ImportCancelled when somebody stopped it */
  private async tell(importId: string, { bytesRead, read, rejected }: { bytesRead: Sql; read: number; rejected: number }): Promise<void> {
    const alive = await this.database.run(sql`
      update feeds.import set bytes_read = ${bytesRead}, read = ${read}, rejected = ${rejected} where id = ${importId} and state = 'running'`);
    if (alive === 0) throw new ImportCancelled();
  }

  private async finish(tx: Tx, importId: string, counts: ImportCounts): Promise<void> {
    const done = await tx.run(sql`
      update feeds.import
      set state = 'done', finished_at = ${this.clock.now()}, bytes_read = bytes_total, read = ${counts.read}, created = ${counts.created},
          updated = ${counts.updated}, unchanged = ${counts.unchanged}, duplicate = ${counts.duplicate}, rejected = ${counts.rejected},
          reject_reasons = ${JSON.stringify(counts.reasons)}::jsonb, reason = ${counts.read === 0 ? 'no_rows' : null}
      where id = ${importId} and state = 'running'`);
    if (done === 0) throw new ImportCancelled();
  }

  /** The same bytes again: what was accepted then is unchanged now, what was refused is still refused. */
  private async repeat(tx: Tx, work: ImportWork, sameId: string): Promise<void> {
    await tx.run(sql`
      update feeds.import i
      set state = 'done', reason = 'already_imported', reason_params = jsonb_build_object('importId', s.id::text, 'at', s.created_at),
          finished_at = ${this.clock.now()}, bytes_read = i.bytes_total, columns = s.columns, read = s.read,
          unchanged = s.created + s.updated + s.unchanged, duplicate = s.duplicate, rejected = s.rejected, reject_reasons = s.reject_reasons
      from feeds.import s
      where i.id = ${work.id} and s.id = ${sameId}`);
  }

  /** @returns false when the error may pass and the job should come again */
  private async settle(importId: string, error: unknown): Promise<boolean> {
    if (error instanceof ImportCancelled) return true;
    const fault = isDiskFull(error) ? new ImportFault('disk_full', { id: importId }) : error;
    if (fault instanceof ImportFault) {
      await this.fail(importId, fault);
      return true;
    }
    if (error instanceof Error && mayPass(error)) return false;
    this.log.error(`import ${importId} failed: ${keptMessage(error)}`);
    await this.fail(importId, new ImportFault('server', { id: importId }));
    return true;
  }

  private async fail(importId: string, { reason, params }: ImportFault): Promise<void> {
    await this.database.run(sql`
      update feeds.import
      set state = 'failed', reason = ${reason}, reason_params = ${JSON.stringify(params)}::jsonb, finished_at = ${this.clock.now()},
          read = 0, rejected = 0
      where id = ${importId} and state = 'running'`);
  }
}
