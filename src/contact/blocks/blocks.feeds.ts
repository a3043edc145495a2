import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../../feeds/feeds.types.js';

const CHANNELS = { call: 'call', sms: 'sms', all: 'all', 电话: 'call', 外呼: 'call', 短信: 'sms', 全部: 'all', 所有: 'all' } as const;
const SCOPES = { all: 'all', marketing: 'marketing', 全部: 'all', 一律不联系: 'all', 营销: 'marketing', 不收营销: 'marketing' } as const;

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
    // blank: everything, service included
    { name: 'scope', synonyms: ['范围'], type: 'choice', choices: SCOPES },
  ];

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    const scoped = stage.has('scope');
    if (scoped) await tx.run(sql`update ${stage.table} set scope = 'all' where scope is null`);
    await stage.keepLast('phone', 'channel', ...(scoped ? ['scope'] : []));
    const scope = scoped ? sql`s.scope` : sql`'all'`;
    const until = stage.has('until') ? sql`platform.day_start(s.until + 1) - interval '1 millisecond'` : sql`null::timestamptz`;
    const source = stage.has('source') ? sql`coalesce(s.source, 'feed')` : sql`'feed'`;
    // what has run out is closed, not rewritten: its time stays in the books
    await tx.run(sql`
      update contact.block b set lifted_at = b.until, lift_reason = 'expired'
      from (select s.phone as number, s.channel, ${scope} as scope from ${stage.table} s) n
      where b.number = n.number and b.channel = n.channel and b.scope = n.scope and b.lifted_at is null and b.until <= ${context.now}`);
    const { created, updated, total } = await tx.one<{ created: number; updated: number; total: number }>(sql`
      with staged as (select s.phone as number, s.channel, s.reason, ${until} as until, ${source} as source, ${scope} as scope from ${stage.table} s),
      written as (
        insert into contact.block as b (number, channel, scope, reason, source, until, created_by, created_at)
        select number, channel, scope, reason, source, until, ${context.uploader.id}::bigint, ${context.now} from staged
        on conflict (number, channel, scope) where lifted_at is null do update
        set reason = excluded.reason, source = excluded.source, until = excluded.until
        where coalesce(excluded.until, 'infinity') > coalesce(b.until, 'infinity')
        returning (xmax = 0) as is_new)
      select (select count(*) from written where is_new)::int as created, (select count(*) from written where not is_new)::int as updated,
             (select count(*) from staged)::int as total`);
    return { created, updated, unchanged: total - created - updated };
  }
}
