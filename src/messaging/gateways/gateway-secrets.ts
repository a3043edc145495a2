import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { sealedColumn } from '../../platform/sealing/sealed-columns.js';
import { type Sealed, SealError, Sealer } from '../../platform/sealing/sealer.js';

export interface Secrets {
  password: string | null;
  /** Signs the addresses a gateway calls back at. Of this gateway alone, and never changed by its settings. */
  callbackKey: string;
}

const KEY_BYTES = 32;
/** So long a process may use a key it has read: receipts come by the thousand. */
const KNOWN_MS = 5000;
const MOST_KNOWN = 200;
/** What was sealed for one gateway cannot be moved to another. */
const placeOf = sealedColumn({ table: 'messaging.gateway', owner: 'code', key: 'seal_key_id' });

/** Passwords and keys of gateways, encrypted at rest. */
@Injectable()
export class GatewaySecrets {
  private readonly known = new Map<string, { key: string | undefined; until: number }>();

  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** @param password undefined: as it was. @throws DomainError gateway_seal_key_missing (503) on a server that keeps no secrets */
  async seal(code: string, password: string | undefined, on: Queryable): Promise<Sealed> {
    if (this.sealer.current === undefined) throw new DomainError('gateway_seal_key_missing', { status: 503 });
    const old = await this.read(code, on);
    const kept = old && (password === undefined || this.sealer.has(old.keyId)) ? this.unseal(code, old) : undefined;
    const secrets: Secrets = {
      password: password ?? kept?.password ?? null,
      callbackKey: kept?.callbackKey ?? randomBytes(KEY_BYTES).toString('base64url'),
    };
    return this.sealer.seal(JSON.stringify(secrets), placeOf(code));
  }

  /** @throws DomainError gateway_secret_unreadable: its sealing key is gone, the password must be entered anew */
  async open(code: string, on: Queryable = this.database): Promise<Secrets | undefined> {
    const sealed = await this.read(code, on);
    return sealed && this.unseal(code, sealed);
  }

  /** The key that signs a gateway's callbacks; undefined when there is no such gateway, or none that calls back. */
  async callbackKey(code: string): Promise<string | undefined> {
    const found = this.known.get(code);
    if (found && found.until > performance.now()) return found.key;
    const key = (await this.open(code))?.callbackKey;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(code, { key, until: performance.now() + KNOWN_MS });
    return key;
  }

  private read(code: string, on: Queryable): Promise<Sealed | undefined> {
    return on.maybe<Sealed>(sql`
      select seal_key_id as "keyId", sealed as data from messaging.gateway where code = ${code} and sealed is not null`);
  }

  private unseal(code: string, sealed: Sealed): Secrets {
    try {
      return JSON.parse(this.sealer.open(sealed, placeOf(code))) as Secrets;
    } catch (error) {
      if (error instanceof SealError) throw new DomainError('gateway_secret_unreadable', { param: 'password', params: { gateway: code } });
      throw error;
    }
  }
}
