import { Injectable } from '@nestjs/common';
import type { Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Locale } from '../platform/i18n/catalogue.js';
import type { DueFacts, Sentence, SentenceValue } from './care.types.js';

/** As customers keeps it of each right. */
interface RightChange {
  what: 'added' | 'removed' | 'changed';
  labelZh: string;
  labelEn: string;
  before: number | null;
  after: number | null;
}

interface Asked {
  customerId: string;
  facts: DueFacts;
  locale: Locale;
}

/** What a call about changed rights and managers has to say, looked up when the call is made: more may have changed since it was planned (CAR-3). */
@Injectable()
export class RightsNews {
  constructor(private readonly db: Database) {}

  async forCall({ customerId, facts: { on, from }, locale }: Asked): Promise<Sentence[]> {
    if (typeof on !== 'string') return [];
    return [...(await this.rights(customerId, on, locale)), ...(await this.manager(customerId, from))];
  }

  private async rights(customerId: string, since: Day, locale: Locale): Promise<Sentence[]> {
    const rows = await this.db.rows<{ changes: RightChange[] }>(sql`
      select r.changes from customers.v_star_right_change r join customers.v_customer c on c.star_level = r.star_level
      where c.id = ${customerId}::bigint and r.on_day >= ${since}::date order by r.changed_at, r.id`);
    return rows.flatMap(({ changes }) => changes.map((change) => rightSentence(change, locale)));
  }

  /** From whom to whom, as long as it is another one. */
  private async manager(customerId: string, from: DueFacts[string] | undefined): Promise<Sentence[]> {
    if (typeof from !== 'string') return [];
    const row = await this.db.maybe<{ was: string | null; is: string }>(sql`
      select (select u.name from staff.v_user u where u.id = ${from}::bigint) as was, n.name as is
      from customers.v_customer c join staff.v_user n on n.id = c.manager_id where c.id = ${customerId}::bigint and n.id <> ${from}::bigint`);
    return row ? [{ key: 'care.rights.manager', params: { from: row.was ?? { key: 'care.rights.nobody' }, to: row.is } }] : [];
  }
}

const times = (count: number | null): SentenceValue =>
  count === null ? { key: 'care.rights.always' } : { key: 'care.rights.a_year', params: { count } };

function rightSentence({ what, labelZh, labelEn, before, after }: RightChange, locale: Locale): Sentence {
  const right = locale === 'zh' ? labelZh : labelEn;
  return { key: `care.rights.${what}`, params: { right, before: times(before), after: times(after) } };
}
