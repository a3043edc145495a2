import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { IS_OPEN } from '../../platform/http/session-store.js';
import { Audit } from '../audit/audit.commands.js';
import type { CurrentUser } from '../staff.types.js';

export interface OwnSession {
  /** Names it without letting anybody in. */
  key: string;
  kind: 'page' | 'api';
  /** null: not known of one that was opened by an earlier release. */
  openedAt: Date | null;
  ip: string | null;
  agent: string | null;
  /** Programs log in as often as they like: their logins are one entry. */
  count: number;
  /** The one that asks. */
  current: boolean;
}

/** The id itself is what lets in: it leaves the database as a hash only. */
const KEY = sql`encode(sha256(convert_to(s.sid, 'UTF8')), 'hex')`;
const PROGRAMS = 'api';

/** Where somebody is logged in, and the way out of everywhere else. */
@Injectable()
export class OwnSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The one that asks first, then the latest. @param sid of the session that asks */
  list(user: CurrentUser, sid: string): Promise<OwnSession[]> {
    return this.database.rows<OwnSession>(sql`
      select * from (
        select ${KEY} as key, 'page' as kind, (s.sess #>> '{opened,at}')::timestamptz as "openedAt", s.sess #>> '{opened,ip}' as ip,
               s.sess #>> '{opened,agent}' as agent, 1 as count, s.sid = ${sid} as current
        from staff.session s where s.user_id = ${user.id} and ${IS_OPEN}
        union all
        select ${PROGRAMS}, 'api', max(t.created_at), null, null, count(*)::int, false from staff.api_token t where ${this.tokens(user)} having count(*) > 0) x
      order by current desc, "openedAt" desc nulls last, key`);
  }

  /** Ends one of one's own, or all but the one that asks. What is over already stays so. @param key undefined = all the others */
  async end(user: CurrentUser, sid: string, key: string | undefined): Promise<number> {
    const one = key ?? null;
    return this.database.tx(async (tx) => {
      const pages = await tx.run(
        sql`delete from staff.session s where s.user_id = ${user.id} and s.sid <> ${sid} and (${one}::text is null or ${KEY} = ${one})`,
      );
      const tokens =
        key === undefined || key === PROGRAMS
          ? await tx.run(sql`update staff.api_token t set revoked_at = ${this.clock.now()} where ${this.tokens(user)}`)
          : 0;
      const count = pages + tokens;
      if (count > 0) await this.audit.record(tx, user, { action: 'session.ended', object: 'user', id: user.id, detail: { count } });
      return count;
    });
  }

  private tokens(user: CurrentUser): Sql {
    return sql`t.user_id = ${user.id} and t.kind = 'session' and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${this.clock.now()})`;
  }
}
