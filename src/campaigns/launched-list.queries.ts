import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { JOBS_OPTIONS, type JobsOptions } from '../platform/jobs/jobs-options.js';
import type { Campaign } from './campaigns.types.js';

const LOOK_EVERY_MS = 40;
const LOOKS = 75; // 3 seconds: longer than a list of 100,000 takes; after that the answer goes out and the list follows

/**
 * The list of a launched campaign is filled by who listens to the launch, a moment after the commit. Who launched is answered when it
 * stands, so that its tasks can be claimed at once. It is one transaction: one task there means all are there.
 */
@Injectable()
export class LaunchedList {
  constructor(
    private readonly db: Database,
    @Inject(JOBS_OPTIONS) private readonly jobs: JobsOptions,
  ) {}

  /** Waits for the list, but never long, and not at all where nobody is to be called or jobs wait to be asked. */
  async arrives(campaign: Campaign): Promise<void> {
    if (!this.jobs.autoStart || campaign.state !== 'running' || !(await this.isExpected(campaign.id))) return;
    for (let look = 0; look < LOOKS && !(await this.isThere(campaign.id)); look += 1) await pause(LOOK_EVERY_MS);
  }

  private async isExpected(campaignId: string): Promise<boolean> {
    return (await this.db.maybe(sql`select from campaigns.audience where campaign_id = ${campaignId} and excluded is null limit 1`)) !== undefined;
  }

  private async isThere(campaignId: string): Promise<boolean> {
    return (await this.db.maybe(sql`select from reporting.task_state where campaign_id = ${campaignId} limit 1`)) !== undefined;
  }
}
