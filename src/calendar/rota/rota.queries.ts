import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import type { Day } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { AbsenceKind, RotaCell, RotaFacts, RotaPerson, RotaAtWork, RotaMonth } from './rota.types.js';

const PEOPLE = 40;

/** Whose rota: active managers in the scope, of one unit and those below when `teamPath` is given. */
export interface RotaPeople {
  teamPath?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Who works when and how much: `calendar.v_rota` for people in scope. */
@Injectable()
export class RotaQueries {
  constructor(private readonly db: Database) {}

  /** By team and name, page by page. */
  async people(user: CurrentUser, { teamPath, cursor, limit = PEOPLE }: RotaPeople): Promise<Page<RotaPerson>> {
    const key = decodeCursor(cursor, 2);
    const after: Sql = key ? sql`and (u.org_path, u.username) > (${String(key[0])}, ${String(key[1])})` : emptySql;
    const team: Sql = teamPath ? sql`and starts_with(u.org_path, ${teamPath})` : emptySql;
    const rows = await this.db.rows<RotaPerson & { path: string }>(sql`
      select u.id, u.username, u.name, u.team_name as team, u.daily_capacity as "dailyCapacity", u.org_path as path
      from staff.v_user u where u.role = 'manager' and u.active and ${inScope(user, sql`u.org_path`)} ${team} ${after}
      order by u.org_path, u.username limit ${limit + 1}`);
    const { items, nextCursor } = pageOf(rows, limit, (last) => [last.path, last.username]);
    return { items: items.map(({ path: _, ...person }) => person), nextCursor };
  }

  /** Every day of these people from `from` to `to`, both included, by person. */
  async cells(userIds: readonly string[], from: Day, to: Day): Promise<Map<string, RotaCell[]>> {
    const rows = await this.db.rows<RotaCell>(sql`
      select r.user_id as "userId", r.day, r.rostered, r.share, r.calls, r.absence_id as "absenceId", r.absence_kind as "absenceKind", r.deputy_id as "deputyId",
             s.note
      from calendar.v_rota(${from}, ${to}) r
      left join calendar.rota_day s on s.user_id = r.user_id and s.day = r.day
      where r.user_id = any(${userIds}::bigint[]) order by r.user_id, r.day`);
    const cells = new Map<string, RotaCell[]>(userIds.map((id) => [id, []]));
    for (const row of rows) cells.get(row.userId)?.push(row);
    return cells;
  }

  /** What all the managers of a scope can do on each day, and how many of them work. */
  async totals(
    user: CurrentUser,
    { teamPath }: Pick<RotaPeople, 'teamPath'>,
    [from, to]: [Day, Day],
  ): Promise<Map<Day, { people: number; calls: number }>> {
    const team: Sql = teamPath ? sql`and starts_with(u.org_path, ${teamPath})` : emptySql;
    const rows = await this.db.rows<{ day: Day; people: number; calls: number }>(sql`
      select r.day, count(*) filter (where r.share > 0)::int as people, sum(r.calls)::int as calls
      from calendar.v_rota(${from}, ${to}) r join staff.v_user u on u.id = r.user_id
      where u.role = 'manager' and u.active and ${inScope(user, sql`u.org_path`)} ${team} group by r.day`);
    return new Map(rows.map(({ day, ...sums }) => [day, sums]));
  }

  /** Who is at work on a day, as {@link totals} counts them. */
  atWork(user: CurrentUser, { teamPath }: Pick<RotaPeople, 'teamPath'>, day: Day): Promise<RotaAtWork[]> {
    const team: Sql = teamPath ? sql`and starts_with(u.org_path, ${teamPath})` : emptySql;
    return this.db.rows<RotaAtWork>(sql`
      select u.username, u.name, u.team_name as team, r.share, r.calls, r.absence_kind as absence
      from calendar.v_rota(${day}, ${day}) r join staff.v_user u on u.id = r.user_id
      where u.role = 'manager' and u.active and r.share > 0 and ${inScope(user, sql`u.org_path`)} ${team} order by u.team_code, u.username`);
  }

  /** Whose calls make up the sum of {@link totals} over these days. */
  months(user: CurrentUser, { teamPath }: Pick<RotaPeople, 'teamPath'>, [from, to]: [Day, Day]): Promise<RotaMonth[]> {
    const team: Sql = teamPath ? sql`and starts_with(u.org_path, ${teamPath})` : emptySql;
    return this.db.rows<RotaMonth>(sql`
      select u.username, u.name, u.team_name as team, count(*)::int as days, sum(r.calls)::int as calls
      from calendar.v_rota(${from}, ${to}) r join staff.v_user u on u.id = r.user_id
      where u.role = 'manager' and u.active and r.share > 0 and ${inScope(user, sql`u.org_path`)} ${team}
      group by u.username, u.name, u.team_name, u.team_code order by u.team_code, u.username`);
  }

  /** What the pure policy asks about one person, for the days from `from` to `to`. */
  async facts(userId: string, from: Day, to: Day, on: Queryable = this.db): Promise<RotaFacts> {
    const row = await on.one<RotaFacts>(sql`
      select u.daily_capacity as "dailyCapacity",
             (select coalesce(jsonb_agg(jsonb_build_object('from', p.from_day, 'shares', p.shares) order by p.from_day desc), '[]')
              from calendar.rota_pattern p where p.user_id = u.id and p.from_day <= ${to}::date) as patterns,
             (select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'share', d.share) order by d.day), '[]')
              from calendar.rota_day d where d.user_id = u.id and d.day between ${from}::date and ${to}::date) as days,
             (select coalesce(jsonb_agg(jsonb_build_object('id', a.id::text, 'from', a.from_day, 'to', a.to_day, 'kind', a.kind, 'part', a.part,
                                                           'lossPercent', a.loss_percent, 'deputyId', a.deputy_id::text) order by a.from_day, a.id), '[]')
              from calendar.v_absence a where a.user_id = u.id and a.from_day <= ${to}::date and a.to_day >= ${from}::date) as absences
      from staff.v_user u where u.id = ${userId}`);
    return row;
  }

  kinds(): Promise<AbsenceKind[]> {
    return this.db.rows<AbsenceKind>(sql`select code, loss_percent as "lossPercent" from calendar.absence_kind order by sort`);
  }
}
