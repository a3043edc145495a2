import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { RightsChange, StarRight } from './star-rights.types.js';
import { termEnd } from './star-term.policy.js';

/** As many changes as somebody looks back at. */
const MOST_CHANGES = 20;

export interface StarRights {
  starLevel: number;
  /** Since when the star is held, where a change told it. */
  since: Day | null;
  /** The last day before it is assessed anew; null where nobody knows since when it is held. */
  until: Day | null;
  items: StarRight[];
}

/** What a customer's star entitles to (星级权益), from the table of rights. */
@Injectable()
export class StarRightsQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** No scope is asked: look the customer up before. */
  async of({ id, starLevel }: { id: string; starLevel: number }): Promise<StarRights> {
    const today = dayOf(this.clock.now());
    const items = await this.items(starLevel);
    const held = await this.database.maybe<{ since: Day; months: number }>(sql`
      select x.changed_on as since, t.term_months as months
      from customers.star_change x join customers.star_tier t on t.star_level = x.new_star
      where x.customer_id = ${id} and x.new_star = ${starLevel} and x.old_star <> x.new_star and x.changed_on <= ${today}::date
      order by x.changed_on desc, x.id desc limit 1`);
    return { starLevel, since: held?.since ?? null, until: held ? termEnd(held.since, held.months, today) : null, items };
  }

  /** The rights of one star, in their order. */
  items(starLevel: number, on: Queryable = this.database): Promise<StarRight[]> {
    return on.rows<StarRight>(sql`
      select code, label_zh as "labelZh", label_en as "labelEn", per_year as "perYear" from customers.star_right where star_level = ${starLevel} order by sort, code`);
  }

  /** What was changed of a star's rights, the newest first. */
  history(starLevel: number): Promise<RightsChange[]> {
    return this.database.rows<RightsChange>(sql`
      select x.changed_at as at, u.name as by, x.changes from customers.star_right_change x join staff.v_user u on u.id = x.changed_by
      where x.star_level = ${starLevel} order by x.changed_at desc, x.id desc limit ${MOST_CHANGES}`);
  }
}
