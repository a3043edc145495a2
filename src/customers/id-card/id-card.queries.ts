import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { sealedColumn } from '../../platform/sealing/sealed-columns.js';
import { SealError, type Sealed, Sealer } from '../../platform/sealing/sealer.js';
import { maskIdCard } from './id-card.policy.js';

/** What everybody may know of a customer's ID-card number. */
export interface IdCardShown {
  /** 3201 **** **** 271X; null when none is known, or it cannot be read here. */
  masked: string | null;
  /** There is one, but its key is not among those of this process. */
  unreadable: boolean;
  learnedBy: string | null;
  learnedAt: Date | null;
  attemptId: string | null;
}

interface Row extends Omit<IdCardShown, 'masked' | 'unreadable'> {
  sealed: Buffer | null;
  keyId: string | null;
}

const NOTHING: IdCardShown = { masked: null, unreadable: false, learnedBy: null, learnedAt: null, attemptId: null };

/** Where a customer's number belongs: sealed for another it cannot be read. */
export const placeOf = sealedColumn({ table: 'customers.id_card', owner: 'customer_id', key: 'key_id' });

@Injectable()
export class IdCardQueries {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Masked, with who learned it. No scope is asked: look the customer up before. */
  async shown(customerId: string, on: Queryable = this.database): Promise<IdCardShown> {
    const row = await this.newest(customerId, on);
    if (!row) return NOTHING;
    const { sealed, keyId, ...learned } = row;
    const number = sealed && keyId ? this.read(customerId, { keyId, data: sealed }) : null;
    return { ...learned, masked: number && maskIdCard(number), unreadable: sealed !== null && number === null };
  }

  /** The number in clear; null when none is known. For commands alone, which write down who looks. @throws SealError when it cannot be read here */
  async number(customerId: string, on: Queryable): Promise<string | null> {
    const row = await this.newest(customerId, on);
    return row?.sealed && row.keyId ? this.sealer.open({ keyId: row.keyId, data: row.sealed }, placeOf(customerId)) : null;
  }

  /** Whether one is known, readable or not. */
  async isKnown(customerId: string, on: Queryable = this.database): Promise<boolean> {
    return (await this.newest(customerId, on))?.sealed != null;
  }

  private read(customerId: string, sealed: Sealed): string | null {
    try {
      return this.sealer.open(sealed, placeOf(customerId));
    } catch (error) {
      if (error instanceof SealError) return null;
      throw error;
    }
  }

  private newest(customerId: string, on: Queryable): Promise<Row | undefined> {
    return on.maybe<Row>(sql`
      select i.sealed, i.key_id as "keyId", u.name as "learnedBy", i.learned_at as "learnedAt", i.attempt_id as "attemptId"
      from customers.id_card i left join staff.v_user u on u.id = i.learned_by
      where i.customer_id = ${customerId} order by i.id desc limit 1`);
  }
}
