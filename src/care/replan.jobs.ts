import { Injectable } from '@nestjs/common';
import { RotaChanged } from '../calendar/calendar.events.js';
import { CustomerBlocked } from '../contact/contact.events.js';
import { CustomersChanged, StarsChanged } from '../customers/customers.events.js';
import { sql } from '../platform/database/sql.js';
import { DailyAt, HandlesJob, OnEvent } from '../platform/jobs/job-handler.js';
import { CapacityChanged } from '../staff/staff.events.js';
import { StaffQueries } from '../staff/staff.queries.js';
import { ReplanCare } from './planning/planning.jobs.js';
import { CrowdedDays } from './planning/crowded-days.commands.js';
import { ReplanCommands } from './planning/replan.commands.js';

/** A file may have begun before a plan that it did not come in time for. */
const OF_MANY = { who: sql`true`, sinceHours: 24 };

/** Calls that nobody has begun follow what has changed, as soon as it is known. */
@Injectable()
export class ReplanJobs {
  constructor(
    private readonly replanning: ReplanCommands,
    private readonly crowdedDays: CrowdedDays,
    private readonly staff: StaffQueries,
  ) {}

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

  /** Calls leave days nobody works any more. */
  @OnEvent(RotaChanged, 'care.relevel')
  async onRotaChanged({ userId }: { userId: string | null }): Promise<void> {
    const owners = userId === null ? (await this.staff.activeManagers({ orgPath: '/' })).map(({ id }) => id) : [userId];
    await this.crowdedDays.relieve(owners);
  }

  /** Calls leave days that have become too full, and are flagged no more on days that have room for them. */
  @OnEvent(CapacityChanged, 'care.relevel-capacity')
  async onCapacityChanged({ userIds }: { userIds: readonly string[] }): Promise<void> {
    await this.crowdedDays.relieve(userIds);
  }

  @HandlesJob(ReplanCare)
  async onRuleChanged(): Promise<void> {
    await this.replanning.replan(OF_MANY);
  }

  /** Before the day's plan: a call that somebody held when its rule or its customer changed stayed, and may lie untouched on the list again. */
  @DailyAt('05:50', 'care.replan-given-back')
  async onGivenBack(): Promise<void> {
    await this.replanning.replan(OF_MANY);
  }

  private async follow(customerId: string | null): Promise<void> {
    await this.replanning.replan(customerId === null ? OF_MANY : { who: sql`c.id = ${customerId}`, all: true });
  }
}
