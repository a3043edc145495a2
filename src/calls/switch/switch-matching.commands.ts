import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { type Near, settle, TOLERANCE_SECONDS } from './switch-match.policy.js';

/** So many contested pairs are weighed in memory at once; those of one line always together. */
const PAIRS_AT_ONCE = 50_000;

export const TOLERANCE = sql`make_interval(secs => ${TOLERANCE_SECONDS})`;

/**
 * Finds the attempts that raw records of the switch belong to, set-based. It leaves behind, until the transaction ends: `switch_row`, the records
 * with their line, agent and `call_id` (the same call told twice has one); `switch_pair`, what lies near; `switch_match`, call_id → attempt_id.
 */
@Injectable()
export class SwitchMatching {
  /**
   * @param source select of `row_number, record_id, leg_id, number, started_at, agent_no, manager, outcome, cause, talk_seconds, answered_at, ended_at,
   * recording_ref, caller_number, org_unit_id, org_path`; line and agent are looked for in and below the unit
   */
  async match(tx: Tx, source: Sql): Promise<void> {
    await this.gather(tx, source);
    await this.pair(tx);
    await tx.run(sql`create temporary table switch_match (call_id int primary key, attempt_id uuid not null unique) on commit drop`);
    await this.known(tx);
    await this.sole(tx);
    await this.contested(tx);
    await tx.run(sql`analyze switch_match`);
  }

  private async gather(tx: Tx, source: Sql): Promise<void> {
    await tx.run(sql`
      create temporary table switch_row on commit drop as
      select r.*, l.id as line_id, coalesce(n.id, a.id) as manager_id,
             (dense_rank() over (order by l.id, coalesce(n.id, a.id), r.started_at))::int as call_id
      from (${source}) r
      left join (select l.id, l.number, o.path from customers.v_line l
                 join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id) l
        on l.number = r.number and starts_with(l.path, r.org_path)
      left join staff.v_user n on lower(n.username) = lower(r.manager) and starts_with(n.org_path, r.org_path)
      left join staff.v_user a on a.agent_no = r.agent_no and r.manager is null and starts_with(a.org_path, r.org_path)`);
    await tx.run(sql`analyze switch_row`);
  }

  /** Every call of the switch with every attempt of the same line and agent near it. The bounds of the whole set spare the other months. */
  private async pair(tx: Tx): Promise<void> {
    const { first, last } = await tx.one<{ first: Date | null; last: Date | null }>(
      sql`select min(started_at) as first, max(started_at) as last from switch_row where line_id is not null and manager_id is not null`,
    );
    await tx.run(sql`
      create temporary table switch_pair on commit drop as
      select distinct r.call_id, r.line_id, a.id as attempt_id, a.switch_started_at is not null as taken, a.switch_started_at = r.started_at as same,
             round(abs(extract(epoch from a.started_at - r.started_at)) * 1000)::int as apart
      from switch_row r
      join calls.attempt a on a.line_id = r.line_id and a.manager_id = r.manager_id and a.channel = 'call'
        and a.id >= platform.uuid_floor(r.started_at - ${TOLERANCE}) and a.id < platform.uuid_floor(r.started_at + ${TOLERANCE} + interval '1 second')
      where a.id >= platform.uuid_floor(${first}::timestamptz - ${TOLERANCE})
        and a.id < platform.uuid_floor(${last}::timestamptz + ${TOLERANCE} + interval '1 second')
        and a.started_at between r.started_at - ${TOLERANCE} and r.started_at + ${TOLERANCE}`);
    await tx.run(sql`analyze switch_pair`);
  }

  /** What was matched before stays matched: the same record again is no second one. */
  private async known(tx: Tx): Promise<void> {
    await tx.run(sql`insert into switch_match (call_id, attempt_id) select call_id, attempt_id from switch_pair where same on conflict do nothing`);
  }

  /** Most calls have one attempt near them, which has no other call. The rest is left in `switch_contested`. */
  private async sole(tx: Tx): Promise<void> {
    await tx.run(sql`
      create temporary table switch_contested on commit drop as
      select call_id, line_id, attempt_id, apart, count(*) over (partition by call_id) = 1 and count(*) over (partition by attempt_id) = 1 as sole
      from switch_pair p
      where not taken and not exists (select from switch_match m where m.call_id = p.call_id)`);
    await tx.run(sql`insert into switch_match (call_id, attempt_id) select call_id, attempt_id from switch_contested where sole`);
    await tx.run(sql`delete from switch_contested where sole`);
  }

  private async contested(tx: Tx): Promise<void> {
    const { pairs } = await tx.one<{ pairs: number }>(sql`select count(*)::int as pairs from switch_contested`);
    const shares = Math.ceil(pairs / PAIRS_AT_ONCE);
    for (let share = 0; share < shares; share++) {
      const near = await tx.rows<Near>(
        sql`select call_id as call, attempt_id as attempt, apart from switch_contested where line_id % ${shares}::bigint = ${share}::bigint`,
      );
      const settled = settle(near);
      await tx.run(sql`
        insert into switch_match (call_id, attempt_id)
        select * from unnest(${settled.map((pair) => pair.call)}::int[], ${settled.map((pair) => pair.attempt)}::uuid[])`);
    }
  }
}
