import { Injectable } from '@nestjs/common';
import { CustomersChanged, CustomersMerged } from '../customers/customers.events.js';
import { Clock } from '../kernel/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';
import { MergedCalls } from './merged-calls.commands.js';
import { TasksCommands } from './tasks/tasks.commands.js';

/** Why a task is over: its customer has no number left. */
const LINE_GONE = 'line_gone';
const NOT_OVER = rawSql(`t.state in ('open', 'claimed', 'recycled')`);

/** A number that has gone to another customer takes no call of the old one along: nobody is rung at a stranger's, and no list stands still at it. */
@Injectable()
export class MovedLines {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly merged: MergedCalls,
  ) {}

  /** A file of customers may move numbers from one to another. */
  @OnEvent(CustomersChanged, 'calls.follow-lines')
  async onChanged({ customerId }: { customerId: string | null }): Promise<void> {
    if (customerId === null) await this.follow();
  }

  @OnEvent(CustomersMerged, 'calls.follow-merged')
  async onMerged(): Promise<void> {
    await this.follow();
  }

  /** May run any number of times. */
  async follow(): Promise<void> {
    await this.db.tx(async (tx) => {
      await this.tasks.lockPlanning(tx);
      await this.merged.follow(tx);
      await this.followLines(tx);
    });
  }

  /** The customer is rung at another number of theirs; who has none is not. */
  private async followLines(tx: Tx): Promise<void> {
    await tx.run(sql`
      with lost as (
        select t.id, c.line_id from calls.task t join customers.v_line l on l.id = t.line_id
        left join customers.v_contact_line c on c.customer_id = t.customer_id
        where ${NOT_OVER} and l.customer_id <> t.customer_id),
      kept as (update calls.task t set line_id = n.line_id from lost n where n.id = t.id and n.line_id is not null)
      update calls.task t set state = 'cancelled', close_reason = ${LINE_GONE}, closed_at = ${this.clock.now()}, callback_at = null, claimed_by = null,
             lease_until = null, touch_id = null
      from lost n where n.id = t.id and n.line_id is null`);
  }
}
