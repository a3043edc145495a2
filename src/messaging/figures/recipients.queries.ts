import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import type { BlastMessageRow } from '../messaging.types.js';
import { BlastRuleQueries } from './blast-rule.queries.js';
import { type Counted, filterCondition, filteredStates, type RecipientFilter } from './recipient-filter.js';

const DAY_MS = 86_400_000;
const COLUMNS = sql`r.line_id as "lineId", r.customer_id as "customerId", c.name, c.star_level as "starLevel", r.number as phone, r.state, r.reason, r.parts,
  m.body as text, m.network_code as "networkCode", m.submitted_at as "submittedAt", m.finished_at as "finishedAt"`;
const JOINS = sql`join customers.v_customer c on c.id = r.customer_id left join messaging.message m on m.id = r.message_id`;

/** The people of a blast: those behind each of its figures. */
@Injectable()
export class RecipientsQueries {
  constructor(
    private readonly database: Database,
    private readonly rules: BlastRuleQueries,
  ) {}

  /** What this blast's figures are counted by, now. */
  async counted(blastId: string): Promise<Counted> {
    const rule = await this.rules.current();
    // ids are made from the moment of hand-over: the greatest is the last
    const sent = await this.database.maybe<{ from: Date; last: Date; family: string | null }>(sql`
      select b.started_at as "from", m.created_at as last, p.family from messaging.blast b left join reporting.campaign p on p.id = b.campaign_id
      join lateral (select created_at from messaging.message x where x.blast_id = b.id order by x.id desc limit 1) m on true
      where b.id = ${blastId} and b.started_at is not null`);
    const orders = sent && { from: sent.from, until: new Date(sent.last.getTime() + rule.orderDays * DAY_MS), family: sent.family };
    return { blastId, rule, orders: orders ?? null };
  }

  /** In the order of their lines. An unknown state or figure finds nobody. */
  async page(blastId: string, filter: RecipientFilter & { limit: number; cursor?: string }): Promise<Page<BlastMessageRow>> {
    const after = decodeCursor(filter.cursor, 1)?.[0] ?? null;
    const found = await this.found(
      blastId,
      filter,
      sql`and (${after}::bigint is null or r.line_id > ${after}::bigint) order by r.line_id limit ${filter.limit + 1}`,
    );
    const rows = await this.database.rows<BlastMessageRow>(sql`
      select ${COLUMNS} from (${found}) f join messaging.recipient r on r.blast_id = ${blastId} and r.line_id = f.line_id ${JOINS}
      order by r.line_id limit ${filter.limit + 1}`);
    return pageOf(rows, filter.limit, (last) => [last.lineId]);
  }

  /** All of them, for an export. */
  async all(blastId: string, filter: RecipientFilter): Promise<{ count: number; rows: AsyncIterable<BlastMessageRow> }> {
    const found = await this.found(blastId, filter, emptySql);
    const select = sql`select ${COLUMNS} from (${found}) f join messaging.recipient r on r.blast_id = ${blastId} and r.line_id = f.line_id ${JOINS}`;
    return { count: await this.database.count(found), rows: this.database.stream<BlastMessageRow>(sql`${select} order by r.line_id`) };
  }

  count(blastId: string, filter: RecipientFilter): Promise<number> {
    return this.found(blastId, filter, emptySql).then((found) => this.database.count(found));
  }

  /** State by state, each in the order of its index: the first page of a million costs what it shows. */
  private async found(blastId: string, filter: RecipientFilter, rest: Sql): Promise<Sql> {
    const states = filteredStates(filter);
    const condition = filterCondition(filter, await this.counted(blastId));
    if (states === null) return sql`select r.line_id from messaging.recipient r where r.blast_id = ${blastId} and ${condition} ${rest}`;
    return sql`select x.line_id from unnest(${states}::text[]) as s(state)
      cross join lateral (select r.line_id from messaging.recipient r where r.blast_id = ${blastId} and r.state = s.state and ${condition} ${rest}) x`;
  }
}
