import { Injectable } from '@nestjs/common';
import { addDays, type Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { AudienceByOwner } from '../audience.queries.js';
import type { AudienceCount, Campaign } from '../campaigns.types.js';
import { ExperimentQueries } from '../experiment/experiment.queries.js';
import { detectableView } from '../experiment/experiment.views.js';
import { type Worker, workloadOf } from './workload.policy.js';

/** How far ahead the rota is looked at. */
export const HORIZON_DAYS = 90;
/** Fewer finished calls say nothing of how often one dials. */
const ENOUGH_TASKS = 50;

/** What a planner is told before the launch: when the list is worked off, by whom, and what its groups can show. */
@Injectable()
export class Estimates {
  constructor(
    private readonly db: Database,
    private readonly experiments: ExperimentQueries,
  ) {}

  /** @param first the first day on which it calls */
  async of(campaign: Campaign, first: Day, { count, owners }: { count: AudienceCount; owners: AudienceByOwner }) {
    const [workers, dials, usual] = await Promise.all([this.workers(campaign, first), this.dials(campaign), this.experiments.usualShare(campaign)]);
    const work = workloadOf(workers, campaign.assignment === 'owner' ? owners : count.included, dials);
    const late = work !== null && campaign.endsOn !== null && (work.finishOn === null || work.finishOn > campaign.endsOn);
    return {
      work: work && { ...work, dials: Math.round(dials * 10) / 10, late, horizon: HORIZON_DAYS },
      detectable: detectableView(campaign, count, usual),
    };
  }

  /** What of other lists is due by that day is called first. */
  workers({ orgPath }: Pick<Campaign, 'orgPath'>, first: Day): Promise<Worker[]> {
    return this.db.rows<Worker>(sql`
      select u.id, u.name, coalesce(max(b.open), 0)::int as backlog, jsonb_agg(jsonb_build_object('day', r.day, 'calls', r.calls) order by r.day) as days
      from staff.v_user u
      join calendar.v_rota(${first}, ${addDays(first, HORIZON_DAYS - 1)}) r on r.user_id = u.id
      left join (select t.owner_id, count(*) as open from reporting.task t
                 where t.state in ('open', 'claimed') and t.due_on <= ${first}::date group by t.owner_id) b on b.owner_id = u.id
      where u.role = 'manager' and u.active and starts_with(u.org_path, ${orgPath}::text)
      group by u.id, u.name order by u.name, u.id`);
  }

  /** Dials a customer in the finished tasks of such campaigns; 1 where there are too few. */
  private async dials({ kind, orgPath }: Campaign): Promise<number> {
    const past = await this.db.one<{ tasks: number; dials: number | null }>(sql`
      select count(*)::int as tasks, avg(x.attempts)::float8 as dials
      from campaigns.campaign c
      join staff.v_org_unit o on o.id = c.org_unit_id
      join reporting.task_state x on x.campaign_id = c.id and x.state in ('done', 'not_reached') and x.attempts > 0
      where c.kind = ${kind} and not c.standing and starts_with(o.path, ${orgPath}::text)`);
    return past.tasks >= ENOUGH_TASKS ? Math.max(1, past.dials ?? 1) : 1;
  }
}
