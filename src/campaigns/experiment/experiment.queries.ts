import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { type Campaign, familyOf } from '../campaigns.types.js';
import type { GroupCounts, Uplift, UsualShare } from './experiment.types.js';
import { comparisonsOf } from './uplift.policy.js';

export { compare, told } from './uplift.policy.js';
export { VERDICT_CHIPS } from './experiment.views.js';

/** Where no campaign of the kind has been finished yet; the page says that it is assumed. */
const ASSUMED_SHARE = 0.05;
/** As many people as make a share worth relying on. */
const ENOUGH_PEOPLE = 200;

/** What hold-out and tried scripts show (CAM-10). */
@Injectable()
export class ExperimentQueries {
  constructor(private readonly db: Database) {}

  /** The groups as they were drawn, of the customers in the reader's scope, and what has become of them since the launch. */
  async uplift(user: CurrentUser, campaign: Campaign): Promise<Uplift> {
    if (!campaign.launchedAt) return { since: null, groups: [], comparisons: [] };
    const groups = await this.db.rows<GroupCounts>(sql`
      with drawn as (
        select a.customer_id, cu.status,
               case when a.excluded is null then campaigns.variant_of(c.variant_bounds, c.id, a.customer_id) else a.excluded end as key
        from campaigns.audience a
        join campaigns.campaign c on c.id = a.campaign_id
        join customers.v_customer cu on cu.id = a.customer_id
        join staff.v_org_unit o on o.id = cu.org_unit_id
        where a.campaign_id = ${campaign.id} and (a.excluded is null or a.excluded = 'hold_out') and ${inScope(user, sql`o.path`)}),
      sold as (${this.soldSql(campaign)}),
      called as (select distinct t.customer_id from reporting.task_state t where t.campaign_id = ${campaign.id} and t.attempts > 0)
      select d.key, count(*)::int as people, count(called.customer_id)::int as called, count(sold.customer_id)::int as converted,
             count(*) filter (where sold.succeeded)::int as succeeded, count(*) filter (where d.status <> 'churned')::int as stayed
      from drawn d left join sold on sold.customer_id = d.customer_id left join called on called.customer_id = d.customer_id
      group by d.key order by d.key`);
    return { since: campaign.launchedAt, groups, comparisons: comparisonsOf(groups) };
  }

  /**
   * The share of those called who took an order in finished campaigns of the same kind, of the units the campaign works in: what a rise starts from. It is what a
   * called customer does; of those left alone less is to be expected.
   */
  async usualShare({ kind, orgPath }: Pick<Campaign, 'kind' | 'orgPath'>): Promise<UsualShare> {
    const past = await this.db.one<{ people: number; sold: number }>(sql`
      select count(*)::int as people, count(*) filter (where t.sold)::int as sold from (
        select exists (select from reporting.sale s where s.customer_id = x.customer_id and s.campaign_id = x.campaign_id
                       and s.state in ('open', 'succeeded')) as sold
        from campaigns.campaign c
        join staff.v_org_unit o on o.id = c.org_unit_id
        join reporting.task_state x on x.campaign_id = c.id and x.attempts > 0
        where c.kind = ${kind} and not c.standing and c.state = 'closed' and starts_with(o.path, ${orgPath}::text)
        limit 200000) t`);
    return past.people >= ENOUGH_PEOPLE && past.sold > 0
      ? { share: past.sold / past.people, people: past.people }
      : { share: ASSUMED_SHARE, people: 0 };
  }

  /** Orders since the launch, until the campaign ended, whichever call they came from: only so can those who were left alone have any. */
  private soldSql(campaign: Campaign): Sql {
    return sql`
      select s.customer_id, bool_or(s.state = 'succeeded') as succeeded
      from reporting.sale s
      where s.state in ('open', 'succeeded') and (s.family = ${familyOf(campaign)} or s.standing)
        and s.opened_at >= ${campaign.launchedAt}
        and platform.day_of(s.opened_at) <= coalesce(${campaign.endsOn}::date, 'infinity')
        and s.opened_at <= coalesce((select min(t.at) from campaigns.transition t where t.campaign_id = ${campaign.id} and t.to_state = 'closed'), 'infinity')
      group by s.customer_id`;
  }
}
