import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { Database } from '../platform/database/database.js';
import { type Sql, sql, whereAll } from '../platform/database/sql.js';

/** One line of a launched audience that is not called. */
export interface OutRow {
  customerId: string;
  lineId: string;
  name: string | null;
  number: string;
  star: number;
  manager: string | null;
  reason: string;
}

const A_PAGE = 50;

/** Without a reason all who are left out; the control group is called apart from them, as the figures do. */
const outOf = (campaignId: string, reason: string | undefined): Sql[] => [
  sql`a.campaign_id = ${campaignId}`,
  reason === undefined ? sql`a.excluded <> 'hold_out'` : sql`a.excluded = ${reason}`,
];

/** The rows behind the figures of a launched audience (R45). */
@Injectable()
export class AudienceRows {
  constructor(private readonly db: Database) {}

  count(campaignId: string, reason?: string): Promise<number> {
    return this.db.count(sql`select 1 from campaigns.audience a ${whereAll(outOf(campaignId, reason))}`);
  }

  /** @throws DomainError cursor_invalid */
  async list(campaignId: string, { reason, cursor }: { reason?: string; cursor?: string }): Promise<Page<OutRow>> {
    const after = decodeCursor(cursor, 1);
    const rows = await this.db.rows<OutRow>(sql`
      select a.customer_id as "customerId", a.line_id as "lineId", c.name, l.number, c.star_level as star, u.name as manager, a.excluded as reason
      from campaigns.audience a
      join customers.v_customer c on c.id = a.customer_id
      join customers.v_line l on l.id = a.line_id
      left join staff.v_user u on u.id = c.manager_id
      ${whereAll([...outOf(campaignId, reason), after && sql`a.line_id > ${after[0]}::bigint`])} order by a.line_id limit ${A_PAGE + 1}`);
    return pageOf(rows, A_PAGE, ({ lineId }) => [lineId]);
  }
}
