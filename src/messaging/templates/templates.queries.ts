import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { TemplateRow, TemplateVersion, Wording } from '../messaging.types.js';
import { ruleColumns } from '../wording/wording-rules.queries.js';

const TEMPLATE = sql`
  select t.id, t.code, t.name, t.purpose, o.path as "orgPath", v.version, v.signature, v.body, v.expected_replies as "expectedReplies",
         case when v.approved_at is null then 'draft' else 'approved' end as state,
         v.author_id as "authorId", a.name as "authorName", v.created_at as "writtenAt", b.name as "approvedBy", v.approved_at as "approvedAt",
         case when v.refused_at is not null then jsonb_build_object('by', r.name, 'at', v.refused_at, 'reason', v.refused_reason) end as refused,
         (select g.code from segments.v_segment g where g.id = t.preview_segment_id) as "previewSegment",
         (select max(version) from messaging.template_version u where u.template_id = t.id and u.approved_at is not null) as "inUse"
  from messaging.template t
  join staff.v_org_unit o on o.id = t.org_unit_id
  join lateral (select * from messaging.template_version n where n.template_id = t.id order by version desc limit 1) v on true
  left join staff.v_user a on a.id = v.author_id
  left join staff.v_user b on b.id = v.approved_by
  left join staff.v_user r on r.id = v.refused_by`;

const USED = sql`select t.id as "templateId", t.version, t.purpose, t.signature, t.body, t.code, ${ruleColumns(sql`t.purpose`)} from messaging.v_template t`;

@Injectable()
export class TemplatesQueries {
  constructor(private readonly database: Database) {}

  /** Templates of the user's own unit, of those below, and of those above: a team sends what the province wrote. */
  list(user: CurrentUser): Promise<TemplateRow[]> {
    return this.database.rows<TemplateRow>(
      sql`${TEMPLATE} where t.retired_at is null and ${usableBy(user, sql`o.path`)} order by t.name, t.id limit 500`,
    );
  }

  /** @throws DomainError not_found */
  async byCode(user: CurrentUser, code: string, on: Queryable = this.database): Promise<TemplateRow> {
    const row = await on.maybe<TemplateRow>(sql`${TEMPLATE} where t.code = ${code} and t.retired_at is null and ${usableBy(user, sql`o.path`)}`);
    if (!row) throw notFound('template', code);
    return row;
  }

  /** Every wording it has had, newest first. */
  versions(templateId: string): Promise<TemplateVersion[]> {
    return this.database.rows<TemplateVersion>(sql`
      select v.version, v.signature, v.body, v.expected_replies as "expectedReplies", a.name as "authorName", v.created_at as "writtenAt",
             b.name as "approvedBy", v.approved_at as "approvedAt"
      from messaging.template_version v left join staff.v_user a on a.id = v.author_id left join staff.v_user b on b.id = v.approved_by
      where v.template_id = ${templateId} order by v.version desc`);
  }

  /** The approved wording of a template. @throws DomainError template_not_approved, not_found */
  async inUse(which: { id: string } | { code: string }, on: Queryable = this.database): Promise<Wording> {
    const condition: Sql = 'id' in which ? sql`t.id = ${which.id}` : sql`t.code = ${which.code}`;
    const row = await on.maybe<Wording & { code: string; version: number | null }>(sql`${USED} where ${condition}`);
    if (!row) throw notFound('template', 'id' in which ? which.id : which.code);
    if (row.version === null) throw new DomainError('template_not_approved', { param: 'template', params: { template: row.code } });
    return row;
  }
}
