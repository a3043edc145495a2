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

const NONE = { attempts: 0, connected: 0, converted: 0, succeeded: 0, dialled: 0, reached: 0 };

interface Listed {
  campaignId: string | null;
  tasks: number;
  people: number;
}

type Called = Omit<WaveFigures, 'listed'> & { campaignId: string | null };

/** The first wave of a campaign's waves. */
export const rootOf = ({ id, waveOf }: Pick<Campaign, 'id' | 'waveOf'>): string => waveOf ?? id;

/** The waves of a campaign: what each brought, and what all of them brought (R38). */
@Injectable()
export class WavesQueries {
  constructor(private readonly db: Database) {}

  /** In order; of the calls of people in the reader's scope. */
  async of(user: CurrentUser, campaign: Campaign): Promise<{ waves: WaveRow[]; together: WaveFigures }> {
    const root = rootOf(campaign);
    const mine = await this.db.rows<Pick<WaveRow, 'wave' | 'code' | 'name' | 'state'> & { id: string }>(sql`
      select c.id, c.wave, c.code, c.name, c.state from campaigns.campaign c join staff.v_org_unit o on o.id = c.org_unit_id
      where (c.id = ${root} or c.wave_of = ${root}) and ${usableBy(user, sql`o.path`)} order by c.wave`);
    const figuresOf = await this.figures(
      user,
      mine.map(({ id }) => id),
    );
    return { waves: mine.map(({ id, ...wave }) => ({ ...wave, ...figuresOf(id) })), together: figuresOf(null) };
  }

  /** Of each campaign, and of null: all of them. Each is read once for both. */
  private async figures(user: CurrentUser, campaignIds: readonly string[]): Promise<(id: string | null) => WaveFigures> {
    const these = sql`= any(${campaignIds}::bigint[])`; // as values: what is joined would have every call of every campaign read
    const [listed, called] = await Promise.all([
      this.db.rows<Listed>(sql`
        select t.campaign_id as "campaignId", count(*)::int as tasks, count(distinct t.customer_id)::int as people
        from reporting.task t where t.campaign_id ${these} and ${inScope(user, sql`t.org_path`)} group by grouping sets ((t.campaign_id), ())`),
      this.db.rows<Called>(sql`
        select a.campaign_id as "campaignId", ${FIGURES}
        from reporting.attempt a where a.campaign_id ${these} and ${inScope(user, sql`a.org_path`)} group by grouping sets ((a.campaign_id), ())`),
    ]);
    return (id) => {
      const { tasks = 0, people = 0 } = listed.find(({ campaignId }) => campaignId === id) ?? {};
      const { campaignId: _, ...calls } = called.find(({ campaignId }) => campaignId === id) ?? { ...NONE, campaignId: id };
      return { listed: id === null ? people : tasks, ...calls };
    };
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
