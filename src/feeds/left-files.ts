import { Inject, Injectable } from '@nestjs/common';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { UPLOAD_FOLDER } from './uploads.js';

/** An upload under way is never this old. */
const OLD_MS = 24 * 3_600_000;

/** Files a killed process left behind: uploads that never became an import, and what imports kept beside their file. */
@Injectable()
export class LeftFiles {
  constructor(
    private readonly database: Database,
    @Inject(UPLOAD_FOLDER) private readonly folder: string,
  ) {}

  /** @param now by the clock of the machine, as the files are dated. @returns how many went */
  async sweep(now: number): Promise<number> {
    const names = await readdir(this.folder).catch(() => []);
    const waiting = await this.database.rows<{ path: string }>(sql`
      select stored_path as path from feeds.import where state in ('mapping', 'queued', 'running') and stored_path is not null`);
    const needed = waiting.map(({ path }) => path);
    let gone = 0;
    for (const path of names.map((name) => join(this.folder, name))) {
      if (needed.some((one) => path.startsWith(one))) continue;
      const age = await stat(path).then(
        ({ mtimeMs }) => now - mtimeMs,
        () => 0,
      );
      if (age < OLD_MS) continue;
      await rm(path, { force: true });
      gone += 1;
    }
    return gone;
  }
}
