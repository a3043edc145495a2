import { Injectable } from '@nestjs/common';
import { AttemptCorrected, AttemptRecorded } from '../calls/calls.events.js';
import { FollowUpQueries } from '../care/follow-ups.queries.js';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { EveryMinute, OnEvent } from '../platform/jobs/job-handler.js';
import { needsCallBack } from './ticket.states.js';
import { RUNNING_LIMIT } from './ticket-clock.commands.js';
import { TicketSteps } from './ticket-steps.commands.js';
import { TicketsCommands } from './tickets.commands.js';

/** What tickets do by themselves. */
@Injectable()
export class TicketsJobs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tickets: TicketsCommands,
    private readonly steps: TicketSteps,
    private readonly followUps: FollowUpQueries,
  ) {}

  @OnEvent(AttemptRecorded, 'tickets.call-recorded')
  async onRecorded({ attemptId }: { attemptId: string }): Promise<void> {
    await this.tickets.openFromCall(attemptId);
    await this.hearAnswers(attemptId);
  }

  /** What turns out to be a complaint opens a ticket; one that was opened is settled by people. A word that was nobody's closes none (TIC-4). */
  @OnEvent(AttemptCorrected, 'tickets.call-corrected')
  async onCorrected({ attemptId }: { attemptId: string }): Promise<void> {
    await this.tickets.openFromCall(attemptId);
    for (const { kind, reference, satisfaction } of await this.followUps.noAnswers(attemptId)) {
      if (needsCallBack(kind)) await this.steps.unheard(reference, satisfaction);
    }
    await this.hearAnswers(attemptId);
  }

  /** Before a limit runs out, once a limit (TIC-3). */
  @EveryMinute('tickets.escalate')
  async escalate(): Promise<void> {
    const now = this.clock.now();
    await this.db.run(sql`
      with gone as (
        update tickets.ticket set escalated_at = ${now}, escalated_limit = ${RUNNING_LIMIT}
        where escalate_at <= ${now} and escalate_at < '9999-01-01 00:00:00+00'
        returning id, state)
      insert into tickets.entry (ticket_id, at, deed, state) select id, ${now}, 'escalate', state from gone`);
  }

  private async hearAnswers(attemptId: string): Promise<void> {
    for (const { kind, reference, satisfaction, managerId } of await this.followUps.answers(attemptId)) {
      if (needsCallBack(kind)) await this.steps.answered(reference, satisfaction, managerId);
    }
  }
}
