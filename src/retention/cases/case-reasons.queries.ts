import { Injectable } from '@nestjs/common';
import { type ReasonRequest, type TaskReason, TaskReasons } from '../../calls/desk/task-reasons.types.js';
import { formatFen } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { whyText } from '../model/models.views.js';
import type { CaseRow, SignRow } from './case.types.js';
import { CaseOffers } from './case-offers.queries.js';
import { CaseParts } from './case-parts.queries.js';
import type { Say } from './cases.views.js';

interface Row extends Pick<CaseRow, 'id' | 'no' | 'customerId' | 'star' | 'valueFen' | 'source' | 'reason' | 'score' | 'scored'> {
  taskId: string;
  goal: string | null;
  offers: string[] | null;
  scoreText: string | null;
  why: Parameters<typeof whyText>[0];
}

/** Tells the call desk why a customer is to be kept, what to bring about and what may be offered (RET-1, RET-2). */
@Injectable()
export class CaseTaskReasons extends TaskReasons {
  constructor(
    private readonly database: Database,
    private readonly parts: CaseParts,
    private readonly offers: CaseOffers,
    private readonly catalogue: Catalogue,
  ) {
    super();
  }

  override async reasonsFor({ taskIds, locale, forCall }: ReasonRequest): Promise<Map<string, TaskReason[]>> {
    const rows = await this.database.rows<Row>(
      prepared(sql`
      select t.task_id as "taskId", k.id, k.no, k.customer_id as "customerId", k.star, k.value_fen as "valueFen", k.source_code as source, k.reason_code as reason,
             k.score::float8 as score, k.scored, g.goal, g.offers, v.reasons as "scoreText", v.why
      from retention.case_task t join retention.churn_case k on k.id = t.case_id
      left join retention.strategy g on g.id = k.strategy_id
      left join lateral (select w.reasons, w.why from retention.v_churn_score w where w.customer_id = k.customer_id order by w.score desc limit 1) v on k.scored
      where t.task_id = any(${taskIds}::bigint[])`),
    );
    const reasons = new Map<string, TaskReason[]>();
    for (const row of rows) reasons.set(row.taskId, [await this.reasonOf(row, locale, forCall)]);
    return reasons;
  }

  private async reasonOf(row: Row, locale: Locale, forCall: boolean): Promise<TaskReason> {
    const t = (key: string, params: Record<string, unknown> = {}): string => this.catalogue.t(locale, key, params);
    const signs = await this.parts.signs(row.id);
    const likely = t(row.scored ? 'retention.why.scored' : 'retention.why.assumed', { percent: Math.round(row.score * 100) });
    const text = t('retention.why.case', { signs: signsText(signs, locale), likely, value: formatFen(row.valueFen) });
    const reason: TaskReason = { text, topic: null, label: null };
    if (!forCall) return reason;
    const details = [
      row.goal === null ? '' : t('retention.why.goal', { goal: row.goal }),
      row.scored ? t('retention.why.score', { reasons: whyText(row.why, row.scoreText, { locale, t }) }) : '',
      ...(await this.offersOf(row, t)),
    ];
    return {
      ...reason,
      details: details.filter((line) => line !== ''),
      panel: { href: `/tasks/${row.taskId}/case`, label: t('retention.case_no', { no: row.no }) },
    };
  }

  /** The first that fit, with what they cost and who has to be asked. */
  private async offersOf(row: Row, t: Say): Promise<string[]> {
    const fitting = (await this.offers.of(row, row.offers ?? [])).filter(({ misfit }) => misfit === null);
    return fitting
      .slice(0, MOST_OFFERS)
      .map(({ name, text, costFen, asks }) => t(asks ? 'retention.why.offer_asks' : 'retention.why.offer', { name, text, cost: formatFen(costFen) }));
  }
}

const MOST_OFFERS = 3;
const MOST_SIGNS = 3;

function signsText(signs: readonly SignRow[], locale: Locale): string {
  const told = signs.slice(0, MOST_SIGNS).map((sign) => `${locale === 'zh' ? sign.labelZh : sign.labelEn} ${sign.notedOn.slice(5)}`);
  return told.join(locale === 'zh' ? '、' : ', ');
}
