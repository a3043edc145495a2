import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import {
  DeclaresFeed,
  type Feed,
  type FeedColumn,
  type ImportContext,
  type ImportNote,
  type MergeResult,
  type RowRule,
  type Stage,
} from '../../feeds/feeds.types.js';
import { CallHistory } from './call-history.commands.js';
import { measuredOutcome } from '../claims/release-cause.policy.js';
import { SwitchRecords } from '../switch/switch-records.commands.js';

const COLUMNS: readonly FeedColumn[] = [
  { name: 'phone', synonyms: ['被叫', '被叫号码', '手机号码', '号码', 'callee'], type: 'phone', required: true },
  { name: 'started_at', synonyms: ['开始时间', '呼叫时间', '拨打时间'], type: 'instant', required: true },
  { name: 'outcome', synonyms: ['结果', '处理结果'], type: 'text', maxLength: 64 },
  { name: 'cause', synonyms: ['释放原因', '挂机原因'], type: 'text', maxLength: 64 },
  { name: 'talk_seconds', synonyms: ['通话时长', '通话秒数'], type: 'int', required: true, min: 0, max: 86_400 },
  { name: 'campaign', synonyms: ['活动', '活动编码'], type: 'text', maxLength: 64 },
  { name: 'manager', synonyms: ['客户经理'], type: 'text', maxLength: 64 },
  { name: 'agent_no', synonyms: ['工号', '坐席工号'], type: 'text', maxLength: 64 },
  { name: 'answered_at', synonyms: ['应答时间'], type: 'instant' },
  { name: 'ended_at', synonyms: ['结束时间'], type: 'instant' },
  { name: 'caller_number', synonyms: ['外显号码', '主叫'], type: 'text', maxLength: 32 },
  { name: 'recording_ref', synonyms: ['录音', '录音编号'], type: 'text' },
  { name: 'converted', synonyms: ['成交'], type: 'bool' },
  { name: 'order_no', synonyms: ['订单号'], type: 'text', maxLength: 64 },
  {
    name: 'order_state',
    synonyms: ['订单状态'],
    type: 'choice',
    choices: { success: 'succeeded', succeeded: 'succeeded', 成功: 'succeeded', failed: 'failed', 失败: 'failed', open: 'open', 办理中: 'open' },
  },
];

/** A row says how the call ended in one of two columns. */
const OUTCOME_OR_CAUSE: RowRule = {
  columns: ['outcome', 'cause'],
  check: ([outcome, cause]) => (outcome || cause ? null : 'outcome_missing'),
};

/**
 * Call records: history, taken for any campaign state and date, never judged by the gate. A row without campaign is a raw record of the switch, which
 * belongs to an attempt that somebody recorded.
 */
@Injectable()
@DeclaresFeed()
export class CallRecordsFeed implements Feed {
  readonly code = 'call-records';
  readonly columns = COLUMNS;
  readonly extraColumns = 'report' as const;
  readonly rules = [OUTCOME_OR_CAUSE];

  constructor(
    private readonly history: CallHistory,
    private readonly switchRecords: SwitchRecords,
  ) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await this.resolve(tx, stage, context);
    await this.refuse(stage, context);
    await stage.keepLast('phone', 'campaign', 'started_at');
    await this.switchRecords.alone(tx);
    const history = await this.history.write(tx, stage, context);
    const raw = await this.switchRecords.take(tx, stage, context);
    return {
      created: history.created + raw.created,
      updated: history.updated + raw.updated,
      unchanged: history.unchanged + raw.unchanged,
    };
  }

  /** Raw records that still belong to no attempt, and the report of them. */
  async notes(importId: string): Promise<ImportNote[]> {
    const count = await this.switchRecords.unmatchedOf(importId);
    return count === 0 ? [] : [{ key: 'calls.switch_unmatched', params: { count }, href: `/call-records/unmatched?import=${importId}` }];
  }

  /** What each row that names its campaign means, by row number: the ids behind its names, and its outcome. `outcome` wins over `converted`. */
  private async resolve(tx: Tx, stage: Stage, { uploader }: ImportContext): Promise<void> {
    await tx.run(sql`
      create temporary table call_meaning on commit drop as
      with manager as materialized (
        select id, lower(username) as username, agent_no from staff.v_user where role = 'manager' and starts_with(org_path, ${uploader.orgPath}))
      select s.row_number, l.id as line_id, l.customer_id, l.number, c.id as campaign_id, c.kind,
             coalesce(by_name.id, by_agent.id, own.id) as manager_id,
             case when s.outcome is not null then o.code
                  when s.converted then 'converted'
                  else ${measuredOutcome(sql`s.talk_seconds`, sql`s.cause`)} end as outcome
      from ${stage.table} s
      left join (customers.v_line l
                 join customers.v_customer u on u.id = l.customer_id
                 join staff.v_org_unit p on p.id = u.org_unit_id and starts_with(p.path, ${uploader.orgPath})) on l.number = s.phone
      left join (select c.id, c.code, c.kind from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
                 where starts_with(o.path, ${uploader.orgPath}) or starts_with(${uploader.orgPath}, o.path)) c on c.code = s.campaign
      left join manager by_name on by_name.username = lower(s.manager)
      left join manager by_agent on s.manager is null and by_agent.agent_no = s.agent_no
      left join manager own on coalesce(s.manager, s.agent_no) is null and own.id = u.manager_id
      left join calls.outcome o on s.outcome in (o.code, o.label_zh)
      where s.campaign is not null`);
    await tx.run(sql`create index on call_meaning (row_number)`);
    await tx.run(sql`analyze call_meaning`);
  }

  private async refuse(stage: Stage, { now }: ImportContext): Promise<void> {
    const all = sql`select s.row_number from ${stage.table} s`;
    const rows = sql`${all} join call_meaning m using (row_number)`;
    await stage.reject('phone', 'customer_unknown', sql`${rows} where m.line_id is null`);
    await stage.reject('campaign', 'campaign_unknown', sql`${rows} where m.campaign_id is null`);
    await stage.reject('manager', 'manager_unknown', sql`${rows} where m.manager_id is null`);
    await stage.reject('outcome', 'outcome_unknown', sql`${all} where s.outcome <> all (select unnest(array[code, label_zh]) from calls.outcome)`);
    await stage.reject('cause', 'cause_unknown', sql`${rows} where s.outcome is null and m.outcome is null`);
    await stage.reject('outcome', 'outcome_missing', sql`${all} where s.campaign is null and s.outcome is null and s.cause is null`);
    await stage.reject('started_at', 'in_future', sql`${all} where s.started_at > ${now}::timestamptz + interval '1 day'`);
    await stage.reject('started_at', 'too_old', sql`${all} where s.started_at < ${now}::timestamptz - interval '10 years'`);
  }
}
