import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../../platform/jobs/job-handler.js';
import { WatchCommands } from './watch.commands.js';

@Injectable()
export class WatchJobs {
  constructor(private readonly watch: WatchCommands) {}

  /** Asked each minute, looks once an hour: a minute in which no process lived is no hour without a look. */
  @EveryMinute('reports.watch-bands')
  async look(now: Date): Promise<void> {
    await this.watch.look(now);
  }
}
