import { Inject, Injectable, Logger } from '@nestjs/common';
import { rm } from 'node:fs/promises';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { EXPORT_FOLDER, filePath } from './export-folder.js';
import { ExportOutcomeCommands } from './export-outcome.commands.js';

/** A file not made by then never will be: its job has been given up. */
const STUCK_MS = 6 * 3_600_000;
const AT_ONCE = 100;

interface Kept {
  id: string;
  file: string;
  format: string;
}

/** Removes files whose time is over. */
@Injectable()
export class ExportExpiry {
  private readonly log = new Logger(ExportExpiry.name);

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outcome: ExportOutcomeCommands,
    @Inject(EXPORT_FOLDER) private readonly folder: string,
  ) {}

  /** Removes what is over from the disk, and gives up what was never made. @returns how many files went */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const stuck = await this.db.rows<Kept>(sql`
      select id, file, format from exports.export where state = 'queued' and coalesce(decided_at, requested_at) < ${new Date(now.getTime() - STUCK_MS)}`);
    for (const row of stuck) {
      await this.remove(row);
      await this.outcome.failed(row.id, 'export_stuck');
    }
    const over = await this.db.rows<Kept>(sql`
      select id, file, format from exports.export where state = 'ready' and expires_at <= ${now} order by expires_at limit ${AT_ONCE}`);
    for (const row of over) {
      // The file first: a stop in between leaves a row that is looked at again, never a file nobody knows of.
      await this.remove(row);
      await this.outcome.expired(row.id);
    }
    if (over.length > 0) this.log.log(`${over.length} exports expired`);
    return over.length;
  }

  private async remove(row: Kept): Promise<void> {
    const path = filePath(this.folder, row);
    for (const left of [path, `${path}.part`]) await rm(left, { force: true });
  }
}
