import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { isGone } from '../../platform/months/months.queries.js';
import type { BlastOutcome } from '../figures/blast-figures.types.js';

export const MESSAGES = 'messaging.message';

/** The file `a` of a message that is not here any more; `m` is the message as it was looked for, by this id. */
export const joinFile = (
  messageId: Sql,
): Sql => sql`left join platform.archived_month a on m.id is null and a.parent = ${MESSAGES} and a.place = 'file'
  and a.month = date_trunc('month', platform.day_of(platform.uuid_time(${messageId}))::timestamp)::date`;

/** What is known of blasts whose messages have become files. */
@Injectable()
export class ArchivedBlasts {
  constructor(private readonly database: Database) {}

  /** What it had brought when the first of its months left; none while all its messages are here. */
  async outcome(blastId: string): Promise<BlastOutcome | undefined> {
    const kept = await this.database.maybe<{ outcome: BlastOutcome }>(sql`
      select outcome from messaging.archived_blast where blast_id = ${blastId} order by month limit 1`);
    return kept?.outcome;
  }

  /** The files in which its messages are. */
  async filesOf(blastId: string): Promise<string[]> {
    const rows = await this.database.rows<{ file: string }>(sql`
      select a.file from messaging.archived_blast b join platform.archived_month a on a.month = b.month and a.parent = ${MESSAGES} and a.place = 'file'
      where b.blast_id = ${blastId} and ${isGone(sql`a`)} order by a.month`);
    return rows.map(({ file }) => file);
  }
}
