import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { dayOf } from '../kernel/day.js';
import { Database, type Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { StarsChanged } from './customers.events.js';

/** The newest change known decides the star a customer has; a change to come does so on its day, once. */
@Injectable()
export class StarChangesCommands {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /**
   * An older change that arrives late changes no star.
   * @param customers yields customer_id; read twice
   * @returns how many customers have another star now
   */
  async applyNewest(tx: Tx, customers: Sql): Promise<number> {
    const now = this.clock.now();
    const arrived = sql`x.customer_id in (${customers}) and x.changed_on <= ${dayOf(now)}::date`;
    const changed = await tx.run(sql`
      with newest as (
        select distinct on (x.customer_id) x.customer_id, x.new_star from customers.star_change x where ${arrived}
        order by x.customer_id, x.changed_on desc, x.id desc)
      update customers.customer c set star_level = n.new_star, updated_at = ${now}
      from newest n where c.id = n.customer_id and c.star_level <> n.new_star`);
    await tx.run(sql`update customers.star_change x set applied_at = ${now} where ${arrived} and x.applied_at is null`);
    return changed;
  }

  /** Changes that were told beforehand and whose day has come. */
  async applyArrived(): Promise<void> {
    const today = dayOf(this.clock.now());
    await this.database.tx(async (tx) => {
      const changed = await this.applyNewest(
        tx,
        sql`select w.customer_id from customers.star_change w where w.applied_at is null and w.changed_on <= ${today}::date`,
      );
      if (changed > 0) await this.events.publish(tx, StarsChanged, { importId: null });
    });
  }
}
