import { Injectable } from '@nestjs/common';
import type { ErrorParams } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { AudienceFigures, CheckedWording } from './check.types.js';

export interface CheckRow {
  id: string;
  content: string;
  wording: CheckedWording;
  state: 'waiting' | 'running' | 'done' | 'failed';
  looked: number;
  total: number | null;
  figures: AudienceFigures | null;
  fault: { code: string; params: ErrorParams } | null;
  askedBy: string | null;
  askedAt: Date;
  finishedAt: Date | null;
}

export interface ExampleRow {
  lineId: string;
  customerId: string;
  name: string | null;
  number: string;
}

const CHECK = sql`
  select k.id, k.content, k.wording, k.state, k.looked, k.total, k.figures, k.fault, u.name as "askedBy", k.asked_at as "askedAt", k.finished_at as "finishedAt"
  from messaging.audience_check k left join staff.v_user u on u.id = k.asked_by`;

/** What a wording comes to on an audience, as it was last looked at. */
@Injectable()
export class CheckQueries {
  constructor(private readonly database: Database) {}

  ofBlast(blastId: string, on: Queryable = this.database): Promise<CheckRow | undefined> {
    return this.last(sql`k.blast_id = ${blastId}`, on);
  }

  ofTemplate(templateId: string, segmentId: string, on: Queryable = this.database): Promise<CheckRow | undefined> {
    return this.last(sql`k.template_id = ${templateId} and k.segment_id = ${segmentId}`, on);
  }

  private last(which: Sql, on: Queryable): Promise<CheckRow | undefined> {
    return on.maybe<CheckRow>(sql`${CHECK} where ${which} order by k.id desc limit 1`);
  }

  /** The customers behind lines, in their order. */
  people(lineIds: readonly string[], on: Queryable = this.database): Promise<ExampleRow[]> {
    return on.rows<ExampleRow>(sql`
      select l.id as "lineId", l.customer_id as "customerId", c.name, l.number
      from unnest(${lineIds}::bigint[]) with ordinality as asked(line_id, place)
      join customers.v_line l on l.id = asked.line_id join customers.v_customer c on c.id = l.customer_id order by asked.place`);
  }
}
