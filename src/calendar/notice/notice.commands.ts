import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { RotaChanged } from '../calendar.events.js';
import { yearTable } from '../year.policy.js';
import { YearsCommands } from '../years.commands.js';
import { readNotice } from './notice.policy.js';
import type { Notice, NoticeChange, NoticeResult, NoticeWarning } from './notice.types.js';

interface Standing {
  published: boolean;
  source: string;
}

/** The yearly notice of the State Council, handed in as a small text: first looked at, then taken up, or taken back (CAR-5). */
@Injectable()
export class NoticeCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly years: YearsCommands,
    private readonly events: Events,
  ) {}

  /** What taking up the notice would do; nothing is written. @throws DomainError year_unknown */
  async preview(year: number, text: string): Promise<NoticeResult> {
    const notice = readNotice(text, year);
    return this.db.tx(async (tx) => {
      const standing = await this.standing(tx, year);
      return { ...(await this.judge(tx, notice, standing)), applied: false, published: standing.published };
    });
  }

  /**
   * The notice decides its year from now on, in place of an earlier one; the year counts as published. The same notice again changes nothing.
   * @throws DomainError year_unknown · notice_faulty at `file` when a single line is wrong: half a notice is a wrong calendar
   */
  async takeUp(user: CurrentUser, year: number, text: string): Promise<NoticeResult> {
    const notice = readNotice(text, year);
    const [fault] = notice.faults;
    if (fault) {
      const params = { count: notice.faults.length, line: String(fault.line), value: fault.value };
      throw new DomainError('notice_faulty', { param: 'file', params });
    }
    return this.db.tx(async (tx) => {
      const standing = await this.standing(tx, year);
      const judged = await this.judge(tx, notice, standing);
      if (await this.stands(tx, notice, standing)) return { ...judged, applied: false, published: true };
      await this.forget(tx, year);
      await tx.run(sql`insert into calendar.notice_day (day, working, name)
        select day, working, name from jsonb_to_recordset(${JSON.stringify(notice.days)}::jsonb) as n(day date, working boolean, name text)`);
      await this.years.fill(tx, year);
      await tx.run(sql`update calendar.year set noticed_by = ${user.id}, noticed_at = ${this.clock.now()} where year = ${year}`);
      const detail = { year, off: notice.off, work: notice.work, changes: judged.changes.length };
      await this.audit.record(tx, user, { action: 'calendar.notice_taken_up', object: 'calendar', id: String(year), detail });
      await this.events.publish(tx, RotaChanged, { userId: null });
      return { ...judged, applied: true, published: true };
    });
  }

  /** Takes the notice back: the year is again what the library knows, or not published. Without one nothing happens. @throws DomainError year_unknown */
  async takeBack(user: CurrentUser, year: number): Promise<{ year: number; published: boolean; changes: NoticeChange[] }> {
    return this.db.tx(async (tx) => {
      const standing = await this.standing(tx, year);
      if (!(await this.forget(tx, year))) return { year, published: standing.published, changes: [] };
      const { days, published } = await this.years.tableOf(tx, year);
      const changes = await this.changes(tx, days);
      await this.years.fill(tx, year);
      await tx.run(sql`update calendar.year set noticed_by = null, noticed_at = null where year = ${year}`);
      const detail = { year, changes: changes.length };
      await this.audit.record(tx, user, { action: 'calendar.notice_taken_back', object: 'calendar', id: String(year), detail });
      await this.events.publish(tx, RotaChanged, { userId: null });
      return { year, published, changes };
    });
  }

  /** One import of a year at a time. */
  private async standing(tx: Tx, year: number): Promise<Standing> {
    const row = await tx.maybe<Standing>(sql`select published, source from calendar.year where year = ${year} for update`);
    if (!row) throw new DomainError('year_unknown', { param: 'year', params: { year: String(year) } });
    return row;
  }

  private async judge(tx: Tx, { days, ...notice }: Notice, standing: Standing): Promise<Omit<NoticeResult, 'applied' | 'published'>> {
    const table = yearTable(notice.year, new Map(days.map((one) => [one.day, one])));
    const changes = days.length > 0 ? await this.changes(tx, table.days) : [];
    const byHand = await tx.one<{ count: number }>(sql`
      select count(*)::int as count from calendar.override where extract(year from day) = ${notice.year}::int`);
    const more: NoticeWarning[] = [
      ...(standing.published && changes.length > 0 ? [{ code: 'replaces' as const, params: {} }] : []),
      ...(byHand.count > 0 ? [{ code: 'by_hand' as const, params: byHand }] : []),
    ];
    return { ...notice, warnings: [...notice.warnings, ...more], changes };
  }

  /** Which days a table changes, hand-set ones left out: nothing changes there. */
  private changes(tx: Tx, days: readonly { day: string; working: boolean; name: string | null }[]): Promise<NoticeChange[]> {
    const rows = JSON.stringify(days.map(({ day, working, name }) => ({ day, working, name })));
    return tx.rows<NoticeChange>(sql`
      select n.day, n.working, n.name, d.working as "wasWorking", d.name as "wasName"
      from jsonb_to_recordset(${rows}::jsonb) as n(day date, working boolean, name text)
      join calendar.day d on d.day = n.day
      where (n.working <> d.working or n.name is distinct from d.name) and not exists (select from calendar.override o where o.day = n.day)
      order by n.day`);
  }

  private async stands(tx: Tx, notice: Notice, standing: Standing): Promise<boolean> {
    if (standing.source !== 'notice' || !standing.published) return false;
    const { same } = await tx.one<{ same: boolean }>(sql`
      select not exists (
        (select day, working, name from jsonb_to_recordset(${JSON.stringify(notice.days)}::jsonb) as n(day date, working boolean, name text)
         except select day, working, name from calendar.notice_day)
        union all
        (select day, working, name from calendar.notice_day where extract(year from day) = ${notice.year}::int
         except select day, working, name from jsonb_to_recordset(${JSON.stringify(notice.days)}::jsonb) as n(day date, working boolean, name text))) as same`);
    return same;
  }

  /** @returns the number of days the notice had, 0 without one */
  private forget(tx: Tx, year: number): Promise<number> {
    return tx.run(sql`delete from calendar.notice_day where extract(year from day) = ${year}::int`);
  }
}
