import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { type Sql, sql } from '../platform/database/sql.js';

/** The phone column of feeds about customers that must be known already. */
export const KNOWN_PHONE: FeedColumn = { name: 'phone', synonyms: ['手机号码', '手机号', '号码', '用户号码'], type: 'phone', required: true };

/** Rows whose number is no customer in the uploader's scope: what lies outside looks like what does not exist. */
export const unknownPhones = (stage: Stage, context: ImportContext): Sql => sql`
  select s.row_number from ${stage.table} s
  where not exists (
    select from customers.line l
    join customers.customer c on c.id = l.customer_id
    join staff.v_org_unit o on o.id = c.org_unit_id
    where l.number = s.phone and starts_with(o.path, ${context.uploader.orgPath}))`;

interface Counted {
  total: number;
  created: number;
  updated: number;
}

const result = ({ total, created, updated }: Counted): MergeResult => ({ created, updated, unchanged: total - created - updated });

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

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject('phone', 'customer_unknown', unknownPhones(stage, context));
    await stage.keepLast('phone', 'changed_on');
    const counted = await tx.one<Counted>(sql`
      with told as (
        select l.customer_id, l.id as line_id, s.old_star, s.new_star, s.changed_on
        from ${stage.table} s join customers.line l on l.number = s.phone),
      changed as (
        update customers.star_change x set old_star = t.old_star, new_star = t.new_star, customer_id = t.customer_id
        from told t
        where x.line_id = t.line_id and x.changed_on = t.changed_on and (x.old_star, x.new_star) is distinct from (t.old_star, t.new_star)
        returning 1),
      made as (
        insert into customers.star_change (customer_id, line_id, old_star, new_star, changed_on, created_at)
        select t.customer_id, t.line_id, t.old_star, t.new_star, t.changed_on, ${context.now}::timestamptz
        from told t
        where not exists (select from customers.star_change x where x.line_id = t.line_id and x.changed_on = t.changed_on)
        returning 1)
      select (select count(*)::int from told) as total, (select count(*)::int from made) as created, (select count(*)::int from changed) as updated`);
    await this.applyNewest(tx, stage, context);
    return result(counted);
  }

  /** An older change that arrives late changes no star; a change to come does not either, until its day. */
  private async applyNewest(tx: Tx, stage: Stage, context: ImportContext): Promise<void> {
    await tx.run(sql`
      with newest as (
        select distinct on (x.customer_id) x.customer_id, x.new_star
        from customers.star_change x
        where x.customer_id in (select l.customer_id from ${stage.table} s join customers.line l on l.number = s.phone)
          and x.changed_on <= platform.day_of(${context.now}::timestamptz)
        order by x.customer_id, x.changed_on desc, x.id desc)
      update customers.customer c set star_level = n.new_star, updated_at = ${context.now}::timestamptz
      from newest n where c.id = n.customer_id and c.star_level <> n.new_star`);
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
    const now = sql`${context.now}::timestamptz`;
    const counted = await tx.one<Counted>(sql`
      with told as (
        select l.customer_id, l.id as line_id, s.month, s.destination, s.days::smallint as days, s.fee, s.returned_on
        from ${stage.table} s join customers.line l on l.number = s.phone),
      changed as (
        update customers.roaming_use x
        set days = coalesce(t.days, x.days), fee_fen = coalesce(t.fee, x.fee_fen), returned_on = coalesce(t.returned_on, x.returned_on), updated_at = ${now}
        from told t
        where x.line_id = t.line_id and x.month = t.month and x.destination = t.destination
          and (x.days, x.fee_fen, x.returned_on)
              is distinct from (coalesce(t.days, x.days), coalesce(t.fee, x.fee_fen), coalesce(t.returned_on, x.returned_on))
        returning 1),
      made as (
        insert into customers.roaming_use (customer_id, line_id, month, destination, days, fee_fen, returned_on, created_at, updated_at)
        select t.customer_id, t.line_id, t.month, t.destination, t.days, t.fee, t.returned_on, ${now}, ${now}
        from told t
        where not exists (
          select from customers.roaming_use x where x.line_id = t.line_id and x.month = t.month and x.destination = t.destination)
        returning 1)
      select (select count(*)::int from told) as total, (select count(*)::int from made) as created, (select count(*)::int from changed) as updated`);
    return result(counted);
  }
}
