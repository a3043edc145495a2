import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { FollowUpKind } from './care.types.js';

export interface FollowUpAnswer {
  kind: FollowUpKind;
  reference: string;
  /** 1 to 5. */
  satisfaction: number;
  managerId: string;
}

/** What customers said when they were asked how it went (CAR-9). */
@Injectable()
export class FollowUpQueries {
  constructor(private readonly db: Database) {}

  /** What one call brought: one answer for each thing it asked about. */
  answers(attemptId: string): Promise<FollowUpAnswer[]> {
    return this.db.rows<FollowUpAnswer>(sql`
      select d.facts ->> 'kind' as kind, d.facts ->> 'reference' as reference, a.satisfaction, a.manager_id as "managerId"
      from calls.v_attempt a join care.due d on d.task_id = a.task_id
      where a.id = ${attemptId} and d.rule_code = 'service-follow-up' and a.satisfaction is not null`);
  }
}
