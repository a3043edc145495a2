import { Injectable } from '@nestjs/common';
import { KNOWN_PHONE, type LineFacts, mergeLineFacts, unknownPhones } from '../customers/line-facts.commands.js';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../feeds/feeds.types.js';
import { addDays, dayOf } from '../kernel/day.js';
import type { Tx } from '../platform/database/database.js';
import { rawSql, sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { ScoresTold, SignsListed } from './retention.events.js';

const CHURN_INTENT: LineFacts = { table: 'retention.churn_intent', key: ['source', 'noted_on'], facts: { reason: 'reason' } };
const CHURN_SCORE: LineFacts = { table: 'retention.churn_score', key: ['scored_on'], facts: { score: 'score', reasons: 'reasons' } };

/** Rows nobody in the uploader's scope has, and days to come: a score of next year would be the current one until then. A day's grace for clocks. */
async function refuse(stage: Stage, context: ImportContext, day: string): Promise<void> {
  await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
  await stage.reject(
    day,
    'in_future',
    sql`select s.row_number from ${stage.table} s where s.${rawSql(day)} > ${addDays(dayOf(context.now), 1)}::date`,
  );
}

/** Feed `churn-intent`: who asked to leave, or did what people do before they leave (RET-1). */
@Injectable()
@DeclaresFeed()
export class ChurnIntentFeed implements Feed {
  readonly code = 'churn-intent';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    { name: 'source', synonyms: ['来源', '来源系统'], type: 'text', maxLength: 100 },
    { name: 'reason', synonyms: ['原因', '离网原因'], type: 'text', maxLength: 500 },
    { name: 'noted_on', synonyms: ['日期', '登记日期'], type: 'day', required: true },
  ];

  constructor(private readonly events: Events) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await refuse(stage, context, 'noted_on');
    await tx.run(sql`update ${stage.table} set source = '' where source is null`);
    await stage.keepLast('phone', 'source', 'noted_on');
    const merged = await mergeLineFacts(tx, stage, context, CHURN_INTENT);
    if (merged.created > 0) await this.events.publish(tx, SignsListed, {});
    return merged;
  }
}

/** Feed `churn-scores`: how likely a line is to leave (RET-2). A score without a day is of the day it came. */
@Injectable()
@DeclaresFeed()
export class ChurnScoresFeed implements Feed {
  readonly code = 'churn-scores';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    KNOWN_PHONE,
    { name: 'score', synonyms: ['得分', '离网得分', '离网概率'], type: 'fraction', required: true },
    { name: 'reasons', synonyms: ['原因', '离网原因'], type: 'text', maxLength: 1000 },
    { name: 'scored_on', synonyms: ['评分日期', '日期'], type: 'day' },
  ];

  constructor(private readonly events: Events) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await refuse(stage, context, 'scored_on');
    await tx.run(sql`update ${stage.table} set scored_on = ${dayOf(context.now)}::date where scored_on is null`);
    await stage.keepLast('phone', 'scored_on');
    const merged = await mergeLineFacts(tx, stage, context, CHURN_SCORE);
    // what a model of ours had to say of that day's score holds no more
    await tx.run(sql`
      update retention.churn_score x set why = null from ${stage.table} s join customers.v_line l on l.number = s.phone
      where x.line_id = l.id and x.scored_on = s.scored_on and x.why is not null`);
    if (merged.created + merged.updated > 0) await this.events.publish(tx, ScoresTold, {});
    return merged;
  }
}
