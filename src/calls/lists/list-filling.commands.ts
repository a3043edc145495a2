import { Injectable } from '@nestjs/common';
import { type CampaignKind, purposeOf } from '../../campaigns/campaigns.types.js';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database, type Queryable, type Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { CAMPAIGN_CLOSED } from '../attempts/attempt.policy.js';
import { type Assigning, ownersOf } from './list-owners.js';

interface LaunchedCampaign extends Omit<Assigning, 'day'> {
  id: string;
  endsOn: string | null;
  segment: string | null;
  waveOf: string | null;
  wave: number;
  minGapMinutes: number;
  kind: CampaignKind;
  smsLeadHours: number | null;
}

/** Turns a frozen audience into call lists: set-based, deterministic, and harmless when it runs twice. */
@Injectable()
export class ListFilling {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contact: ContactQueries,
  ) {}

  /** @returns the number of tasks made; a campaign that was closed meanwhile gets none. */
  async fill(campaignId: string): Promise<number> {
    const now = this.clock.now();
    return this.db.tx(async (tx) => {
      await lockList(tx, campaignId);
      const campaign = await this.launched(tx, campaignId);
      if (!campaign) return 0;
      const dialFrom = this.dialFrom(campaign, now);
      await collect(tx, campaign.id);
      return tx.run(sql`
        insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, deadline_on, star, expected_value, list_source, created_at, earlier_attempts, not_before, given_at)
        select ${campaign.id}, i.customer_id, i.line_id, w.owner_id, ${dayOf(now)}::date, ${campaign.endsOn}::date, i.star, i.value,
               ${campaign.segment}::text, ${now}::timestamptz, coalesce(e.dialled, 0), nullif(greatest(e.again, ${dialFrom}::timestamptz), ${now}::timestamptz),
               greatest(e.again, ${dialFrom}::timestamptz)
        from included i ${ownersOf({ ...campaign, day: dayOf(now) })}
        left join (${earlierSql(campaign)}) e on e.customer_id = i.customer_id
        order by i.place
        on conflict (campaign_id, customer_id, cycle) do nothing`);
    });
  }

  /**
   * A closed campaign calls off what is still open; a task somebody holds is left to its holder and ends with what comes of it. One that is given back
   * or recorded this moment is waited for: it may have been so before the campaign was closed. @returns how many
   */
  async callOff(campaignId: string): Promise<number> {
    return this.db.tx(async (tx) => {
      await lockList(tx, campaignId);
      await tx.run(sql`select from calls.task where campaign_id = ${campaignId} and state = 'claimed' order by id for update`);
      return tx.run(sql`
        update calls.task t set state = 'cancelled', close_reason = ${CAMPAIGN_CLOSED}, callback_at = null, closed_at = ${this.clock.now()}
        from campaigns.v_campaign c
        where c.id = t.campaign_id and c.state = 'closed' and t.campaign_id = ${campaignId} and t.state in ('open', 'recycled')`);
    });
  }

  /** Not before the text that announces the call, when there is one: from when it can go out, its hours. The limit for the first dial begins then. */
  private dialFrom({ kind, smsLeadHours }: LaunchedCampaign, now: Date): Date {
    if (smsLeadHours === null) return now;
    const { open, until } = this.contact.windowState(now, 'sms', purposeOf(kind));
    return new Date((open || !until ? now : until).getTime() + smsLeadHours * 3_600_000);
  }

  private launched(tx: Queryable, campaignId: string): Promise<LaunchedCampaign | undefined> {
    return tx.maybe<LaunchedCampaign>(sql`
      select c.id, c.assignment, o.path as "orgPath", c.ends_on as "endsOn", s.code as segment, c.wave_of as "waveOf", c.wave,
             c.min_gap_minutes as "minGapMinutes", c.kind,
             case when c.sms_step ->> 'when' = 'before' then (c.sms_step ->> 'hours')::int end as "smsLeadHours"
      from campaigns.v_campaign c
      join staff.v_org_unit o on o.id = c.org_unit_id
      left join segments.v_segment s on s.id = c.segment_id
      where c.id = ${campaignId} and c.state in ('running', 'paused')`);
  }
}

/** What the earlier waves did: dials of a customer, which the limit over all waves counts, and when the gap after the last one is over (R38). */
const earlierSql = ({ waveOf, wave, minGapMinutes }: LaunchedCampaign): Sql => sql`
  select t.customer_id, sum(t.attempts) as dialled, max(t.last_attempt_at) + make_interval(mins => ${minGapMinutes}::int) as again
  from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id
  where (c.id = ${waveOf}::bigint or c.wave_of = ${waveOf}::bigint) and c.wave < ${wave}::int group by t.customer_id`;

/**
 * Who shall be called, in the order of the desk, as the temporary table `included`. Analysed, as the audience is not yet, a moment after it was frozen:
 * PostgreSQL would take it for a row or two and compare each customer with each place a manager has.
 */
async function collect(tx: Tx, campaignId: string): Promise<void> {
  await tx.run(rawSql('analyze campaigns.audience'));
  await tx.run(sql`
    create temporary table included on commit drop as
    select a.customer_id, a.line_id, c.manager_id, c.star_level as star, coalesce(l.arpu_fen, 0) as value,
           row_number() over (order by c.star_level desc, coalesce(l.arpu_fen, 0) desc, a.customer_id) as place
    from campaigns.v_audience a
    join customers.v_customer c on c.id = a.customer_id
    join customers.v_line l on l.id = a.line_id
    where a.campaign_id = ${campaignId} and a.excluded is null`);
  await tx.run(rawSql('analyze included'));
}

/** Filling, adding to and calling off one list wait for each other, so that none is filled after its end. */
export const lockList = async (tx: Queryable, campaignId: string): Promise<void> => {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtext('calls.list'), ${campaignId}::bigint::int)`);
};
