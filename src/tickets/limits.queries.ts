import { Injectable } from '@nestjs/common';
import { CalendarQueries } from '../calendar/calendar.queries.js';
import { addDays, dayOf } from '../kernel/day.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Counting } from './deadline.policy.js';
import type { LimitRule, Limits, TicketKind, TicketScope, TicketTier } from './tickets.types.js';

const VERSION = sql`select v.version, to_char(v.work_from, 'HH24:MI') as "workFrom", to_char(v.work_to, 'HH24:MI') as "workTo", u.name as "madeBy", v.made_at as "madeAt"
  from tickets.limit_version v left join staff.v_user u on u.id = v.made_by`;
const RULE = sql`kind, tier, scope, hours, answer_minutes as "answerMinutes", solve_minutes as "solveMinutes"`;
/** A year and the National Day in it: longer than any limit that is counted in working time. */
const REACH_DAYS = 400;

/** How much time a ticket has (TIC-2). */
@Injectable()
export class LimitsQueries {
  constructor(
    private readonly db: Database,
    private readonly calendar: CalendarQueries,
  ) {}

  /** What is in force. */
  async current(on: Queryable = this.db): Promise<Limits> {
    const head = await on.one<Omit<Limits, 'rules'>>(sql`${VERSION} order by v.version desc limit 1`);
    const rules = await on.rows<LimitRule>(sql`
      select ${RULE} from tickets.limit_rule where version = ${head.version}
      order by array_position(array['complaint', 'fault', 'consultation', 'suggestion', 'correction', 'business'], kind), tier, scope desc`);
    return { ...head, rules };
  }

  /** Every version, newest first, with what it changed. */
  versions(): Promise<(Omit<Limits, 'rules'> & { changed: (LimitRule & { answerBefore: number; solveBefore: number; hoursBefore: string })[] })[]> {
    return this.db.rows(sql`
      select h.*, coalesce((
        select jsonb_agg(jsonb_build_object('kind', r.kind, 'tier', r.tier, 'scope', r.scope, 'hours', r.hours, 'answerMinutes', r.answer_minutes,
          'solveMinutes', r.solve_minutes, 'answerBefore', b.answer_minutes, 'solveBefore', b.solve_minutes, 'hoursBefore', b.hours))
        from tickets.limit_rule r join tickets.limit_rule b using (kind, tier, scope)
        where r.version = h.version and b.version = h.version - 1
          and (r.hours, r.answer_minutes, r.solve_minutes) is distinct from (b.hours, b.answer_minutes, b.solve_minutes)), '[]') as changed
      from (${VERSION}) h order by h.version desc limit 50`);
  }

  /** The limit of one ticket as it was promised, and how its time is counted from a moment on. */
  async ruleOf(
    on: Queryable,
    { version, kind, tier, scope }: { version: number; kind: TicketKind; tier: TicketTier; scope: TicketScope },
    from: Date,
  ): Promise<{ rule: LimitRule; counting: Counting }> {
    const { workFrom, workTo, ...rule } = await on.one<LimitRule & { workFrom: string; workTo: string }>(sql`
      select ${RULE}, to_char(v.work_from, 'HH24:MI') as "workFrom", to_char(v.work_to, 'HH24:MI') as "workTo"
      from tickets.limit_rule join tickets.limit_version v using (version)
      where version = ${version} and kind = ${kind} and tier = ${tier} and scope = ${scope}`);
    const day = dayOf(from);
    const days = rule.hours === 'working' ? await this.calendar.workingDaysBetween(day, addDays(day, REACH_DAYS)) : [];
    return { rule, counting: { hours: rule.hours, workFrom, workTo, days } };
  }
}
