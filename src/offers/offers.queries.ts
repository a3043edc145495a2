import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { dayOf } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql, whereAll } from '../platform/database/sql.js';
import { usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { advise } from './advice.policy.js';
import { type Advice, type LineMonths, type Offer, OFFER_KINDS, type OfferKind } from './offers.types.js';

export interface OfferRow extends Offer {
  /** Sold today. */
  valid: boolean;
  orgUnit: string;
  orgUnitName: string;
  updatedAt: Date;
}

export interface OfferFilter {
  kind?: OfferKind | undefined;
  /** true: sold today · false: not any more. */
  valid?: boolean | undefined;
  /** Part of the code or the name. */
  q?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

const OFFER = sql`f.code, f.name, f.kind, f.price_fen as "priceFen", f.data_mb as "dataMb", f.voice_min as "voiceMin",
  f.contract_months as "contractMonths", f.excludes, f.valid_until as "validUntil"`;
const PLACE = sql`array_position(${OFFER_KINDS}::text[], f.kind)`;

/** The tariff catalogue, and what of it a customer is advised to take. */
@Injectable()
export class OffersQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The offers of the user's unit, of those below and of those above; by kind, the cheapest first. */
  async list(user: CurrentUser, { kind, valid, q, limit = 50, cursor }: OfferFilter = {}): Promise<Page<OfferRow>> {
    const today = dayOf(this.clock.now());
    const sold = sql`(f.valid_until is null or f.valid_until >= ${today}::date)`;
    const key = decodeCursor(cursor, 3);
    const rows = await this.database.rows<OfferRow & { id: string; place: number }>(sql`
      select f.id, ${PLACE} as place, ${OFFER}, ${sold} as valid, o.code as "orgUnit", o.name as "orgUnitName", f.updated_at as "updatedAt"
      from offers.offer f
      join staff.v_org_unit o on o.id = f.org_unit_id
      ${whereAll([
        usableBy(user, sql`o.path`),
        kind && sql`f.kind = ${kind}`,
        valid !== undefined && sql`${sold} = ${valid}::boolean`,
        q !== undefined && sql`(position(lower(${q}) in lower(f.name)) > 0 or position(lower(${q}) in lower(f.code)) > 0)`,
        key && sql`(${PLACE}, f.price_fen, f.id) > (${key[0]}::int, ${key[1]}::int, ${key[2]}::bigint)`,
      ])}
      order by place, f.price_fen, f.id limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.place, last.priceFen, last.id]);
    return { ...page, items: page.items.map(({ id: _id, place: _place, ...row }) => row) };
  }

  /**
   * What to say to a customer about the package of a line, by the catalogue of the customer's unit (CAR-7).
   * @param unit the customer's
   * @param line its months, which the caller reads where they are kept
   */
  async advise(unit: { orgPath: string }, line: LineMonths): Promise<Advice> {
    const catalogue = await this.database.rows<Offer>(sql`
      select ${OFFER}
      from offers.offer f
      join staff.v_org_unit o on o.id = f.org_unit_id
      where starts_with(${unit.orgPath}, o.path)
      order by f.id`);
    return advise(line, catalogue, dayOf(this.clock.now()));
  }
}
