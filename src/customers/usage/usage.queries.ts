import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

/** What one line used and paid in one month; null: not told. */
export interface UsageMonth {
  /** First day of the month. */
  month: Day;
  dataQuotaMb: number | null;
  dataUsedMb: number | null;
  voiceQuotaMin: number | null;
  voiceUsedMin: number | null;
  /** Beyond the package, fen. */
  extraFeeFen: number | null;
  /** The bill, fen. */
  amountFen: number | null;
  items: string | null;
}

const MONTHS = 6;

/** Package use and bills as the operator's systems told them. */
@Injectable()
export class UsageQueries {
  constructor(private readonly database: Database) {}

  /** The last months something is known of, the newest first. No scope is asked: the line's customer was looked up before. */
  months(lineId: string): Promise<UsageMonth[]> {
    return this.database.rows<UsageMonth>(sql`
      select coalesce(p.month, b.month) as month, p.data_quota_mb as "dataQuotaMb", p.data_used_mb as "dataUsedMb", p.voice_quota_min as "voiceQuotaMin",
             p.voice_used_min as "voiceUsedMin", p.extra_fee_fen as "extraFeeFen", b.amount_fen as "amountFen", b.items
      from (select * from customers.package_use where line_id = ${lineId}) p
      full join (select * from customers.bill where line_id = ${lineId}) b on b.month = p.month
      order by 1 desc limit ${MONTHS}`);
  }
}
