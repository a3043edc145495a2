import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Catalogue, type TextParams } from '../../platform/i18n/catalogue.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { Events } from '../../platform/jobs/events.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { reasonsText } from './models.views.js';
import { ScoresTold } from '../retention.events.js';
import { type ScoredMember, ScoresQueries } from './scores.queries.js';

const CHUNK = 5_000;

/** A model's word as the churn score of a segment's lines. */
@Injectable()
export class ScoringCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly scores: ScoresQueries,
    private readonly catalogue: Catalogue,
    private readonly audit: Audit,
    private readonly events: Events,
  ) {}

  /**
   * One score a line and day: a second run of a day replaces the first. All or nothing.
   * @returns how many lines were scored
   * @throws DomainError not_found (model, segment)
   */
  async apply(user: CurrentUser, what: { model: string; segment: string }): Promise<number> {
    const { count, rows } = await this.scores.of(user, what);
    await this.database.tx(async (tx) => {
      let chunk: ScoredMember[] = [];
      for await (const row of rows) {
        chunk.push(row);
        if (chunk.length === CHUNK) {
          await this.keep(tx, chunk);
          chunk = [];
        }
      }
      await this.keep(tx, chunk);
      await this.audit.record(tx, user, {
        action: 'churn-model.applied',
        object: 'churn_model',
        id: what.model,
        detail: { segment: what.segment, lines: count },
      });
      await this.events.publish(tx, ScoresTold, {});
    });
    return count;
  }

  private async keep(tx: Tx, members: readonly ScoredMember[]): Promise<void> {
    const words = { locale: 'zh' as const, t: (key: string, params?: TextParams) => this.catalogue.t('zh', key, params) };
    const rows = members.map(({ customerId, lineId, score, reasons }) => ({
      customerId,
      lineId,
      score,
      reasons: reasonsText(reasons, words),
      why: reasons,
    }));
    const now = this.clock.now();
    await tx.run(sql`
      insert into retention.churn_score as s (customer_id, line_id, score, reasons, why, scored_on, created_at, updated_at)
      select x."customerId", x."lineId", x.score, x.reasons, x.why, ${dayOf(now)}::date, ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x("customerId" bigint, "lineId" bigint, score numeric, reasons text, why jsonb)
      on conflict (line_id, scored_on) do update set score = excluded.score, reasons = excluded.reasons, why = excluded.why, updated_at = excluded.updated_at
      where (s.score, s.reasons, s.why) is distinct from (excluded.score, excluded.reasons, excluded.why)`);
  }
}
