import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/errors.js';
import { parsePhone } from '../../kernel/phone.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';

export interface TestNumber {
  id: string;
  number: string;
  label: string;
  orgPath: string;
  orgUnitName: string;
  by: string;
  at: Date;
}

const NUMBERS = sql`
  select n.id, n.number, n.label, o.path as "orgPath", o.name as "orgUnitName", u.name as by, n.added_at as at
  from messaging.test_number n join staff.v_org_unit o on o.id = n.org_unit_id join staff.v_user u on u.id = n.added_by
  where n.removed_at is null and n.number is not null`;

/** The numbers of the house's own that tests may go to. */
@Injectable()
export class TestNumbersQueries {
  constructor(private readonly database: Database) {}

  /** Of the user's unit, of those below, and of those above. */
  list(user: CurrentUser, on: Queryable = this.database): Promise<TestNumber[]> {
    return on.rows<TestNumber>(sql`${NUMBERS} and ${usableBy(user, sql`o.path`)} order by n.label, n.id limit 200`);
  }

  /** @param chosen ids or numbers in any spelling @throws DomainError test_number_unknown: a test goes to no other number */
  async chosen(user: CurrentUser, chosen: readonly string[]): Promise<TestNumber[]> {
    const known = await this.list(user);
    const found = chosen.map((wish) => {
      const parsed = parsePhone(wish);
      const row = known.find(({ id, number }) => id === wish || ('number' in parsed && number === parsed.number));
      if (!row) throw new DomainError('test_number_unknown', { param: 'numbers' });
      return row;
    });
    // the same number may stand in two units
    return found.filter(({ number }, i) => found.findIndex((other) => other.number === number) === i);
  }
}
