import { Injectable } from '@nestjs/common';
import { EveryMinute } from '../../platform/jobs/job-handler.js';
import { EventEndings } from './event-endings.commands.js';

/** What events do by themselves. */
@Injectable()
export class EventsJobs {
  constructor(private readonly endings: EventEndings) {}

  @EveryMinute('care.events-over')
  async sweep(): Promise<void> {
    await this.endings.sweep();
  }
}
