import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../platform/jobs/job-handler.js';
import { CampaignLife } from './campaign-life.commands.js';

@Injectable()
export class CampaignsJobs {
  constructor(private readonly life: CampaignLife) {}

  @EveryMinute('campaigns.start-scheduled')
  async startScheduled(): Promise<void> {
    await this.life.startDue();
  }
}
