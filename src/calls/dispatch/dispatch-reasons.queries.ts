import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { nearText } from '../../platform/views/formats.js';
import { DeskPorts, type ReasonRequest, type TaskReason, TaskReasons } from '../desk/task-reasons.types.js';

interface Row {
  taskId: string;
  dispatchNo: string;
  source: string;
  bizType: string | null;
  note: string | null;
  deadlineOn: Day;
  campaign: string;
  campaignName: string;
}

/** Tells the call desk which dispatches a task answers to: number, sender, last day, what the sender noted. */
@Injectable()
export class DispatchReasons extends TaskReasons implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly texts: Catalogue,
    private readonly ports: DeskPorts,
  ) {
    super();
  }

  onModuleInit(): void {
    this.ports.registerReasons(this);
  }

  override async reasonsFor({ taskIds, locale }: ReasonRequest): Promise<Map<string, TaskReason[]>> {
    const rows = await this.db.rows<Row>(
      prepared(sql`
      select d.task_id as "taskId", d.dispatch_no as "dispatchNo", d.source, d.biz_type as "bizType", d.note, d.deadline_on as "deadlineOn", p.code as campaign,
             p.name as "campaignName"
      from calls.dispatch d join campaigns.v_campaign p on p.id = d.campaign_id
      where d.task_id = any(${taskIds}::bigint[]) and d.ended_at is null
      order by d.task_id, d.deadline_on, d.id`),
    );
    const now = this.clock.now();
    const reasons = new Map<string, TaskReason[]>();
    for (const row of rows) {
      const reason = { text: this.sentence(row, locale, now), topic: row.campaign, label: row.campaignName };
      reasons.set(row.taskId, [...(reasons.get(row.taskId) ?? []), reason]);
    }
    return reasons;
  }

  private sentence({ dispatchNo, source, bizType, note, deadlineOn }: Row, locale: Locale, now: Date): string {
    const about = [source, bizType].filter(Boolean).join(' · ');
    const text = this.texts.t(locale, about ? 'dispatch.reason_task_about' : 'dispatch.reason_task', {
      no: dispatchNo,
      about,
      deadline: deadlineOn < dayOf(now) ? deadlineOn : nearText(deadlineOn, locale, now),
    });
    return note ? this.texts.t(locale, 'dispatch.reason_task_note', { text, note }) : text;
  }
}
