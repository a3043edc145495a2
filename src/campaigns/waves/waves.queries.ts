import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { inScope, usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Campaign, CampaignState } from '../campaigns.types.js';
import { waveReasonsSql } from './wave-audience.js';
import { WAVE_RESULTS, type WaveResult } from './wave.types.js';

/** Counts of calls and of people; in the sum of all waves each person counts once. */
export interface WaveFigures {
  listed: number;
  attempts: number;
  connected: number;
  converted: number;
  succeeded: number;
  /** Customers dialled at least once, and of them those with whom somebody spoke. */
  dialled: number;
  reached: number;
}

export interface WaveRow extends WaveFigures {
  wave: number;
  code: string;
  name: string;
  state: CampaignState;
}

const FIGURES = sql`
  count(*)::int as attempts, count(*) filter (where a.connected)::int as connected, count(*) filter (where a.converted)::int as converted,
  count(*) filter (where a.order_state = 'succeeded')::int as succeeded, count(distinct a.customer_id)::int as dialled,
  (count(distinct a.customer_id) filter (where a.effective))::int as reached`;

/** The first wave of a campaign's waves. */
export const rootOf = ({ id, waveOf }: Pick<Campaign, 'id' | 'waveOf'>): string => waveOf ?? id;

/** The waves of a campaign: what each brought, and what all of them brought (R38). */
@Injectable()
export class WavesQueries {
  constructor(private readonly db: Database) {}

  /** In order; of the calls of people in the reader's scope. */
  async of(user: CurrentUser, campaign: Campaign): Promise<{ waves: WaveRow[]; together: WaveFigures }> {
    const root = rootOf(campaign);
    const mine = sql`select c.id, c.wave, c.code, c.name, c.state from campaigns.campaign c join staff.v_org_unit o on o.id = c.org_unit_id
                     where (c.id = ${root} or c.wave_of = ${root}) and ${usableBy(user, sql`o.path`)}`;
    const listed = sql`select t.campaign_id, t.customer_id from reporting.task t where t.campaign_id in (select id from mine) and ${inScope(user, sql`t.org_path`)}`;
    const called = sql`select a.* from reporting.attempt a where a.campaign_id in (select id from mine) and ${inScope(user, sql`a.org_path`)}`;
    const [waves, together] = await Promise.all([
      this.db.rows<WaveRow>(sql`
        with mine as materialized (${mine}),
        listed as (select l.campaign_id, count(*)::int as listed from (${listed}) l group by 1),
        called as (select a.campaign_id, ${FIGURES} from (${called}) a group by 1)
        select m.wave, m.code, m.name, m.state, coalesce(l.listed, 0) as listed, coalesce(a.attempts, 0) as attempts, coalesce(a.connected, 0) as connected,
               coalesce(a.converted, 0) as converted, coalesce(a.succeeded, 0) as succeeded, coalesce(a.dialled, 0) as dialled, coalesce(a.reached, 0) as reached
        from mine m left join listed l on l.campaign_id = m.id left join called a on a.campaign_id = m.id order by m.wave`),
      this.db.one<WaveFigures>(sql`
        with mine as materialized (${mine})
        select (select count(distinct l.customer_id)::int from (${listed}) l) as listed, ${FIGURES} from (${called}) a`),
    ]);
    return { waves, together };
  }

  /** Whom a next wave could take now, by how the earlier ones left them: what stands in its way alone is left out, the gate is asked in the preview. */
  async takeable(campaign: Campaign): Promise<Record<WaveResult, number>> {
    const root = rootOf(campaign);
    const rows = await this.db.rows<{ result: WaveResult; people: number }>(sql`
      with reasons as (${waveReasonsSql({ waveOf: root, wave: 1000, waveTake: WAVE_RESULTS, mostTogether: null })}),
      last as (
        select distinct on (r.customer_id) r.customer_id, r.result from reporting.task_result r join campaigns.campaign c on c.id = r.campaign_id
        where c.id = ${root} or c.wave_of = ${root} order by r.customer_id, c.wave desc)
      select l.result, count(*)::int as people from last l join reasons x on x.customer_id = l.customer_id where x.reason is null group by 1`);
    const found = new Map(rows.map(({ result, people }) => [result, people]));
    return Object.fromEntries(WAVE_RESULTS.map((result) => [result, found.get(result) ?? 0])) as Record<WaveResult, number>;
  }
}
