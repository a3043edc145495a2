import { Injectable } from '@nestjs/common';
import { notFound } from '../../kernel/errors.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { usableBy } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { Model, ModelCard } from './model.types.js';

export interface ModelRow {
  id: string;
  code: string;
  version: number;
  orgUnitId: string;
  orgPath: string;
  segment: string;
  label: string;
  positive: string;
  excluded: string[];
  card: ModelCard;
  inUse: boolean;
  madeBy: string;
  madeAt: Date;
}

const MODEL = sql`
  select m.id, m.code, m.version, m.org_unit_id as "orgUnitId", o.path as "orgPath", s.code as segment, m.label, m.positive, m.excluded, m.card,
         m.in_use as "inUse", u.name as "madeBy", m.made_at as "madeAt"
  from retention.churn_model m
  join staff.v_org_unit o on o.id = m.org_unit_id
  join segments.v_segment s on s.id = m.segment_id
  join staff.v_user u on u.id = m.made_by`;

/** Churn models: of the user's unit, of one below, or of one above. */
@Injectable()
export class ModelsQueries {
  constructor(private readonly database: Database) {}

  /** Those in use, newest first. */
  list(user: CurrentUser): Promise<ModelRow[]> {
    return this.database.rows<ModelRow>(sql`${MODEL} where m.in_use and ${usableBy(user, sql`o.path`)} order by m.made_at desc, m.id desc`);
  }

  /** All versions of a code, newest first. @throws DomainError not_found */
  async versions(user: CurrentUser, code: string, on: Queryable = this.database): Promise<ModelRow[]> {
    const rows = await on.rows<ModelRow>(sql`${MODEL} where ${this.named(user, code)} order by m.version desc`);
    if (rows.length === 0) throw notFound('churn_model', code);
    return rows;
  }

  /** The version in use with its weights. @throws DomainError not_found */
  inUse(user: CurrentUser, code: string, on: Queryable = this.database): Promise<ModelRow & { model: Model }> {
    return this.weighed(user, code, sql`m.in_use`, on);
  }

  /** Any version with its weights. @throws DomainError not_found */
  version(user: CurrentUser, code: string, version: number): Promise<ModelRow & { model: Model }> {
    return this.weighed(user, code, sql`m.version = ${version}::int`, this.database);
  }

  private async weighed(user: CurrentUser, code: string, which: Sql, on: Queryable): Promise<ModelRow & { model: Model }> {
    const row = await on.maybe<ModelRow & { model: Model }>(sql`
      select x.*, m.parameters as model from (${MODEL} where ${this.named(user, code)} and ${which}) x join retention.churn_model m on m.id = x.id`);
    if (!row) throw notFound('churn_model', code);
    return row;
  }

  private named(user: CurrentUser, code: string): Sql {
    return sql`m.code = ${code} and ${usableBy(user, sql`o.path`)}`;
  }
}
