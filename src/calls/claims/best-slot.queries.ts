import type { Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import {
  ALL_WEIGHT,
  FIRST_HOUR,
  LAST_HOUR,
  LEAST_LIKE_DIALS,
  LIKE_WEIGHT,
  OWN_DAYS,
  type SlotEvidence,
  type SlotScore,
  slotScores,
} from './best-slot.policy.js';

/** Own dials of customers by hour. Their index is by customer and time: a few rows each. */
const own = (customerIds: readonly string[], now: Date) => sql`
  select a.customer_id, platform.hour_of(a.started_at) as hour, count(*) as dials, count(*) filter (where o.connected) as answered
  from calls.attempt a join calls.outcome o on o.code = a.outcome
  where a.customer_id = any(${customerIds}::bigint[]) and a.channel = 'call'
    and a.id >= platform.uuid_floor(${now}::timestamptz - make_interval(days => ${OWN_DAYS})) and a.started_at <= ${now}
  group by 1, 2`;

const evidenceOf = (customerIds: readonly string[]) => sql`
  select c.id as customer_id, h.hour, coalesce(w.dials, 0)::int as dials, coalesce(w.answered, 0)::int as answered,
         coalesce(r.dials, 0)::int as like_dials, coalesce(r.answered, 0)::int as like_answered
  from customers.v_customer c
  cross join generate_series(${FIRST_HOUR}::int, ${LAST_HOUR}::int) h(hour)
  left join own w on w.customer_id = c.id and w.hour = h.hour
  left join calls.slot_rate r on r.star = c.star_level and r.hour = h.hour
  where c.id = any(${customerIds}::bigint[])`;

const OVERALL = sql`select coalesce(sum(answered)::float8 / nullif(sum(dials), 0), 0) as rate from calls.slot_rate`;

/** What is known of one customer, as the policy takes it. */
export async function slotEvidence(on: Queryable, customerId: string, now: Date): Promise<{ evidence: SlotEvidence[]; overall: number }> {
  const evidence = await on.rows<SlotEvidence>(sql`
    with own as materialized (${own([customerId], now)})
    select hour, dials, answered, like_dials as "likeDials", like_answered as "likeAnswered" from (${evidenceOf([customerId])}) e order by hour`);
  return { evidence, overall: (await on.one<{ rate: number }>(OVERALL)).rate };
}

/** When one customer is likely to answer, asked only where an outcome looks for another time of day. */
export async function slotsFor(on: Queryable, outcome: { redial: string }, customerId: string, now: Date): Promise<SlotScore[]> {
  if (outcome.redial !== 'other_slot') return [];
  const { evidence, overall } = await slotEvidence(on, customerId, now);
  return slotScores(evidence, overall);
}

/** The scores of many customers in one statement: `slotScores` of the policy, as SQL. */
export async function slotScoresOf(on: Queryable, customerIds: readonly string[], now: Date): Promise<Map<string, SlotScore[]>> {
  const rows = await on.rows<{ customerId: string; scores: SlotScore[] }>(sql`
    with own as materialized (${own(customerIds, now)}), overall as (${OVERALL})
    select customer_id as "customerId", jsonb_agg(jsonb_build_object('hour', hour, 'score', score) order by hour) as scores
    from (select e.customer_id, e.hour,
                 (e.answered + ${LIKE_WEIGHT}::float8 * (e.like_answered + ${ALL_WEIGHT}::float8 * (select rate from overall)) / (e.like_dials + ${ALL_WEIGHT}::float8))
                   / (e.dials + ${LIKE_WEIGHT}::float8) as score
          from (${evidenceOf(customerIds)}) e where e.dials > 0 or e.like_dials >= ${LEAST_LIKE_DIALS}) s
    group by 1`);
  return new Map(rows.map(({ customerId, scores }) => [customerId, scores]));
}
