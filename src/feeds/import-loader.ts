import type { Tx } from '../platform/database/database.js';
import { copyLine } from './copy-text.js';
import { FileReading } from './file-reading.js';
import { ImportFault } from './import-fault.js';
import { ImportStage } from './import-stage.js';
import type { Feed, ImportContext, MergeResult } from './feeds.types.js';
import type { MappedHeader } from './header.policy.js';
import { compileRow, isBlankRow, type RowReader } from './row.policy.js';
import { RejectSpool } from './reject-spool.js';
import type { RowSource } from './stored-file.js';

export interface ImportCounts extends MergeResult {
  read: number;
  duplicate: number;
  rejected: number;
}

export interface Progress {
  bytesRead: number;
  read: number;
  rejected: number;
}

/** Refused rows are kept whole, to be mended; past this many they are no list that anybody mends. */
const MOST_REJECTS = 100_000;

export interface LoadTask {
  feed: Feed;
  path: string;
  source: RowSource;
  context: ImportContext;
  /** Told after each chunk of the file; may throw to stop the import. */
  onProgress(progress: Progress): Promise<void>;
  onHead(headers: readonly MappedHeader[]): Promise<void>;
  /** Asked once before the merge: imports of one feed wait here for each other. */
  beforeMerge(): Promise<void>;
}

/** One import within one transaction: file → typed staging by COPY → one merge → rejects. Constant memory at any size. */
export class ImportLoader {
  private readonly counts = { read: 0, rejected: 0 };
  private readonly spool: RejectSpool;

  constructor(
    private readonly tx: Tx,
    private readonly task: LoadTask,
  ) {
    this.spool = new RejectSpool(`${task.path}.rejects`, task.context.importId);
  }

  /** @throws ImportFault when the file as a whole is refused, Error when the feed's merge loses or invents rows */
  async load(): Promise<ImportCounts> {
    try {
      const stage = await this.fill();
      await this.spool.copyInto(this.tx.client);
      await stage.analyse();
      await this.task.beforeMerge();
      const merged = await this.task.feed.merge(this.tx, stage, this.task.context);
      this.refuseHopeless(this.counts.rejected + stage.rejected);
      await this.keepRefused(stage);
      return this.conserved(stage, merged);
    } finally {
      await this.spool.remove();
    }
  }

  private async fill(): Promise<ImportStage> {
    const file = this.reading();
    const batches = file.batches();
    try {
      return await this.fillFrom(file, batches);
    } finally {
      await batches.return(undefined); // closes the file, also after a fault
    }
  }

  private async fillFrom(file: FileReading, batches: ReturnType<FileReading['batches']>): Promise<ImportStage> {
    let next = await batches.next();
    const headers = file.head?.headers ?? [];
    await this.task.onHead(headers);
    const reader = compileRow(this.task.feed, headers);
    const stage = await ImportStage.create(this.tx, this.task.feed, reader);
    const writer = stage.writer();
    try {
      for (; !next.done; next = await batches.next()) {
        await this.copyRows(next.value, reader, writer);
        await this.task.onProgress({ bytesRead: next.value.bytesRead, ...this.counts });
      }
      await writer.end();
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return stage;
  }

  private reading(): FileReading {
    return new FileReading(this.task.source, this.task.feed, this.task.context.options.mapping);
  }

  private async copyRows(batch: { first: number; rows: string[][] }, reader: RowReader, writer: ReturnType<ImportStage['writer']>): Promise<void> {
    let number = batch.first;
    for (const cells of batch.rows) {
      if (!isBlankRow(cells)) {
        this.counts.read += 1;
        const row = reader.read(cells);
        if ('faults' in row) {
          this.counts.rejected += 1;
          await this.spool.add(number, cells, row.faults);
          this.refuseHopeless(this.counts.rejected);
        } else if (writer.write(copyLine(number, [...row.values, row.extras]))) {
          await writer.flush();
        }
      }
      number += 1;
    }
    await writer.flush();
  }

  /** A file whose rows are mostly wrong is the wrong file, or its columns are: said at once instead of keeping a million faults. */
  private refuseHopeless(rejected: number): void {
    const mostly = rejected > MOST_REJECTS && rejected * 2 > this.counts.read;
    if (mostly || rejected > MOST_REJECTS * 5) throw new ImportFault('too_many_rejects', { rejected, read: this.counts.read });
  }

  /** Rows only the database could refuse: the file is read once more for what they said, so that no row is stored twice. */
  private async keepRefused(stage: ImportStage): Promise<void> {
    const faults = await stage.faults();
    if (faults.length === 0) return;
    const file = this.reading();
    const spool = new RejectSpool(`${this.task.path}.refused`, this.task.context.importId);
    try {
      let i = 0;
      for await (const { first, rows } of file.batches()) {
        for (let fault = faults[i]; fault && fault.rowNumber < first + rows.length; fault = faults[++i]) {
          const cells = rows[fault.rowNumber - first] ?? [];
          const header = file.head?.headers.find((one) => one.column === fault.column);
          const value = header ? (cells[header.index] ?? '').trim() : '';
          await spool.add(fault.rowNumber, cells, [{ column: header?.header ?? fault.column, value, reason: fault.reason }]);
        }
        if (i >= faults.length) break;
      }
      await spool.copyInto(this.tx.client);
    } finally {
      await spool.remove();
    }
  }

  /** Nothing is lost and nothing invented (FED-3): else the import is undone. */
  private async conserved(stage: ImportStage, merged: MergeResult): Promise<ImportCounts> {
    const remaining = await stage.remaining();
    const { created, updated, unchanged } = merged;
    const counts = {
      read: this.counts.read,
      created,
      updated,
      unchanged,
      duplicate: stage.duplicate,
      rejected: this.counts.rejected + stage.rejected,
    };
    const kept = created + updated + unchanged;
    if (kept !== remaining || counts.read !== kept + counts.duplicate + counts.rejected) {
      throw new Error(`feed ${this.task.feed.code} does not balance: ${JSON.stringify({ ...counts, remaining })}`);
    }
    return counts;
  }
}
