import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type RowRule, type Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql } from '../platform/database/sql.js';

const KINDS = { 套餐: 'package', 流量包: 'data-pack', 业务包: 'business-pack', 副卡: 'second-card' };

const priceIsNotNegative: RowRule = { columns: ['price'], check: ([price]) => (price?.startsWith('-') ? 'price_negative' : null) };
const excludesOthers: RowRule = {
  columns: ['excludes', 'code'],
  check: ([excludes, code]) => (code && excludes?.includes(`"${code}"`) ? 'excludes_itself' : null),
};

/** What a file may leave out: column → what a blank cell becomes. */
const OPTIONAL: Readonly<Record<string, Sql>> = {
  data_mb: sql`s.data_mb`,
  voice_min: sql`s.voice_min`,
  contract_months: sql`s.contract_months`,
  excludes: sql`coalesce(s.excludes, '{}')`,
  valid_until: sql`s.valid_until`,
};

/**
 * Feed `offers`: the tariff catalogue, a row an offer. A row says all of an offer: a blank cell clears, so that an end can be taken back; a column the file
 * has not is left alone. An offer the file has not stays as it is: it ends by `valid_until`.
 */
@Injectable()
@DeclaresFeed()
export class OffersFeed implements Feed {
  readonly code = 'offers';
  readonly extraColumns = 'report';
  readonly rules = [priceIsNotNegative, excludesOthers];
  readonly columns: readonly FeedColumn[] = [
    { name: 'code', synonyms: ['编码', '资费编码', '产品编码'], type: 'text', required: true, maxLength: 64 },
    { name: 'name', synonyms: ['名称', '资费名称', '产品名称'], type: 'text', required: true, maxLength: 120 },
    { name: 'kind', synonyms: ['类别', '类型'], type: 'choice', required: true, choices: KINDS },
    { name: 'price', synonyms: ['月费', '价格', '资费'], type: 'fen', required: true },
    { name: 'data_mb', synonyms: ['流量', '流量MB'], type: 'int' },
    { name: 'voice_min', synonyms: ['语音', '语音分钟'], type: 'int' },
    { name: 'contract_months', synonyms: ['合约期', '合约期月'], type: 'int', max: 600 },
    { name: 'excludes', synonyms: ['互斥', '互斥编码'], type: 'codes' },
    { name: 'valid_until', synonyms: ['有效期至', '失效日期', '截止', '截止日期'], type: 'day' },
  ];

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject(
      'code',
      'offer_out_of_scope',
      sql`select s.row_number from ${stage.table} s
          join offers.offer f on f.code = s.code
          join staff.v_org_unit o on o.id = f.org_unit_id
          where not starts_with(o.path, ${context.uploader.orgPath})`,
    );
    await stage.keepLast('code');
    return this.write(tx, stage, context);
  }

  private async write(tx: Tx, stage: Stage, { now, uploader }: ImportContext): Promise<MergeResult> {
    const told: [column: string, value: Sql][] = [
      ['name', sql`s.name`],
      ['kind', sql`s.kind`],
      ['price_fen', sql`s.price`],
      ...Object.entries(OPTIONAL).filter(([column]) => stage.has(column)),
    ];
    const columns = (prefix = ''): Sql => rawSql(told.map(([column]) => `${prefix}${column}`).join(', '));
    const values = joinSql(told.map(([, value]) => value));
    const updated = await tx.run(sql`
      update offers.offer f set (updated_at, ${columns()}) = (select ${now}::timestamptz, ${values})
      from ${stage.table} s
      where f.code = s.code and (${columns('f.')}) is distinct from (${values})`);
    const created = await tx.run(sql`
      insert into offers.offer (code, org_unit_id, created_at, updated_at, ${columns()})
      select s.code, ${uploader.orgUnitId}::bigint, ${now}::timestamptz, ${now}::timestamptz, ${values}
      from ${stage.table} s
      where not exists (select from offers.offer f where f.code = s.code)
      order by s.row_number`);
    const { rows } = await tx.one<{ rows: number }>(sql`select count(*)::int as rows from ${stage.table}`);
    return { created, updated, unchanged: rows - created - updated };
  }
}
