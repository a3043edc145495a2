import { Injectable } from '@nestjs/common';
import { dayOf } from '../kernel/day.js';
import { DailyAt } from '../platform/jobs/job-handler.js';
import { RoamingDetailsCommands } from './roaming-details.commands.js';

@Injectable()
export class RoamingDetailsJobs {
  constructor(private readonly details: RoamingDetailsCommands) {}

  /** By the slot: a run that comes late forgets no more than its own day. */
  @DailyAt('01:10', 'care.forget-roaming')
  async forget(slot: Date): Promise<void> {
    await this.details.forget(dayOf(slot));
  }
}
