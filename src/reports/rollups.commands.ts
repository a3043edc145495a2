import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { whoeverWaits } from '../platform/database/reading.js';
import { sql } from '../platform/database/sql.js';

/** With more changes than these a figure is slow to read; settling them takes less than reading around them. */
const MANY = 300;

/** The rolled-up counts of the funnel are read together with the changes that are not in them yet: settling alters no figure, it keeps the changes few. */
@Injectable()
export class RollupsCommands {
  constructor(private readonly db: Database) {}

  /** Brings the changes of past calls into the tables. @returns how many changes there were */
  async settle(): Promise<number> {
    const { n } = await this.db.one<{ n: string }>(sql`select reports.settle_rollups() as n`);
    return Number(n);
  }

  /** Before figures are read: after a large file one reader settles for all, instead of each reading around thousands of changes until the minute is over. */
  async settleWhenMany(): Promise<void> {
    const many = await this.db.maybe(sql`select 1 as found from reports.customer_change limit 1 offset ${MANY}`);
    if (many) await whoeverWaits(() => this.settle());
  }
}
