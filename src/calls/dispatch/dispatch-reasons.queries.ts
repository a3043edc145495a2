import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, daysBetween, dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { nearText } from '../../platform/views/formats.js';
import { DeskPorts, type ReasonRequest, type TaskReason, TaskReasons } from '../task-reasons.types.js';

interface Row {
  taskId: string;
  dispatchNo: string;
  source: string;
  bizType: string | null;
  deadlineOn: Day;
  campaign: string;
  campaignName: string;
}

/** Tells the call desk which dispatches a task answers to: number, sender, last day. */
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
    const rows = await this.db.rows<Row>(sql`
      select d.task_id as "taskId", d.dispatch_no as "dispatchNo", d.source, d.biz_type as "bizType", d.deadline_on as "deadlineOn", p.code as campaign,
             p.name as "campaignName"
      from calls.dispatch d join campaigns.v_campaign p on p.id = d.campaign_id
      where d.task_id = any(${taskIds}::bigint[]) and d.ended_at is null
      order by d.task_id, d.deadline_on, d.id`);
    const now = this.clock.now();
    const reasons = new Map<string, TaskReason[]>();
    for (const row of rows) {
      const about = [row.source, row.bizType].filter(Boolean).join(' · ');
      const text = this.texts.t(locale, about ? 'dispatch.reason_task_about' : 'dispatch.reason_task', {
        no: row.dispatchNo,
        about,
        deadline: daysBetween(dayOf(now), row.deadlineOn) < 0 ? row.deadlineOn : nearText(row.deadlineOn, locale, now),
      });
      reasons.set(row.taskId, [...(reasons.get(row.taskId) ?? []), { text, topic: row.campaign, label: row.campaignName }]);
    }
    return reasons;
  }
}
