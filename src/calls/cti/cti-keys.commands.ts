import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Sealer } from '../../platform/sealing/sealer.js';
import { Audit } from '../../staff/audit.commands.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { CtiKeyForm } from './cti.forms.js';

const CODE_BYTES = 9;
const SECRET_BYTES = 32;

/** A text sealed for one key cannot be moved to another. */
const placeOf = (code: string): string => `calls.cti_key:${code}`;

export interface CtiKey {
  id: string;
  /** Stands in the header of each event. */
  code: string;
  name: string;
  orgUnit: string;
  createdAt: Date;
  revokedAt: Date | null;
}

export interface MadeCtiKey extends CtiKey {
  /** Signs the events; shown only now. */
  secret: string;
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
      select k.id, k.code, k.name, o.code as "orgUnit", k.created_at as "createdAt", k.revoked_at as "revokedAt"
      from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id where ${inScope(user, sql`o.path`)} order by k.id desc`);
  }

  /** @throws DomainError `org_unit_unknown` (422) · `cti_seal_key_missing` (503) on a server that keeps no secrets */
  async create(user: CurrentUser, form: CtiKeyForm): Promise<MadeCtiKey> {
    return this.db.tx(async (tx) => {
      const unit = await this.unit(tx, user, form.orgUnit);
      const made = await this.insert(tx, { name: form.name, orgUnitId: unit.id, createdBy: user.id });
      const detail = { name: form.name, orgUnit: unit.code };
      await this.audit.record(tx, user, { action: 'cti-key.created', object: 'cti-key', id: made.id, detail });
      return { ...made, name: form.name, orgUnit: unit.code, revokedAt: null };
    });
  }

  /** What is signed with it is refused at once. Revoking twice changes nothing. @throws DomainError not_found */
  async revoke(user: CurrentUser, id: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const key = await tx.maybe<{ name: string; revokedAt: Date | null }>(sql`
        select k.name, k.revoked_at as "revokedAt" from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id
        where k.id::text = ${id} and ${inScope(user, sql`o.path`)} for update of k`);
      if (!key) throw notFound('cti_key', id);
      if (key.revokedAt) return;
      await tx.run(sql`update calls.cti_key set revoked_at = ${this.clock.now()} where id::text = ${id}`);
      await this.audit.record(tx, user, { action: 'cti-key.revoked', object: 'cti-key', id, detail: { name: key.name } });
    });
  }

  /** The secret in clear and the unit it tells for; undefined when there is no such key, or no longer. @throws SealError without the sealing key */
  async open(code: string): Promise<{ secret: string; orgUnitId: string } | undefined> {
    const key = await this.db.maybe<{ keyId: string; data: Buffer; orgUnitId: string }>(sql`
      select seal_key_id as "keyId", sealed as data, org_unit_id as "orgUnitId" from calls.cti_key where code = ${code} and revoked_at is null`);
    return key && { secret: this.sealer.open(key, placeOf(code)), orgUnitId: key.orgUnitId };
  }

  /** The living key of that name of the top unit, made when there is none: for an adapter that lives in this process. @throws DomainError `cti_seal_key_missing` (503) */
  async ensure(name: string): Promise<{ code: string; secret: string }> {
    return this.db.tx(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('calls.cti_key'))`);
      const known = await tx.maybe<{ code: string; keyId: string; data: Buffer }>(sql`
        select k.code, k.seal_key_id as "keyId", k.sealed as data from calls.cti_key k join staff.v_org_unit o on o.id = k.org_unit_id
        where k.name = ${name} and k.revoked_at is null and o.parent_id is null order by k.id desc limit 1`);
      if (known) return { code: known.code, secret: this.sealer.open(known, placeOf(known.code)) };
      const { id } = await tx.one<{ id: string }>(sql`select id from staff.v_org_unit where parent_id is null order by id limit 1`);
      return this.insert(tx, { name, orgUnitId: id, createdBy: null });
    });
  }

  private async insert(
    tx: Tx,
    key: { name: string; orgUnitId: string; createdBy: string | null },
  ): Promise<{ id: string; code: string; secret: string; createdAt: Date }> {
    if (this.sealer.current === undefined) throw new DomainError('cti_seal_key_missing', { status: 503 });
    const [code, secret] = [randomBytes(CODE_BYTES).toString('base64url'), randomBytes(SECRET_BYTES).toString('base64url')];
    const { keyId, data } = this.sealer.seal(secret, placeOf(code));
    const createdAt = this.clock.now();
    const { id } = await tx.one<{ id: string }>(sql`
      insert into calls.cti_key (code, name, org_unit_id, sealed, seal_key_id, created_by, created_at)
      values (${code}, ${key.name}, ${key.orgUnitId}, ${data}, ${keyId}, ${key.createdBy}, ${createdAt}) returning id`);
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
