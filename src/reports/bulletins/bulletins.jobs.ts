import { Injectable } from '@nestjs/common';
import { DailyAt, EveryMinute, HandlesJob } from '../../platform/jobs/job-handler.js';
import { BulletinSchedule } from './bulletin-schedule.commands.js';
import { BulletinSending } from './bulletin-sending.commands.js';
import { SendBulletin } from './bulletins.events.js';

@Injectable()
export class BulletinsJobs {
  constructor(
    private readonly schedule: BulletinSchedule,
    private readonly sending: BulletinSending,
  ) {}

  /** Asks what is due now: a minute in which no process lived is made up for by the next. */
  @EveryMinute('reports.make-bulletins-due')
  async makeDue(): Promise<void> {
    await this.schedule.makeDue();
  }

  @HandlesJob(SendBulletin)
  async send({ delivery }: { delivery: string }): Promise<void> {
    await this.sending.send(delivery);
  }

  @DailyAt('03:40', 'reports.forget-bulletins')
  async forget(): Promise<void> {
    await this.schedule.forgetOld();
  }
}
