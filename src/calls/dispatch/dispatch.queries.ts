import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type BalanceRow, type DispatchBalance, type DispatchChoice, type DispatchFilter, type DispatchItem, SOON_DAYS } from './dispatch.types.js';

/** A dispatch as read, with the word for its reason where an outcome is the reason. */
export interface DispatchRow extends DispatchItem {
  campaignName: string;
  managerName: string | null;
  outcomeZh: string | null;
  outcomeEn: string | null;
}

/** Whose dispatches one sees: those of the customers in one's units, whoever works on them. */
export const ofCustomersOf = (user: CurrentUser, customerId: Sql): Sql => sql`exists (
  select from customers.v_customer c join staff.v_org_unit o on o.id = c.org_unit_id where c.id = ${customerId} and ${inScope(user, sql`o.path`)})`;

/** `-` stands for a name that was left out. */
export const named = (column: Sql, name: string | undefined): Sql | false =>
  name !== undefined && sql`coalesce(${column}, '') = ${name === '-' ? '' : name}`;

const COLUMNS = sql`
  d.dispatch_id as id, d.dispatch_no as "dispatchNo", nullif(d.source, '') as source, d.biz_type as "bizType", l.number as phone,
  jsonb_build_object('id', u.id::text, 'name', u.name, 'starLevel', u.star_level) as customer, p.code as campaign, p.name as "campaignName",
  d.deadline_on as deadline, d.note, d.state, d.result, d.reason, d.finished_at as "finishedAt", m.username as manager, m.name as "managerName",
  d.attempts, d.task_id as "taskId", d.created_at as "createdAt", d.handed_at as "handedOverAt", d.corrected,
  x.label_zh as "outcomeZh", x.label_en as "outcomeEn"`;

function ended(choice: DispatchChoice): Sql {
  if (choice === 'open' || choice === 'returned') return sql`d.is_open = ${choice === 'open'}`;
  return sql`d.result = ${choice === 'undone' ? 'returned' : choice}`;
}

const ofCampaign = ({ campaign }: Pick<DispatchFilter, 'campaign'>): Sql | false =>
  campaign !== undefined && sql`d.campaign_id = (select p.id from campaigns.v_campaign p where p.code = ${campaign})`;

/** Joins what a page of dispatches shows. */
const JOINS = sql`
  join reporting.dispatch d on d.dispatch_id = page.id
  join customers.v_customer u on u.id = d.customer_id
  join customers.v_line l on l.id = d.line_id
  join campaigns.v_campaign p on p.id = d.campaign_id
  left join staff.v_user m on m.id = d.manager_id
  left join calls.outcome x on x.code = d.reason`;

@Injectable()
export class DispatchQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws DomainError cursor_invalid */
  async list(user: CurrentUser, filter: DispatchFilter): Promise<Page<DispatchRow>> {
    const limit = filter.limit ?? 50;
    const key = decodeCursor(filter.cursor, 1);
    const kinds = this.kinds();
    const where = whereAll([
      ofCustomersOf(user, sql`d.customer_id`),
      filter.state !== undefined && ended(filter.state),
      named(sql`d.source`, filter.source),
      named(sql`d.biz_type`, filter.bizType),
      ofCampaign(filter),
      filter.dispatchNo !== undefined && sql`d.dispatch_no = ${filter.dispatchNo}`,
      filter.due !== undefined && (filter.due === 'soon' ? kinds.dueSoon : kinds.overdue),
      key && sql`d.dispatch_id < ${key[0]}::bigint`,
    ]);
    const rows = await this.db.rows<DispatchRow>(sql`
      with page as materialized (select d.dispatch_id as id from reporting.dispatch d ${where} order by 1 desc limit ${limit + 1})
      select ${COLUMNS} from page ${JOINS} order by page.id desc`);
    return pageOf(rows, limit, (last) => [last.id]);
  }

  /** How many of each, by source system and business type; read in one statement, so that the sums hold. */
  balance(user: CurrentUser, { campaign }: Pick<DispatchFilter, 'campaign'> = {}): Promise<BalanceRow[]> {
    const counts = Object.entries(this.kinds()).map(([kind, when]) => sql`(count(*) filter (where ${when}))::int as ${rawSql(`"${kind}"`)}`);
    const where = whereAll([ofCustomersOf(user, sql`d.customer_id`), ofCampaign({ campaign })]);
    return this.db.rows<BalanceRow>(sql`
      select d.source, d.biz_type as "bizType", ${joinSql(counts)} from reporting.dispatch d ${where} group by 1, 2 order by 1, 2`);
  }

  private kinds(): Record<keyof DispatchBalance, Sql> {
    const today: Day = dayOf(this.clock.now());
    return {
      dispatched: sql`true`,
      open: sql`d.state = 'open'`,
      returned: sql`d.state = 'returned'`,
      done: sql`d.result = 'done'`,
      notReached: sql`d.result = 'not_reached'`,
      undone: sql`d.result = 'returned'`,
      dueSoon: sql`d.state = 'open' and d.deadline_on between ${today}::date and ${addDays(today, SOON_DAYS - 1)}::date`,
      overdue: sql`(d.reason = 'expired' or d.state = 'open' and d.deadline_on < ${today}::date)`,
      toTell: sql`d.to_tell`,
    };
  }
}
