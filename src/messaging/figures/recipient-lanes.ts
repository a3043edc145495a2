import { joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { APART_STATES } from '../blasts/blast.states.js';
import type { CountRow } from '../blasts/blast-counts.queries.js';
import type { RecipientFilter } from './recipient-filter.js';

/** Where the rows of a list lie: those of one reason together, those that wait for a receipt among the messages, all others in the order of lines. */
export interface Lanes {
  apart: { state: string; reason: string }[];
  awaited: string[];
  usual: string[];
}

const AWAITED = ['submitted', 'accepted'];

/** Of what is there at all: a list of nobody is looked for nowhere. */
export function lanesOf({ reason, code }: RecipientFilter, states: readonly string[] | null, there: readonly CountRow[]): Lanes {
  const named = [reason, code].find(Boolean);
  const wanted = there.filter((row) => (states === null || states.includes(row.state)) && (named === undefined || row.reason === named));
  const apart = wanted.flatMap(({ state, reason: why }) => (why === null ? [] : [{ state, reason: why }]));
  const ways = wanted.map(({ state }) => state).filter((state) => !APART_STATES.some((one) => one === state));
  return { apart, awaited: ways.filter((state) => AWAITED.includes(state)), usual: ways.filter((state) => !AWAITED.includes(state)) };
}

/** @param rest what else is asked of `r`, and its order and end */
export function lanesSql(blastId: string, lanes: Lanes | null, rest: Sql): Sql {
  const all = sql`(select r.line_id from messaging.recipient r where r.blast_id = ${blastId} ${rest})`;
  if (lanes === null) return all;
  const parts: Sql[] = [];
  if (lanes.apart.length > 0)
    parts.push(sql`
      (select x.line_id from jsonb_to_recordset(${JSON.stringify(lanes.apart)}::jsonb) as s(state text, reason text) cross join lateral (
        select r.line_id from messaging.recipient r where r.blast_id = ${blastId} and r.reason = s.reason and r.state = s.state ${rest}) x)`);
  if (lanes.awaited.length > 0)
    parts.push(sql`
      (select r.line_id from messaging.message m join messaging.recipient r on r.blast_id = m.blast_id and r.line_id = m.line_id and r.message_id = m.id
       where m.blast_id = ${blastId} and m.state = any(${lanes.awaited}::text[]) and m.state in ('submitted', 'accepted') ${rest})`);
  if (lanes.usual.length > 0)
    parts.push(sql`(select r.line_id from messaging.recipient r where r.blast_id = ${blastId} and r.state = any(${lanes.usual}::text[]) ${rest})`);
  return parts.length > 0 ? joinSql(parts, ' union all ') : rawSql('select null::bigint as line_id where false');
}
