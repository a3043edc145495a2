import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import type { CurrentUser, OrgUnitKind, Role } from './staff.types.js';

export interface OrgUnitRow {
  id: string;
  code: string;
  name: string;
  kind: OrgUnitKind;
  parentId: string | null;
  path: string;
  active: boolean;
}

export interface UserRow {
  id: string;
  username: string;
  name: string;
  role: Role;
  orgUnitId: string;
  orgPath: string;
  orgUnit: string;
  orgName: string;
  agentNo: string | null;
  /** Told to customers; without it the staff number is. */
  phone: string | null;
  dailyCapacity: number;
  active: boolean;
  /** false: they come in by single sign-on alone, until an administrator sets one. */
  hasPassword: boolean;
}

/** What would lie undone. */
export interface InHand {
  customers: number;
  tasks: number;
  callbacks: number;
}

export interface TokenRow {
  id: string;
  name: string;
  role: Role;
  scope: string | null;
  orgName: string;
  createdAt: Date;
  createdBy: string | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/**
 * The condition "lies in the scope of this user": the row's org unit is the user's own or below it. `column` holds an
 * org path (`o.path`, `u.org_path`). Paths end in a slash, so '/1/4/' never covers '/1/42/'.
 */
export const inScope = (user: { orgPath: string }, column: Sql): Sql => sql`starts_with(${column}, ${user.orgPath})`;

/** The condition "usable by this user": objects of their own unit, of one below it, or of one above it. */
export const usableBy = (user: { orgPath: string }, column: Sql): Sql =>
  sql`(starts_with(${column}, ${user.orgPath}) or starts_with(${user.orgPath}, ${column}))`;

const USER = sql`select u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", o.path as "orgPath", o.code as "orgUnit", o.name as "orgName",
  u.agent_no as "agentNo", u.phone, u.daily_capacity as "dailyCapacity", u.active, u.password_hash is not null as "hasPassword"
  from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id`;

const ORG_UNIT = sql`select id, code, name, kind, parent_id as "parentId", path, active from staff.org_unit`;

@Injectable()
export class StaffQueries {
  constructor(private readonly database: Database) {}

  /** The person of that name; outside the scope looks like unknown. @throws DomainError not_found */
  async user(viewer: CurrentUser, username: string, on: Queryable = this.database): Promise<UserRow> {
    const row = await on.maybe<UserRow>(
      sql`${USER} where lower(u.username) = lower(${username}) and not u.technical and ${inScope(viewer, sql`o.path`)}`,
    );
    if (!row) throw notFound('user', username);
    return row;
  }

  /** What a person has in hand, which nobody does once they cannot log in: customers, open tasks of running campaigns, and promised callbacks among these. */
  inHand({ id }: Pick<UserRow, 'id'>): Promise<InHand> {
    return this.database.one(sql`
      select (select count(*)::int from reporting.customer c where c.manager_id = ${id}) as customers, count(*)::int as tasks, count(t.callback_at)::int as callbacks
      from reporting.open_task t where t.owner_id = ${id}`);
  }

  /** Everybody in the scope, or those of one role, by unit and name. */
  users(viewer: CurrentUser, role: Role | null = null): Promise<UserRow[]> {
    return this.database.rows<UserRow>(
      sql`${USER} where not u.technical and ${inScope(viewer, sql`o.path`)} and u.role = coalesce(${role}, u.role) order by o.path, u.role, u.username limit 2000`,
    );
  }

  /** @throws DomainError not_found */
  async orgUnit(viewer: CurrentUser, code: string, on: Queryable = this.database): Promise<OrgUnitRow> {
    const row = await on.maybe<OrgUnitRow>(sql`${ORG_UNIT} where code = ${code} and ${inScope(viewer, sql`path`)}`);
    if (!row) throw notFound('org_unit', code);
    return row;
  }

  /** The units of the scope as a tree in one list, parents first. */
  orgUnits(viewer: CurrentUser): Promise<OrgUnitRow[]> {
    return this.database.rows<OrgUnitRow>(sql`${ORG_UNIT} where ${inScope(viewer, sql`path`)} order by path`);
  }

  /** Active managers in the scope: those who can be given work. */
  activeManagers(scope: { orgPath: string }, on: Queryable = this.database): Promise<UserRow[]> {
    return on.rows<UserRow>(
      sql`${USER} where u.role = 'manager' and u.active and not u.technical and ${inScope(scope, sql`o.path`)} order by u.username`,
    );
  }

  /** API tokens of the scope, the newest first; the tokens themselves are not known here. */
  tokens(viewer: CurrentUser): Promise<TokenRow[]> {
    return this.database.rows<TokenRow>(sql`${this.tokensIn(viewer)} order by t.id desc limit 500`);
  }

  /** @throws DomainError not_found */
  async token(viewer: CurrentUser, id: string): Promise<TokenRow> {
    const row = await this.database.maybe<TokenRow>(sql`${this.tokensIn(viewer)} and t.id::text = ${id}`);
    if (!row) throw notFound('token', id);
    return row;
  }

  private tokensIn(viewer: CurrentUser): Sql {
    return sql`select t.id, t.name, t.role, t.scope, o.name as "orgName", t.created_at as "createdAt", c.username as "createdBy",
      t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"
      from staff.api_token t join staff.org_unit o on o.id = t.org_unit_id left join staff.app_user c on c.id = t.created_by
      where t.kind = 'api' and ${inScope(viewer, sql`o.path`)}`;
  }
}
