import { Injectable } from '@nestjs/common';
import { AttemptCorrected, AttemptRecorded } from '../calls/calls.events.js';
import { DailyAt, OnEvent } from '../platform/jobs/job-handler.js';
import { CaseCalls } from './cases/case-calls.commands.js';
import { FollowUps } from './cases/follow-ups.commands.js';
import { RanksCommands } from './cases/ranks.commands.js';
import { SignsCommands } from './cases/signs.commands.js';
import { StoppingCommands } from './cases/stopping.commands.js';
import { HealthCommands } from './health/health.commands.js';
import { HealthRulesChanged, ScoresTold, SignsListed } from './retention.events.js';

/** What retention does by itself. */
@Injectable()
export class RetentionJobs {
  constructor(
    private readonly signs: SignsCommands,
    private readonly ranks: RanksCommands,
    private readonly calls: CaseCalls,
    private readonly followUps: FollowUps,
    private readonly health: HealthCommands,
    private readonly stopping: StoppingCommands,
  ) {}

  @OnEvent(SignsListed, 'retention.take-lists')
  async onListed(): Promise<void> {
    await this.signs.takeLists();
  }

  @OnEvent(ScoresTold, 'retention.rank-cases')
  async onScores(): Promise<void> {
    await this.ranks.refresh();
  }

  @OnEvent(AttemptRecorded, 'retention.count-call')
  async onRecorded({ taskId }: { taskId: string | null }): Promise<void> {
    await this.calls.count(taskId);
  }

  @OnEvent(AttemptCorrected, 'retention.count-corrected')
  async onCorrected({ taskId }: { taskId: string | null }): Promise<void> {
    await this.calls.count(taskId);
  }

  @OnEvent(HealthRulesChanged, 'retention.judge-health')
  async onHealthRules(): Promise<void> {
    await this.health.refresh();
  }

  /** Before the day's first call: what nobody is to call any more, who is still there, who shows signs of leaving, who comes first. */
  @DailyAt('05:00', 'retention.daily')
  async daily(): Promise<void> {
    await this.stopping.sweep();
    await this.followUps.settle();
    await this.health.refresh();
    await this.signs.search();
    await this.ranks.refresh();
  }
}
