import { Injectable } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { DeclaresExport, type ExportContent, type ExportSource, type Words } from '../../exports/exports.types.js';
import { formatPhone } from '../../kernel/phone.js';
import { type Cell, cellsOf } from '../../platform/spreadsheet/workbook.js';
import { stampText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { CallListFilter } from './task-list.forms.js';
import { TaskLists, type TaskListRow } from './task-list.queries.js';

export class CampaignListExportForm extends CallListFilter {
  /** Its code. */
  @IsString()
  @Length(1, 64)
  campaign!: string;
}

const COLUMNS = ['customer', 'number', 'star', 'task_state', 'manager', 'team', 'due', 'callback', 'attempts', 'last', 'last_at'] as const;

/** The tasks of a campaign, as its list shows them (REP-4). */
@Injectable()
@DeclaresExport()
export class CampaignListExport implements ExportSource<CampaignListExportForm> {
  readonly code = 'campaign-list';
  readonly roles = ['planner', 'supervisor'] as const;
  readonly form = CampaignListExportForm;

  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly lists: TaskLists,
  ) {}

  async open(user: CurrentUser, filter: CampaignListExportForm, { t, locale }: Words): Promise<ExportContent> {
    const campaign = await this.campaigns.byCode(user, filter.campaign);
    const { count, rows } = await this.lists.allTasks(user, campaign.id, filter);
    const cells = (task: TaskListRow): Cell[] => [
      task.customerName,
      formatPhone(task.number),
      String(task.star),
      t(`campaigns.task.${task.state}`),
      task.ownerName,
      task.teamName,
      task.dueOn,
      stampText(task.callbackAt),
      task.attempts,
      locale === 'en' ? task.outcomeEn : task.outcomeZh,
      stampText(task.lastAttemptAt),
    ];
    const columns = COLUMNS.map((name) => ({ header: t(`campaigns.${name}`), width: 18 }));
    return { rows: count, sheet: { name: t('campaigns.tab.list'), columns, rows: cellsOf(rows, cells) }, fileName: campaign.name };
  }
}
