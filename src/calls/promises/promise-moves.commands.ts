import { Injectable } from '@nestjs/common';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';

/** Why and by whom promises move; null: by the clock. */
interface Move {
  by: string | null;
  at: Date;
}

/**
 * Promises go to somebody else, each as a new one that goes on from the old: so the chain says who had it when. Only such as can still be kept move; what
 * is broken stays with who broke it, and with the supervisor's list.
 */
@Injectable()
export class PromiseMoves {
  constructor(
    private readonly db: Database,
    private readonly catalogue: Catalogue,
  ) {}

  /** @param moving rows `id, to_owner, why, absence_id` of open promises whose day is not over. @returns how many moved */
  async move(tx: Tx, moving: Sql, { by, at }: Move): Promise<number> {
    return tx.run(sql`
      with moving as materialized (${moving}),
      ended as (
        update calls.promise p set state = 'handed_over', closed_at = ${at}::timestamptz, closed_by = ${by}::bigint, note = m.why from moving m
        where p.id = m.id and p.state = 'open' and p.due_on >= ${dayOf(at)}::date and m.to_owner <> p.owner_id
        returning p.id, p.customer_id, p.attempt_id, p.kind, p.text, p.due_on, p.made_by, p.made_at, m.to_owner, m.absence_id)
      insert into calls.promise (customer_id, attempt_id, kind, text, owner_id, due_on, made_by, made_at, previous_id, absence_id)
      select e.customer_id, e.attempt_id, e.kind, e.text, e.to_owner, e.due_on, e.made_by, e.made_at, e.id, e.absence_id from ended e order by e.id`);
  }

  /** The minute's round: what was not kept by the end of its day is broken, what an owner who is back can keep returns, what one cannot keep goes on. */
  async round(now: Date): Promise<void> {
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        update calls.promise set state = 'broken', closed_at = ${now}
        where id in (select id from calls.promise where state = 'open' and due_on < ${dayOf(now)}::date order by id for update)`);
      await this.move(tx, this.ofBack(dayOf(now)), { by: null, at: now });
      await this.cover(tx, now);
    });
  }

  /**
   * For owners who are away the whole of the day, to the deputy who is there, else to the nearest supervisor; for owners who have left, to the customer's
   * present manager, else to that supervisor. Who finds nobody keeps it (SYS-6, R32).
   */
  private async cover(tx: Tx, now: Date): Promise<number> {
    const today = dayOf(now);
    const away = await this.move(tx, this.ofAway(today), { by: null, at: now });
    return away + (await this.move(tx, this.ofLeft(today), { by: null, at: now }));
  }

  /**
   * Of absences called off or cut short: to the first in the chain of absences who is there on the day after all. What somebody handed over by hand in
   * between stays where it was put.
   */
  private ofBack(today: Day): Sql {
    return sql`
      with recursive chain as (
        select p.id, p.due_on, p.previous_id as before, 1 as steps from calls.promise p
        where p.state = 'open' and p.due_on >= ${today}::date and p.absence_id is not null
        union all
        select c.id, c.due_on, q.previous_id, c.steps + 1 from chain c join calls.promise q on q.id = c.before and q.absence_id is not null)
      select distinct on (p.id) p.id, o.owner_id as to_owner, ${this.catalogue.t('zh', 'promises.why_back')}::text as why, o.absence_id
      from chain p
      join calls.promise o on o.id = p.before
      join staff.v_user u on u.id = o.owner_id and u.active
      where ${isThere(sql`o.owner_id`)}
      order by p.id, p.steps desc`;
  }

  private ofAway(today: Day): Sql {
    return sql`
      select distinct on (p.id) p.id, coalesce(d.id, s.id) as to_owner, ${this.catalogue.t('zh', 'promises.why_away')}::text as why, a.id as absence_id
      from calls.promise p
      join staff.v_user u on u.id = p.owner_id and u.active
      join calendar.v_absence a on a.user_id = p.owner_id and p.due_on between a.from_day and a.to_day and a.part = 'day' and a.loss_percent = 100
      left join staff.v_user d on d.id = a.deputy_id and d.active and ${isThere(sql`d.id`)}
      left join lateral (${supervisorOf(sql`u.org_path`, sql`p.owner_id`)}) s on true
      where p.state = 'open' and p.due_on >= ${today}::date and coalesce(d.id, s.id) is not null
      order by p.id, d.id nulls last, a.id`;
  }

  private ofLeft(today: Day): Sql {
    return sql`
      select p.id, coalesce(m.id, s.id) as to_owner, ${this.catalogue.t('zh', 'promises.why_left')}::text as why, null::bigint as absence_id
      from calls.promise p
      join staff.v_user u on u.id = p.owner_id and not u.active
      join customers.v_customer k on k.id = p.customer_id
      left join staff.v_user m on m.id = k.manager_id and m.active and ${isThere(sql`m.id`)}
      left join lateral (${supervisorOf(sql`u.org_path`, sql`p.owner_id`)}) s on true
      where p.state = 'open' and p.due_on >= ${today}::date and coalesce(m.id, s.id) is not null`;
  }
}

/** Not away on the day of promise `p`. */
const isThere = (id: Sql): Sql => sql`not exists (
  select from calendar.v_absence x where x.user_id = ${id} and p.due_on between x.from_day and x.to_day and x.part = 'day' and x.loss_percent = 100)`;

/** The nearest supervisor above a place in the organisation who is there. */
const supervisorOf = (path: Sql, but: Sql): Sql => sql`
  select v.id from staff.v_user v
  where v.role = 'supervisor' and v.active and v.id <> ${but} and starts_with(${path}, v.org_path) and ${isThere(sql`v.id`)}
  order by length(v.org_path) desc, v.id limit 1`;
