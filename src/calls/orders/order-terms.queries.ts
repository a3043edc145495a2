import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { OfferTerms } from './evidence.policy.js';

/** As many as a list under a box of text is good for. */
const MOST = 200;

export interface OfferChoice extends OfferTerms {
  name: string;
}

/** What the tariff catalogue says of products, as far as orders ask. */
@Injectable()
export class OrderTerms {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** By name or code, as sold to this customer: the offer of the nearest unit, one no longer sold only where no other is. */
  async ofProduct(on: Queryable, customerId: string, product: string | undefined): Promise<OfferTerms | undefined> {
    if (!product) return undefined;
    return on.maybe<OfferTerms>(sql`
      select f.price_fen as "priceFen", f.contract_months as "contractMonths"
      from customers.v_customer c
      join staff.v_org_unit home on home.id = c.org_unit_id
      join staff.v_org_unit o on starts_with(home.path, o.path)
      join offers.v_offer f on f.org_unit_id = o.id
      where c.id = ${customerId} and lower(${product}) in (lower(f.name), lower(f.code))
      order by (f.valid_until is null or f.valid_until >= ${dayOf(this.clock.now())}::date) desc, length(o.path) desc, f.id limit 1`);
  }

  /** What can be sold today in the unit of a user, by name. */
  choices({ orgPath }: CurrentUser): Promise<OfferChoice[]> {
    return this.db.rows<OfferChoice>(sql`
      select f.name, f.price_fen as "priceFen", f.contract_months as "contractMonths"
      from offers.v_offer f join staff.v_org_unit o on o.id = f.org_unit_id
      where starts_with(${orgPath}, o.path) and (f.valid_until is null or f.valid_until >= ${dayOf(this.clock.now())}::date)
      order by f.name limit ${MOST}`);
  }
}
