import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** An order whose customer was asked to confirm it and has not answered. */
export interface AskedOrder {
  id: string;
  number: string;
  /** Tells it from the other orders that number has to answer. */
  code: number;
  product: string | null;
}

/** The orders that wait for a customer's word (CAM-9), for who reads the answers. */
@Injectable()
export class AskedOrders {
  constructor(private readonly db: Database) {}

  /** Of these numbers, those asked first in front. */
  async of(numbers: readonly string[]): Promise<AskedOrder[]> {
    if (numbers.length === 0) return [];
    return this.db.rows<AskedOrder>(sql`
      select s.id, l.number, s.confirm_code as code, s.product
      from customers.v_line l
      join calls.sales_order s on s.customer_id = l.customer_id and s.confirmation = 'waiting' and s.confirm_message_id is not null
      join calls.attempt a on a.id = s.attempt_id and a.line_id = l.id
      where l.number = any(${numbers}::text[]) order by s.confirm_code, s.id`);
  }
}
