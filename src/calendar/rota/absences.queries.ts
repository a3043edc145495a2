import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import type { Day } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { RotaPeople } from './rota.queries.js';
import type { AbsenceRow } from './rota.types.js';

const ROW = rawSql(`select a.id, a.from_day as "from", a.to_day as "to", a.kind, a.part, a.loss_percent as "lossPercent", a.deputy_id as "deputyId",
  a.user_id as "userId", u.username, u.name, d.username as deputy, d.name as "deputyName", n.name as "notedBy"
  from calendar.v_absence a
  join staff.v_user u on u.id = a.user_id
  left join staff.v_user d on d.id = a.deputy_id
  left join staff.v_user n on n.id = a.noted_by`);

const MOST = 300;

@Injectable()
export class AbsencesQueries {
  constructor(private readonly db: Database) {}

  /** Absences that touch the days from `from` to `to`, of everybody in the scope, or of one unit and those below. */
  async within(user: CurrentUser, [from, to]: [Day, Day], { teamPath, cursor, limit = MOST }: RotaPeople): Promise<Page<AbsenceRow>> {
    const key = decodeCursor(cursor, 2);
    const after: Sql = key ? sql`and (a.from_day, a.id) > (${String(key[0])}::date, ${String(key[1])}::bigint)` : emptySql;
    const team: Sql = teamPath ? sql`and starts_with(u.org_path, ${teamPath})` : emptySql;
    const rows = await this.db.rows<AbsenceRow>(sql`${ROW}
      where a.from_day <= ${to} and a.to_day >= ${from} and ${inScope(user, sql`u.org_path`)} ${team} ${after} order by a.from_day, a.id limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.from, last.id]);
  }

  /** One of a person in the scope. @throws DomainError not_found */
  async one(user: CurrentUser, username: string, id: string): Promise<AbsenceRow> {
    const row = await this.db.maybe<AbsenceRow>(
      sql`${ROW} where a.id::text = ${id} and lower(u.username) = lower(${username}) and ${inScope(user, sql`u.org_path`)}`,
    );
    if (!row) throw notFound('absence', id);
    return row;
  }

  /** A person's own, the latest first. */
  of(userId: string, since: Day): Promise<AbsenceRow[]> {
    return this.db.rows<AbsenceRow>(
      sql`${ROW} where a.user_id = ${userId} and a.to_day >= ${since} order by a.from_day desc, a.id desc limit ${MOST}`,
    );
  }
}
