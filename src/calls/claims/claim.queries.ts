import { Injectable } from '@nestjs/common';
import type { CampaignKind } from '../../campaigns/campaigns.types.js';
import { dayOf } from '../../kernel/day.js';
import { notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { prepared, type Sql, sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { EmptyReason } from '../calls.types.js';

/** A task as a claim needs it: everything the gate is asked with. */
export interface Candidate {
  id: string;
  /** Already held by the asker. */
  held: boolean;
  customerId: string;
  number: string;
  campaignId: string;
  campaignCode: string;
  campaignState: string;
  kind: CampaignKind;
  productFamily: string | null;
  callWindow: [string, string][] | null;
  state: string;
  claimedBy: string | null;
  leaseUntil: Date | null;
  callbackAt: Date | null;
  touchId: string | null;
}

export interface NextAsk {
  userId: string;
  /** Only tasks of this campaign; null = of any. */
  campaignId: string | null;
  /** Campaigns whose working window is closed: asked once, not for each of their tasks. Callbacks obey only the hard window. */
  closedCampaigns: readonly string[];
}

/** @throws DomainError not_found: what is no number names no task */
export function taskIdOf(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw notFound('task', text);
  return text;
}

const COLUMNS = sql`t.customer_id as "customerId", l.number, t.campaign_id as "campaignId", c.code as "campaignCode", c.state as "campaignState", c.kind,
  c.product_family as "productFamily", c.call_window as "callWindow", t.state, t.claimed_by as "claimedBy", t.lease_until as "leaseUntil",
  t.callback_at as "callbackAt", t.touch_id as "touchId"`;

const open = (now: Date): Sql => sql`
  from calls.task t join campaigns.v_campaign c on c.id = t.campaign_id
  where t.owner_id = a.person and t.state = 'open' and c.state = 'running' and (t.not_before is null or t.not_before <= ${now}::timestamptz)
    and (a.campaign is null or t.campaign_id = a.campaign)`;

/**
 * For each who asks the held task, or the next free one in the order of the desk: callbacks whose minute has come, then due date, star, expected
 * value. The two sub-selects walk their partial index in exactly that order and stop at the first row nobody else has locked.
 */
const nextSql = (asks: readonly NextAsk[], now: Date): Sql => sql`
  select a.person as "userId", x.id, x.held, ${COLUMNS}
  from unnest(${asks.map((ask) => ask.userId)}::bigint[], ${asks.map((ask) => ask.campaignId)}::bigint[],
              ${asks.map((ask) => `{${ask.closedCampaigns.join(',')}}`)}::text[]) as a(person, campaign, closed)
  cross join lateral (
    with held as materialized (
      select id from calls.task where claimed_by = a.person and state = 'claimed' and lease_until > ${now}::timestamptz
      order by lease_until desc, id limit 1),
    callback as materialized (
      select t.id ${open(now)} and t.callback_at is not null and t.callback_at <= ${now}::timestamptz and not exists (select from held)
      order by t.callback_at limit 1 for update of t skip locked),
    listed as materialized (
      select t.id ${open(now)} and t.callback_at is null and t.due_on <= ${dayOf(now)}::date
        and t.campaign_id <> all (a.closed::bigint[])
        and not exists (select from held) and not exists (select from callback)
      order by t.due_on, t.star desc, t.expected_value desc, t.id limit 1 for update of t skip locked)
    select id, true as held from held union all select id, false from callback union all select id, false from listed) x
  join calls.task t on t.id = x.id
  join customers.v_line l on l.id = t.line_id
  join campaigns.v_campaign c on c.id = t.campaign_id`;

@Injectable()
export class ClaimQueries {
  constructor(private readonly db: Database) {}

  /**
   * Two presses of one person wait for each other; the statement that follows sees what the first one took. People are held in one order, so that
   * two rounds cannot wait for each other.
   */
  async lockPeople(tx: Tx, userIds: readonly string[]): Promise<void> {
    await tx.run(
      prepared(sql`
        select count(pg_advisory_xact_lock(hashtext('calls.next'), key))
        from (select distinct (id % 2147483647)::int as key from unnest(${userIds}::bigint[]) as person(id) order by 1) as ordered`),
    );
  }

  /** At most one task for each who asks. Locks what it finds, unless it is held already. */
  next(tx: Tx, asks: readonly NextAsk[], now: Date): Promise<(Candidate & { userId: string })[]> {
    return tx.rows<Candidate & { userId: string }>(prepared(nextSql(asks, now)));
  }

  /** One task of a person's own list, locked. */
  ofOwner(tx: Tx, userId: string, taskId: string): Promise<Candidate | undefined> {
    return tx.maybe<Candidate>(sql`
      select t.id, (t.state = 'claimed' and t.claimed_by = ${userId}::bigint) as held, ${COLUMNS}
      from calls.task t
      join customers.v_line l on l.id = t.line_id and l.customer_id = t.customer_id
      join campaigns.v_campaign c on c.id = t.campaign_id
      where t.id = ${taskIdOf(taskId)} and (t.owner_id = ${userId} or t.claimed_by = ${userId})
      for update of t`);
  }

  /** Why nobody is next, when nobody was refused just now: what the gate holds back until later says so. */
  async whyEmpty(userId: string, now: Date, campaignId: string | null): Promise<EmptyReason> {
    const { quiet, refused } = await this.db.one<{ quiet: boolean | null; refused: boolean | null }>(sql`
      select bool_or(refused_reason = 'quiet_hours') as quiet, bool_or(refused_reason is not null) as refused
      from calls.task
      where owner_id = ${userId} and state = 'open' and due_on <= ${dayOf(now)}::date and not_before > ${now}
        and (${campaignId}::bigint is null or campaign_id = ${campaignId}::bigint)`);
    if (quiet) return 'quiet_hours';
    return refused ? 'all_capped' : 'empty';
  }

  /** Of a campaign of the user's units, above or below, or one that a task of hers is of. */
  async campaignId(user: CurrentUser, code: string): Promise<string | undefined> {
    const found = await this.db.maybe<{ id: string }>(sql`
      select c.id from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
      where c.code = ${code} and (${usableBy(user, sql`o.path`)} or exists (select from calls.task t where t.owner_id = ${user.id} and t.campaign_id = c.id))`);
    return found?.id;
  }
}
