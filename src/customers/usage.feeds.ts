import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { KNOWN_PHONE, mergeLineFacts, unknownPhones } from './line-facts.commands.js';

const MONTH: FeedColumn = { name: 'month', synonyms: ['月份', '账期'], type: 'month', required: true };

/** Feed `usage`: what a line used of its package, by month. */
@Injectable()
@DeclaresFeed()
export class UsageFeed implements Feed {
  readonly code = 'usage';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    MONTH,
    { name: 'data_quota_mb', synonyms: ['套餐流量', '套餐流量MB'], type: 'int', required: true },
    { name: 'data_used_mb', synonyms: ['已用流量', '已用流量MB'], type: 'int', required: true },
    { name: 'voice_quota_min', synonyms: ['套餐语音', '套餐语音分钟'], type: 'int' },
    { name: 'voice_used_min', synonyms: ['已用语音', '已用语音分钟'], type: 'int' },
    { name: 'extra_fee', synonyms: ['套餐外费用'], type: 'fen' },
  ];

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await stage.keepLast('phone', 'month');
    const same = (name: string): [string, string] => [name, name];
    const facts = Object.fromEntries([
      ...['data_quota_mb', 'data_used_mb', 'voice_quota_min', 'voice_used_min'].map(same),
      ['extra_fee_fen', 'extra_fee'],
    ]);
    return mergeLineFacts(tx, stage, context, { table: 'customers.package_use', key: ['month'], facts });
  }
}

/** Feed `bills`: what a line was billed, by month. */
@Injectable()
@DeclaresFeed()
export class BillsFeed implements Feed {
  readonly code = 'bills';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    MONTH,
    { name: 'amount', synonyms: ['金额', '账单金额'], type: 'fen', required: true },
    { name: 'items', synonyms: ['明细', '费用明细'], type: 'text', maxLength: 1000 },
  ];

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await stage.keepLast('phone', 'month');
    return mergeLineFacts(tx, stage, context, { table: 'customers.bill', key: ['month'], facts: { amount_fen: 'amount', items: 'items' } });
  }
}
