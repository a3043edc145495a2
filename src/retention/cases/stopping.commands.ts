import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { ContactSets } from '../../contact/contact-sets.commands.js';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { LIVE_STATES } from './case.types.js';

/** Under this name an application to port out stands in the gate. */
export const APPLICATION = 'application';
const portingOf = (customerId: Sql): Sql => sql`select ${customerId} as customer_id, 'porting' as kind, ${APPLICATION} as ref, 'retention' as source`;

/**
 * After an application to port out nobody asks the customer to stay: the gate lets service through and nothing else, the case ends where it stands, its
 * calls are off, promised ones too (RET-1).
 */
@Injectable()
export class StoppingCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contact: ContactSets,
    private readonly tasks: TasksCommands,
  ) {}

  /** For every new sign of a source that stops. */
  async stop(tx: Tx): Promise<void> {
    const applied = await tx.rows<{ customerId: string }>(sql`
      update retention.sign s set became = 'porting',
             case_id = (select k.id from retention.churn_case k where k.customer_id = s.customer_id and k.state in ('open', 'talking'))
      from retention.source r where r.code = s.source_code and r.stops and s.became is null
      returning s.customer_id as "customerId"`);
    if (applied.length === 0) return;
    const customers = sql`unnest(${[...new Set(applied.map(({ customerId }) => customerId))]}::bigint[]) as a(id)`;
    await this.contact.protect(tx, sql`${portingOf(sql`a.id`)} from ${customers}`);
    const stopped = await tx.rows<{ id: string }>(sql`
      with stopped as (
        update retention.churn_case k set state = 'stopped', state_by = 'sign', closed_at = ${this.clock.now()}
        from ${customers} where k.customer_id = a.id and k.state in ('open', 'talking') returning k.id),
      entered as (insert into retention.entry (case_id, at, deed, state) select id, ${this.clock.now()}, 'stop', 'stopped' from stopped)
      select id from stopped`);
    await this.callOff(
      tx,
      stopped.map(({ id }) => id),
    );
  }

  /** The customer took the application back. */
  async lift(tx: Tx, customerId: string): Promise<void> {
    await this.contact.unprotect(tx, portingOf(sql`${customerId}::bigint`));
  }

  /** While a case is open marketing rests (GOV-7). */
  async rest(tx: Tx, { customerId, no }: { customerId: string; no: string }): Promise<void> {
    await this.contact.protect(tx, sql`select ${customerId}::bigint as customer_id, 'retention' as kind, ${no}::text as ref, 'retention' as source`);
  }

  /** What lies on a list for a case that is over: a call that somebody held when it ended, and gave back. A promise is kept. */
  async sweep(): Promise<void> {
    await this.database.tx(async (tx) => {
      const left = await tx.rows<{ id: string }>(sql`
        select distinct k.id from retention.churn_case k join retention.case_task t on t.case_id = k.id join calls.v_task x on x.id = t.task_id
        where k.state <> all(${[...LIVE_STATES]}::text[]) and x.state = 'open' and x.callback_at is null`);
      await this.callOff(
        tx,
        left.map(({ id }) => id),
        false,
      );
    });
  }

  /** The calls of cases that are over, and the state in which marketing rests. */
  async callOff(tx: Tx, caseIds: readonly string[], promisesToo = true): Promise<void> {
    if (caseIds.length === 0) return;
    const tasks = await tx.rows<{ taskId: string }>(
      sql`select task_id as "taskId" from retention.case_task where case_id = any(${caseIds}::bigint[])`,
    );
    await this.tasks.callOff(
      tx,
      tasks.map(({ taskId }) => taskId),
      'retention_over',
      { promisesToo },
    );
    await this.contact.unprotect(
      tx,
      sql`select k.customer_id, 'retention' as kind, k.no as ref from retention.churn_case k where k.id = any(${caseIds}::bigint[])`,
    );
  }
}
