import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { rawSql, sql } from '../../platform/database/sql.js';
import type { EntryRow, FollowUpRow, MeasureRow, Named, SignRow } from './case.types.js';

/** What belongs to one case, once it has been found in the reader's scope: signs, measures, days of follow-up, history. */
@Injectable()
export class CaseParts {
  constructor(private readonly database: Database) {}

  signs(caseId: string): Promise<SignRow[]> {
    return this.database.rows<SignRow>(sql`
      select s.source_code as source, r.label_zh as "labelZh", r.label_en as "labelEn", s.noted_on as "notedOn", s.text
      from retention.sign s join retention.source r on r.code = s.source_code where s.case_id = ${caseId} order by r.sort, s.noted_on desc, s.id`);
  }

  /** Newest first. */
  history(caseId: string): Promise<EntryRow[]> {
    return this.database.rows<EntryRow>(sql`
      select e.at, u.name as by, e.deed, e.state, e.target, e.note from retention.entry e left join staff.v_user u on u.id = e.by_user
      where e.case_id = ${caseId} order by e.id desc`);
  }

  measures(caseId: string, on: Queryable = this.database): Promise<MeasureRow[]> {
    return on.rows<MeasureRow>(sql`
      select m.id, m.kind, f.code as offer, f.name as "offerName", m.cost_fen as "costFen", m.state, m.note, p.name as "proposedBy", m.proposed_by as "proposedById",
             m.proposed_at as "proposedAt", d.name as "decidedBy", m.decided_at as "decidedAt", m.refusal, m.answered_at as "answeredAt"
      from retention.measure m left join retention.offer f on f.id = m.offer_id
      join staff.v_user p on p.id = m.proposed_by left join staff.v_user d on d.id = m.decided_by
      where m.case_id = ${caseId} order by m.id`);
  }

  followUps(caseId: string): Promise<FollowUpRow[]> {
    return this.database.rows<FollowUpRow>(sql`
      select days, due_on as "dueOn", status, told_on as "toldOn", settled_at as "settledAt" from retention.follow_up where case_id = ${caseId} order by days`);
  }

  /** Sources, reasons or directions in the order of their lists, also those that are switched off: cases name them. */
  named(table: 'source' | 'reason' | 'direction', on: Queryable = this.database): Promise<(Named & { enabled: boolean })[]> {
    return on.rows<Named & { enabled: boolean }>(
      sql`select code, label_zh as "labelZh", label_en as "labelEn", enabled from ${rawSql(`retention.${table}`)} order by sort, code`,
    );
  }
}
