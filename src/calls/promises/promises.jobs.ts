import { Injectable } from '@nestjs/common';
import { AbsenceEnded, AbsenceNoted } from '../../calendar/calendar.events.js';
import { Clock } from '../../kernel/clock.js';
import { EveryMinute, OnEvent } from '../../platform/jobs/job-handler.js';
import { PromiseMoves } from './promise-moves.commands.js';

@Injectable()
export class PromisesJobs {
  constructor(
    private readonly moves: PromiseMoves,
    private readonly clock: Clock,
  ) {}

  /** A day that is over, somebody who left: a minute later it shows. */
  @EveryMinute('calls.keep-promises')
  async round(now: Date): Promise<void> {
    await this.moves.round(now);
  }

  @OnEvent(AbsenceNoted, 'calls.promises-stand-in')
  async onAway(): Promise<void> {
    await this.moves.round(this.clock.now());
  }

  @OnEvent(AbsenceEnded, 'calls.promises-back')
  async onBack(): Promise<void> {
    await this.moves.round(this.clock.now());
  }
}
