import { Injectable } from '@nestjs/common';
import type { ErrorParams } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
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

  /** A look without the customers that its reader may not see: it is of a whole list, which may reach beyond a unit. */
  async readBy<C extends CheckRow | undefined>(user: CurrentUser, check: C): Promise<C> {
    if (!check?.figures) return check;
    const { worst, faults, ...figures } = check.figures;
    const named = [...worst.map(({ lineId }) => lineId), ...faults.flatMap(({ lineIds }) => lineIds)];
    const rows = await this.database.rows<{ id: string }>(sql`
      select l.id from customers.v_line l join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
      where l.id = any(${named}::bigint[]) and ${inScope(user, sql`o.path`)}`);
    const own = new Set(rows.map(({ id }) => id));
    return {
      ...check,
      figures: {
        ...figures,
        worst: worst.filter(({ lineId }) => own.has(lineId)),
        faults: faults.map((fault) => ({ ...fault, lineIds: fault.lineIds.filter((id) => own.has(id)) })),
      },
    };
  }

  /** The customers behind lines, in their order. */
  people(lineIds: readonly string[], on: Queryable = this.database): Promise<ExampleRow[]> {
    return on.rows<ExampleRow>(sql`
      select l.id as "lineId", l.customer_id as "customerId", c.name, l.number
      from unnest(${lineIds}::bigint[]) with ordinality as asked(line_id, place)
      join customers.v_line l on l.id = asked.line_id join customers.v_customer c on c.id = l.customer_id order by asked.place`);
  }
}
