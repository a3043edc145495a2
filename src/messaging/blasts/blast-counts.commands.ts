import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** So many loose rows of a blast are worth putting together. */
const WORTH = 50;
/** Minutes that a page shows; what was before is one row a state. */
const MINUTES = 30;

/** Keeps the counts of blasts short. */
@Injectable()
export class BlastCounts {
  constructor(private readonly database: Database) {}

  /** What was appended since becomes one row a state, reason and minute. Whatever is appended meanwhile stays loose; two at once put together what each of them takes. */
  async fold(worth = WORTH): Promise<void> {
    await this.database.run(sql`
      with due as (
        select blast_id from messaging.recipient_count where not folded group by 1 having count(*) >= ${worth}
      ), taken as (
        delete from messaging.recipient_count where blast_id in (select blast_id from due) returning *
      ), shown as (
        select blast_id, minute, row_number() over (partition by blast_id order by minute desc) as place
        from taken where minute is not null group by 1, 2
      )
      insert into messaging.recipient_count (blast_id, minute, state, reason, n, parts, billed, folded)
      select t.blast_id, case when s.place <= ${MINUTES} then t.minute end, t.state, t.reason, sum(t.n), sum(t.parts), sum(t.billed), true
      from taken t left join shown s on s.blast_id = t.blast_id and s.minute = t.minute
      group by 1, 2, 3, 4 having sum(t.n) <> 0 or sum(t.parts) <> 0 or sum(t.billed) <> 0`);
  }
}
