import { Injectable } from '@nestjs/common';
import { TasksCommands } from '../../calls/tasks/tasks.commands.js';
import { Clock } from '../../kernel/clock.js';
import { BlastsCommands } from '../../messaging/blasts/blasts.commands.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { callBy } from './calling.policy.js';
import { INVITATIONS } from './events.types.js';

/** Why a call that would have invited somebody is off. */
const BEGUN = 'event_begun';
const CALLED_OFF = 'event_cancelled';
export const ANSWERED = 'event_answered';

const STILL_OPEN = sql`i.task_id in (
  select t.id from calls.v_task t join campaigns.v_campaign p on p.id = t.campaign_id
  where p.code = ${INVITATIONS} and t.state = 'open' and t.callback_at is null)`;

/** Whom an event would still ask is not asked any more once it is called off, or has begun; moved, they are asked again (CAR-10). */
@Injectable()
export class EventEndings {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tasks: TasksCommands,
    private readonly blasts: BlastsCommands,
  ) {}

  /** Nobody is called about it any more, nor told of it by a message that has not gone out. */
  async calledOff(tx: Tx, eventId: string): Promise<void> {
    await this.tasks.callOff(tx, await this.tasksOf(tx, sql`i.event_id = ${eventId}`), CALLED_OFF);
    await this.blasts.takeBack(
      tx,
      sql`select b.id as blast_id, i.customer_id from care.invitation i join messaging.v_blast b on starts_with(b.code, ${`${INVITATIONS}-${eventId}-`}::text)
          where i.event_id = ${eventId}`,
    );
  }

  /** To another day: its calls are to be made by then, those too that its beginning had ended. */
  async moved(tx: Tx, eventId: string, startsAt: Date): Promise<void> {
    const now = this.clock.now();
    if (startsAt <= now) return;
    await this.tasks.takeUp(tx, await this.tasksOf(tx, sql`i.event_id = ${eventId} and i.answer is null`), BEGUN);
    await this.tasks.redate(
      tx,
      sql`select i.task_id, ${callBy(startsAt, now)}::date as deadline_on from care.invitation i where i.event_id = ${eventId} and i.task_id is not null`,
    );
  }

  /**
   * A call that invites to what has begun is worth nothing. Neither is one that somebody held when the event was called off or its customer answered: it
   * ends a minute after it is given back.
   */
  async sweep(): Promise<void> {
    await this.db.tx(async (tx) => {
      const ends: [which: Sql, why: string][] = [
        [sql`e.cancelled_at is not null`, CALLED_OFF],
        [sql`i.answer is not null`, ANSWERED],
        [sql`e.starts_at <= ${this.clock.now()}`, BEGUN],
      ];
      for (const [which, why] of ends) await this.tasks.callOff(tx, await this.tasksOf(tx, sql`${which} and ${STILL_OPEN}`), why);
    });
  }

  /** @param which a condition on `care.invitation i` of `care.event e` */
  private async tasksOf(tx: Tx, which: Sql): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(sql`
      select i.task_id as id from care.invitation i join care.event e on e.id = i.event_id where i.task_id is not null and ${which} order by 1`);
    return rows.map(({ id }) => id);
  }
}
