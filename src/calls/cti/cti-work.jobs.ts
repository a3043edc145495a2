import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { DailyAt, HandlesJob } from '../../platform/jobs/job-handler.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { SwitchLegs } from '../switch/switch-legs.commands.js';
import { CtiKeys } from './cti-keys.commands.js';
import { resealCtiKeys, settleLegs, simulateCall } from './cti.jobs.js';
import { SimulatorDialler } from './simulator.dialler.js';

@Injectable()
export class CtiJobs implements OnApplicationBootstrap {
  constructor(
    private readonly legs: SwitchLegs,
    private readonly simulator: SimulatorDialler,
    private readonly clock: Clock,
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly keys: CtiKeys,
  ) {}

  /** Sealing keys are read at the start, so this is when a rotation of theirs shows. */
  async onApplicationBootstrap(): Promise<void> {
    if (await this.keys.needsResealing()) await this.outbox.add(this.db, resealCtiKeys, {});
  }

  @HandlesJob(resealCtiKeys)
  async reseal(): Promise<void> {
    await this.keys.reseal();
  }

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
