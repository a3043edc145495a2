import { type Sql, sql } from '../../platform/database/sql.js';

/** The highest current score of the customer's lines, over `x.customer_id`; null where there is none. */
export const SCORE_OF: Sql = sql`(select max(v.score) from retention.v_churn_score v where v.customer_id = x.customer_id)`;

/** What a customer's lines bring a month: as their tariff says, else as the newest bill. */
export const VALUE_OF: Sql = sql`coalesce(
  (select sum(l.arpu_fen) from customers.v_line l where l.customer_id = x.customer_id and l.status <> 'churned'),
  (select sum(b.amount_fen) from customers.v_bill b where b.customer_id = x.customer_id group by b.month order by b.month desc limit 1), 0)::int`;

/** The first strategy that fits source, reason and star of `x`. */
export const STRATEGY_FOR: Sql = sql`(
  select t.id from retention.strategy t
  where t.enabled and (t.sources = '{}' or x.source_code = any(t.sources)) and (t.reasons = '{}' or x.reason_code = any(t.reasons))
    and x.star_level between t.star_from and t.star_to
  order by t.sort, t.id limit 1)`;

/** The value of a task: what a customer brings times how likely they are to leave, over `k`. */
export const TASK_VALUE: Sql = sql`least(k.rank, 2147483647)::int`;
