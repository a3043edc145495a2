import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { sealedColumn } from '../../platform/sealing/sealed-columns.js';
import { Sealer } from '../../platform/sealing/sealer.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { CtiKeyForm, RotateForm } from './cti.forms.js';

const CODE_BYTES = 9;
const SECRET_BYTES = 32;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A text sealed for one key cannot be moved to another. */
const placeOf = sealedColumn({ table: 'calls.cti_key', owner: 'code', key: 'seal_key_id' });

export interface CtiKey {
  id: string;
  /** Stands in the header of each event. */
  code: string;
  name: string;
  orgUnit: string;
  createdAt: Date;
  createdBy: string | null;
  revokedAt: Date | null;
  /** Until then it holds beside the one that follows it; null: no end. */
  endsAt: Date | null;
  /** Code of the key it follows. */
  follows: string | null;
  /** When something signed with it came last, to the minute. */
  lastUsedAt: Date | null;
  /** Whether it holds now. */
  living: boolean;
  /** Name of the sealing key; one this server does not have opens nothing. */
  sealedWith: string;
}

export interface MadeCtiKey {
  id: string;
  code: string;
  name: string;
  orgUnit: string;
  createdAt: Date;
  revokedAt: null;
  /** Signs the events; shown only now. */
  secret: string;
}

interface KnownKey {
  name: string;
  revokedAt: Date | null;
  endsAt: Date | null;
  orgUnitId: string;
  orgUnit: string;
}

/** Keys by which switches sign what they tell. */
@Injectable()
export class CtiKeys {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly audit: Audit,
  ) {}

  all(user: CurrentUser): Promise<CtiKey[]> {
    return this.db.rows<CtiKey>(sql`
      select k.id, k.code, k.name, o.code as "orgUnit", k.created_at as "createdAt", u.name as "createdBy", k.revoked_at as "revokedAt", k.ends_at as "endsAt",
             f.code as follows, k.last_used_at as "lastUsedAt", ${this.living()} as living, k.seal_key_id as "sealedWith"
      from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id
      left join staff.v_user u on u.id = k.created_by left join calls.cti_key f on f.id = k.follows_id
      where ${inScope(user, sql`o.path`)} order by k.id desc`);
  }

  /** @throws DomainError `org_unit_unknown` (422) · `cti_seal_key_missing` (503) on a server that keeps no secrets */
  async create(user: CurrentUser, form: CtiKeyForm): Promise<MadeCtiKey> {
    return this.db.tx(async (tx) => {
      const unit = await this.unit(tx, user, form.orgUnit);
      const made = await this.insert(tx, { name: form.name, orgUnitId: unit.id, createdBy: user.id, followsId: null });
      const detail = { name: form.name, orgUnit: unit.code };
      await this.audit.record(tx, user, { action: 'cti-key.created', object: 'cti-key', id: made.id, detail });
      return { ...made, name: form.name, orgUnit: unit.code, revokedAt: null };
    });
  }

  /**
   * A key that follows: what is signed with the old one is taken for so many hours more. @returns the new one, with its secret
   * @throws DomainError not_found · `cti_key_ended` (409): it is revoked, or has a follower · `cti_seal_key_missing` (503)
   */
  async rotate(user: CurrentUser, id: string, { overlapHours }: RotateForm): Promise<MadeCtiKey> {
    return this.db.tx(async (tx) => {
      const old = await this.locked(tx, user, id);
      if (old.revokedAt || old.endsAt) throw new DomainError('cti_key_ended', { status: 409 });
      const endsAt = new Date(this.clock.now().getTime() + overlapHours * HOUR_MS);
      await tx.run(sql`update calls.cti_key set ends_at = ${endsAt} where id::text = ${id}`);
      const made = await this.insert(tx, { name: old.name, orgUnitId: old.orgUnitId, createdBy: user.id, followsId: id });
      const detail = { name: old.name, follows: id, endsAt: endsAt.toISOString() };
      await this.audit.record(tx, user, { action: 'cti-key.rotated', object: 'cti-key', id: made.id, detail });
      return { ...made, name: old.name, orgUnit: old.orgUnit, revokedAt: null };
    });
  }

  /** What is signed with it is refused at once. Revoking twice changes nothing. @throws DomainError not_found */
  async revoke(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const key = await this.locked(tx, user, id);
      if (key.revokedAt) return;
      await tx.run(sql`update calls.cti_key set revoked_at = ${this.clock.now()} where id::text = ${id}`);
      await this.audit.record(tx, user, { action: 'cti-key.revoked', object: 'cti-key', id, detail: { name: key.name } });
    });
  }

  /** The secret in clear and the unit it tells for; undefined when there is no such key, or no longer. @throws SealError without the sealing key */
  async open(code: string): Promise<{ secret: string; orgUnitId: string } | undefined> {
    const key = await this.db.maybe<{ keyId: string; data: Buffer; orgUnitId: string }>(sql`
      select seal_key_id as "keyId", sealed as data, org_unit_id as "orgUnitId" from calls.cti_key k where code = ${code} and ${this.living()}`);
    return key && { secret: this.sealer.open(key, placeOf(code)), orgUnitId: key.orgUnitId };
  }

  /** Something signed with it was taken. Written once a minute: a switch tells of every call. */
  async used(code: string): Promise<void> {
    const now = this.clock.now();
    await this.db.run(sql`
      update calls.cti_key set last_used_at = ${now} where code = ${code} and (last_used_at is null or last_used_at < ${new Date(now.getTime() - MINUTE_MS)})`);
  }

  /** Of a key `k`: neither revoked nor over. */
  private living(): Sql {
    return sql`(k.revoked_at is null and (k.ends_at is null or k.ends_at > ${this.clock.now()}))`;
  }

  private async locked(tx: Tx, user: CurrentUser, id: string): Promise<KnownKey> {
    const key = await tx.maybe<KnownKey>(sql`
      select k.name, k.revoked_at as "revokedAt", k.ends_at as "endsAt", o.id as "orgUnitId", o.code as "orgUnit"
      from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id
      where k.id::text = ${id} and ${inScope(user, sql`o.path`)} for update of k`);
    if (!key) throw notFound('cti_key', id);
    return key;
  }

  /** The living key of that name of the top unit, made when there is none: for an adapter that lives in this process. @throws DomainError `cti_seal_key_missing` (503) */
  async ensure(name: string): Promise<{ code: string; secret: string }> {
    return this.db.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('calls.cti_key'))`);
      const known = await tx.maybe<{ code: string; keyId: string; data: Buffer }>(sql`
        select k.code, k.seal_key_id as "keyId", k.sealed as data from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id
        where k.name = ${name} and ${this.living()} and k.ends_at is null and o.parent_id is null order by k.id desc limit 1`);
      if (known) return { code: known.code, secret: this.sealer.open(known, placeOf(known.code)) };
      const { id } = await tx.one<{ id: string }>(sql`select id from staff.v_org_unit where parent_id is null order by id limit 1`);
      return this.insert(tx, { name, orgUnitId: id, createdBy: null, followsId: null });
    });
  }

  private async insert(
    tx: Tx,
    key: { name: string; orgUnitId: string; createdBy: string | null; followsId: string | null },
  ): Promise<{ id: string; code: string; secret: string; createdAt: Date }> {
    if (this.sealer.current === undefined) throw new DomainError('cti_seal_key_missing', { status: 503 });
    const [code, secret] = [randomBytes(CODE_BYTES).toString('base64url'), randomBytes(SECRET_BYTES).toString('base64url')];
    const { keyId, data } = this.sealer.seal(secret, placeOf(code));
    const createdAt = this.clock.now();
    const { id } = await tx.one<{ id: string }>(sql`
      insert into calls.cti_key (code, name, org_unit_id, sealed, seal_key_id, created_by, created_at, follows_id)
      values (${code}, ${key.name}, ${key.orgUnitId}, ${data}, ${keyId}, ${key.createdBy}, ${createdAt}, ${key.followsId}::bigint) returning id`);
    return { id, code, secret, createdAt };
  }

  private async unit(tx: Tx, user: CurrentUser, code: string | undefined): Promise<{ id: string; code: string }> {
    const unit = await tx.maybe<{ id: string; code: string }>(sql`
      select o.id, o.code from staff.v_org_unit o
      where ${code === undefined ? sql`o.parent_id is null` : sql`o.code = ${code}`} and ${inScope(user, sql`o.path`)} order by o.id limit 1`);
    if (!unit) throw new DomainError('org_unit_unknown', { param: 'orgUnit', params: { code } });
    return unit;
  }
}
