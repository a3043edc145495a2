import { Injectable } from '@nestjs/common';
import { ReportsDatabase } from '../../platform/database/reports-database.js';
import { type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { chosen, CUT_SQL, listedBy } from './provider-statements.js';
import { type FigureAsked, isFault, NO_LIST, type ProviderFigure, type ProviderFilter, type ProviderRowBehind } from './providers.types.js';

/** Calls that a figure counts; every call where it says nothing. */
const CALLS: Partial<Record<ProviderFigure, Sql>> = { wasted: sql`a.fault is not null`, converted: sql`a.converted` };

/** The rows behind the figures of the scorecard: numbers each once, calls each time. */
@Injectable()
export class ProviderRowsQueries {
  constructor(private readonly reports: ReportsDatabase) {}

  /** The newest first. */
  rows(
    user: CurrentUser,
    filter: ProviderFilter,
    { limit, offset, ...asked }: FigureAsked & { limit: number; offset: number },
  ): Promise<ProviderRowBehind[]> {
    return this.reports.rows<ProviderRowBehind>(sql`
      select f.number, f.customer_id as "customerId", c.name as "customerName", f.started_at as at, f.fault, f.campaign_name as "campaignName",
             f.segment_name as "segmentName"
      from (${behind(user, filter, asked)}) f left join reporting.customer c on c.customer_id = f.customer_id
      order by f.started_at desc nulls last, f.id desc limit ${limit} offset ${offset}`);
  }

  async count(user: CurrentUser, filter: ProviderFilter, asked: FigureAsked): Promise<number> {
    return (await this.reports.one<{ n: number }>(sql`select count(*)::int as n from (${behind(user, filter, asked)}) f`)).n;
  }
}

function behind(user: CurrentUser, filter: ProviderFilter, asked: FigureAsked): Sql {
  if (asked.metric === 'listed' || asked.metric === 'duplicates') return listed(user, filter, asked);
  return asked.metric === 'numbers' || isFault(asked.metric) ? numbers(user, filter, asked) : calls(user, filter, asked);
}

const rowOf = ({ by, list }: FigureAsked, side: 'dialled' | 'supplied'): Sql | undefined =>
  list === undefined ? undefined : sql`${CUT_SQL[by][side]} is not distinct from ${list === NO_LIST ? '' : list}`;

const calls = (user: CurrentUser, filter: ProviderFilter, asked: FigureAsked): Sql => sql`
  select a.attempt_id as id, a.number, a.customer_id, a.started_at, a.fault, a.campaign_name, a.segment_name
  from reporting.supplied_dial a ${whereAll([...chosen(user, filter), CALLS[asked.metric], rowOf(asked, 'dialled')])}`;

/** Each with its last call, or the last that found it at fault. */
const numbers = (user: CurrentUser, filter: ProviderFilter, asked: FigureAsked): Sql => sql`
  select distinct on (a.line_id) a.line_id as id, a.number, a.customer_id, a.started_at, a.fault, a.campaign_name, a.segment_name
  from reporting.supplied_dial a
  ${whereAll([...chosen(user, filter), isFault(asked.metric) ? sql`a.fault = ${asked.metric}` : undefined, rowOf(asked, 'dialled')])}
  order by a.line_id, a.attempt_id desc`;

/** Dialled or not, each with its last call in the period. In total those of the lists that the scorecard shows: of which somebody was called. */
function listed(user: CurrentUser, filter: ProviderFilter, asked: FigureAsked): Sql {
  const { dialled, supplied } = CUT_SQL[asked.by];
  const lists = rowOf(asked, 'supplied') ?? sql`${supplied} in (select ${dialled} from reporting.supplied_dial a ${whereAll(chosen(user, filter))})`;
  const which = [...listedBy(user, filter), asked.metric === 'duplicates' ? sql`s.duplicate` : undefined, lists];
  return sql`
    select distinct on (s.line_id) s.line_id as id, s.number, s.customer_id, d.started_at, d.fault, d.campaign_name, s.segment_name
    from reporting.supplied_number s
    left join (select distinct on (a.line_id) a.line_id, a.started_at, a.fault, a.campaign_name from reporting.supplied_dial a
               ${whereAll(chosen(user, filter))} order by a.line_id, a.attempt_id desc) d on d.line_id = s.line_id
    ${whereAll(which)} order by s.line_id`;
}
