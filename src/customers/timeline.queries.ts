import { Injectable } from '@nestjs/common';
import { type Page, decodeCursor, pageOf } from '../kernel/cursor.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';

export interface TimelineRow {
  id: string;
  at: Date;
  channel: string;
  campaign: string;
  outcomeZh: string;
  outcomeEn: string;
  tone: string | null;
  talkSeconds: number;
  note: string | null;
  manager: string;
}

/** What happened with a customer, newest first. Reads the published views only. */
@Injectable()
export class TimelineQueries {
  constructor(private readonly database: Database) {}

  /** No scope is asked: look the customer up before. */
  async page(customerId: string, cursor?: string, limit = 30): Promise<Page<TimelineRow>> {
    const key = decodeCursor(cursor, 1);
    const rows = await this.database.rows<TimelineRow>(sql`
      select a.attempt_id as id, a.started_at as at, a.channel, a.campaign_name as campaign, o.label_zh as "outcomeZh", o.label_en as "outcomeEn",
             o.tone, a.talk_seconds as "talkSeconds", a.note, a.manager_name as manager
      from reporting.attempt a
      join reporting.outcome o on o.code = a.outcome
      where a.customer_id = ${customerId} ${key ? sql`and a.attempt_id < ${key[0]}::uuid` : sql``}
      order by a.attempt_id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.id]);
  }
}
