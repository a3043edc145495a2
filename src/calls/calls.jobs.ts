import { Injectable } from '@nestjs/common';
import { DailyAt, EveryMinute, HandlesJob } from '../platform/jobs/job-handler.js';
import { MonthMover } from '../platform/months/month-mover.commands.js';
import { ARCHIVING } from '../platform/months/months-options.js';
import { AttemptMonths } from './attempts/attempt-months.commands.js';
import { CorrectionsCommands } from './corrections/corrections.commands.js';
import { followSwitch } from './switch/switch.jobs.js';
import { SlotRates } from './claims/slot-rates.commands.js';
import { SwitchLegs } from './switch/switch-legs.commands.js';
import { SwitchRecords } from './switch/switch-records.commands.js';
import { TasksCommands } from './tasks/tasks.commands.js';

@Injectable()
export class CallsJobs {
  constructor(
    private readonly tasks: TasksCommands,
    private readonly months: AttemptMonths,
    private readonly corrections: CorrectionsCommands,
    private readonly switchRecords: SwitchRecords,
    private readonly legs: SwitchLegs,
    private readonly slotRates: SlotRates,
    private readonly mover: MonthMover,
  ) {}

  @EveryMinute('calls.return-expired-leases')
  async returnExpired(now: Date): Promise<void> {
    await this.tasks.returnExpired(now);
  }

  @EveryMinute('calls.settle-switch-events')
  async settleSwitchEvents(now: Date): Promise<void> {
    await this.legs.settle(now);
  }

  @EveryMinute('calls.match-switch-records')
  async matchSwitchRecords(now: Date): Promise<void> {
    await this.switchRecords.retry(now);
  }

  @HandlesJob(followSwitch)
  async follow({ attemptId }: { attemptId: string }): Promise<void> {
    await this.corrections.followSwitch(attemptId);
  }

  @DailyAt('02:20', 'calls.count-slot-rates')
  async countSlotRates(slot: Date): Promise<void> {
    await this.slotRates.count(slot);
  }

  @DailyAt('00:30', 'calls.attempt-months')
  async makeMonths(slot: Date): Promise<void> {
    await this.months.ensureAhead(slot);
  }

  @DailyAt('01:50', 'calls.attempt-move', ARCHIVING)
  async moveOld(): Promise<void> {
    await this.mover.moveOld('calls.attempt');
  }
}
