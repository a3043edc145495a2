import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { named, ofCustomersOf } from './dispatch.queries.js';
import type { DispatchResult } from './dispatch.types.js';
import type { ReturnSheet } from './return-file.policy.js';

/** Which returns: of one source system (`-` = those that name none), ended at or after `since`. */
export interface ReturnsAsk {
  source?: string | undefined;
  since: Date | null;
}

/** One answer as the sender is told it. */
export interface ReturnRow {
  sheetId: string;
  cells: string[];
  result: DispatchResult;
  reason: string;
  finishedAt: Date;
  manager: string | null;
  attempts: number;
  corrected: boolean;
  outcomeZh: string | null;
  outcomeEn: string | null;
}

/**
 * Tells whoever dispatched what became of it (回单). What is told is written down first, and the file is read from that: asked for again it says
 * the same. An answer that is corrected before it was told simply changes; one that was told comes again, as a correction.
 */
@Injectable()
export class DispatchReturns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** What there is to tell: how many returns, in which columns of their senders. */
  async extent(user: CurrentUser, ask: ReturnsAsk): Promise<{ rows: number; sheets: ReturnSheet[] }> {
    const sheets = await this.db.rows<ReturnSheet & { rows: number }>(sql`
      select s.id, s.columns, n.rows
      from (select d.sheet_id, count(*)::int as rows from calls.dispatch d join reporting.dispatch r on r.dispatch_id = d.id
            ${asked(user, ask, sql`r.finished_at`)} and r.state = 'returned' group by 1) n
      join calls.dispatch_sheet s on s.id = n.sheet_id order by s.id`);
    return { rows: sheets.reduce((sum, { rows }) => sum + rows, 0), sheets };
  }

  /** Writes down what is told now, and gives it, in the order it ended. */
  async *tell(user: CurrentUser, ask: ReturnsAsk, sheets: readonly ReturnSheet[]): AsyncGenerator<ReturnRow> {
    const written = sql`d.sheet_id = any(${sheets.map(({ id }) => id)}::bigint[])`;
    await this.db.run(sql`
      update calls.dispatch d
      set handed_result = r.result, handed_reason = r.reason, handed_finished_at = r.finished_at, handed_at = ${this.clock.now()},
          corrected = d.corrected or d.handed_at is not null
      from reporting.dispatch r
      ${asked(user, ask, sql`r.finished_at`)} and ${written} and r.dispatch_id = d.id and r.to_tell
        and (d.handed_at is null or (d.handed_result, d.handed_reason) is distinct from (r.result, r.reason))`);
    yield* this.db.stream<ReturnRow>(sql`
      select d.sheet_id as "sheetId", d.cells, d.handed_result as result, d.handed_reason as reason, d.handed_finished_at as "finishedAt",
             m.username as manager, coalesce(t.attempts, 0) as attempts, d.corrected, x.label_zh as "outcomeZh", x.label_en as "outcomeEn"
      from calls.dispatch d
      left join calls.task t on t.id = d.task_id
      left join staff.v_user m on m.id = t.owner_id
      left join calls.outcome x on x.code = d.handed_reason
      ${asked(user, ask, sql`d.handed_finished_at`)} and ${written} and d.handed_at is not null order by d.handed_finished_at, d.id`);
  }
}

const asked = (user: CurrentUser, { source, since }: ReturnsAsk, at: Sql): Sql =>
  whereAll([ofCustomersOf(user, sql`d.customer_id`), named(sql`d.source`, source), since !== null && sql`${at} >= ${since}`]);
