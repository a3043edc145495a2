import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { lackOf } from './lack.queries.js';
import { ROTA } from './rota.tables.js';

/** What stands in the way of a call on a list, as the forecast says it. */
const OWN_REASONS = ['away', 'no_capacity'];

/** Keeps the newest lists of misses in step between two forecasts: somebody called in sick at nine, not before the forecast of the morning (CAR-1). */
@Injectable()
export class ForeseenMisses {
  constructor(private readonly clock: Clock) {}

  /**
   * Adds the promises of calls that found no day, unless somebody at work stands in on theirs, and takes off those of calls that have one now.
   * Whoever asks has laid out the rota.
   * @param calls ids of untouched calls, and whether they are beyond what their day holds
   */
  async update(tx: Tx, calls: readonly { taskId: string; over: boolean }[]): Promise<void> {
    const idsOf = (over: boolean): string[] => calls.flatMap((one) => (one.over === over ? one.taskId : []));
    const [left, settled] = [idsOf(true), idsOf(false)];
    if (left.length > 0) await this.add(tx, left);
    if (settled.length === 0) return;
    await tx.run(sql`
      delete from care.forecast_miss m using care.due d
      where d.task_id = any(${settled}::bigint[]) and d.state = 'open' and m.rule_code = d.rule_code and m.customer_id = d.customer_id and m.cycle = d.cycle
        and m.reason = any(${OWN_REASONS}::text[]) and m.forecast_id in (${SHOWN})`);
  }

  private async add(tx: Tx, tasks: readonly string[]): Promise<void> {
    const today = dayOf(this.clock.now());
    const from = sql`greatest(${today}::date, least(d.counts_from, d.deadline_on))`;
    const lack = lackOf({ rota: ROTA, owner: sql`t.owner_id`, from, until: sql`d.deadline_on` });
    await tx.run(sql`
      insert into care.forecast_miss (forecast_id, customer_id, owner_id, rule_code, cycle, star, deadline_on, reason, listed)
      select f.id, d.customer_id, t.owner_id, d.rule_code, d.cycle, t.star, d.deadline_on, ${lack}, true
      from calls.v_task t
      join care.due d on d.task_id = t.id and d.state = 'open' and d.deadline_on >= ${today}::date
      join ${ROTA} r on r.user_id = t.owner_id and r.day = t.due_on
      left join ${ROTA} e on e.user_id = r.deputy_id and e.day = r.day
      cross join (${SHOWN}) f
      where t.id = any(${tasks}::bigint[]) and coalesce(e.share, 0) = 0
      on conflict do nothing`);
  }
}

/** The forecasts that pages read. */
const SHOWN: Sql = sql`select f.id from care.forecast f where f.state = 'done' and f.rule_code is null`;
