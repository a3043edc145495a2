import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { prepared, sql } from '../platform/database/sql.js';
import type { CareRule, RuleCode, RuleRow } from './care.types.js';
import { readSettings } from './rules/settings.policy.js';
import { RULES, ruleOf } from './rules/rule-list.policy.js';
import type { Settings } from './rules/setting.types.js';

/** A rule as it is in force: what it is, and how the planner has set it. */
export interface RuleInForce {
  rule: CareRule;
  settings: Settings;
  version: number;
}

export interface RuleVersion {
  version: number;
  enabled: boolean;
  settings: Settings;
  by: string | null;
  at: Date;
}

const ROW = sql`
  select r.code, r.enabled, r.version, r.settings, r.updated_at as "updatedAt", u.name as "updatedBy"
  from care.rule r left join staff.v_user u on u.id = r.updated_by`;

/** A setting that a later release added has its default. */
const complete = (row: RuleRow): RuleRow => ({ ...row, settings: readSettings(ruleOf(row.code).fields, row.settings) });

@Injectable()
export class CareRulesQueries {
  constructor(private readonly db: Database) {}

  /** Every rule, the best reason first. */
  async list(on: Queryable = this.db): Promise<RuleRow[]> {
    const rows = new Map((await on.rows<RuleRow>(ROW)).map((row) => [row.code, row]));
    return RULES.flatMap((rule) => rows.get(rule.code) ?? []).map(complete);
  }

  /** @throws DomainError not_found */
  async byCode(code: string, on: Queryable = this.db): Promise<RuleRow> {
    const row = await on.maybe<RuleRow>(prepared(sql`${ROW} where r.code = ${code}`));
    if (!row) throw notFound('care_rule', code);
    return complete(row);
  }

  /** The enabled rules, all of them or of those named; the best reason first. */
  async inForce(codes?: readonly RuleCode[]): Promise<RuleInForce[]> {
    const rows = (await this.list()).filter((row) => row.enabled && (codes?.includes(row.code) ?? true));
    return rows.map((row) => ({ rule: ruleOf(row.code), settings: row.settings, version: row.version }));
  }

  /** What each version said, newest first. */
  versions(code: string): Promise<RuleVersion[]> {
    return this.db.rows<RuleVersion>(sql`
      select v.version, v.enabled, v.settings, u.name as by, v.at
      from care.rule_version v left join staff.v_user u on u.id = v.by_user
      where v.rule_code = ${code} order by v.version desc limit 50`);
  }
}
