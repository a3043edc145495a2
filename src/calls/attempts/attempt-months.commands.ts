import { Injectable } from '@nestjs/common';
import { addMonths, type Day, dayOf, monthOf } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

const MONTHS_AHEAD = 2;

/** The monthly partitions of calls.attempt. They must stand before their first row: what has fallen into the default partition blocks them. */
@Injectable()
export class AttemptMonths {
  private readonly seen = new Set<string>();

  constructor(private readonly db: Database) {}

  /** Makes sure of the month an attempt falls into; asked before its transaction, so that a roll-back cannot take the partition away. */
  async ensure(at: Date): Promise<void> {
    const day = dayOf(at);
    if (this.seen.has(monthOf(day))) return;
    await this.ensureSpan(this.db, day, day);
    this.seen.add(monthOf(day));
  }

  async ensureAhead(now: Date): Promise<void> {
    const today = dayOf(now);
    await this.ensureSpan(this.db, addMonths(today, -1), addMonths(today, MONTHS_AHEAD));
  }

  async ensureSpan(on: Queryable, first: Day, last: Day): Promise<void> {
    await on.run(sql`select platform.ensure_partitions('calls.attempt', ${first}::date, ${last}::date)`);
  }
}
