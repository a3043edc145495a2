import { Injectable } from '@nestjs/common';
import type { ImportContext, MergeResult, Stage } from '../../feeds/feeds.types.js';
import type { Tx } from '../../platform/database/database.js';
import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { TasksCommands } from '../tasks/tasks.commands.js';
import { DispatchLists } from './dispatch-lists.commands.js';

/** Takes dispatches in, set-based: what is new comes to a list or ends at once, what is known may change while it is open. */
@Injectable()
export class DispatchIntake {
  constructor(
    private readonly tasks: TasksCommands,
    private readonly lists: DispatchLists,
  ) {}

  async take(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await this.tasks.lockPlanning(tx);
    await this.resolve(tx, stage, context);
    await this.lists.askGate(tx);
    await this.lists.lock(tx); // from here on no desk is given these customers: what can be known before is known by now
    await this.compare(tx, stage);
    await this.refuse(stage);
    await stage.keepLast('source', 'dispatch_no');
    await tx.run(sql`delete from dispatch_row r where not exists (select from ${stage.table} s where s.row_number = r.row_number)`);
    await this.lists.endAtOnce(tx, context.now);
    await this.lists.put(tx, context.now);
    await tx.run(sql`analyze dispatch_row`); // its tasks are known by now
    const created = await this.insert(tx, context);
    const updated = await this.update(tx, context);
    await tx.run(sql`analyze calls.dispatch`); // a first file fills an empty table
    await this.lists.retime(tx, sql`select task_id from dispatch_row where task_id is not null and not own_task and (known_id is null or changed)`);
    const { rows } = await tx.one<{ rows: number }>(sql`select count(*)::int as rows from dispatch_row`);
    return { created, updated, unchanged: rows - created - updated };
  }

  /** What each row means: the ids behind its names, the sender's own cells, and the dispatch that bears its number already. */
  private async resolve(tx: Tx, stage: Stage, { uploader }: ImportContext): Promise<void> {
    await tx.run(sql`update ${stage.table} set source = '' where source is null`);
    const sheet = await this.sheet(tx, stage.extraColumns);
    await tx.run(sql`
      create temporary table dispatch_row on commit drop as
      select s.row_number, s.source, s.dispatch_no, s.deadline as deadline_on, s.biz_type, s.note,
             ${sheet}::bigint as sheet_id, cells.texts as cells, l.id as line_id, l.customer_id, l.number, coalesce(l.arpu_fen, 0) as value,
             u.star_level as star, u.manager_id, c.id as campaign_id, c.code as campaign_code, c.kind, c.standing,
             d.id as known_id, d.customer_id as known_customer, d.campaign_id as known_campaign,
             d.task_id, false as own_task, null::text as end_reason, false as changed, false as meant, false as returned
      from ${stage.table} s
      cross join lateral (
        select array_agg(e.cell order by e.place) as texts from jsonb_array_elements_text(s.extras) with ordinality e(cell, place)) cells
      left join (customers.v_line l
                 join customers.v_customer u on u.id = l.customer_id
                 join staff.v_org_unit p on p.id = u.org_unit_id and starts_with(p.path, ${uploader.orgPath})) on l.number = s.phone
      left join (select c.id, c.code, c.kind, c.standing from campaigns.v_campaign c join staff.v_org_unit o on o.id = c.org_unit_id
                 where starts_with(o.path, ${uploader.orgPath}) or starts_with(${uploader.orgPath}, o.path)) c on c.code = s.campaign
      left join calls.dispatch d on d.source = s.source and d.dispatch_no = s.dispatch_no`);
    await tx.run(sql`create index on dispatch_row (row_number)`);
    await tx.run(sql`analyze dispatch_row`);
  }

  private async sheet(tx: Tx, columns: readonly string[]): Promise<string> {
    await tx.run(sql`insert into calls.dispatch_sheet (columns) values (${columns}) on conflict do nothing`);
    return (await tx.one<{ id: string }>(sql`select id from calls.dispatch_sheet where columns = ${columns}::text[]`)).id;
  }

  /** `meant`: a known dispatch is asked for differently · `changed`: that, or its row is written differently. What the file has no column for stays. */
  private async compare(tx: Tx, stage: Stage): Promise<void> {
    const told = (column: 'biz_type' | 'note'): Sql => rawSql(`${stage.has(column) ? 'r' : 'd'}.${column}`);
    await tx.run(sql`
      update dispatch_row r set biz_type = x.biz_type, note = x.note, returned = x.returned, meant = x.meant, changed = x.meant or x.respelled and not x.returned
      from (select r.row_number, ${told('biz_type')} as biz_type, ${told('note')} as note, v.state = 'returned' as returned,
                   (r.deadline_on, ${told('biz_type')}, ${told('note')}) is distinct from (d.deadline_on, d.biz_type, d.note) as meant,
                   calls.sheet_row(n.columns, r.cells) <> calls.sheet_row(o.columns, d.cells) as respelled
            from dispatch_row r
            join calls.dispatch d on d.id = r.known_id
            join reporting.dispatch v on v.dispatch_id = d.id
            join calls.dispatch_sheet n on n.id = r.sheet_id
            join calls.dispatch_sheet o on o.id = d.sheet_id) x
      where x.row_number = r.row_number`);
  }

  private async refuse(stage: Stage): Promise<void> {
    const rows = sql`select r.row_number from dispatch_row r`;
    await stage.reject('phone', 'customer_unknown', sql`${rows} where r.line_id is null`);
    await stage.reject('campaign', 'campaign_unknown', sql`${rows} where r.campaign_id is null`);
    const other = sql`r.known_id is not null and (r.known_customer, r.known_campaign) <> (r.customer_id, r.campaign_id)`;
    await stage.reject('dispatch_no', 'dispatch_taken', sql`${rows} where ${other}`);
    await stage.reject('dispatch_no', 'dispatch_returned', sql`${rows} where r.returned and r.meant`);
  }

  private insert(tx: Tx, { now }: ImportContext): Promise<number> {
    return tx.run(sql`
      insert into calls.dispatch (source, dispatch_no, biz_type, note, deadline_on, campaign_id, customer_id, line_id, sheet_id, cells, task_id, own_task,
                                  ended_at, end_reason, created_at, updated_at)
      select source, dispatch_no, biz_type, note, deadline_on, campaign_id, customer_id, line_id, sheet_id, cells, task_id, own_task,
             case when end_reason is not null then ${now}::timestamptz end, end_reason, ${now}, ${now}
      from dispatch_row where known_id is null order by row_number`);
  }

  private update(tx: Tx, { now }: ImportContext): Promise<number> {
    return tx.run(sql`
      update calls.dispatch d
      set biz_type = r.biz_type, note = r.note, deadline_on = r.deadline_on, sheet_id = r.sheet_id, cells = r.cells, updated_at = ${now}
      from dispatch_row r where d.id = r.known_id and r.changed`);
  }
}
