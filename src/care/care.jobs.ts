import { Injectable } from '@nestjs/common';
import { AttemptCorrected, AttemptRecorded, OrdersSettled } from '../calls/calls.events.js';
import { StarsChanged } from '../customers/customers.events.js';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { sql } from '../platform/database/sql.js';
import { DailyAt, EveryMinute, HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { BindingCommands } from './planning/binding.commands.js';
import { FollowUpCommands } from './follow-ups.commands.js';
import { LeftMessages } from './left-messages.commands.js';
import { DueCommands } from './planning/due.commands.js';
import { PlanRunsCommands } from './planning/plan-runs.commands.js';
import { PlanRunner } from './planning/plan-runner.commands.js';
import { RunPlan } from './planning/planning.jobs.js';

/** What care does by itself: today's plan each morning, the plan runs asked for, and closing what a visit or a message has kept. */
@Injectable()
export class CareJobs {
  constructor(
    private readonly runs: PlanRunsCommands,
    private readonly runner: PlanRunner,
    private readonly due: DueCommands,
    private readonly binding: BindingCommands,
    private readonly clock: Clock,
    private readonly leftMessages: LeftMessages,
    private readonly followUps: FollowUpCommands,
  ) {}

  @DailyAt('06:00', 'care.daily-plan')
  async planToday(slot: Date): Promise<void> {
    await this.runs.startDaily(dayOf(slot));
  }

  @HandlesJob(RunPlan)
  async runPlan({ runId }: { runId: string }): Promise<void> {
    await this.runner.run(runId);
  }

  /** Who was promoted without a manager gets one on the day of the feed; what a demotion ends is taken back (CAR-2). */
  @OnEvent(StarsChanged, 'care.stars-changed')
  async onStarsChanged(): Promise<void> {
    await this.binding.bind(dayOf(this.clock.now()), sql`true`);
    await this.due.withdrawFallen();
  }

  /** Who got what was ordered is asked how it went (CAR-9). */
  @OnEvent(OrdersSettled, 'care.follow-orders')
  async onOrdersSettled(): Promise<void> {
    await this.followUps.followOrders();
    await this.due.withdrawFallen();
  }

  @OnEvent(AttemptRecorded, 'care.settle-due')
  async onRecorded({ customerId }: { customerId: string }): Promise<void> {
    await this.due.settleCustomer(customerId);
  }

  @EveryMinute('care.close-answered')
  async closeAnswered(): Promise<void> {
    await this.due.closeAnswered();
  }

  @OnEvent(AttemptRecorded, 'care.leave-message')
  async onTriedInVain({ taskId }: { taskId: string | null }): Promise<void> {
    if (taskId !== null) await this.leftMessages.leave(taskId);
  }

  @OnEvent(AttemptCorrected, 'care.settle-corrected')
  async onCorrected({ attemptId, customerId }: { attemptId: string; customerId: string }): Promise<void> {
    await this.due.settleCorrected(attemptId, customerId);
  }
}
