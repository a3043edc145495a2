import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/job-handler.js';
import { sql } from '../../platform/database/sql.js';
import { MonthFiles } from '../../platform/months/month-files.js';
import { MonthsQueries } from '../../platform/months/months.queries.js';
import { ForgetArchived } from '../messaging.jobs.js';
import { MESSAGES } from './archived-blasts.queries.js';

/** A person who is forgotten is forgotten in the files too (SYS-6): their messages stay as figures, without number and words. */
@Injectable()
export class ArchivedPeople {
  constructor(
    private readonly months: MonthsQueries,
    private readonly files: MonthFiles,
  ) {}

  /** May run twice: the second time writes the same. @throws Error when a file is not there or cannot be written */
  @HandlesJob(ForgetArchived)
  async forget({ customerId }: { customerId: string }): Promise<void> {
    const faults: unknown[] = [];
    for (const { month } of await this.months.files(MESSAGES)) await this.forgetIn(month, customerId).catch((fault: unknown) => faults.push(fault));
    // one file that cannot be written keeps nobody in the others
    if (faults.length > 0) throw faults[0];
  }

  private async forgetIn(month: string, customerId: string): Promise<void> {
    const changed = await this.files.rewrite(
      { parent: MESSAGES, month },
      (table) => sql`update ${table} set number = null, body = '' where customer_id = ${customerId}`,
    );
    if (changed) await this.months.resum(MESSAGES, month, changed.sha256);
  }
}
