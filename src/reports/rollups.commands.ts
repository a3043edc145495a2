import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

/** The rolled-up counts of the funnel are read together with the changes that are not in them yet: settling alters no figure, it keeps the changes few. */
@Injectable()
export class RollupsCommands {
  constructor(private readonly db: Database) {}

  /** Brings the changes of past calls into the tables. @returns how many changes there were */
  async settle(): Promise<number> {
    const { n } = await this.db.one<{ n: string }>(sql`select reports.settle_rollups() as n`);
    return Number(n);
  }
}
