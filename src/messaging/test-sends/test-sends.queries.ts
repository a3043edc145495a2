import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';

export type TestState = 'sending' | 'accepted' | 'rejected' | 'throttled' | 'not_sent' | 'unknown' | 'delivered' | 'undelivered' | 'expired';

export interface TestRow {
  id: string;
  number: string | null;
  label: string | null;
  body: string;
  parts: number;
  templateVersion: number;
  gateway: string;
  state: TestState;
  networkCode: string | null;
  by: string;
  at: Date;
}

/** Tests of a blast, newest first. */
@Injectable()
export class TestSendsQueries {
  constructor(private readonly database: Database) {}

  ofBlast(blastId: string, limit = 20, on: Queryable = this.database): Promise<TestRow[]> {
    return on.rows<TestRow>(sql`
      select s.id, s.number, (select n.label from messaging.test_number n where n.number = s.number order by n.id desc limit 1) as label, s.body, s.parts,
             s.template_version as "templateVersion", s.gateway_code as gateway, s.state, s.network_code as "networkCode", u.name as by, s.sent_at as at
      from messaging.test_send s join staff.v_user u on u.id = s.sent_by where s.blast_id = ${blastId} order by s.id desc limit ${limit}`);
  }
}
