import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/** Where somebody roamed and what it cost serves the call about it and is not kept for its own sake (CAR-6). */
@Injectable()
export class RoamingDetails {
  /**
   * @param used yields `customer_id, month` (its first day)
   * @returns how many uses are gone; a file that brings them again brings them until the next time
   */
  forget(tx: Tx, used: Sql): Promise<number> {
    return tx.run(sql`delete from customers.roaming_use x using (${used}) u where x.month = u.month and x.customer_id = u.customer_id`);
  }
}
