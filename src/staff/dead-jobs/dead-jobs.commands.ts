import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { type DeadLetter, DeadLetters } from '../../platform/jobs/dead-letters.commands.js';
import { Audit } from '../audit/audit.commands.js';
import type { CurrentUser } from '../staff.types.js';

/** What an administrator decides about jobs that were given up; who decided stands in the audit log. */
@Injectable()
export class DeadJobs {
  constructor(
    private readonly database: Database,
    private readonly letters: DeadLetters,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError not_found · job_unknown */
  retry(user: CurrentUser, id: string): Promise<DeadLetter> {
    return this.database.tx(async (tx) => {
      const letter = await this.letters.retry(tx, id);
      await this.audit.record(tx, user, { action: 'job.retried', object: 'job', id, detail: { ...letter } });
      return letter;
    });
  }

  /** @returns how many @throws DomainError job_unknown */
  retryAll(user: CurrentUser, job: string): Promise<number> {
    return this.database.tx(async (tx) => {
      const count = await this.letters.retryAll(tx, job);
      if (count > 0) await this.audit.record(tx, user, { action: 'job.retried_all', object: 'job', id: job, detail: { count } });
      return count;
    });
  }

  /** @throws DomainError not_found */
  discard(user: CurrentUser, id: string): Promise<DeadLetter> {
    return this.database.tx(async (tx) => {
      const letter = await this.letters.discard(tx, id);
      await this.audit.record(tx, user, { action: 'job.discarded', object: 'job', id, detail: { ...letter } });
      return letter;
    });
  }
}
