import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { Database } from '../../platform/database/database.js';
import { emptySql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { joinFile } from '../archive/archived-blasts.queries.js';
import type { Blast, BlastMessageRow } from '../messaging.types.js';
import { BlastCountsQueries } from '../blasts/blast-counts.queries.js';
import { BlastRuleQueries } from './blast-rule.queries.js';
import { lanesOf, lanesSql } from './recipient-lanes.js';
import { type Counted, filterCondition, filteredStates, type RecipientFilter } from './recipient-filter.js';

const DAY_MS = 86_400_000;
const COLUMNS = sql`r.line_id as "lineId", r.customer_id as "customerId", c.name, c.star_level as "starLevel", r.number as phone, r.state,
  case when r.state not in ('undelivered', 'in_doubt') then nullif(r.reason, '-') end as reason, r.parts,
  m.body as text, m.network_code as "networkCode", m.submitted_at as "submittedAt", m.finished_at as "finishedAt", a.file as archived`;
const JOINS = sql`join customers.v_customer c on c.id = r.customer_id left join messaging.message m on m.id = r.message_id ${joinFile(sql`r.message_id`)}`;

type Listed = Pick<Blast, 'id' | 'orgPath'>;

/** The people of a blast, as far as their reader may see them: those behind each of its figures. */
@Injectable()
export class RecipientsQueries {
  constructor(
    private readonly database: Database,
    private readonly rules: BlastRuleQueries,
    private readonly counts: BlastCountsQueries,
  ) {}

  /** What this blast's figures are counted by, now. */
  async counted(blastId: string): Promise<Counted> {
    const rule = await this.rules.current();
    // ids are made from the moment of hand-over: the greatest is the last
    const sent = await this.database.maybe<{ from: Date; last: Date; family: string | null }>(sql`
      select b.started_at as "from", coalesce(m.created_at, k.last_at) as last, p.family from messaging.blast b
      left join reporting.campaign p on p.id = b.campaign_id
      left join lateral (select created_at from messaging.message x where x.blast_id = b.id order by x.id desc limit 1) m on true
      left join lateral (select max(a.last_at) as last_at from messaging.archived_blast a where a.blast_id = b.id) k on true
      where b.id = ${blastId} and b.started_at is not null and coalesce(m.created_at, k.last_at) is not null`);
    const orders = sent && { from: sent.from, until: new Date(sent.last.getTime() + rule.orderDays * DAY_MS), family: sent.family };
    return { blastId, rule, orders: orders ?? null };
  }

  /** In the order of their lines; those who wait for their turn in the order in which it comes. An unknown state or figure finds nobody. */
  async page(
    user: CurrentUser,
    { id: blastId, orgPath }: Listed,
    filter: RecipientFilter & { limit: number; cursor?: string },
  ): Promise<Page<BlastMessageRow>> {
    const own = ownSql(user, orgPath);
    const states = filteredStates(filter);
    if (isWhole(filter) && !filter.figure && states?.every((state) => state === 'planned' || state === 'queued'))
      return this.waiting(blastId, { states, own }, filter);
    const after = decodeCursor(filter.cursor, 1)?.[0] ?? null;
    const rest = sql`and (${after}::bigint is null or r.line_id > ${after}::bigint) order by r.line_id limit ${filter.limit + 1}`;
    const lanes = states === null && isWhole(filter) ? null : lanesOf(filter, states, await this.counts.states(blastId));
    const found = lanesSql(blastId, lanes, sql`and ${filterCondition(filter, await this.counted(blastId))} and ${own} ${rest}`);
    const rows = await this.database.rows<BlastMessageRow>(sql`${listed(blastId, found)} order by r.line_id limit ${filter.limit + 1}`);
    return pageOf(rows, filter.limit, (last) => [last.lineId]);
  }

  /** From where the next batch begins; then, in a second round, whoever came back behind it. */
  private async waiting(
    blastId: string,
    { states, own }: { states: readonly string[]; own: Sql },
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<BlastMessageRow>> {
    const there = await this.counts.states(blastId);
    if (!there.some(({ state, n }) => n > 0 && states.includes(state))) return { items: [], nextCursor: null };
    const [round, line, end] = decodeCursor(cursor, 3) ?? [0, ...(await this.nextCut(blastId))];
    const part = (nth: number, range: Sql): Sql => sql`
      (select r.line_id, ${nth}::int as round from messaging.recipient r
       where r.blast_id = ${blastId} and r.state = any(${states}::text[]) and ${own} and ${range} order by r.line_id limit ${limit + 1})`;
    const first = part(0, sql`${round} = 0 and r.line_id > ${line}::bigint`);
    const second = part(1, sql`r.line_id > (case ${round}::int when 0 then 0 else ${line}::bigint end) and r.line_id <= ${end}::bigint`);
    const found = sql`select * from (${first} union all ${second}) both_rounds limit ${limit + 1}`;
    const rows = await this.database.rows<BlastMessageRow & { round: number }>(
      sql`${listed(blastId, found, sql`, f.round`)} order by f.round, r.line_id`,
    );
    return pageOf(rows, limit, (last) => [last.round, last.lineId, end]);
  }

  private async nextCut(blastId: string): Promise<[line: string, end: string]> {
    const { cut } = await this.database.one<{ cut: string }>(sql`select cut_after as cut from messaging.blast where id = ${blastId}`);
    return [cut, cut];
  }

  /** All of them, for an export. */
  async all(user: CurrentUser, blast: Listed, filter: RecipientFilter): Promise<{ count: number; rows: AsyncIterable<BlastMessageRow> }> {
    const states = filteredStates(filter);
    const condition = filterCondition(filter, await this.counted(blast.id));
    const found = sql`select r.line_id from messaging.recipient r
      where r.blast_id = ${blast.id} and (${states}::text[] is null or r.state = any(${states}::text[])) and ${condition} and ${ownSql(user, blast.orgPath)}`;
    const rows = this.database.stream<BlastMessageRow>(sql`${listed(blast.id, found)} order by r.line_id`);
    return { count: await this.database.count(found), rows };
  }
}

/** A blast of a unit above has people of other units too: they are shown to whoever is responsible for all of them. */
export const seesAll = (user: CurrentUser, { orgPath }: Pick<Listed, 'orgPath'>): boolean => orgPath.startsWith(user.orgPath);

const ownSql = (user: CurrentUser, orgPath: string): Sql =>
  seesAll(user, { orgPath })
    ? rawSql('true')
    : sql`exists (select from customers.v_customer x join staff.v_org_unit o on o.id = x.org_unit_id where x.id = r.customer_id and ${inScope(user, sql`o.path`)})`;

/** Of one state or of all: no reason picks out some of them. */
const isWhole = ({ reason, code }: RecipientFilter): boolean => !reason && !code;

const listed = (blastId: string, found: Sql, more = emptySql): Sql =>
  sql`select ${COLUMNS} ${more} from (${found}) f join messaging.recipient r on r.blast_id = ${blastId} and r.line_id = f.line_id ${JOINS}`;
