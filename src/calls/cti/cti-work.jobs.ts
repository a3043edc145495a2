import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DailyAt, HandlesJob } from '../../platform/jobs/job-handler.js';
import { SwitchLegs } from '../switch/switch-legs.commands.js';
import { settleLegs, simulateCall } from './cti.jobs.js';
import { SimulatorDialler } from './simulator.dialler.js';

@Injectable()
export class CtiJobs {
  constructor(
    private readonly legs: SwitchLegs,
    private readonly simulator: SimulatorDialler,
    private readonly clock: Clock,
  ) {}

  @HandlesJob(settleLegs)
  async settle(): Promise<void> {
    await this.legs.settle(this.clock.now());
  }

  @HandlesJob(simulateCall)
  async simulate({ dialId, step }: { dialId: string; step: number }): Promise<void> {
    await this.simulator.speak(dialId, step);
  }

  @DailyAt('03:40', 'calls.drop-switch-events')
  async dropSwitchEvents(slot: Date): Promise<void> {
    await this.legs.dropOldEvents(slot);
  }
}
