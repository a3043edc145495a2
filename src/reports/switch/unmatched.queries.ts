import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { addDays, dayStart } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { CONTRADICTS, type CountRow, RECORD_REASONS, type RecordCut, type RecordFilter, type SwitchRecord } from './unmatched.types.js';

const CUT_SQL: Record<RecordCut, { key: Sql; label: Sql; order: Sql }> = {
  agent: { key: sql`coalesce(r.agent_no, '')`, label: sql`max(r.manager_name)`, order: sql`unmatched desc, key` },
  day: { key: sql`platform.day_of(r.started_at)::text`, label: sql`null`, order: sql`key desc` },
};

const UNMATCHED = sql`r.reason <> ${CONTRADICTS}`;
const COUNTS = joinSql([
  ...RECORD_REASONS.map((reason) => sql`(count(*) filter (where r.reason = ${reason}))::int as ${rawSql(`"${reason}"`)}`),
  sql`(count(*) filter (where ${UNMATCHED}))::int as unmatched`,
]);

/** Raw records of the switch that belong to no attempt, or contradict theirs (R37): counted and listed by one condition (R45). */
@Injectable()
export class UnmatchedQueries {
  constructor(private readonly db: Database) {}

  /** All reasons, whichever one is looked at. */
  counts(user: CurrentUser, by: RecordCut, filter: RecordFilter): Promise<CountRow[]> {
    const { key, label, order } = CUT_SQL[by];
    return this.db.rows<CountRow>(sql`
      select ${key} as key, ${label} as label, ${COUNTS} from reporting.switch_record r
      ${whereAll(within(user, filter))}
      group by 1 order by ${order}`);
  }

  /** What outcomes are called, by code. */
  async labels(locale: string): Promise<Map<string, string>> {
    const rows = await this.db.rows<{ code: string; zh: string; en: string }>(
      sql`select code, label_zh as zh, label_en as en from reporting.outcome`,
    );
    return new Map(rows.map(({ code, zh, en }) => [code, locale === 'en' ? en : zh]));
  }

  /** Newest first. */
  async page(
    user: CurrentUser,
    filter: RecordFilter,
    { limit = 50, cursor }: { limit?: number; cursor?: string | undefined } = {},
  ): Promise<Page<SwitchRecord>> {
    const rows = await this.db.rows<SwitchRecord>(sql`${listed(user, filter, decodeCursor(cursor, 2))} limit ${limit + 1}`);
    return pageOf(rows, limit, (last) => [last.startedAt, last.id]);
  }

  /** All of them, as of one moment, for an export. */
  stream(user: CurrentUser, filter: RecordFilter): AsyncIterable<SwitchRecord> {
    return this.db.stream<SwitchRecord>(listed(user, filter));
  }

  async count(user: CurrentUser, filter: RecordFilter): Promise<number> {
    const { n } = await this.db.one<{ n: number }>(sql`select count(*)::int as n from reporting.switch_record r ${whereAll(chosen(user, filter))}`);
    return n;
  }
}

const listed = (user: CurrentUser, filter: RecordFilter, after?: unknown[]): Sql => sql`
  select r.record_id as id, r.reason, r.started_at as "startedAt", r.number as phone, r.agent_no as "agentNo", r.manager_username as manager,
         r.manager_name as "managerName", r.customer_id as "customerId", r.said as outcome, r.cause, r.talk_seconds as "talkSeconds",
         r.answered_at as "answeredAt", r.ended_at as "endedAt", r.caller_number as "callerNumber", r.recording_ref as "recordingRef",
         r.import_id as "importId", r.attempt_id as "attemptId", r.recorded as "recordedOutcome"
  from reporting.switch_record r
  ${whereAll([...chosen(user, filter), after && sql`(r.started_at, r.record_id) < (${after[0]}::timestamptz, ${after[1]}::text)`])}
  order by r.started_at desc, r.record_id desc`;

const chosen = (user: CurrentUser, filter: RecordFilter): (Sql | undefined)[] => [
  ...within(user, filter),
  filter.reason ? sql`r.reason = ${filter.reason}` : UNMATCHED,
];

const within = (user: CurrentUser, { agentNo, from, to, import: importId }: RecordFilter): (Sql | undefined)[] => [
  inScope(user, sql`r.org_path`),
  agentNo === undefined ? undefined : sql`r.agent_no = ${agentNo}`,
  from ? sql`r.started_at >= ${dayStart(from)}` : undefined,
  to ? sql`r.started_at < ${dayStart(addDays(to, 1))}` : undefined,
  importId ? sql`r.import_id = ${importId}::bigint` : undefined,
];
