import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { StarsChanged } from './customers.events.js';
import { StarChangesCommands } from './star-changes.commands.js';
import { KNOWN_PHONE, type LineFacts, mergeLineFacts, unknownPhones } from './line-facts.commands.js';

const STAR_CHANGE: LineFacts = { table: 'customers.star_change', key: ['changed_on'], facts: { old_star: 'old_star', new_star: 'new_star' } };
const ROAMING_USE: LineFacts = {
  table: 'customers.roaming_use',
  key: ['month', 'destination'],
  facts: { days: 'days', fee_fen: 'fee', returned_on: 'returned_on' },
};

/** Feed `star-changes`: what a customer's star was and became, and when. The newest change known decides the star the customer has. */
@Injectable()
@DeclaresFeed()
export class StarChangesFeed implements Feed {
  readonly code = 'star-changes';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    { name: 'old_star', synonyms: ['原星级'], type: 'star', required: true },
    { name: 'new_star', synonyms: ['新星级'], type: 'star', required: true },
    { name: 'changed_on', synonyms: ['变动日期'], type: 'day', required: true },
  ];

  constructor(
    private readonly events: Events,
    private readonly changes: StarChangesCommands,
  ) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await stage.keepLast('phone', 'changed_on');
    const result = await mergeLineFacts(tx, stage, context, STAR_CHANGE);
    await this.changes.applyNewest(tx, sql`select l.customer_id from ${stage.table} s join customers.line l on l.number = s.phone`);
    await this.events.publish(tx, StarsChanged, { importId: context.importId });
    return result;
  }
}

/** Feed `roaming`: use abroad by line, month and destination; the customer is called after the return (CAR-6). */
@Injectable()
@DeclaresFeed()
export class RoamingFeed implements Feed {
  readonly code = 'roaming';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    { name: 'month', synonyms: ['月份', '账期'], type: 'month', required: true },
    { name: 'returned_on', synonyms: ['回国日期', '返回日期'], type: 'day' },
    { name: 'destination', synonyms: ['目的地', '漫游地'], type: 'text', maxLength: 60 },
    { name: 'days', synonyms: ['天数'], type: 'int', max: 366 },
    { name: 'fee', synonyms: ['漫游费', '费用'], type: 'fen' },
  ];

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await tx.run(sql`update ${stage.table} set destination = '' where destination is null`);
    await stage.keepLast('phone', 'month', 'destination');
    return mergeLineFacts(tx, stage, context, ROAMING_USE);
  }
}
