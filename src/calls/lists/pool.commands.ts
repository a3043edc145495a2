import { Injectable } from '@nestjs/common';
import { CampaignsQueries } from '../../campaigns/campaigns.queries.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { StaffQueries } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { PoolForm } from './pool.forms.js';
import { lockList } from './list-filling.commands.js';

/** The tasks of a list nobody has, and who could take some: by how many they have to do. */
export interface Pool {
  tasks: number;
  managers: { username: string; name: string; team: string; open: number }[];
}

/** Hands out what was recycled and has nobody (CAM-4, R31, R33). */
@Injectable()
export class Pools {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly campaigns: CampaignsQueries,
    private readonly staff: StaffQueries,
    private readonly catalogue: Catalogue,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError not_found */
  async of(user: CurrentUser, code: string): Promise<Pool> {
    const campaign = await this.campaigns.byCode(user, code);
    const [{ tasks }, managers] = await Promise.all([
      this.db.one<{ tasks: number }>(sql`select count(*)::int as tasks ${lying(user, campaign.id)}`),
      this.staff.activeManagers(user),
    ]);
    const ids = managers.map(({ id }) => id);
    const open = await this.db.rows<{ ownerId: string; open: number }>(sql`
      select owner_id as "ownerId", count(*)::int as open from calls.task where owner_id = any(${ids}::bigint[]) and state in ('open', 'claimed') group by 1`);
    const loads = new Map(open.map((row) => [row.ownerId, row.open]));
    const rows = managers.map((one) => ({ username: one.username, name: one.name, team: one.orgName, open: loads.get(one.id) ?? 0 }));
    return { tasks, managers: rows.sort((a, b) => a.open - b.open) };
  }

  /**
   * In turn, the best customers first; the limit for the first dial begins anew.
   * @returns how many @throws DomainError not_found · pool_receiver (422) · `campaign_not_running`, `pool_empty` (409)
   */
  async handOut(user: CurrentUser, code: string, form: PoolForm): Promise<{ tasks: number }> {
    const campaign = await this.campaigns.byCode(user, code);
    if (campaign.state !== 'running') throw new DomainError('campaign_not_running', { status: 409 });
    const to = await this.receivers(user, form.to);
    const why = form.why?.trim() || this.catalogue.t('zh', 'recycling.handed_out');
    return this.db.tx(async (tx) => {
      await lockList(tx, campaign.id);
      const tasks = await tx.run(sql`
        with lying as materialized (
          select t.id, (${to}::bigint[])[1 + (row_number() over (order by t.star desc, t.expected_value desc, t.id) - 1) % ${to.length}::int] as to_owner
          ${lying(user, campaign.id)}),
        taken as (update calls.task t set state = 'open', owner_id = l.to_owner from lying l where t.id = l.id and t.state = 'recycled' returning t.id)
        insert into calls.assignment (task_id, from_owner, to_owner, by_user, at, why)
        select l.id, null, l.to_owner, ${user.id}::bigint, ${this.clock.now()}::timestamptz, ${why}::text from lying l join taken x on x.id = l.id`);
      if (tasks === 0) throw new DomainError('pool_empty', { status: 409 });
      await this.audit.record(tx, user, {
        action: 'campaign.pool-handed-out',
        object: 'campaign',
        id: campaign.id,
        detail: { code, to: form.to, tasks },
      });
      return { tasks };
    });
  }

  private async receivers(user: CurrentUser, names: readonly string[]): Promise<string[]> {
    const managers = await this.staff.activeManagers(user);
    return [...new Set(names)].map((name) => {
      const found = managers.find(({ username }) => username === name);
      if (!found) throw new DomainError('pool_receiver', { param: 'to', params: { name } });
      return found.id;
    });
  }
}

/** Of the customers in the asker's units alone. */
const lying = (user: CurrentUser, campaignId: string): Sql => sql`
  from calls.task t join customers.v_customer c on c.id = t.customer_id join staff.v_org_unit o on o.id = c.org_unit_id
  where t.campaign_id = ${campaignId} and t.state = 'recycled' and starts_with(o.path, ${user.orgPath}::text)`;
