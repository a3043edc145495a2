import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/job-handler.js';
import { Building } from './building.commands.js';
import { type BuildAudience, buildAudience } from './building.types.js';

@Injectable()
export class BuildingJobs {
  constructor(private readonly building: Building) {}

  @HandlesJob(buildAudience)
  async build({ campaignId }: BuildAudience): Promise<void> {
    await this.building.build(campaignId);
  }
}
