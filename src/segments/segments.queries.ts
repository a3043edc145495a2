import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { DomainError, notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope, usableBy } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { asksLine, compileFilter } from './filter/compile.policy.js';
import type { FilterAt, FilterNode } from './filter/filter.types.js';
import { formOf } from './filter-form.policy.js';
import { type GroupView, groupViews } from './filter-form.views.js';
import { readFilter } from './filter/read-filter.policy.js';

export type { FilterAt } from './filter/filter.types.js';

type RawFilter = Readonly<Record<string, unknown>>;

/** A filter as `segments/_groups` says it in words; none where it is not of the form's shape. */
export const filterGroups = (filter: RawFilter): GroupView[] => groupViews(formOf(filter) ?? []).filter((group) => group.rows.length > 0);

export interface SegmentRow {
  id: string;
  code: string;
  name: string;
  kind: 'uploaded' | 'filtered';
  /** As it was handed in; null for an uploaded one. */
  filter: Record<string, unknown> | null;
  /** Lines of an uploaded one; of a filter what the last count found. */
  members: number;
  countedAt: Date | null;
  countMs: number | null;
  version: number;
  /** The file's own columns: usable in scripts, filters and templates. */
  columns: string[];
  orgUnit: string;
  orgUnitName: string;
  orgPath: string;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface MemberRow {
  customerId: string;
  lineId: string;
  name: string | null;
  number: string;
  starLevel: number;
  manager: string | null;
  attributes: Record<string, string>;
}

export interface SampleRow {
  customerId: string;
  lineId: string;
  number: string;
}

const SEGMENT = sql`
  select s.id, s.code, s.name, s.kind, s.filter, s.members, s.counted_at as "countedAt", s.count_ms as "countMs", s.version, s.columns, o.code as "orgUnit", o.name as "orgUnitName", o.path as "orgPath", u.name as "createdBy",
         s.created_at as "createdAt", s.updated_at as "updatedAt"
  from segments.segment s
  join staff.v_org_unit o on o.id = s.org_unit_id
  left join staff.v_user u on u.id = s.created_by`;

/** @throws DomainError filter_… naming the node, what is wrong and what would be right */
export const checkFilter = (filter: RawFilter): FilterNode => readFilter(filter);

/**
 * The customers a filter means, each with the line they are reached on: `customer_id, line_id, number`.
 * @throws DomainError filter_…
 */
export function filterSql(filter: RawFilter, at: FilterAt): Sql {
  return sql`
    select l.customer_id, l.line_id, l.number
    from customers.v_customer c
    join customers.v_contact_line l on l.customer_id = c.id
    where ${compileFilter(readFilter(filter), at)}`;
}

/** How many customers of the unit a filter means: `customers`. Their lines are looked at only where the filter asks for one. */
export function filterCountSql(filter: RawFilter, at: FilterAt): Sql {
  const node = readFilter(filter);
  const reachable = asksLine(node)
    ? sql`join customers.v_contact_line l on l.customer_id = c.id where true`
    : sql`where exists (select from customers.v_line x where x.customer_id = c.id)`;
  return sql`
    select count(*)::int as customers
    from customers.v_customer c
    join staff.v_org_unit o on o.id = c.org_unit_id
    ${reachable} and ${inScope(at, sql`o.path`)} and ${compileFilter(node, at)}`;
}

@Injectable()
export class SegmentsQueries {
  constructor(private readonly database: Database) {}

  /** A segment of the user's unit, of one below, or of one above. @throws DomainError not_found */
  async byCode(user: CurrentUser, code: string, on: Queryable = this.database): Promise<SegmentRow> {
    const row = await on.maybe<SegmentRow>(sql`${SEGMENT} where s.code = ${code} and ${usableBy(user, sql`o.path`)}`);
    if (!row) throw notFound('segment', code);
    return row;
  }

  /** The segment that may be added to: of the user's own unit or below. */
  writable(user: { orgPath: string }, code: string, on: Queryable = this.database): Promise<SegmentRow | undefined> {
    return on.maybe<SegmentRow>(sql`${SEGMENT} where s.code = ${code} and ${inScope(user, sql`o.path`)}`);
  }

  /** A filter segment the user may change. @throws DomainError not_found · segment_is_list */
  async filterToChange(user: { orgPath: string }, code: string): Promise<SegmentRow> {
    const segment = await this.writable(user, code);
    if (!segment) throw notFound('segment', code);
    if (!segment.filter) throw new DomainError('segment_is_list', { param: 'filter', params: { segment: code } });
    return segment;
  }

  /** Newest first. */
  async list(user: CurrentUser, { limit = 50, cursor }: { limit?: number; cursor?: string | undefined } = {}): Promise<Page<SegmentRow>> {
    const key = decodeCursor(cursor, 1);
    const rows = await this.database.rows<SegmentRow>(sql`
      ${SEGMENT} ${whereAll([usableBy(user, sql`o.path`), key && sql`s.id < ${key[0]}::bigint`])}
      order by s.id desc limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.id]);
  }

  /** Names of the segment's own columns, in the order of the file. */
  async columnsOf(segmentId: string): Promise<string[]> {
    return (await this.database.one<{ columns: string[] }>(sql`select columns from segments.segment where id = ${segmentId}`)).columns;
  }

  /** Tells one state of a segment from another: who stands on it and when it was last added to, or the filter. */
  async contentOf(segmentId: string, on: Queryable = this.database): Promise<string> {
    const { content } = await on.one<{ content: string }>(sql`
      select concat_ws(':', s.version, s.updated_at, s.filter, m.n, m.who) as content
      from segments.segment s, lateral (
        select count(*) as n, sum(hashint8extended(line_id, 0)) as who from segments.member where segment_id = s.id and s.filter is null) m
      where s.id = ${segmentId}`);
    return content;
  }

  /** What the segment knows of a customer; of several lines the first one in the file counts. */
  async attributes(segmentId: string, customerId: string, on: Queryable = this.database): Promise<Record<string, string>> {
    const row = await on.maybe<{ attributes: Record<string, string> }>(sql`
      select attributes from segments.member where segment_id = ${segmentId} and customer_id = ${customerId} order by line_id limit 1`);
    return row?.attributes ?? {};
  }

  /** The lines of a segment, of a filter those it means now: `customer_id, line_id, number`. Who asks limits them to his scope. */
  async membersSql(segmentId: string, at: FilterAt, on: Queryable = this.database): Promise<Sql> {
    const { filter } = await on.one<{ filter: RawFilter | null }>(sql`select filter from segments.segment where id = ${segmentId}`);
    if (filter) return filterSql(filter, at);
    return sql`
      select m.customer_id, m.line_id, l.number
      from segments.v_member m
      join customers.v_line l on l.id = m.line_id
      where m.segment_id = ${segmentId}::bigint`;
  }

  /** A few members for a preview, spread over the segment rather than its first rows; the same ones each time. */
  async sampleCustomers(segmentId: string, count: number, at: FilterAt): Promise<SampleRow[]> {
    return this.database.rows<SampleRow>(sql`
      with members as (select m.* from (${await this.membersSql(segmentId, at)}) m limit 2000)
      select customer_id as "customerId", line_id as "lineId", number from members order by hashint8(line_id), line_id limit ${count}`);
  }

  /** Every member the user may see, of a filter those it means now, for an export. */
  async allMembers(user: CurrentUser, segment: SegmentRow, at: FilterAt): Promise<{ count: number; rows: AsyncIterable<MemberRow> }> {
    const select = sql`
      select m.customer_id as "customerId", m.line_id as "lineId", c.name, m.number, c.star_level as "starLevel", u.name as manager,
             coalesce(x.attributes, '{}') as attributes
      from (${await this.membersSql(segment.id, at)}) m
      join customers.v_customer c on c.id = m.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      left join segments.member x on x.segment_id = ${segment.id} and x.line_id = m.line_id
      left join staff.v_user u on u.id = c.manager_id
      where ${inScope(user, sql`o.path`)}`;
    return { count: await this.database.count(select), rows: this.database.stream<MemberRow>(sql`${select} order by m.line_id`) };
  }

  /** A page of members the user may see. */
  async members(user: CurrentUser, segmentId: string, cursor?: string, limit = 50): Promise<Page<MemberRow>> {
    const key = decodeCursor(cursor, 1);
    const own = user.role === 'manager' ? sql`c.manager_id = ${user.id}` : inScope(user, sql`o.path`);
    const rows = await this.database.rows<MemberRow>(sql`
      select m.customer_id as "customerId", m.line_id as "lineId", c.name, l.number, c.star_level as "starLevel", u.name as manager, m.attributes
      from segments.member m
      join customers.v_line l on l.id = m.line_id
      join customers.v_customer c on c.id = m.customer_id
      join staff.v_org_unit o on o.id = c.org_unit_id
      left join staff.v_user u on u.id = c.manager_id
      ${whereAll([sql`m.segment_id = ${segmentId}`, own, key && sql`m.line_id > ${key[0]}::bigint`])}
      order by m.line_id limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.lineId]);
  }
}
