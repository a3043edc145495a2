import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { defineJob } from '../platform/jobs/define-job.js';
import { DailyAt, HandlesJob } from '../platform/jobs/job-handler.js';
import { Outbox } from '../platform/jobs/outbox.js';
import { IdCardCommands } from './id-card/id-card.commands.js';
import { InitialsCommands } from './search/initials.commands.js';
import { StarChangesCommands } from './star-changes.commands.js';

/** Put into the outbox by the migration that brought the column. */
export const fillInitials = defineJob<Record<string, never>>('customers.initials', { concurrency: 1, leaseSeconds: 120 });

/** After a new key was put first: what older ones sealed is sealed anew. */
export const resealIdCards = defineJob<Record<string, never>>('customers.reseal-id-cards', { concurrency: 1, leaseSeconds: 120 });

@Injectable()
export class CustomersJobs implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly initials: InitialsCommands,
    private readonly idCards: IdCardCommands,
    private readonly stars: StarChangesCommands,
  ) {}

  /** Keys are read at the start, so this is when a rotation shows. */
  async onApplicationBootstrap(): Promise<void> {
    if (await this.idCards.needsResealing()) await this.outbox.add(this.database, resealIdCards, {});
  }

  /** Before the plan of the day is made. */
  @DailyAt('00:10', 'customers.star-changes')
  applyStars(): Promise<void> {
    return this.stars.applyArrived();
  }

  @HandlesJob(fillInitials)
  async fill(): Promise<void> {
    await this.initials.fill();
  }

  @HandlesJob(resealIdCards)
  async reseal(): Promise<void> {
    await this.idCards.reseal();
  }
}
