import { Injectable } from '@nestjs/common';
import { CampaignsQueries } from '../campaigns/campaigns.queries.js';
import { Clock } from '../kernel/clock.js';
import { addDays, atTime, dayOf } from '../kernel/day.js';
import { DomainError } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { Audit } from '../staff/audit.commands.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';

export interface RedialList {
  /** Tasks that would be, or were, put off. */
  tasks: number;
  notBefore: Date;
}

/** Puts the calls of a campaign that did not connect off to an hour in which more do (CAM-8). */
@Injectable()
export class RedialLists {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsQueries,
    private readonly audit: Audit,
  ) {}

  /** How many tasks it would be; nothing is written. @param from first hour of the slot, 8–20 @throws DomainError not_found */
  async preview(user: CurrentUser, code: string, from: number): Promise<RedialList> {
    const campaign = await this.campaigns.byCode(user, code);
    return this.counted(this.db, this.chosen(user, campaign.id, this.next(from)), this.next(from));
  }

  /**
   * Open tasks whose last dial did not connect and that may be dialled again wait for the next such hour. Promised callbacks and tasks that wait longer
   * anyway keep their time; a second time there is nothing left to put off.
   * @throws DomainError not_found · `campaign_not_running`, `redial_nothing` (409)
   */
  async make(user: CurrentUser, code: string, from: number): Promise<RedialList> {
    const campaign = await this.campaigns.byCode(user, code);
    if (campaign.state !== 'running') throw new DomainError('campaign_not_running', { status: 409 });
    const notBefore = this.next(from);
    return this.db.tx(async (tx) => {
      const tasks = await tx.run(sql`
        with chosen as (${this.chosen(user, campaign.id, notBefore)} order by t.id for update of t)
        update calls.task t set not_before = ${notBefore}, refused_reason = null from chosen c where t.id = c.id`);
      if (tasks === 0) throw new DomainError('redial_nothing', { status: 409 });
      await tx.run(sql`
        insert into calls.redial_list (campaign_id, not_before, tasks, by_user, at) values (${campaign.id}, ${notBefore}, ${tasks}, ${user.id}, ${this.clock.now()})`);
      const detail = { notBefore: notBefore.toISOString(), tasks };
      await this.audit.record(tx, user, { action: 'campaign.redial-list', object: 'campaign', id: campaign.code, detail });
      return { tasks, notBefore };
    });
  }

  /** The next time the clock shows that hour. */
  private next(from: number): Date {
    const now = this.clock.now();
    const time = `${String(from).padStart(2, '0')}:00`;
    const today = atTime(dayOf(now), time);
    return today > now ? today : atTime(addDays(dayOf(now), 1), time);
  }

  private async counted(on: Queryable, chosen: Sql, notBefore: Date): Promise<RedialList> {
    const { tasks } = await on.one<{ tasks: number }>(sql`select count(*)::int as tasks from (${chosen}) c`);
    return { tasks, notBefore };
  }

  /** Of the people in the asker's units alone. */
  private chosen(user: CurrentUser, campaignId: string, notBefore: Date): Sql {
    return sql`
      select t.id from calls.task t
      join calls.outcome o on o.code = t.last_outcome
      join staff.v_user u on u.id = t.owner_id
      where t.campaign_id = ${campaignId} and t.state = 'open' and t.callback_at is null and not o.connected and o.redial in ('other_slot', 'same_day')
        and (t.not_before is null or t.not_before < ${notBefore}) and ${inScope(user, sql`u.org_path`)}`;
  }
}
