import { Injectable } from '@nestjs/common';
import { CustomersMerged } from '../customers/customers.events.js';
import { dayOf, lastDayOfMonth, addMonths } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { DailyAt, OnEvent } from '../platform/jobs/job-handler.js';
import { MonthMover } from '../platform/months/month-mover.commands.js';
import { ARCHIVING } from '../platform/months/months-options.js';
import { MergedCommands } from './merged.commands.js';

/** How many months ahead the ledger has its partitions. */
const MONTHS_AHEAD = 2;

@Injectable()
export class ContactJobs {
  constructor(
    private readonly db: Database,
    private readonly mover: MonthMover,
    private readonly merged: MergedCommands,
  ) {}

  @OnEvent(CustomersMerged, 'contact.follow-merged')
  async followMerged(): Promise<void> {
    await this.merged.follow();
  }

  @DailyAt('00:30', 'contact.ledger-months')
  async makeMonths(slot: Date): Promise<void> {
    await this.ensureMonths(slot);
  }

  @DailyAt('01:20', 'contact.ledger-move', ARCHIVING)
  async moveOld(): Promise<void> {
    await this.mover.moveOld('contact.touch');
  }

  /** Makes the ledger's partitions of this month and the next two. */
  async ensureMonths(at: Date): Promise<void> {
    const today = dayOf(at);
    const last = lastDayOfMonth(addMonths(today, MONTHS_AHEAD));
    await this.db.run(sql`select platform.ensure_partitions('contact.touch', ${today}::date, ${last}::date)`);
  }
}
