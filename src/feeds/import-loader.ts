import type { Tx } from '../platform/database/database.js';
import { copyLine } from './copy-text.js';
import { FileReading } from './file-reading.js';
import { ImportStage } from './import-stage.js';
import type { Feed, ImportContext, MergeResult } from './feeds.types.js';
import type { MappedHeader } from './header.policy.js';
import { compileRow, isBlankRow, type RowReader } from './row.policy.js';
import { copyRejects, type ReasonCounts } from './reject-packs.js';
import { inFileOrder, RejectSpool } from './reject-spool.js';
import type { RowSource } from './stored-file.js';

export interface ImportCounts extends MergeResult {
  read: number;
  duplicate: number;
  rejected: number;
  reasons: ReasonCounts;
}

export interface Progress {
  bytesRead: number;
  read: number;
  rejected: number;
}

export interface LoadTask {
  feed: Feed;
  path: string;
  source: RowSource;
  context: ImportContext;
  /** Told after each chunk of the file; may throw to stop the import. */
  onProgress(progress: Progress): Promise<void>;
  onHead(headers: readonly MappedHeader[]): Promise<void>;
  /** Told when the whole file has been read and its rows are about to be written. */
  onStaged(counts: Pick<Progress, 'read' | 'rejected'>): Promise<void>;
  /** Asked once before the merge: imports of one feed wait here for each other. */
  beforeMerge(): Promise<void>;
}

/** One import within one transaction: file → typed staging by COPY → one merge → rejects. Constant memory at any size. */
export class ImportLoader {
  private readonly counts = { read: 0, rejected: 0 };
  /** Rows refused as they were read, and those the database refused. */
  private readonly spool: RejectSpool;
  private readonly refused: RejectSpool;

  constructor(
    private readonly tx: Tx,
    private readonly task: LoadTask,
  ) {
    this.spool = new RejectSpool(`${task.path}.rejects`);
    this.refused = new RejectSpool(`${task.path}.refused`);
  }

  /** @throws ImportFault when the file as a whole is refused, Error when the feed's merge loses or invents rows */
  async load(): Promise<ImportCounts> {
    try {
      const stage = await this.fill();
      await this.task.onStaged(this.counts);
      await stage.analyse();
      await this.task.beforeMerge();
      const merged = await this.task.feed.merge(this.tx, stage, this.task.context);
      await this.spoolRefused(stage);
      const rejects = await copyRejects(this.tx.client, this.task.context.importId, inFileOrder(this.spool, this.refused));
      return await this.conserved(stage, merged, rejects);
    } finally {
      await this.spool.remove();
      await this.refused.remove();
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
        } else if (writer.write(copyLine(number, [...row.values, row.extras]))) {
          await writer.flush();
        }
      }
      number += 1;
    }
    await writer.flush();
  }

  /** Rows only the database could refuse: the file is read once more for what they said, so that no row is stored twice. */
  private async spoolRefused(stage: ImportStage): Promise<void> {
    if (stage.rejected === 0) return;
    const faults = stage.faults();
    let next = await faults.next();
    const file = this.reading();
    for await (const { first, rows } of file.batches()) {
      for (; !next.done && next.value.rowNumber < first + rows.length; next = await faults.next()) {
        const { rowNumber, column, reason } = next.value;
        const cells = rows[rowNumber - first] ?? [];
        const header = file.head?.headers.find((one) => one.column === column);
        const value = header ? (cells[header.index] ?? '').trim() : '';
        await this.refused.add(rowNumber, cells, [{ column: header?.header ?? column, value, reason }]);
      }
      if (next.done) break;
    }
  }

  /** Nothing is lost and nothing invented (FED-3): else the import is undone. */
  private async conserved(stage: ImportStage, merged: MergeResult, rejects: Awaited<ReturnType<typeof copyRejects>>): Promise<ImportCounts> {
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
    if (kept !== remaining || rejects.rows !== counts.rejected || counts.read !== kept + counts.duplicate + counts.rejected) {
      throw new Error(`feed ${this.task.feed.code} does not balance: ${JSON.stringify({ ...counts, remaining })}`);
    }
    return { ...counts, reasons: rejects.reasons };
  }
}
