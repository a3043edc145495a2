import { Injectable } from '@nestjs/common';
import { MovedLines } from '../calls/moved-lines.commands.js';
import { TasksCommands, WITHDRAWN } from '../calls/tasks/tasks.commands.js';
import { CustomersMerged } from '../customers/customers.events.js';
import { concernedBy, mergedLately } from '../customers/merged.queries.js';
import { Clock } from '../kernel/clock.js';
import { BlastsCommands } from '../messaging/blasts/blasts.commands.js';
import { Database, type Tx } from '../platform/database/database.js';
import { rawSql, type Sql, sql } from '../platform/database/sql.js';
import { OnEvent } from '../platform/jobs/job-handler.js';
import { DueCommands } from './planning/due.commands.js';

const KEPT = ['care.due', 'care.follow_up', 'care.replan', 'care.invitation', 'care.forecast_row', 'care.forecast_miss'] as const;
/** Of two promises of one rule and cycle the kept one stands, else the one that can still be kept, else the customer's own. */
const DUE_FIRST = rawSql(`
  case when x.state = 'done' then 0 when x.state = 'open' and (t.id is null or t.state in ('open', 'claimed')) then 1
       when x.state = 'not_reached' then 2 when x.state = 'open' then 3 else 4 end, p.moved, p.id`);
/** Of two invitations to one event, the one that came furthest. */
const INVITED_FIRST = rawSql(`x.attended desc nulls last, x.answer is null, x.invited_at is null, p.moved, p.id`);

interface Twice {
  taskId: string | null;
  blastId: string | null;
  customerId: string;
}

/** Care for a customer who turned out to be another is care for that other: promised once, and kept by what was done with either (CAR-1). */
@Injectable()
export class MergedCare {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calls: MovedLines,
    private readonly tasks: TasksCommands,
    private readonly blasts: BlastsCommands,
    private readonly due: DueCommands,
  ) {}

  /** May run any number of times. The calls go first: a visit counts for whom it stands with. */
  @OnEvent(CustomersMerged, 'care.follow-merged')
  async follow(): Promise<void> {
    await this.calls.follow();
    const merged = mergedLately(this.clock.now());
    await this.db.tx(async (tx) => {
      await this.tasks.lockPlanning(tx);
      await this.promiseOnce(tx, merged);
      await this.inviteOnce(tx, merged);
      await this.foreseeOnce(tx, merged);
      for (const table of KEPT)
        await tx.run(sql`update ${rawSql(table)} x set customer_id = m.merged_into from ${merged} m where x.customer_id = m.id`);
      await this.followUses(tx, merged);
      await this.due.settle(tx, sql`c.id in (select m.merged_into from ${merged} m)`);
    });
  }

  private async promiseOnce(tx: Tx, merged: Sql): Promise<void> {
    const twice = await tx.rows<Twice>(sql`
      delete from care.due d using (
        select x.rule_code, x.customer_id, x.cycle, row_number() over (partition by x.rule_code, p.person, x.cycle order by ${DUE_FIRST}) as place
        from care.due x join ${concernedBy(merged)} p on p.id = x.customer_id left join calls.v_task t on t.id = x.task_id) r
      where r.place > 1 and (d.rule_code, d.customer_id, d.cycle) = (r.rule_code, r.customer_id, r.cycle)
      returning d.task_id as "taskId", d.blast_id as "blastId", d.customer_id as "customerId"`);
    if (twice.length === 0) return;
    const texts = twice.flatMap(({ blastId, customerId }) => (blastId === null ? [] : [{ blastId, customerId }]));
    await this.blasts.takeBack(
      tx,
      sql`select * from unnest(${texts.map((one) => one.blastId)}::bigint[], ${texts.map((one) => one.customerId)}::bigint[]) as t(blast_id, customer_id)`,
    );
    const free = await tx.rows<{ id: string }>(sql`
      select t.id from calls.v_task t
      where t.id = any(${twice.flatMap(({ taskId }) => taskId ?? [])}::bigint[]) and t.state = 'open'
        and not exists (select from care.due o where o.task_id = t.id and o.state = 'open')
        and not exists (select from reporting.dispatch x where x.task_id = t.id and x.state = 'open')`);
    await this.tasks.callOff(
      tx,
      free.map(({ id }) => id),
      WITHDRAWN,
    );
  }

  private async inviteOnce(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      delete from care.invitation i using (
        select x.event_id, x.customer_id, row_number() over (partition by x.event_id, p.person order by ${INVITED_FIRST}) as place
        from care.invitation x join ${concernedBy(merged)} p on p.id = x.customer_id) r
      where r.place > 1 and i.event_id = r.event_id and i.customer_id = r.customer_id`);
  }

  private async foreseeOnce(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      delete from care.forecast_miss f using (
        select x.forecast_id, x.rule_code, x.customer_id, x.cycle,
               row_number() over (partition by x.forecast_id, x.rule_code, p.person, x.cycle order by p.moved, p.id) as place
        from care.forecast_miss x join ${concernedBy(merged)} p on p.id = x.customer_id) r
      where r.place > 1 and (f.forecast_id, f.rule_code, f.customer_id, f.cycle) = (r.forecast_id, r.rule_code, r.customer_id, r.cycle)`);
  }

  /** What was used with two numbers on one day was used twice, and stays so: the second use keeps the old id. */
  private async followUses(tx: Tx, merged: Sql): Promise<void> {
    await tx.run(sql`
      update care.partner_use u set customer_id = r.person
      from (
        select x.id, p.person, p.moved, row_number() over (partition by x.offer_id, p.person, x.used_on order by p.moved, x.id) as place
        from care.partner_use x join ${concernedBy(merged)} p on p.id = x.customer_id) r
      where u.id = r.id and r.moved and r.place = 1`);
  }
}
