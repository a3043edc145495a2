import { Injectable } from '@nestjs/common';
import { DailyAt } from '../../platform/jobs/job-handler.js';
import { DispatchEnds } from './dispatch-ends.commands.js';

@Injectable()
export class DispatchJobs {
  constructor(private readonly ends: DispatchEnds) {}

  @DailyAt('00:05', 'calls.dispatch-ends')
  async endOfDay(): Promise<void> {
    await this.ends.expire();
    await this.ends.judgeAgain();
  }
}
