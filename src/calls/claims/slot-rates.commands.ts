import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** So many days of dials say how the like answer. */
const LIKE_DAYS = 90;

/** Counts how customers of each star answer in each hour (CAM-4). */
@Injectable()
export class SlotRates {
  constructor(private readonly db: Database) {}

  async count(now: Date): Promise<void> {
    await this.db.tx(async (tx) => {
      await tx.run(sql`delete from calls.slot_rate`);
      await tx.run(sql`
        insert into calls.slot_rate (star, hour, dials, answered)
        select c.star_level, platform.hour_of(a.started_at), count(*), count(*) filter (where o.connected)
        from calls.attempt a join calls.outcome o on o.code = a.outcome join customers.v_customer c on c.id = a.customer_id
        where a.channel = 'call' and a.id >= platform.uuid_floor(${now}::timestamptz - make_interval(days => ${LIKE_DAYS})) and a.started_at <= ${now}
          and c.star_level is not null
        group by 1, 2`);
    });
  }
}
