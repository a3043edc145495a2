import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../../feeds/feeds.types.js';
import type { Tx } from '../../platform/database/database.js';
import { DispatchIntake } from './dispatch-intake.commands.js';
import { RETURN_COLUMNS } from './return-file.policy.js';

const COLUMNS: readonly FeedColumn[] = [
  { name: 'dispatch_no', synonyms: ['派单号', '派单编号', '工单号', '任务编号'], type: 'text', required: true, maxLength: 64 },
  { name: 'phone', synonyms: ['手机号码', '号码', '客户号码'], type: 'phone', required: true },
  { name: 'campaign', synonyms: ['活动', '活动编码'], type: 'text', required: true, maxLength: 64 },
  { name: 'deadline', synonyms: ['截止', '截止日期', '截止时间', '完成时限'], type: 'day', required: true, withTime: true },
  { name: 'source', synonyms: ['来源系统', '来源', '派单系统'], type: 'text', maxLength: 64 },
  { name: 'biz_type', synonyms: ['业务类型', '派单类型'], type: 'text', maxLength: 64 },
  { name: 'note', synonyms: ['备注', '说明'], type: 'text', maxLength: 500 },
];

/** Contacts that another system asks for (FED-5). Natural key: source system and number. A row of our own return file says nothing new. */
@Injectable()
@DeclaresFeed()
export class DispatchFeed implements Feed {
  readonly code = 'dispatch';
  readonly columns = COLUMNS;
  readonly extraColumns = 'whole' as const;
  readonly ownColumns = RETURN_COLUMNS;

  constructor(private readonly intake: DispatchIntake) {}

  merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    return this.intake.take(tx, stage, context);
  }
}
