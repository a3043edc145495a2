import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { StallQueries, type Watched } from './stall.queries.js';

/** Looks after blasts that get nowhere (R7): says so once, to whom it concerns, and stops saying so when they move. */
@Injectable()
export class StallCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queries: StallQueries,
  ) {}

  /** Harmless when it runs twice. */
  async look(): Promise<void> {
    const now = this.clock.now();
    const watched = await this.queries.watched();
    await this.database.tx(async (tx) => {
      await tx.run(sql`insert into messaging.stall_look (at) values (${now}) on conflict (only_row) do update set at = excluded.at`);
      await this.remember(tx, watched);
      await this.close(tx, watched, now);
      await this.open(tx, watched, now);
    });
  }

  private async remember(tx: Tx, watched: readonly Watched[]): Promise<void> {
    await tx.run(sql`
      insert into messaging.blast_watch (blast_id, handed_over, settled, since)
      select "blastId", "handedOver", settled, since
      from jsonb_to_recordset(${JSON.stringify(watched)}::jsonb) as w("blastId" bigint, "handedOver" integer, settled integer, since timestamptz)
      on conflict (blast_id) do update set handed_over = excluded.handed_over, settled = excluded.settled, since = excluded.since`);
    const ids = watched.map(({ blastId }) => blastId);
    await tx.run(sql`delete from messaging.blast_watch where not blast_id = any(${ids}::bigint[])`);
  }

  private async close(tx: Tx, watched: readonly Watched[], now: Date): Promise<void> {
    const still = watched.filter(({ standing }) => standing.kind === 'stalled').map(({ blastId }) => blastId);
    await tx.run(sql`update messaging.blast_stall set closed_at = ${now} where closed_at is null and not blast_id = any(${still}::bigint[])`);
  }

  private async open(tx: Tx, watched: readonly Watched[], now: Date): Promise<void> {
    const rows = watched.flatMap(({ blastId, standing }) => (standing.kind === 'stalled' ? [{ blastId, ...standing }] : []));
    if (rows.length === 0) return;
    const opened = await tx.rows<{ id: string; isNew: boolean }>(sql`
      insert into messaging.blast_stall as s (blast_id, cause, detail, since, opened_at, seen_at)
      select "blastId", cause, detail, since, ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x("blastId" bigint, cause text, detail jsonb, since timestamptz)
      on conflict (blast_id) where closed_at is null do update set cause = excluded.cause, detail = excluded.detail, seen_at = excluded.seen_at
      returning id, xmax = 0 as "isNew"`);
    await this.tell(
      tx,
      opened.filter(({ isNew }) => isNew).map(({ id }) => id),
      now,
    );
  }

  /** Once: whoever made the blast, and the planners who may steer it. */
  private async tell(tx: Tx, stallIds: readonly string[], now: Date): Promise<void> {
    await tx.run(sql`
      insert into messaging.blast_stall_notice (stall_id, user_id, at)
      select s.id, u.id, ${now} from messaging.blast_stall s join messaging.blast b on b.id = s.blast_id join staff.v_org_unit o on o.id = b.org_unit_id
      join staff.v_user u on u.active and (u.id = b.created_by or u.role = 'planner' and starts_with(o.path, u.org_path))
      where s.id = any(${stallIds}::bigint[]) on conflict do nothing`);
  }
}
