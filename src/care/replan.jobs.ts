import { Injectable } from '@nestjs/common';
import { CustomerBlocked } from '../contact/contact.events.js';
import { CustomersChanged, StarsChanged } from '../customers/customers.events.js';
import { sql } from '../platform/database/sql.js';
import { HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { ReplanCare } from './planning/planning.jobs.js';
import { ReplanCommands } from './planning/replan.commands.js';

/** A file may have begun before a plan that it did not come in time for. */
const OF_MANY = { who: sql`true`, sinceHours: 24 };

/** Calls that nobody has begun follow what has changed, as soon as it is known. */
@Injectable()
export class ReplanJobs {
  constructor(private readonly replanning: ReplanCommands) {}

  @OnEvent(StarsChanged, 'care.replan-stars')
  async onStarsChanged(): Promise<void> {
    await this.replanning.replan(OF_MANY);
  }

  /** Star, manager, birthday or status. */
  @OnEvent(CustomersChanged, 'care.replan-changed')
  async onCustomersChanged({ customerId }: { customerId: string | null }): Promise<void> {
    await this.follow(customerId);
  }

  @OnEvent(CustomerBlocked, 'care.replan-blocked')
  async onBlocked({ customerId }: { customerId: string | null }): Promise<void> {
    await this.follow(customerId);
  }

  @HandlesJob(ReplanCare)
  async onRuleChanged(): Promise<void> {
    await this.replanning.replan(OF_MANY);
  }

  private async follow(customerId: string | null): Promise<void> {
    await this.replanning.replan(customerId === null ? OF_MANY : { who: sql`c.id = ${customerId}`, all: true });
  }
}
