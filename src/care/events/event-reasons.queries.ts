import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DeskPorts, type ReasonRequest, type TaskReason, TaskReasons } from '../../calls/desk/task-reasons.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { monthDayText, timeText } from '../../platform/views/formats.js';
import { INVITATIONS } from './events.types.js';

interface Row {
  taskId: string;
  title: string;
  place: string;
  startsAt: Date;
}

/** Tells the call desk which event a call asks to (CAR-10). */
@Injectable()
export class EventTaskReasons extends TaskReasons implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
    private readonly desk: DeskPorts,
  ) {
    super();
  }

  onModuleInit(): void {
    this.desk.registerReasons(this);
  }

  override async reasonsFor({ taskIds, locale }: ReasonRequest): Promise<Map<string, TaskReason[]>> {
    const rows = await this.db.rows<Row>(
      prepared(sql`
      select i.task_id as "taskId", e.title, e.place, e.starts_at as "startsAt"
      from care.invitation i join care.event e on e.id = i.event_id where i.task_id = any(${taskIds}::bigint[]) order by i.task_id, e.starts_at`),
    );
    const reasons = new Map<string, TaskReason[]>();
    for (const { taskId, title, place, startsAt } of rows) {
      const at = `${monthDayText(dayOf(startsAt), locale, this.clock.now())} ${timeText(startsAt)}`;
      const text = this.catalogue.t(locale, 'care.event.reason', { title, place, at });
      reasons.set(taskId, [...(reasons.get(taskId) ?? []), { text, topic: INVITATIONS, label: this.catalogue.t(locale, 'care.event.campaign') }]);
    }
    return reasons;
  }
}
