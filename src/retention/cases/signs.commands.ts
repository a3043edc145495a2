import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { filterSql } from '../../segments/segments.queries.js';
import { OpeningCommands } from './opening.commands.js';

/** What no source calls its own. */
const ELSE = 'other';

/** Notes signs of leaving, once each, and has cases opened for them (RET-1). */
@Injectable()
export class SignsCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly opening: OpeningCommands,
  ) {}

  /** What lists brought and nobody has looked at. May run any number of times. @returns how many cases were opened */
  async takeLists(): Promise<number> {
    return this.database.tx(async (tx) => {
      await this.opening.lock(tx);
      await tx.run(sql`
        insert into retention.sign (customer_id, line_id, source_code, noted_on, text, intent_id, created_at)
        select i.customer_id, i.line_id, ${sourceOf(sql`i.source || ' ' || coalesce(i.reason, '')`)}, i.noted_on,
               nullif(concat_ws('：', nullif(i.source, ''), i.reason), ''), i.id, ${this.clock.now()}
        from retention.churn_intent i
        where not exists (select from retention.sign s where s.intent_id = i.id)
        order by i.id
        on conflict (intent_id) do nothing`);
      return this.opening.open(tx);
    });
  }

  /** Customers whom the filters of sources find today. @returns how many cases were opened */
  async search(): Promise<number> {
    const day = dayOf(this.clock.now());
    return this.database.tx(async (tx) => {
      await this.opening.lock(tx);
      for (const { code, filter } of await searching(tx)) await this.note(tx, { code, day, found: filterSql(filter, { today: day, orgPath: '' }) });
      return this.opening.open(tx);
    });
  }

  /** Whoever has a case, or had a sign of this source lately, shows no new one. */
  private async note(tx: Tx, { code, day, found }: { code: string; day: Day; found: Sql }): Promise<void> {
    await tx.run(sql`
      insert into retention.sign (customer_id, line_id, source_code, noted_on, created_at)
      select f.customer_id, f.line_id, ${code}, ${day}::date, ${this.clock.now()} from (${found}) f
      where not exists (select from retention.churn_case k where k.customer_id = f.customer_id and k.state in ('open', 'talking'))
        and not exists (select from retention.sign s where s.customer_id = f.customer_id and s.source_code = ${code} and s.noted_on > ${day}::date - 30)`);
  }
}

const searching = (tx: Tx): Promise<{ code: string; filter: Record<string, unknown> }[]> =>
  tx.rows(sql`select code, filter from retention.source where enabled and nightly and filter is not null order by sort`);

/**
 * Which source a text means: an application to port out before anything else, else the one whose longest word is part of it; one that is switched off
 * where it is no other, so that its signs are not taken for those of {@link ELSE}.
 */
const sourceOf = (said: Sql): Sql => sql`coalesce((
  select m.code from retention.source m cross join lateral (select retention.matched(${said}, m.words) as weight) w
  where w.weight > 0 order by m.stops desc, m.enabled desc, w.weight desc, m.sort limit 1), ${ELSE})`;
