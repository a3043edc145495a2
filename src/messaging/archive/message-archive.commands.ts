import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { MonthArchive, type MonthOwner } from '../../platform/months/month-archive.commands.js';
import { MONTHS_OPTIONS, type MonthPart, type MonthReport, type MonthsOptions } from '../../platform/months/months-options.js';
import { WAITING_STATES } from '../blasts/blast.states.js';
import { BlastFiguresQueries } from '../figures/blast-figures.queries.js';
import { meant } from '../receipts/validity.js';
import { MESSAGES } from './archived-blasts.queries.js';

/** Months of messages that nobody asks for any more become files. */
@Injectable()
export class MessageArchive implements MonthOwner {
  constructor(
    private readonly database: Database,
    private readonly months: MonthArchive,
    private readonly figures: BlastFiguresQueries,
    @Inject(MONTHS_OPTIONS) private readonly options: MonthsOptions,
  ) {}

  /** Nothing unless MESSAGES_KEEP_MONTHS is set. */
  archiveOld(): Promise<MonthReport[]> {
    const { keepMessages } = this.options;
    return keepMessages === undefined ? Promise.resolve([]) : this.months.archiveOld(MESSAGES, keepMessages, this);
  }

  /** A month goes when nothing in it can change any more by itself. */
  async stays(part: MonthPart): Promise<string | null> {
    const waiting = await this.database.rows<{ state: string; n: number }>(sql`
      select state, count(*)::int as n from ${rawSql(part.name)} where state = any(${WAITING_STATES}::text[]) group by 1 order by 1`);
    if (waiting.length > 0) return `messages wait for their end: ${waiting.map(({ state, n }) => `${state} ${n}`).join(', ')}`;
    const unheard = await this.unheard(part);
    if (unheard > 0) return `${unheard} receipts of its messages are not applied yet`;
    const blasts = await this.database.rows<{ code: string }>(sql`
      select b.code from messaging.blast b where b.state in ('running', 'paused')
        and exists (select from ${rawSql(part.name)} m where m.blast_id = b.id) order by b.id`);
    return blasts.length > 0 ? `blasts that sent in it are not over: ${blasts.map(({ code }) => code).join(', ')}` : null;
  }

  /** Words of gateways that may still change one of its messages. */
  private unheard(part: MonthPart): Promise<number> {
    const known = sql`select from ${rawSql(part.name)} m where m.id = heard.message_id`;
    return this.database.count(sql`
      select from (
        select coalesce(r.message_id, g.message_id) as message_id from messaging.receipt r
        left join messaging.gateway_message g
          on g.gateway_code = r.gateway_code and g.gateway_ref = r.gateway_ref and ${meant(sql`g.message_id`, sql`r.received_at`)}
        where r.applied_at is null
        union all select unnest(message_ids) from messaging.said) heard
      where exists (${known})`);
  }

  /** Figures of blasts and of visits are counted from messages: they stand as they were. */
  async keep(tx: Tx, part: MonthPart): Promise<void> {
    const blasts = await tx.rows<{ id: string; lastAt: Date }>(sql`
      select blast_id as id, max(created_at) as "lastAt" from ${rawSql(part.name)} where blast_id is not null group by 1 order by 1`);
    for (const { id, lastAt } of blasts) {
      const outcome = JSON.stringify(await this.figures.outcome(id));
      await tx.run(sql`
        insert into messaging.archived_blast (blast_id, month, outcome, last_at) values (${id}, ${part.month}, ${outcome}::jsonb, ${lastAt})
        on conflict (blast_id, month) do update set outcome = excluded.outcome, last_at = excluded.last_at`);
    }
    await tx.run(sql`
      insert into messaging.texted_task (task_id)
      select distinct task_id from ${rawSql(part.name)} where task_id is not null and state = 'delivered' on conflict do nothing`);
  }
}
