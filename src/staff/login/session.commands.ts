import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { timeText } from '../../platform/views/formats.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { ApiToken } from '../api-token.entity.js';
import { Audit } from '../audit/audit.commands.js';
import { isCommonPassword } from './common-passwords.js';
import { endLogins } from './end-logins.js';
import { checkPassword } from './password.policy.js';
import { afterFailure, isLocked, LOCK_MINUTES, type LoginFailures } from './login.policy.js';
import { hashToken, SessionQueries } from './session.queries.js';
import type { PasswordForm } from '../staff.forms.js';
import type { CurrentUser } from '../staff.types.js';
import { User } from '../user.entity.js';

const TOKEN_HOURS = 12;
/** Checked when the name is unknown, so that the answer takes as long as for a known one. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$rruWc4FIxOD20LvbAbgaGQ$tr3Lm3T05kp/g5PSTu99CcPpYBEu0ooQ5KHOZY2yplw';

export interface LoginOrigin {
  requestId?: string;
  ip?: string;
}

/** 256 random bits; the prefix lets a leaked token be recognised as one of ours. */
export const newToken = (): string => `sc_${randomBytes(32).toString('base64url')}`;

@Injectable()
export class SessionCommands {
  /** Guesses at one name wait for each other, or a hundred at once would all count as the first. */
  private readonly waiting = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionQueries,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * Proves a person by name and password.
   * @throws DomainError `login_failed` (401, tries left) · `login_locked` (401, until when), for unknown names alike
   */
  async login(username: string, password: string, origin: LoginOrigin = {}): Promise<CurrentUser> {
    const name = username.trim().toLowerCase();
    const before = this.waiting.get(name) ?? Promise.resolve();
    const mine = before.then(
      () => this.prove(name, password, origin),
      () => this.prove(name, password, origin),
    );
    this.waiting.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.waiting.get(name) === mine) this.waiting.delete(name);
    }
  }

  /** Lets a person of the demo in without a password; the caller has checked that this is the demo. */
  async enter(userId: string, origin: LoginOrigin): Promise<CurrentUser> {
    const user = await this.sessions.bySession(userId);
    if (!user) throw new DomainError('login_failed', { status: 401, params: { left: 0 } });
    await this.audit.record(this.database, { ...user, ...origin }, { action: 'session.opened', object: 'user', id: user.id });
    return user;
  }

  /** Lets in whom the company's provider vouches for; it makes nobody. @throws DomainError sso_no_account (401), for unknown and disabled alike */
  async enterBySso(username: string, origin: LoginOrigin): Promise<CurrentUser> {
    const name = username.trim().toLowerCase();
    const account = await this.database.maybe<{ id: string }>(
      sql`select id from staff.app_user where lower(username) = ${name} and active and not technical`,
    );
    const user = account && (await this.sessions.bySession(account.id));
    const actor = user ? { ...user, ...origin } : { id: null, username: name.slice(0, 100), ...origin };
    const action = user ? 'session.opened' : 'session.refused';
    await this.audit.record(this.database, actor, { action, object: 'user', id: user?.id ?? actor.username, detail: { by: 'sso' } });
    if (!user) throw new DomainError('sso_no_account', { status: 401, params: { name: actor.username } });
    return user;
  }

  /** A bearer token with the rights of that person, for twelve hours. The token itself is not kept. */
  async openBearer(user: CurrentUser): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await this.database.manager.insert(ApiToken, {
      kind: 'session',
      name: user.username,
      role: user.role,
      orgUnitId: user.orgUnitId,
      userId: user.id,
      tokenHash: hashToken(token),
      createdBy: user.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + TOKEN_HOURS * 3_600_000),
    });
    return token;
  }

  /** Sets one's own password and ends all sessions but the one that asks. @throws DomainError `password_wrong` at `current` · `password_is_name`, `password_common` */
  async changePassword(user: CurrentUser, form: PasswordForm, keep: { sid?: string; token?: string }): Promise<void> {
    const row = await this.database.manager.findOneByOrFail(User, { id: user.id });
    if (!row.passwordHash || !(await verify(row.passwordHash, form.current))) throw new DomainError('password_wrong', { param: 'current' });
    checkPassword(user.username, form.password, isCommonPassword);
    const passwordHash = await hash(form.password);
    await this.database.tx(async (tx) => {
      await tx.manager.update(User, { id: user.id }, { passwordHash });
      await endLogins(tx, sql`(${user.id}::bigint)`, this.clock.now(), { sid: keep.sid, tokenHash: keep.token && hashToken(keep.token) });
      await this.audit.record(tx, user, { action: 'user.password_changed', object: 'user', id: user.id });
    });
  }

  private async prove(name: string, password: string, origin: LoginOrigin): Promise<CurrentUser> {
    const now = this.clock.now();
    const failures = await this.failures(name);
    if (isLocked(failures, now)) throw locked(failures);
    const account = await this.database.maybe<{ id: string; hash: string | null }>(
      sql`select id, password_hash as hash from staff.app_user where lower(username) = ${name} and active and not technical`,
    );
    const right = await verify(account?.hash ?? NOBODY, password);
    const user = right && account?.hash ? await this.sessions.bySession(account.id) : undefined;
    if (!user) return this.refuse(name, failures, origin);
    await this.database.run(sql`delete from staff.login_failure where username = ${name}`);
    await this.audit.record(this.database, { ...user, ...origin }, { action: 'session.opened', object: 'user', id: user.id });
    return user;
  }

  private async refuse(name: string, before: LoginFailures | undefined, origin: LoginOrigin): Promise<never> {
    const after = afterFailure(before, this.clock.now());
    await this.database.tx(async (tx) => {
      await tx.run(sql`insert into staff.login_failure (username, failures, last_at, locked_until)
        values (${name}, ${after.failures}, ${after.lastAt}, ${after.lockedUntil})
        on conflict (username) do update set failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`);
      await this.audit.record(
        tx,
        { id: null, username: name, ...origin },
        { action: after.lockedUntil ? 'session.locked' : 'session.refused', object: 'user', id: name },
      );
    });
    if (after.lockedUntil) throw locked(after);
    throw new DomainError('login_failed', { status: 401, params: { left: after.left, minutes: LOCK_MINUTES } });
  }

  private failures(name: string): Promise<LoginFailures | undefined> {
    return this.database.maybe<LoginFailures>(
      sql`select failures, last_at as "lastAt", locked_until as "lockedUntil" from staff.login_failure where username = ${name}`,
    );
  }
}

function locked(record: LoginFailures | undefined): DomainError {
  const until = record?.lockedUntil;
  return new DomainError('login_locked', { status: 401, params: { minutes: LOCK_MINUTES, until: until ? timeText(until) : '' } });
}
