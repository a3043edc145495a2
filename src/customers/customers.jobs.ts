import { Injectable } from '@nestjs/common';
import { defineJob } from '../platform/jobs/define-job.js';
import { DailyAt, HandlesJob } from '../platform/jobs/job-handler.js';
import { InitialsCommands } from './search/initials.commands.js';
import { StarChangesCommands } from './star-changes.commands.js';

/** Put into the outbox by the migration that brought the column. */
export const fillInitials = defineJob<Record<string, never>>('customers.initials', { concurrency: 1, leaseSeconds: 120 });

@Injectable()
export class CustomersJobs {
  constructor(
    private readonly initials: InitialsCommands,
    private readonly stars: StarChangesCommands,
  ) {}

  /** Before the plan of the day is made. */
  @DailyAt('00:10', 'customers.star-changes')
  applyStars(): Promise<void> {
    return this.stars.applyArrived();
  }

  @HandlesJob(fillInitials)
  async fill(): Promise<void> {
    await this.initials.fill();
  }
}
