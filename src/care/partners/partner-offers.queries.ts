import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { dayOf } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { OFFER } from './entitlement.queries.js';
import type { PartnerOfferListForm } from './partner-offers.forms.js';
import type { PartnerOfferRow, PartnerUse } from './partner-offers.types.js';

const SHOWN_USES = 100;

const USE = sql`select s.id, s.offer_id as "offerId", f.partner, f.benefit, s.customer_id as "customerId", c.name as "customerName",
    s.used_on as "usedOn", s.note, b.name as "recordedBy"
  from care.partner_use s
  join care.partner_offer f on f.id = s.offer_id
  join customers.v_customer c on c.id = s.customer_id
  join staff.v_org_unit u on u.id = c.org_unit_id
  join staff.v_user b on b.id = s.recorded_by`;

/** The list of what partners give, and who made use of it (CAR-13). */
@Injectable()
export class PartnerOffersQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Of the user's unit, of those below and of those above; what holds first, then what comes, then what is over, each by its last day. */
  async list(user: CurrentUser, { kind, state, q, limit = 50, cursor }: PartnerOfferListForm = {}): Promise<Page<PartnerOfferRow>> {
    const key = decodeCursor(cursor, 3);
    const rows = await this.db.rows<PartnerOfferRow & { place: number }>(sql`
      select * from (${this.rows(user)}) x
      ${whereAll([
        kind && sql`x.kind = ${kind}`,
        state && sql`x.state = ${state}`,
        q !== undefined && sql`position(lower(${q}) in lower(x.partner || ' ' || x.benefit)) > 0`,
        key && sql`(x.place, x."validUntil", x.id) > (${key[0]}::int, ${key[1]}::date, ${key[2]}::bigint)`,
      ])}
      order by x.place, x."validUntil", x.id limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.place, last.validUntil, last.id]);
    return { ...page, items: page.items.map(({ place: _, ...row }) => row) };
  }

  /** @throws DomainError not_found */
  async byId(user: CurrentUser, id: string, on: Queryable = this.db): Promise<PartnerOfferRow> {
    const row =
      /^\d{1,18}$/.test(id) && (await on.maybe<PartnerOfferRow & { place: number }>(sql`select * from (${this.rows(user)}) x where x.id = ${id}`));
    if (!row) throw notFound('partner_offer', id);
    const { place: _, ...offer } = row;
    return offer;
  }

  /** The newest uses of an offer by customers of the reader. */
  usesOf(user: CurrentUser, offerId: string): Promise<PartnerUse[]> {
    return this.db.rows<PartnerUse>(sql`
      ${USE} where s.offer_id = ${offerId} and ${inScope(user, sql`u.path`)} order by s.used_on desc, s.id desc limit ${SHOWN_USES}`);
  }

  /** What a customer made use of, the newest first. No scope is asked. */
  usesBy(customerId: string): Promise<PartnerUse[]> {
    return this.db.rows<PartnerUse>(sql`${USE} where s.customer_id = ${customerId} order by s.used_on desc, s.id desc limit ${SHOWN_USES}`);
  }

  private rows(user: CurrentUser): Sql {
    const today = dayOf(this.clock.now());
    return sql`
      select ${OFFER}, f.ended_at as "endedAt", f.version, o.code as "orgUnit", o.name as "orgUnitName", ${inScope(user, sql`o.path`)} as own,
             (select count(*) from care.partner_use s join customers.v_customer c on c.id = s.customer_id join staff.v_org_unit u on u.id = c.org_unit_id
              where s.offer_id = f.id and ${inScope(user, sql`u.path`)})::int as uses, p.state, array_position(array['valid', 'coming', 'over'], p.state) as place
      from care.partner_offer f
      join staff.v_org_unit o on o.id = f.org_unit_id
      cross join lateral (select case when f.ended_at is not null or f.valid_until < ${today}::date then 'over'
        when f.valid_from > ${today}::date then 'coming' else 'valid' end as state) p
      where ${usableBy(user, sql`o.path`)}`;
  }
}
