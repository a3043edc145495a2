import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { DailyAt, EveryMinute, HandlesJob } from '../../platform/jobs/job-handler.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { BulletinResealing } from './bulletin-resealing.commands.js';
import { BulletinSchedule } from './bulletin-schedule.commands.js';
import { BulletinSending } from './bulletin-sending.commands.js';
import { resealBulletins, SendBulletin } from './bulletins.events.js';

@Injectable()
export class BulletinsJobs implements OnApplicationBootstrap {
  constructor(
    private readonly schedule: BulletinSchedule,
    private readonly sending: BulletinSending,
    private readonly resealing: BulletinResealing,
    private readonly db: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Sealing keys are read at the start, so this is when a rotation of theirs shows. */
  async onApplicationBootstrap(): Promise<void> {
    if (await this.resealing.isNeeded()) await this.outbox.add(this.db, resealBulletins, {});
  }

  @HandlesJob(resealBulletins)
  async reseal(): Promise<void> {
    await this.resealing.run();
  }

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
