import { Injectable } from '@nestjs/common';
import { EveryMinute, HandlesJob } from '../../platform/jobs/job-handler.js';
import { GuardBlast } from '../messaging.jobs.js';
import { GuardCommands } from './guard.commands.js';

@Injectable()
export class GuardJobs {
  constructor(private readonly guard: GuardCommands) {}

  @HandlesJob(GuardBlast)
  look({ blastId }: { blastId: string }): Promise<void> {
    return this.guard.lookAt(blastId);
  }

  @EveryMinute('messaging.guard')
  watch(): Promise<void> {
    return this.guard.watch();
  }
}
