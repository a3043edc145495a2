import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { LookUp } from '../../platform/process/look-up.js';
import { Database } from '../../platform/database/database.js';
import { prepared, sql } from '../../platform/database/sql.js';
import { Authenticator, type Viewer } from '../../platform/http/authenticator.js';
import type { Locale } from '../../platform/i18n/catalogue.js';
import type { CurrentUser } from '../staff.types.js';

const VIEWER = sql`u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", o.name as "orgName", o.path as "orgPath", u.locale, u.agent_no as "agentNo"`;
const MINUTE_MS = 60_000;

/** Tokens are random, so a plain hash keeps them: nobody can guess 256 bits, and the table alone lets nobody in. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

type Bearer = CurrentUser & { tokenId: string; lastUsedAt: Date | null };

/** Who a session or a bearer token stands for. Asked on every request, so a disabled account is out at once. */
@Injectable()
export class SessionQueries extends Authenticator {
  private readonly people = new LookUp<CurrentUser>(async (ids) => {
    const rows = await this.database.rows<CurrentUser>(
      prepared(sql`
        select ${VIEWER} from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id where u.id = any(${ids}::bigint[]) and u.active`),
    );
    return new Map(rows.map((row) => [row.id, row]));
  });
  private readonly bearers = new LookUp<Bearer>(async (hashes) => {
    const rows = await this.database.rows<Bearer & { hash: string }>(
      prepared(sql`
        select ${VIEWER}, t.scope, t.id as "tokenId", t.last_used_at as "lastUsedAt", t.token_hash as hash
        from staff.api_token t join staff.app_user u on u.id = t.user_id join staff.org_unit o on o.id = u.org_unit_id
        where t.token_hash = any(${hashes}::text[]) and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${this.clock.now()})
          and u.active`),
    );
    return new Map(rows.map(({ hash, ...bearer }) => [hash, bearer]));
  });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override bySession(userId: string): Promise<CurrentUser | undefined> {
    return this.people.of(userId);
  }

  override async byToken(token: string): Promise<CurrentUser | undefined> {
    const now = this.clock.now();
    const row = await this.bearers.of(hashToken(token));
    if (!row) return undefined;
    const { tokenId, lastUsedAt, ...viewer } = row;
    if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() > MINUTE_MS) await this.markUsed(tokenId, now);
    return viewer;
  }

  override async rememberLocale(viewer: Viewer, locale: Locale): Promise<void> {
    await this.database.run(sql`update staff.app_user set locale = ${locale} where id = ${viewer.id}`);
  }

  private async markUsed(tokenId: string, now: Date): Promise<void> {
    await this.database.run(sql`update staff.api_token set last_used_at = ${now} where id = ${tokenId}`);
  }
}
