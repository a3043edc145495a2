import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../../platform/jobs/job-handler.js';
import { StallCommands } from './stall.commands.js';

@Injectable()
export class StallJobs {
  constructor(private readonly stalls: StallCommands) {}

  @EveryMinute('messaging.watch-stalls')
  look(): Promise<void> {
    return this.stalls.look();
  }
}
