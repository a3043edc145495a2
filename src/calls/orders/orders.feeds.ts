import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../../feeds/feeds.types.js';
import { dayOf } from '../../kernel/day.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { OrdersSettled } from '../calls.events.js';

const COLUMNS: readonly FeedColumn[] = [
  { name: 'order_no', synonyms: ['订单号', '订单编号'], type: 'text', required: true, maxLength: 64 },
  {
    name: 'state',
    synonyms: ['状态', '订单状态'],
    type: 'choice',
    required: true,
    choices: { success: 'succeeded', succeeded: 'succeeded', 成功: 'succeeded', failed: 'failed', 失败: 'failed', open: 'open', 办理中: 'open' },
  },
  { name: 'completed_on', synonyms: ['完成日期', '竣工日期'], type: 'day' },
];

/** What became of the orders: closes what conversions opened (CAM-9). */
@Injectable()
@DeclaresFeed()
export class OrdersFeed implements Feed {
  readonly code = 'orders';
  readonly columns = COLUMNS;
  readonly extraColumns = 'report' as const;

  constructor(private readonly events: Events) {}

  async merge(tx: Tx, stage: Stage, { now, uploader, importId }: ImportContext): Promise<MergeResult> {
    await stage.reject(
      'order_no',
      'order_unknown',
      sql`select s.row_number from ${stage.table} s
          where not exists (select from calls.sales_order r join calls.attempt a on a.id = r.attempt_id join staff.v_user u on u.id = a.manager_id
                            where r.order_no = s.order_no and starts_with(u.org_path, ${uploader.orgPath}))`,
    );
    await stage.keepLast('order_no');
    const updated = await this.tell(tx, stage, now);
    await this.events.publish(tx, OrdersSettled, { importId });
    const { rows } = await tx.one<{ rows: number }>(sql`select count(*)::int as rows from ${stage.table}`);
    return { created: 0, updated, unchanged: rows - updated };
  }

  /**
   * What the rows say is kept; it counts as `calls.order_state` says. So a success of an order that waits for the customer, or that expired, stays what it is until
   * the customer confirms, and counts then.
   */
  private async tell(tx: Tx, stage: Stage, now: Date): Promise<number> {
    const { updated } = await tx.one<{ updated: number }>(sql`
      with told as (
        update calls.sales_order r set told_state = s.state, told_on = s.told_on, state = calls.order_state(s.state, r.confirmation),
          completed_on = case calls.order_state(s.state, r.confirmation)
                           when 'open' then null when 'expired' then r.completed_on when s.state then s.told_on else coalesce(r.completed_on, s.told_on) end
        from (select order_no, state, case when state = 'open' then null else coalesce(completed_on, ${dayOf(now)}::date) end as told_on,
                     completed_on is null as undated
              from ${stage.table}) s
        where r.order_no = s.order_no
          and (coalesce(r.told_state, 'open') <> s.state or r.state <> calls.order_state(s.state, r.confirmation) or not s.undated and r.told_on is distinct from s.told_on)
        returning r.id, r.told_state, r.state, r.confirmation),
      kept as (
        insert into calls.order_event (order_id, at, kind, detail)
        select id, ${now}, 'told', jsonb_build_object('to', told_state, 'state', state) from told)
      select count(*)::int as updated from told`);
    return updated;
  }
}
