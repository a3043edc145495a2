import { type Sql, sql } from '../../platform/database/sql.js';

/** A wave as its audience needs it. */
export interface WaveSource {
  waveOf: string | null;
  wave: number;
  waveTake: readonly string[];
  mostTogether: number | null;
}

/** The campaigns before a wave, the first one included. */
export const earlierWaves = ({ waveOf, wave }: Pick<WaveSource, 'waveOf' | 'wave'>): Sql =>
  sql`(select e.id from campaigns.campaign e where (e.id = ${waveOf}::bigint or e.wave_of = ${waveOf}::bigint) and e.wave < ${wave}::int)`;

const earlierRows = (source: WaveSource): Sql => sql`
  select r.customer_id, r.line_id, r.attempts, r.pending, r.result, c.wave
  from reporting.task_result r join campaigns.campaign c on c.id = r.campaign_id
  where r.campaign_id in ${earlierWaves(source)}`;

/** Everybody who was on the list of an earlier wave, on the line of the last one: `customer_id, line_id, number`. */
export const waveMembersSql = (source: WaveSource): Sql => sql`
  select distinct on (e.customer_id) e.customer_id, e.line_id, l.number
  from (${earlierRows(source)}) e join customers.v_line l on l.id = e.line_id order by e.customer_id, e.wave desc`;

/** Why each of them is not taken, `customer_id, reason`; taken: null. The same as `waveReason`. */
export const waveReasonsSql = (source: WaveSource): Sql => sql`
  select g.customer_id,
         case when g.pending then 'wave_open'
              when g.decided then 'wave_decided'
              when not (g.last = any(${[...source.waveTake]}::text[])) then 'wave_not_taken'
              when g.dialled >= ${source.mostTogether}::int then 'wave_attempts' end as reason
  from (select e.customer_id, bool_or(e.pending) as pending, bool_or(e.result = 'decided') as decided, sum(e.attempts) as dialled,
               (array_agg(e.result order by e.wave desc))[1] as last
        from (${earlierRows(source)}) e group by e.customer_id) g`;
