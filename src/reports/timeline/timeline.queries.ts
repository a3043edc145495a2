import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, pageOf } from '../../kernel/cursor.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql, whereAll } from '../../platform/database/sql.js';
import { inScope } from '../../staff/staff.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { ChannelCount, TimelineOf, TimelineRow } from './timeline.types.js';

export interface TimelineAsk {
  /** One channel only. */
  channel?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

const A_PAGE = 30;
/** `at` in microseconds, as the database keeps it: a cursor in milliseconds would lose its place between two rows. */
const POSITION = sql`(extract(epoch from t.at) * 1000000)::bigint`;

/** Everything that happened with one customer on every channel (CUS-4). */
@Injectable()
export class TimelineQueries {
  constructor(private readonly database: Database) {}

  /** A manager's own customer, otherwise one of the reader's units (SYS-1). @throws DomainError not_found, also outside the scope */
  async customer(user: CurrentUser, id: string): Promise<TimelineOf> {
    const own = user.role === 'manager' ? sql`c.manager_id = ${user.id}` : inScope(user, sql`c.org_path`);
    const known = /^\d{1,18}$/.test(id);
    const row =
      known &&
      (await this.database.maybe<TimelineOf>(sql`
      select c.customer_id as id, c.name from reporting.customer c where c.customer_id = ${id} and ${own}`));
    if (!row) throw notFound('customer', id);
    return row;
  }

  /** Newest first. No scope is asked: {@link customer} before. @throws DomainError cursor_invalid (400) */
  async page(customerId: string, { channel, cursor, limit = A_PAGE }: TimelineAsk = {}): Promise<Page<TimelineRow>> {
    const conditions = [sql`t.customer_id = ${customerId}`, channel !== undefined && sql`t.channel = ${channel}`, before(cursor)];
    const rows = await this.database.rows<TimelineRow & { position: string }>(sql`
      select t.entry, t.at, t.kind, t.channel, t.title, t.state, t.state_zh as "stateZh", t.state_en as "stateEn", t.tone, t.text, t.purpose, t.reasons,
             t.talk_seconds as "talkSeconds", t.parts, t.actor, t.source, ${POSITION} as position
      from reporting.timeline t ${whereAll(conditions)}
      order by t.at desc, t.entry desc limit ${limit + 1}`);
    const page = pageOf(rows, limit, (last) => [last.position, last.entry]);
    return { ...page, items: page.items.map(({ position: _, ...row }) => row) };
  }

  /** How much there is on each channel, the fullest first. */
  counts(customerId: string): Promise<ChannelCount[]> {
    return this.database.rows<ChannelCount>(sql`
      select t.channel, count(*)::int as count from reporting.timeline t where t.customer_id = ${customerId}
      group by t.channel order by count(*) desc, t.channel`);
  }
}

function before(cursor: string | undefined) {
  const key = decodeCursor(cursor, 2);
  if (!key) return undefined;
  const [position, entry] = key.map(String);
  if (!/^\d{1,18}$/.test(position ?? '')) throw new DomainError('cursor_invalid', { status: 400, param: 'cursor' });
  return sql`(t.at, t.entry) < (timestamptz 'epoch' + ${position}::bigint * interval '1 microsecond', ${entry}::text)`;
}
