import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import { BacktestQueries } from './backtest.queries.js';
import { bookOf } from './simulation.commands.js';
import type { SimulationAsk, StoredForecast } from './forecast.types.js';

/** Turns what a simulation left in its temporary tables into a forecast that can be read. */
@Injectable()
export class ForecastKeeper {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly backtests: BacktestQueries,
  ) {}

  /** One part, in the transaction that simulated it. */
  async keep(tx: Tx, id: string, { today, until }: SimulationAsk): Promise<void> {
    const inside = sql`due_on between ${today}::date and ${until}::date`;
    await tx.run(sql`
      with contact as materialized (
        select l.owner_id, l.due_on, l.customer_id, l.listed_as as rule_code, 'call' as channel, l.deadline_on, true as own_call, true as listed
        from care_load l where l.listed_as is not null and l.${inside}
        union all
        select b.owner_id, f.due_on, f.customer_id, f.rule_code, f.channel, f.deadline_on, f.own_call, false
        from care_forecast f join care_book b on b.customer_id = f.customer_id where b.owner_id is not null and f.${inside}),
      kept as (
        insert into care.forecast_row (forecast_id, owner_id, day, customer_id, rule_code, channel, deadline_on, own_call, listed)
        select ${id}::bigint, c.* from contact c)
      insert into care.forecast_load (forecast_id, owner_id, day, rule_code, calls, along, messages)
      select ${id}::bigint, c.owner_id, c.due_on, c.rule_code, count(*) filter (where c.channel = 'call' and c.own_call),
             count(*) filter (where c.channel = 'call' and not c.own_call), count(*) filter (where c.channel = 'sms')
      from contact c group by c.owner_id, c.due_on, c.rule_code`);
    await tx.run(sql`
      insert into care.forecast_miss (forecast_id, customer_id, owner_id, rule_code, cycle, star, deadline_on, reason, listed)
      select ${id}::bigint, m.customer_id, m.owner_id, m.rule_code, m.cycle, m.star, m.deadline_on, m.reason, m.listed from care_miss m
      where m.deadline_on <= ${until}::date on conflict do nothing`);
    await tx.run(sql`
      update care.forecast f set overdue = f.overdue + (select count(*) from care_load l where l.due_on < ${today}::date),
        customers = (select coalesce(jsonb_object_agg(c.rule_code, c.n), '{}') from (
          select n.rule_code, sum(n.n) as n from (
            select m.rule_code, count(distinct m.customer_id) as n from care_forecast m where m.channel = 'call' and m.${inside} group by 1
            union all select key, value::int from jsonb_each_text(f.customers)) n group by 1) c)
      where f.id = ${id}::bigint`);
  }

  /** The days of all managers, also those without work; what an older forecast of the same question said is dropped. */
  async finish(forecast: StoredForecast, { managers, draft }: { managers: readonly string[]; draft: RuleInForce | undefined }): Promise<void> {
    const { id, day, until } = forecast;
    const backtest = draft ? await this.backtests.lastMonth(draft, bookOf(managers), day) : null;
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        insert into care.forecast_day (forecast_id, owner_id, day, calls, capacity)
        select ${id}::bigint, r.user_id, r.day, coalesce(l.calls, 0), case when d.closed_festival is null then r.calls else 0 end
        from calendar.v_rota(${day}, ${until}) r
        join calendar.v_day d on d.day = r.day
        left join (select l.owner_id, l.day, sum(l.calls) as calls from care.forecast_load l where l.forecast_id = ${id}::bigint group by 1, 2) l
          on l.owner_id = r.user_id and l.day = r.day
        where r.user_id = any(${managers}::bigint[]) on conflict do nothing`);
      await tx.run(sql`
        update care.forecast set state = 'done', finished_at = ${this.clock.now()}, backtest = ${backtest ? JSON.stringify(backtest) : null}::jsonb where id = ${id}::bigint`);
    });
    await this.dropOlder(forecast);
  }

  /** Kept are the newest of each question and day before the newest daily one is there. */
  private async dropOlder({ id, orgPath, rule, settings }: StoredForecast): Promise<void> {
    const old = await this.db.rows<{ id: string }>(sql`
      select f.id from care.forecast f
      where f.id < ${id}::bigint and f.state in ('done', 'failed') and f.org_path = ${orgPath} and f.rule_code is not distinct from ${rule}
        and f.settings is not distinct from ${settings ? JSON.stringify(settings) : null}::jsonb
      union select f.id from care.forecast f where f.id < ${id}::bigint and f.day < (select n.day from care.forecast n where n.id = ${id}::bigint) and f.state in ('done', 'failed')
        and (f.rule_code is not null or f.org_path <> '/')`);
    const ids = old.map((one) => one.id);
    if (ids.length === 0) return;
    await this.db.run(sql`delete from care.forecast_row where forecast_id = any(${ids}::bigint[])`);
    await this.db.run(sql`delete from care.forecast where id = any(${ids}::bigint[])`);
  }
}
