import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { CustomerBlocked } from '../contact.events.js';
import { usableBy } from '../../staff/staff.queries.js';
import { ContactSets } from '../contact-sets.commands.js';
import type { BlockScope } from '../contact.types.js';
import { reachFault, type TypedReach } from './block-scope.policy.js';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type RowRule, type Stage } from '../../feeds/feeds.types.js';

const CHANNELS = { call: 'call', sms: 'sms', all: 'all', 电话: 'call', 外呼: 'call', 短信: 'sms', 全部: 'all', 所有: 'all' } as const;
const SCOPES = {
  ...{ all: 'all', marketing: 'marketing', product: 'product', campaign: 'campaign' },
  ...{ 全部: 'all', 一律不联系: 'all', 营销: 'marketing', 不收营销: 'marketing', 产品线: 'product', 产品: 'product', 活动: 'campaign' },
} as const;

const REASONS = { block_family_missing: 'family_missing', block_campaign_missing: 'campaign_missing', block_scope_mixed: 'scope_mixed' } as const;

function faultIn(typed: TypedReach): string | null {
  const fault = reachFault(typed);
  return fault ? REASONS[fault.code] : null;
}

/**
 * Do-not-contact lists of other systems, of opt-outs too where a scope is given. A file can only add and lengthen: a number that is missing in it stays blocked,
 * and an end earlier than the known one changes nothing (R19).
 */
@Injectable()
@DeclaresFeed()
export class BlocksFeed implements Feed {
  readonly code = 'blocks';
  readonly extraColumns = 'report';
  readonly columns: readonly FeedColumn[] = [
    { name: 'phone', synonyms: ['手机号码', '号码', '手机号', 'mobile'], type: 'phone', required: true },
    { name: 'channel', synonyms: ['渠道'], type: 'choice', required: true, choices: CHANNELS },
    { name: 'reason', synonyms: ['原因'], type: 'text', required: true },
    // the whole of that day still counts
    { name: 'until', synonyms: ['截止', '截止日期', '到期'], type: 'day' },
    { name: 'source', synonyms: ['来源'], type: 'text', maxLength: 100 },
    // blank: what the two columns after it say, else everything, service included
    { name: 'scope', synonyms: ['范围'], type: 'choice', choices: SCOPES },
    { name: 'product_family', synonyms: ['产品线', '产品族'], type: 'text', maxLength: 64 },
    { name: 'campaign', synonyms: ['活动', '活动编码'], type: 'text', maxLength: 64 },
  ];
  /** Whichever of the three columns a file has. */
  readonly rules: readonly RowRule[] = [
    {
      columns: ['scope', 'product_family', 'campaign'],
      check: ([scope, productFamily, campaign]) => (scope ? faultIn({ scope: scope as BlockScope, productFamily, campaign }) : null),
    },
    {
      columns: ['campaign', 'product_family', 'scope'],
      check: ([campaign, productFamily, scope]) => (scope ? null : faultIn({ productFamily, campaign })),
    },
  ];

  constructor(
    private readonly contact: ContactSets,
    private readonly events: Events,
  ) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await this.settleReach(tx, stage, context);
    const until = stage.has('until') ? sql`platform.day_start(s.until + 1) - interval '1 millisecond'` : sql`null::timestamptz`;
    const source = stage.has('source') ? sql`coalesce(s.source, 'feed')` : sql`'feed'`;
    await tx.run(sql`
      create temporary table block_row on commit drop as
      select s.phone as number, s.channel, coalesce(s.scope, 'all') as scope, nullif(s.product_family, '') as product_family, p.id as campaign_id, s.reason,
             ${until} as until, ${source} as source, ${context.uploader.id}::bigint as actor_id
      from ${stage.table} s left join reporting.campaign p on p.code = s.campaign`);
    await tx.run(sql`analyze block_row`);
    const { created, updated } = await this.contact.block(tx, sql`select * from block_row`);
    const { total } = await tx.one<{ total: number }>(sql`select count(*)::int as total from block_row`);
    if (created + updated > 0) await this.events.publish(tx, CustomerBlocked, { customerId: null });
    return { created, updated, unchanged: total - created - updated };
  }

  /** Says of each row how far it reaches, and leaves one row a reach. */
  private async settleReach(tx: Tx, stage: Stage, { uploader }: ImportContext): Promise<void> {
    const columns = ['scope', 'product_family', 'campaign'];
    if (!columns.some((column) => stage.has(column))) return void (await stage.keepLast('phone', 'channel'));
    await stage.reject(
      'campaign',
      'campaign_unknown',
      sql`select s.row_number from ${stage.table} s where s.campaign is not null
        and not exists (select from reporting.campaign p where p.code = s.campaign and ${usableBy(uploader, sql`p.org_path`)})`,
    );
    await tx.run(sql`
      update ${stage.table} set product_family = coalesce(product_family, ''), campaign = coalesce(campaign, ''),
        scope = coalesce(scope, case when campaign is not null then 'campaign' when product_family is not null then 'product' else 'all' end)`);
    await stage.keepLast('phone', 'channel', ...columns);
  }
}
