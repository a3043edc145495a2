import { Injectable } from '@nestjs/common';
import { AbsenceEnded, AbsenceNoted } from '../../calendar/calendar.events.js';
import { dayOf } from '../../kernel/day.js';
import { DailyAt, OnEvent } from '../../platform/jobs/job-handler.js';
import { StandIns } from './stand-in.commands.js';

@Injectable()
export class StandInJobs {
  constructor(private readonly standIns: StandIns) {}

  @OnEvent(AbsenceNoted, 'calls.stand-in')
  async onAway({ absenceId }: { absenceId: string }): Promise<void> {
    await this.standIns.take(absenceId);
  }

  @OnEvent(AbsenceEnded, 'calls.give-back')
  async onBack({ absenceId }: { absenceId: string }): Promise<void> {
    await this.standIns.giveBack(absenceId);
  }

  /** Before the day is planned. */
  @DailyAt('05:45', 'calls.stand-ins')
  async ofDay(slot: Date): Promise<void> {
    await this.standIns.ofDay(dayOf(slot));
  }
}
