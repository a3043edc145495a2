import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../platform/jobs/job-handler.js';
import { RollupsCommands } from './rollups.commands.js';

@Injectable()
export class RollupsJobs {
  constructor(private readonly rollups: RollupsCommands) {}

  @EveryMinute('reports.settle-rollups')
  async settle(): Promise<void> {
    await this.rollups.settle();
  }
}
