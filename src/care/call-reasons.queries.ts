import { Injectable } from '@nestjs/common';
import { type ReasonRequest, type TaskReason, TaskReasons } from '../calls/desk/task-reasons.types.js';
import { Clock } from '../kernel/clock.js';
import type { Day } from '../kernel/day.js';
import { Database } from '../platform/database/database.js';
import { prepared, sql } from '../platform/database/sql.js';
import { Catalogue, type Locale } from '../platform/i18n/catalogue.js';
import type { DueFacts, RuleCode, Sentence } from './care.types.js';
import { reasonText, sayer } from './care.views.js';
import { PackageAdvice } from './package-advice.queries.js';
import { RightsNews } from './rights-news.queries.js';
import { ruleOf } from './rules/rule-list.policy.js';
import { NEED_A_MARK } from './rules/service-follow-up.rule.js';
import type { Settings } from './rules/setting.types.js';

interface Row {
  taskId: string;
  customerId: string;
  rule: RuleCode;
  facts: DueFacts;
  open: boolean;
  deadlineOn: Day;
  policyVersion: number;
  settings: Settings;
}

/** Tells the call desk every care reason a task answers to, best first, each with its tick. */
@Injectable()
export class CareTaskReasons extends TaskReasons {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
    private readonly advice: PackageAdvice,
    private readonly news: RightsNews,
  ) {
    super();
  }

  override async reasonsFor({ taskIds, locale, forCall }: ReasonRequest): Promise<Map<string, TaskReason[]>> {
    const rows = await this.db.rows<Row>(
      prepared(sql`
      select d.task_id as "taskId", d.customer_id as "customerId", d.rule_code as rule, d.facts, d.state = 'open' as open, d.deadline_on as "deadlineOn", d.policy_version as "policyVersion", r.settings
      from care.due d join care.rule r on r.code = d.rule_code
      where d.task_id = any(${taskIds}::bigint[])
      order by d.task_id, r.sort, d.deadline_on`),
    );
    const say = sayer(this.catalogue, locale, this.clock.now());
    const worked = forCall ? await Promise.all(rows.map((row) => this.detailsOf(row, locale))) : [];
    const reasons = new Map<string, TaskReason[]>();
    for (const [i, row] of rows.entries()) {
      const reason: TaskReason = {
        text: reasonText(say, ruleOf(row.rule), row),
        topic: row.rule,
        label: this.catalogue.t(locale, `care.rule.${row.rule}`),
      };
      if (row.rule === 'service-follow-up')
        reason.asksSatisfaction = row.open && NEED_A_MARK.some((kind) => kind === row.facts.kind) ? 'must' : 'may';
      const checks = ruleOf(row.rule).checklist?.(row.settings) ?? [];
      if (checks.length > 0) reason.checks = checks.map((code) => ({ code, label: this.checkLabel(code, locale) }));
      const details = worked[i] ?? [];
      if (details.length > 0) reason.details = details.map(say);
      reasons.set(row.taskId, [...(reasons.get(row.taskId) ?? []), reason]);
    }
    return reasons;
  }

  /** A topic that a planner made up is its own label. */
  private checkLabel(code: string, locale: Locale): string {
    const key = `care.check.${code}`;
    return this.catalogue.has(key) ? this.catalogue.t(locale, key) : code;
  }

  private async detailsOf({ rule, customerId, facts }: Row, locale: Locale): Promise<Sentence[]> {
    if (rule === 'package-usage') return this.advice.forLine(String(facts.lineId));
    return rule === 'star-rights' ? this.news.forCall({ customerId, facts, locale }) : [];
  }
}
