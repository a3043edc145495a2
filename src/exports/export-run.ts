import { Inject, Injectable } from '@nestjs/common';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Clock } from '../kernel/clock.js';
import { DomainError, isRefusal } from '../kernel/errors.js';
import { Authenticator } from '../platform/http/authenticator.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { EXPORT_FOLDER, filePath } from './export-folder.js';
import { hasGrown } from './export-limits.policy.js';
import { ExportOpening } from './export-opening.js';
import { ExportOutcomeCommands } from './export-outcome.commands.js';
import { ExportWriter } from './export-writer.js';
import { ExportsQueries } from './exports.queries.js';
import type { ExportRow, Opened } from './exports.types.js';

/** Makes the files of exports. */
@Injectable()
export class ExportRun {
  constructor(
    private readonly clock: Clock,
    private readonly people: Authenticator,
    private readonly queries: ExportsQueries,
    private readonly opening: ExportOpening,
    private readonly writer: ExportWriter,
    private readonly outcome: ExportOutcomeCommands,
    @Inject(EXPORT_FOLDER) private readonly folder: string,
  ) {}

  /** Run twice it makes the same file twice and tells of it once. @throws Error what may pass, for the job to try again */
  async make(exportId: string): Promise<void> {
    const row = await this.queries.work(exportId);
    if (!row) return;
    try {
      const opened = await this.open(row);
      await this.write(row, opened);
      const { size } = await stat(filePath(this.folder, row));
      await this.outcome.made(row, { rows: opened.content.rows, bytes: size });
    } catch (error) {
      await rm(`${filePath(this.folder, row)}.part`, { force: true });
      if (!isRefusal(error)) throw error;
      await this.outcome.failed(row.id, error.code);
    }
  }

  /** With the rights and the scope the person has now, not those of the day of asking. */
  private async open(row: ExportRow): Promise<Opened> {
    const user = (await this.people.bySession(row.requesterId)) as CurrentUser | undefined;
    if (!user) throw new DomainError('export_requester_gone');
    const opened = await this.opening.open(user, row);
    if (hasGrown(row.rows, opened.content.rows)) throw new DomainError('export_grown');
    return opened;
  }

  private async write(row: ExportRow, opened: Opened): Promise<void> {
    const mark = { id: row.id, staffNo: row.staffNo, name: row.requesterName, at: this.clock.now() };
    const path = filePath(this.folder, row);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await pipeline(this.writer.stream(opened, mark, this.writer.words(row.locale)), createWriteStream(`${path}.part`, { mode: 0o600 }));
    await rename(`${path}.part`, path);
  }
}
