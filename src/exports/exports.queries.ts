import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { prepared, type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { DECIDERS, DEFAULT_SETTINGS, type ExportRow, type ExportSettings } from './exports.types.js';

export interface SettingRow extends ExportSettings {
  by: string;
  at: Date;
}

const PAGE = 30;
const SHOWN = 20;
const ID = /^\d{1,18}$/;

const EXPORT = sql`
  select e.id, e.what, e.format, e.filter, e.locale, e.state, e.rows, e.reason, e.requested_by as "requesterId", r.username as requester,
         r.name as "requesterName", coalesce(r.agent_no, r.username) as "staffNo", o.name as "orgName", e.requested_at as "requestedAt",
         d.username as decider, d.name as "deciderName", e.decided_at as "decidedAt", e.refusal, e.fault, e.file, e.made_at as "madeAt",
         e.made_rows as "madeRows", e.bytes::float8 as bytes, e.expires_at as "expiresAt"
  from exports.export e
  join staff.v_user r on r.id = e.requested_by
  join staff.v_org_unit o on o.id = e.org_unit_id
  left join staff.v_user d on d.id = e.decided_by`;

export const mayDecide = ({ role }: Pick<CurrentUser, 'role'>): boolean => role === 'admin' || (DECIDERS as readonly string[]).includes(role);

/** What somebody may decide on: asked for in their unit or below, by somebody else. */
const decidableBy = (user: CurrentUser): Sql => sql`${inScope(user, sql`o.path`)} and e.requested_by <> ${user.id}`;

@Injectable()
export class ExportsQueries {
  constructor(private readonly database: Database) {}

  /** One's own, or one of the unit for those who decide. @throws DomainError not_found */
  async byId(user: CurrentUser, id: string, on: Queryable = this.database): Promise<ExportRow> {
    const seen = mayDecide(user) ? sql`(e.requested_by = ${user.id} or ${inScope(user, sql`o.path`)})` : sql`e.requested_by = ${user.id}`;
    const row = ID.test(id) ? await on.maybe<ExportRow>(sql`${EXPORT} where e.id = ${id} and ${seen}`) : undefined;
    if (!row) throw notFound('export', id);
    return row;
  }

  /** For the job that makes it, whoever asked. */
  work(id: string): Promise<ExportRow | undefined> {
    return this.database.maybe<ExportRow>(sql`${EXPORT} where e.id = ${id} and e.state = 'queued'`);
  }

  /** What somebody took out or asked for, newest first. */
  async mine(user: CurrentUser, cursor?: string): Promise<Page<ExportRow>> {
    const key = decodeCursor(cursor, 1);
    const rows = await this.database.rows<ExportRow>(sql`
      ${EXPORT} ${whereAll([sql`e.requested_by = ${user.id}`, key && sql`e.id < ${key[0]}::bigint`])} order by e.id desc limit ${PAGE + 1}`);
    return pageOf(rows, PAGE, (row) => [row.id]);
  }

  /** What waits for this person's word, the oldest first. */
  async waitingFor(user: CurrentUser): Promise<ExportRow[]> {
    if (!mayDecide(user)) return [];
    return this.database.rows<ExportRow>(sql`${EXPORT} where e.state = 'waiting' and ${decidableBy(user)} order by e.id limit 200`);
  }

  /** Asked on every page of those who decide: one look into an index of what waits. */
  waitingCount(user: CurrentUser): Promise<number> {
    return this.database.count(
      prepared(sql`
      select 1 from exports.export e join staff.v_org_unit o on o.id = e.org_unit_id
      where e.state = 'waiting' and ${decidableBy(user)}`),
    );
  }

  async settings(on: Queryable = this.database): Promise<ExportSettings> {
    const row = await on.maybe<ExportSettings>(
      sql`select rows_at_once as "rowsAtOnce", hours_kept as "hoursKept" from exports.setting order by id desc limit 1`,
    );
    return row ?? DEFAULT_SETTINGS;
  }

  /** Who set what, the newest first; the first one is in force. */
  settingsHistory(): Promise<SettingRow[]> {
    return this.database.rows<SettingRow>(sql`
      select s.rows_at_once as "rowsAtOnce", s.hours_kept as "hoursKept", u.name as by, s.set_at as at
      from exports.setting s join staff.v_user u on u.id = s.set_by order by s.id desc limit ${SHOWN}`);
  }
}
