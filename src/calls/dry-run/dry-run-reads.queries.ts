import { Injectable } from '@nestjs/common';
import { AudienceSets } from '../../campaigns/audience-sets.queries.js';
import type { AudienceCount, Campaign } from '../../campaigns/campaigns.types.js';
import type { Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { takesLonger } from '../../platform/database/reading.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import { ownersOf } from '../lists/list-owners.js';
import type { HourHistory } from './rates.policy.js';

/** Calls of so many days say how the next ones go. */
export const LEARN_DAYS = 56;

export interface Share {
  ownerId: string | null;
  name: string | null;
  people: number;
}

/** What a dry run starts from: whom the launch would take and to whom each would go, and how such calls have gone. */
@Injectable()
export class DryRunReads {
  constructor(
    private readonly db: Database,
    private readonly sets: AudienceSets,
  ) {}

  /**
   * The launch without launching: the same audience, in the same order, given out by the same rule. Into temporary tables, for the reason the launch has.
   * @param first the day the audience is asked for @param filled the day its list is given out
   */
  async list(campaign: Campaign, first: Day, filled: Day): Promise<{ count: AudienceCount; shares: Share[] }> {
    takesLonger();
    const audience = await this.sets.audienceSql(campaign, first);
    return this.db.tx(async (tx) => {
      await tx.run(sql`create temporary table judged on commit drop as select a.customer_id, a.line_id, a.excluded from (${audience}) a`);
      await tx.run(sql`
        create temporary table included on commit drop as
        select j.customer_id, c.manager_id, row_number() over (order by c.star_level desc, coalesce(l.arpu_fen, 0) desc, j.customer_id) as place
        from judged j join customers.v_customer c on c.id = j.customer_id join customers.v_line l on l.id = j.line_id where j.excluded is null`);
      await tx.run(rawSql('analyze included'));
      const out = await tx.rows<{ excluded: string; people: number }>(
        sql`select excluded, count(*)::int as people from judged where excluded is not null group by excluded`,
      );
      const shares = await tx.rows<Share>(sql`
        select s.owner_id as "ownerId", u.name, s.people from (
          select w.owner_id, count(*)::int as people from included i ${ownersOf({ ...campaign, day: filled })} group by w.owner_id) s
        left join staff.v_user u on u.id = s.owner_id order by u.username`);
      const included = shares.reduce((sum, { people }) => sum + people, 0);
      const matched = out.reduce((sum, { people }) => sum + people, included);
      return { count: { matched, included, excluded: Object.fromEntries(out.map(({ excluded, people }) => [excluded, people])) }, shares };
    });
  }

  /** Calls of campaigns of the same kind, of the units this one works in, by hour. */
  history({ kind, orgPath }: Campaign, now: Date): Promise<HourHistory[]> {
    return this.db.rows<HourHistory>(sql`
      select platform.hour_of(a.started_at) as hour, count(*)::int as dials,
             count(*) filter (where o.connected)::int as connected,
             count(*) filter (where o.connected and a.talk_seconds >= 18)::int as talk18,
             count(*) filter (where o.connected and o.closes_task)::int as closes,
             count(*) filter (where o.converted)::int as converted,
             count(*) filter (where not o.connected and (o.closes_task or o.redial = 'never'))::int as dead,
             count(*) filter (where s.state in ('succeeded', 'failed', 'expired'))::int as settled,
             count(*) filter (where s.state = 'succeeded')::int as succeeded
      from calls.attempt a
      join calls.outcome o on o.code = a.outcome
      join campaigns.v_campaign c on c.id = a.campaign_id
      join staff.v_org_unit u on u.id = c.org_unit_id
      left join calls.sales_order s on s.attempt_id = a.id
      where a.channel = 'call' and c.kind = ${kind} and starts_with(u.path, ${orgPath}::text)
        and a.id >= platform.uuid_floor(${now}::timestamptz - make_interval(days => ${LEARN_DAYS}))
        and a.started_at > ${now}::timestamptz - make_interval(days => ${LEARN_DAYS}) and a.started_at <= ${now}
      group by 1 order by 1`);
  }
}
