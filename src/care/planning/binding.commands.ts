import { Injectable } from '@nestjs/common';
import { CustomersCommands } from '../../customers/customers.commands.js';
import { Clock } from '../../kernel/clock.js';
import type { Day } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { CareRulesQueries } from '../care-rules.queries.js';
import { OWNED, promotions, readPromotion } from '../rules/star-promotion.rule.js';

/** What the record of the customer says of the change. */
const WHY = '升星自动绑定';

/**
 * Gives promoted customers of nobody a manager (CAR-2): of the nearest unit that has one at work, up to the customer's city and not beyond, the one who
 * has the fewest customers for what she can do a day. Who serves a customer of nobody is looked for again at each call of this.
 */
@Injectable()
export class BindingCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly rules: CareRulesQueries,
    private readonly customers: CustomersCommands,
    private readonly audit: Audit,
  ) {}

  /**
   * Nothing while the rule is switched off.
   * @param who a condition on `customers.v_customer c`
   * @returns how many were bound
   */
  async bind(day: Day, who: Sql): Promise<number> {
    const [rule] = await this.rules.inForce(['star-promotion']);
    if (!rule) return 0;
    return this.db.tx(async (tx) => {
      // two at once would both give to whoever has most room now
      await tx.rows(sql`select pg_advisory_xact_lock(hashtext('care.binding'))`);
      await this.choose(tx, promotions(readPromotion(rule.settings), { day, who: sql`not ${OWNED} and ${who}` }), day);
      const bound = await this.customers.giveTo(tx, sql`select customer_id, manager_id from care_binding`, {
        by: null,
        at: this.clock.now(),
        note: WHY,
      });
      if (bound > 0)
        await this.audit.record(tx, 'system', { action: 'care.promoted_bound', object: 'care_rule', id: 'star-promotion', detail: { bound } });
      return bound;
    });
  }

  /** Managers take turns by how full they would be with one more; nobody needs more turns than bring all of the unit to the same fullness. */
  private async choose(tx: Tx, promoted: Sql, day: Day): Promise<void> {
    await tx.run(sql`
      create temp table care_binding on commit drop as
      with free as materialized (
        select u.id, u.org_path, u.daily_capacity as room,
               (select count(*) from customers.v_customer c where c.manager_id = u.id and c.status <> 'churned') as book
        from staff.v_user u
        where u.role = 'manager' and u.active and u.daily_capacity > 0
          and not exists (select from calendar.v_absence a where a.user_id = u.id and ${day}::date between a.from_day and a.to_day)),
      lost as materialized (
        select p.customer_id, p.new_star, o.path from (${promoted}) p
        join customers.v_customer c on c.id = p.customer_id join staff.v_org_unit o on o.id = c.org_unit_id),
      region as (
        select l.path, max(r.path) as region
        from (select distinct path from lost) l
        join staff.v_org_unit r on starts_with(l.path, r.path) and (r.path = l.path or r.kind = 'city' or exists (
          select from staff.v_org_unit city where city.kind = 'city' and city.path <> r.path and starts_with(r.path, city.path)))
        where exists (select from free f where starts_with(f.org_path, r.path))
        group by l.path),
      queue as (
        select l.customer_id, r.region, row_number() over (partition by r.region order by l.new_star desc, l.customer_id) as place
        from lost l join region r using (path)),
      full_at as (
        select q.region, (q.people + sum(f.book)) / sum(f.room)::numeric as level
        from (select q.region, count(*) as people from queue q group by q.region) q join free f on starts_with(f.org_path, q.region)
        group by q.region, q.people),
      turns as (
        select a.region, f.id, row_number() over (partition by a.region order by (f.book + k) / f.room::numeric, f.id) as place
        from full_at a join free f on starts_with(f.org_path, a.region)
        cross join lateral generate_series(1, ceil(a.level * f.room - f.book)::int + 1) k)
      select q.customer_id, t.id as manager_id from queue q join turns t on t.region = q.region and t.place = q.place`);
  }
}
