import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { DailyAt, EveryMinute, HandlesJob } from '../platform/jobs/job-handler.js';
import { AttemptMonths } from './attempt-months.commands.js';
import { CorrectionsCommands } from './corrections.commands.js';
import { settleLegs } from './cti/cti.jobs.js';
import { followSwitch } from './switch/switch.jobs.js';
import { SwitchLegs } from './switch/switch-legs.commands.js';
import { SwitchRecords } from './switch/switch-records.commands.js';
import { TasksCommands } from './tasks.commands.js';

@Injectable()
export class CallsJobs {
  constructor(
    private readonly tasks: TasksCommands,
    private readonly months: AttemptMonths,
    private readonly corrections: CorrectionsCommands,
    private readonly switchRecords: SwitchRecords,
    private readonly legs: SwitchLegs,
    private readonly clock: Clock,
  ) {}

  @EveryMinute('calls.return-expired-leases')
  async returnExpired(now: Date): Promise<void> {
    await this.tasks.returnExpired(now);
  }

  @EveryMinute('calls.match-switch-records')
  async matchSwitchRecords(now: Date): Promise<void> {
    await this.legs.settle(now);
    await this.switchRecords.retry(now);
  }

  @HandlesJob(settleLegs)
  async settle(): Promise<void> {
    await this.legs.settle(this.clock.now());
  }

  @DailyAt('03:40', 'calls.drop-switch-events')
  async dropSwitchEvents(slot: Date): Promise<void> {
    await this.legs.dropOldEvents(slot);
  }

  @HandlesJob(followSwitch)
  async follow({ attemptId }: { attemptId: string }): Promise<void> {
    await this.corrections.followSwitch(attemptId);
  }

  @DailyAt('00:30', 'calls.attempt-months')
  async makeMonths(slot: Date): Promise<void> {
    await this.months.ensureAhead(slot);
  }
}
