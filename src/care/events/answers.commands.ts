import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { DueCommands } from '../planning/due.commands.js';
import { ANSWERED } from './event-endings.commands.js';
import { lockEvent, type LockedEvent } from './events.commands.js';
import type { AnswerForm, AttendanceForm, ResultForm } from './events.forms.js';
import { EventsQueries } from './events.queries.js';

/** What people say to an invitation, whether they came, and what came of it (CAR-10). Everybody records it of the customers they see. */
@Injectable()
export class AnswersCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly queries: EventsQueries,
    private readonly tasks: TasksCommands,
    private readonly due: DueCommands,
  ) {}

  /** A later answer replaces an earlier one; whoever answered is not called about it any more. @throws DomainError event_full, event_cancelled (409) · InvalidInput */
  answer(user: CurrentUser, id: string, { customer, answer, note }: AnswerForm): Promise<void> {
    return this.db.tx(async (tx) => {
      const event = await this.event(tx, user, id, [customer]);
      if (answer === 'yes') await this.room(tx, event, customer);
      const row = await tx.one<{ taskId: string | null }>(sql`
        update care.invitation set answer = ${answer}, answer_by = ${user.id}, answer_at = ${this.clock.now()}, note = coalesce(${note ?? null}, note)
        where event_id = ${id} and customer_id = ${customer} returning task_id as "taskId"`);
      if (row.taskId) await this.tasks.callOff(tx, [row.taskId], ANSWERED);
      await this.audit.record(tx, user, { action: 'care.event_answered', object: 'event', id, detail: { customer, answer } });
    });
  }

  /** Ticked on the day or after, one or many; a wrong tick is taken back the same way, and its result with it. @throws DomainError event_not_yet, event_cancelled (409) · InvalidInput */
  attend(user: CurrentUser, id: string, { customers, attended }: AttendanceForm): Promise<{ count: number }> {
    return this.db.tx(async (tx) => {
      const event = await this.event(tx, user, id, customers);
      if (dayOf(event.startsAt) > dayOf(this.clock.now()))
        throw new DomainError('event_not_yet', { status: 409, params: { day: dayOf(event.startsAt) } });
      const count = await tx.run(sql`
        update care.invitation set attended = ${attended}, attended_by = ${user.id}, attended_at = ${this.clock.now()},
          result = case when ${attended} then result end
        where event_id = ${id} and customer_id = any(${customers}::bigint[])`);
      await this.due.settle(tx, sql`c.id = any(${customers}::bigint[])`);
      await this.audit.record(tx, user, { action: 'care.event_attended', object: 'event', id, detail: { count, attended } });
      return { count };
    });
  }

  /** @throws DomainError event_cancelled (409) · InvalidInput event_not_attended, event_not_listed at `customer` */
  result(user: CurrentUser, id: string, { customer, result, note }: ResultForm): Promise<void> {
    return this.db.tx(async (tx) => {
      await this.event(tx, user, id, [customer]);
      const done = await tx.run(sql`
        update care.invitation set result = ${result}, result_by = ${user.id}, result_at = ${this.clock.now()}, note = coalesce(${note ?? null}, note)
        where event_id = ${id} and customer_id = ${customer} and attended`);
      if (done === 0) throw new InvalidInput([{ param: 'customer', code: 'event_not_attended' }]);
      await this.audit.record(tx, user, { action: 'care.event_result', object: 'event', id, detail: { customer, result } });
    });
  }

  /** The event, locked, with all of these customers on its list. */
  private async event(tx: Tx, user: CurrentUser, id: string, customerIds: readonly string[]): Promise<LockedEvent> {
    await this.queries.byId(user, id, tx);
    const event = await lockEvent(tx, id, sql`true`);
    const listed = await this.queries.listed(tx, user, { eventId: id, customerIds });
    if (new Set(customerIds).size !== listed.length) throw new InvalidInput([{ param: 'customer', code: 'event_not_listed' }]);
    return event;
  }

  private async room(tx: Tx, { id, capacity }: LockedEvent, customer: string): Promise<void> {
    if (capacity === null) return;
    const { coming } = await tx.one<{ coming: number }>(sql`
      select count(*)::int as coming from care.invitation where event_id = ${id} and answer = 'yes' and customer_id <> ${customer}`);
    if (coming >= capacity) throw new DomainError('event_full', { status: 409, param: 'answer', params: { capacity } });
  }
}
