import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { timeText } from '../../platform/views/formats.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { FunnelQueries } from '../funnel.queries.js';
import type { FunnelRow } from '../funnel.types.js';
import { ProductivityQueries } from '../productivity/productivity.queries.js';
import type { BulletinContent } from './bulletins.types.js';

/** Whom a bulletin's figures are read as: somebody who sees its unit and those below, and nothing else. */
const readerOf = (unit: { id: string; name: string; path: string }): CurrentUser => ({
  id: '0',
  username: 'system',
  name: 'system',
  role: 'supervisor',
  orgUnitId: unit.id,
  orgName: unit.name,
  orgPath: unit.path,
  locale: 'zh',
  agentNo: null,
});

/** What a bulletin says: the same figures as the pages and the API, of today up to now (REP-5, R45). */
@Injectable()
export class BulletinContents {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly funnels: FunnelQueries,
    private readonly productivity: ProductivityQueries,
  ) {}

  async content(unitId: string, { slot, late }: { slot: Date | null; late: boolean }): Promise<BulletinContent> {
    const asOf = this.clock.now();
    const day = dayOf(asOf);
    const unit = await this.db.one<{ id: string; name: string; path: string; leaf: boolean }>(sql`
      select o.id, o.name, o.path, not exists (select from staff.v_org_unit c where c.parent_id = o.id and c.active) as leaf
      from staff.v_org_unit o where o.id = ${unitId}`);
    const reader = readerOf(unit);
    const by = unit.leaf ? 'manager' : 'team';
    const [funnel, work] = await Promise.all([
      this.funnels.funnel(reader, by, { from: day, to: day }),
      this.productivity.figures(reader, by, { from: day, to: day }),
    ]);
    const { callbacksPromised: promised, callbacksKept: kept } = work.total;
    return {
      unit: unit.name,
      day,
      time: slot && timeText(slot),
      asOf,
      late,
      total: figuresOf(funnel.total),
      callbacks: { promised, kept, open: await this.overdue(unit.path, asOf) },
      by,
      lines: funnel.rows.map((row) => ({ key: row.key, name: row.label || row.key, ...figuresOf(row) })),
    };
  }

  /** Promises whose minute has passed and that nobody has called yet, of whatever day. */
  private async overdue(path: string, now: Date): Promise<number> {
    const { n } = await this.db.one<{ n: number }>(sql`
      select count(*)::int as n from reporting.open_task t join staff.v_user u on u.id = t.owner_id
      where t.callback_at < ${now} and starts_with(u.org_path, ${path})`);
    return n;
  }

  /** Nobody works today, and nobody of the unit has called. */
  async isIdle(unitId: string): Promise<boolean> {
    const day = dayOf(this.clock.now());
    const { idle } = await this.db.one<{ idle: boolean }>(sql`
      select not exists (select from calendar.v_day d where d.day = ${day}::date and d.working)
         and not exists (select from reporting.dial a join staff.v_org_unit o on o.id = ${unitId}
                         where a.attempt_id >= platform.uuid_floor(${dayStart(day)}) and starts_with(a.org_path, o.path)) as idle`);
    return idle;
  }
}

function figuresOf(row: FunnelRow): BulletinContent['total'] {
  const { attempts, connected, converted, connectRate, conversionRate } = row;
  return { attempts: attempts ?? 0, connected: connected ?? 0, converted: converted ?? 0, connectRate, conversionRate };
}
