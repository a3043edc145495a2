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
    if (this.sealer.current === undefined) throw new DomainError('cti_seal_key_missing', { status: 503 });
    const [code, secret] = [randomBytes(CODE_BYTES).toString('base64url'), randomBytes(SECRET_BYTES).toString('base64url')];
    const { keyId, data } = this.sealer.seal(secret, placeOf(code));
    const now = this.clock.now();
    return this.db.tx(async (tx) => {
      const unit = await this.unit(tx, user, form.orgUnit);
      const { id } = await tx.one<{ id: string }>(sql`
        insert into calls.cti_key (code, name, org_unit_id, sealed, seal_key_id, created_by, created_at)
        values (${code}, ${form.name}, ${unit.id}, ${data}, ${keyId}, ${user.id}, ${now}) returning id`);
      await this.audit.record(tx, user, { action: 'cti-key.created', object: 'cti-key', id, detail: { name: form.name, orgUnit: unit.code } });
      return { id, code, name: form.name, orgUnit: unit.code, createdAt: now, revokedAt: null, secret };
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

  /** Any living key, the newest first: what an adapter of this installation signs with. */
  async newest(): Promise<string | undefined> {
    return (await this.db.maybe<{ code: string }>(sql`select code from calls.cti_key where revoked_at is null order by id desc limit 1`))?.code;
  }

  private async unit(tx: Tx, user: CurrentUser, code: string | undefined): Promise<{ id: string; code: string }> {
    const unit = await tx.maybe<{ id: string; code: string }>(sql`
      select o.id, o.code from staff.v_org_unit o
      where ${code === undefined ? sql`o.parent_id is null` : sql`o.code = ${code}`} and ${inScope(user, sql`o.path`)} order by o.id limit 1`);
    if (!unit) throw new DomainError('org_unit_unknown', { param: 'orgUnit', params: { code } });
    return unit;
  }
}
