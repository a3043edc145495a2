import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { IdCardQueries } from '../id-card/id-card.queries.js';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from './personal-data.types.js';

/** Tables of this module whose rows say something of a person and nothing that figures need. */
const GO = ['customers.package_use', 'customers.bill', 'customers.roaming_use', 'customers.id_card'] as const;

/** The customer, their lines, what was learned of them, what they use and pay. */
@Injectable()
@HoldsPersonalData()
export class CustomersPersonalData implements PersonalDataHolder {
  readonly section = 'customer';

  constructor(private readonly idCards: IdCardQueries) {}

  async export({ customerId }: Person, on: Queryable): Promise<Record<string, unknown>> {
    const of = (table: string, columns: string): Promise<object[]> =>
      on.rows(sql`select ${rawSql(columns)} from ${rawSql(table)} t where t.customer_id = ${customerId} order by t.id`);
    const facts = await on.one(sql`
      select c.customer_no, c.name, c.gender, c.star_level, c.tier, c.class, c.province, c.city, c.district, c.birth_year, c.birth_month, c.birth_day,
             c.birth_calendar, c.birth_leap, c.joined_on, c.status, c.sms_consent, c.call_consent, u.name as manager, c.created_at, c.updated_at
      from customers.customer c left join staff.v_user u on u.id = c.manager_id where c.id = ${customerId}`);
    const profile = await on.rows(sql`
      select f.field, f.line_id, f.value, f.old_value, f.note, f.apologised, u.name as learned_by, f.learned_at, f.attempt_id
      from customers.profile_fact f left join staff.v_user u on u.id = f.learned_by where f.customer_id = ${customerId} order by f.id`);
    return {
      facts,
      profile,
      idCard: await this.idCards.shown(customerId, on),
      lines: await of(
        'customers.line',
        `t.id, t.number, t.kind, t.package, t.arpu_fen, t.contract_end, t.status, t.health, t.hotline_blacklisted, t.actual_user_name, t.user_birth_year,
         t.user_birth_month, t.user_birth_day, t.user_birth_calendar, t.user_birth_leap`,
      ),
      starChanges: await of('customers.star_change', 't.old_star, t.new_star, t.changed_on'),
      packageUse: await of(
        'customers.package_use',
        't.line_id, t.month, t.data_quota_mb, t.data_used_mb, t.voice_quota_min, t.voice_used_min, t.extra_fee_fen',
      ),
      bills: await of('customers.bill', 't.line_id, t.month, t.amount_fen, t.items'),
      roaming: await of('customers.roaming_use', 't.line_id, t.month, t.destination, t.days, t.fee_fen, t.returned_on'),
    };
  }

  /** What is left is a star, a tier, a region and a unit: enough for figures, nobody's. */
  async erase(tx: Tx, { customerId }: Person, { at }: Erasure): Promise<Record<string, number>> {
    const rows: Record<string, number> = {};
    for (const table of GO) rows[table] = await tx.run(sql`delete from ${rawSql(table)} where customer_id = ${customerId}`);
    // who served them, and which star they had, is no fact of the person's life
    rows['customers.profile_fact'] = await tx.run(
      sql`delete from customers.profile_fact where customer_id = ${customerId} and field not in ('manager', 'starLevel', 'tier')`,
    );
    await tx.run(sql`update customers.profile_fact set note = null where customer_id = ${customerId} and note is not null`);
    rows['customers.line'] = await tx.run(sql`
      update customers.line set number = null, status = 'churned', contract_end = null, actual_user_name = null, user_birth_year = null, user_birth_month = null,
        user_birth_day = null, user_birth_leap = false, updated_at = ${at}
      where customer_id = ${customerId}`);
    rows['customers.customer'] = await tx.run(sql`
      update customers.customer set customer_no = null, name = null, name_initials = null, gender = null, district = null, birth_year = null, birth_month = null,
        birth_day = null, birth_leap = false, birth_told = false, joined_on = null, status = 'churned', sms_consent = false, call_consent = false, manager_id = null
      where id = ${customerId}`);
    return rows;
  }
}
