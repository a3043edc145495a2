import { Injectable } from '@nestjs/common';
import { hash } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { Clock } from '../kernel/clock.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { ApiToken } from './api-token.entity.js';
import { Audit } from './audit/audit.commands.js';
import { isCommonPassword } from './login/common-passwords.js';
import { endLogins } from './login/end-logins.js';
import { checkPassword, isWeak, LEAST_LENGTH } from './login/password.policy.js';
import { newToken } from './login/session.commands.js';
import { hashToken } from './login/session.queries.js';
import { CapacityChanged } from './staff.events.js';
import type { OrgUnitForm, TokenForm, UserForm, UserPatch } from './staff.forms.js';
import { inScope, type OrgUnitRow, StaffQueries, type UserRow } from './staff.queries.js';
import type { CurrentUser } from './staff.types.js';
import { User } from './user.entity.js';

const UNIQUE_VIOLATION = '23505';
const AGENT_NO = 'app_user_agent_no_key';
interface Refusal {
  code?: string;
  constraint?: string;
}

/** Turns the refusal of a unique constraint into a sentence at the field; a person has two names nobody else may have. */
async function unlessTaken<T>(code: string, param: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code: state, constraint } = (error as { driverError?: Refusal }).driverError ?? (error as Refusal);
    if (state !== UNIQUE_VIOLATION) throw error;
    if (constraint === AGENT_NO) throw new DomainError('agent_no_taken', { status: 409, param: 'agentNo' });
    throw new DomainError(code, { status: 409, param });
  }
}

/** What administrators do with people, units and tokens. */
export interface MadeToken {
  id: string;
  token: string;
  name: string;
  role: string;
  scope: string | null;
  orgUnit: string;
}

/** The first administrator would have a password that anybody guesses or reads; for the console. */
export class AdminPasswordError extends Error {}
const WEAK = `ADMIN_PASSWORD must be set for the first start, to at least ${LEAST_LENGTH} characters that are neither the name nor a password that many people have.`;

@Injectable()
export class StaffCommands {
  constructor(
    private readonly database: Database,
    private readonly queries: StaffQueries,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  /** @throws DomainError `code_taken` (409) · `org_unit_unknown` at `parent` */
  createOrgUnit(user: CurrentUser, form: OrgUnitForm): Promise<OrgUnitRow> {
    return unlessTaken(
      'code_taken',
      'code',
      this.database.tx(async (tx) => {
        const parent = form.parent ? await this.unit(tx, user, form.parent, 'parent') : { id: user.orgUnitId, path: user.orgPath };
        const unit = await insertUnit(tx, form, parent);
        await this.audit.record(tx, user, {
          action: 'org_unit.created',
          object: 'org_unit',
          id: unit.id,
          detail: { code: form.code, parent: parent.path },
        });
        return unit;
      }),
    );
  }

  /** @throws DomainError `username_taken`, `agent_no_taken` (409) · `org_unit_unknown` at `orgUnit` · `password_is_name`, `password_common` */
  async createUser(user: CurrentUser, form: UserForm): Promise<UserRow> {
    checkPassword(form.username, form.password, isCommonPassword);
    const passwordHash = await hash(form.password);
    return unlessTaken(
      'username_taken',
      'username',
      this.database.tx(async (tx) => {
        const unit = await this.unit(tx, user, form.orgUnit, 'orgUnit');
        const { username, name, role, dailyCapacity } = form;
        const reached = { agentNo: form.agentNo || null, phone: form.phone || null };
        const values = { username, name, role, orgUnitId: unit.id, passwordHash, ...reached, createdAt: this.clock.now() };
        await tx.manager.insert(User, dailyCapacity === undefined ? values : { ...values, dailyCapacity });
        const made = await this.queries.user(user, username, tx);
        await this.audit.record(tx, user, { action: 'user.created', object: 'user', id: made.id, detail: { username, role, orgUnit: unit.code } });
        return made;
      }),
    );
  }

  /**
   * Changes what the form names. Disabling or a new password ends the person's sessions and tokens.
   * @throws DomainError `last_admin`, `agent_no_taken` (409) · `password_is_name`, `password_common` · not_found
   */
  async updateUser(user: CurrentUser, username: string, patch: UserPatch): Promise<UserRow> {
    if (patch.password) checkPassword(username, patch.password, isCommonPassword);
    const passwordHash = patch.password ? await hash(patch.password) : undefined;
    return unlessTaken(
      'agent_no_taken',
      'agentNo',
      this.database.tx(async (tx) => {
        const before = await this.queries.user(user, username, tx);
        const { name, role, dailyCapacity, active } = patch;
        const [agentNo, phone] = [patch.agentNo, patch.phone].map((text) => (text === '' ? null : text));
        const orgUnitId = patch.orgUnit ? (await this.unit(tx, user, patch.orgUnit, 'orgUnit')).id : undefined;
        await tx.run(sql`select id from staff.app_user where role = 'admin' and active order by id for update`);
        const changes = Object.entries({ name, role, agentNo, phone, dailyCapacity, active, orgUnitId, passwordHash }).filter(
          ([, value]) => value !== undefined,
        );
        if (changes.length > 0) await tx.manager.update(User, { id: before.id }, Object.fromEntries(changes));
        await this.keepAnAdmin(tx);
        if (active === false || passwordHash) await this.endSessions(tx, before);
        const fields = changes.map(([field]) => (field === 'passwordHash' ? 'password' : field));
        if (dailyCapacity !== undefined && dailyCapacity !== before.dailyCapacity)
          await this.events.publish(tx, CapacityChanged, { userIds: [before.id] });
        await this.audit.record(tx, user, { action: 'user.changed', object: 'user', id: before.id, detail: { username, fields, active } });
        return this.queries.user(user, username, tx);
      }),
    );
  }

  /**
   * A token for a program, with the rights of a role in a unit. Behind it stands an account without a password, so
   * that what the program does has a name. @returns the token; it is never shown again
   */
  createToken(user: CurrentUser, form: TokenForm): Promise<MadeToken> {
    const token = newToken();
    const scope = form.scope ?? null;
    const now = this.clock.now();
    return unlessTaken(
      'token_name_taken',
      'name',
      this.database.tx(async (tx) => {
        const unit = form.orgUnit ? await this.unit(tx, user, form.orgUnit, 'orgUnit') : await this.own(tx, user);
        const account = await tx.one<{
          id: string;
        }>(sql`insert into staff.app_user (username, name, role, org_unit_id, daily_capacity, technical, created_at)
          values (${`token:${form.name}`}, ${form.name}, ${form.role}, ${unit.id}, 0, true, ${now}) returning id`);
        const made = await tx.manager.insert(ApiToken, {
          kind: 'api',
          name: form.name,
          role: form.role,
          scope,
          orgUnitId: unit.id,
          userId: account.id,
          tokenHash: hashToken(token),
          createdBy: user.id,
          createdAt: now,
        });
        const id = String((made.identifiers[0] as { id: string }).id);
        await this.audit.record(tx, user, {
          action: 'token.created',
          object: 'token',
          id,
          detail: { name: form.name, role: form.role, scope, orgUnit: unit.code },
        });
        return { id, token, name: form.name, role: form.role, scope, orgUnit: unit.code };
      }),
    );
  }

  /** The program that holds it is out at once. Revoking twice changes nothing. @throws DomainError not_found */
  async revokeToken(user: CurrentUser, id: string): Promise<void> {
    await this.database.tx(async (tx) => {
      const token = await tx.maybe<{ name: string; revokedAt: Date | null }>(sql`select t.name, t.revoked_at as "revokedAt"
        from staff.api_token t join staff.org_unit o on o.id = t.org_unit_id
        where t.id::text = ${id} and t.kind = 'api' and ${inScope(user, sql`o.path`)} for update of t`);
      if (!token) throw notFound('token', id);
      if (token.revokedAt) return;
      await tx.manager.update(ApiToken, { id }, { revokedAt: this.clock.now() });
      await this.audit.record(tx, user, { action: 'token.revoked', object: 'token', id, detail: { name: token.name } });
    });
  }

  /**
   * First boot: the top unit and the user `admin`. Later boots change nothing.
   * @param password the one to set; without it a random one is made
   * @param strict refuse none, which would be told in a log, and one that guesses find soon: for a system that others can reach
   * @returns the random password, to be shown once; undefined when there was nothing to make or the password was given
   * @throws AdminPasswordError
   */
  async ensureAdmin(password?: string, strict = false): Promise<string | undefined> {
    const made = randomBytes(9).toString('base64url');
    const passwordHash = await hash(password ?? made);
    return this.database.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('staff.ensure_admin'))`);
      if (await tx.maybe(sql`select 1 from staff.app_user where role = 'admin' and not technical limit 1`)) return undefined;
      if (strict && (!password || isWeak('admin', password, isCommonPassword))) throw new AdminPasswordError(WEAK);
      const top =
        (await tx.maybe<{ id: string }>(sql`select id from staff.org_unit where parent_id is null order by id limit 1`)) ??
        (await insertUnit(tx, TOP, undefined));
      await tx.manager.insert(User, {
        username: 'admin',
        name: '系统管理员',
        role: 'admin',
        orgUnitId: top.id,
        passwordHash,
        agentNo: null,
        createdAt: this.clock.now(),
      });
      await this.audit.record(tx, 'system', { action: 'user.created', object: 'user', detail: { username: 'admin', role: 'admin' } });
      return password ? undefined : made;
    });
  }

  private async unit(tx: Tx, user: CurrentUser, code: string, param: string): Promise<OrgUnitRow> {
    const unit = await this.queries.orgUnit(user, code, tx).catch((error: unknown) => {
      if (error instanceof DomainError) throw new DomainError('org_unit_unknown', { param, params: { code } });
      throw error;
    });
    if (!unit.active) throw new DomainError('org_unit_unknown', { param, params: { code } });
    return unit;
  }

  /** Nobody hands out more than they have: what names no unit is of the maker's. */
  private own(tx: Tx, { orgUnitId }: CurrentUser): Promise<{ id: string; code: string }> {
    return tx.one<{ id: string; code: string }>(sql`select id, code from staff.org_unit where id = ${orgUnitId}`);
  }

  /** With nobody left who may make people, nothing could be repaired from within. */
  private async keepAnAdmin(tx: Tx): Promise<void> {
    const left = await tx.maybe(sql`select 1 from staff.app_user where role = 'admin' and active and not technical limit 1`);
    if (!left) throw new DomainError('last_admin', { status: 409 });
  }

  private async endSessions(tx: Tx, { id, username }: UserRow): Promise<void> {
    await endLogins(tx, sql`(${id}::bigint)`, this.clock.now());
    await tx.run(sql`delete from staff.login_failure where username = lower(${username})`);
  }
}

const TOP: OrgUnitForm = { code: 'province', name: '本省', kind: 'province' };

async function insertUnit(tx: Tx, form: OrgUnitForm, parent: { id: string; path: string } | undefined): Promise<OrgUnitRow> {
  const { id } = await tx.one<{ id: string }>(sql`select nextval(pg_get_serial_sequence('staff.org_unit', 'id'))::text as id`);
  return tx.one<OrgUnitRow>(sql`insert into staff.org_unit (id, code, name, kind, parent_id, path) overriding system value
    values (${id}, ${form.code}, ${form.name}, ${form.kind}, ${parent?.id ?? null}, ${`${parent?.path ?? '/'}${id}/`})
    returning id, code, name, kind, parent_id as "parentId", path, active`);
}
