import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/** Candidates (`customer_id, line_id, number`) with the place of each among the lines of its customer: 1 is the best one to write to. */
const rankedSql = (candidates: Sql): Sql => sql`
  select m.customer_id, m.line_id, m.number, row_number() over (
           partition by m.customer_id order by (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, l.id) as place
  from (${candidates}) m join customers.v_line l on l.id = m.line_id`;

/** Who of the candidates would be written to (`customer_id, line_id`): the best line of each, without those left alone. */
export const writtenToSql = (candidates: Sql, { id, holdoutPercent }: { id: string; holdoutPercent: number }): Sql => sql`
  select customer_id, line_id from (${rankedSql(candidates)}) ranked
  where place = 1 and (${holdoutPercent}::numeric = 0 or campaigns.bucket(${`blast/${id}`}, customer_id) >= ${holdoutPercent * 100})`;

/**
 * Puts candidates (`customer_id, line_id, number`) into a blast: one message a customer. Of several lines the best one to write to is
 * planned, the others stand in the audience as refused: duplicate (R20). Whoever is in already stays as he is.
 * @returns how many were planned
 */
export async function addRecipients(tx: Tx, blastId: string, candidates: Sql, now: Date): Promise<number> {
  const { planned } = await tx.one<{ planned: number }>(sql`
    with ranked as (${rankedSql(candidates)}), added as (
      insert into messaging.recipient (blast_id, customer_id, line_id, number, state, reason, updated_at)
      select ${blastId}, customer_id, line_id, number, case place when 1 then 'planned' else 'refused' end, case when place > 1 then 'duplicate' end, ${now}
      from ranked order by place, line_id
      on conflict do nothing
      returning state
    )
    select count(*) filter (where state = 'planned')::int as planned from added`);
  return planned;
}

/** Leaves so many of a hundred alone: drawn once, from those who would be written to, and never anew (CAM-10). @returns how many */
export function holdOut(tx: Tx, blastId: string, percent: number, now: Date): Promise<number> {
  if (percent === 0) return Promise.resolve(0);
  return tx.run(sql`
    update messaging.recipient set state = 'refused', reason = 'hold_out', updated_at = ${now}
    where blast_id = ${blastId} and state = 'planned' and campaigns.bucket(${`blast/${blastId}`}, customer_id) < ${percent * 100}`);
}

/**
 * Candidates that were taken back from this blast and are wanted after all are planned again, on the line wanted now.
 * @returns how many
 */
export function takeUpRecipients(tx: Tx, blastId: string, candidates: Sql, now: Date): Promise<number> {
  return tx.run(sql`
    update messaging.recipient r set state = 'planned', reason = null, line_id = m.line_id, number = m.number, updated_at = ${now}
    from (${candidates}) m
    where r.blast_id = ${blastId} and r.customer_id = m.customer_id and r.state = 'cancelled' and r.message_id is null
      and not exists (select from messaging.recipient o
                      where o.blast_id = r.blast_id and o.customer_id <> r.customer_id and (o.line_id = m.line_id or o.number = m.number))`);
}
