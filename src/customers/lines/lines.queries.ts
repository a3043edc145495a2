import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { LookUp } from '../../platform/process/look-up.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { prepared, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { Birthday, LineRow } from '../customers.types.js';

type Row = Omit<LineRow, 'userBirthday'> & {
  customerId: string;
  birthYear: number | null;
  birthMonth: number | null;
  birthDay: number | null;
  birthCalendar: Birthday['calendar'];
  birthLeap: boolean;
};

/** The line a customer is reached on first: as customers.v_contact_line says. */
export const BEST_FIRST = rawSql(`(l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, (l.kind = 'broadband'), l.id`);

/** Columns of a row → the birthday they tell, if any. */
export function birthdayOf<T extends Pick<Row, 'birthYear' | 'birthMonth' | 'birthDay' | 'birthCalendar' | 'birthLeap'>>(row: T) {
  const { birthYear: year, birthMonth: month, birthDay: day, birthCalendar: calendar, birthLeap: leap, ...rest } = row;
  const birthday: Birthday | null = month !== null && day !== null ? { year, month, day, calendar, leap } : null;
  return { birthday, rest };
}

/** The lines of a customer, each with its actual user and what stands against contacting it (CUS-1). */
@Injectable()
export class LinesQueries {
  private readonly byId = new LookUp<LineRow & { customerId: string }>(async (ids) => {
    const lines = await this.read(this.database, sql`l.id = any(${ids}::bigint[]) and l.number is not null`);
    return new Map(lines.map((line) => [line.id, line]));
  });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The one to call first; of a customer who was erased none. No scope is asked: look the customer up before. */
  async of(customerId: string, on: Queryable = this.database): Promise<LineRow[]> {
    return (await this.read(on, sql`l.customer_id = ${customerId} and l.number is not null`)).map(withoutCustomer);
  }

  async one(customerId: string, lineId: string, on: Queryable = this.database): Promise<LineRow | undefined> {
    if (!/^\d{1,18}$/.test(lineId)) return undefined;
    const line =
      on === this.database
        ? await this.byId.of(lineId)
        : (await this.read(on, sql`l.id = ${lineId} and l.customer_id = ${customerId} and l.number is not null`))[0];
    return line?.customerId === customerId ? withoutCustomer(line) : undefined;
  }

  private async read(on: Queryable, where: Sql): Promise<(LineRow & { customerId: string })[]> {
    const rows = await on.rows<Row>(
      prepared(sql`
      select l.id, l.customer_id as "customerId", l.number, l.kind, l.package, l.arpu_fen as "arpuFen", l.contract_end as "contractEnd", l.status, l.health,
             l.hotline_blacklisted as "hotlineBlacklisted", l.actual_user_name as "userName",
             l.user_birth_year as "birthYear", l.user_birth_month as "birthMonth", l.user_birth_day as "birthDay",
             l.user_birth_calendar as "birthCalendar", l.user_birth_leap as "birthLeap",
             coalesce(b.calls, false) as "doNotCall", coalesce(b.texts, false) as "doNotText", coalesce(b.marketing, false) as "noMarketing",
             coalesce(b.partly, false) as "optedOutPartly"
      from customers.line l
      left join lateral (
        select bool_or(b.scope = 'all' and b.channel in ('call', 'all')) as calls, bool_or(b.scope = 'all' and b.channel in ('sms', 'all')) as texts,
               bool_or(b.scope = 'marketing') as marketing, bool_or(b.scope in ('product', 'campaign')) as partly
        from reporting.block b where b.number = l.number and (b.until is null or b.until > ${this.clock.now()})) b on true
      where ${where} order by ${BEST_FIRST}`),
    );
    return rows.map((row) => {
      const { birthday, rest } = birthdayOf(row);
      return { ...rest, userBirthday: birthday };
    });
  }
}

const withoutCustomer = ({ customerId: _, ...line }: LineRow & { customerId: string }): LineRow => line;
