import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/job-handler.js';
import { CheckAudience } from '../messaging.jobs.js';
import { AudienceChecks } from './audience-checks.commands.js';

@Injectable()
export class CheckJobs {
  constructor(private readonly checks: AudienceChecks) {}

  @HandlesJob(CheckAudience)
  check({ checkId }: { checkId: string }): Promise<void> {
    return this.checks.run(checkId);
  }
}
