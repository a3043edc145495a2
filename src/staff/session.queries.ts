import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { prepared, sql } from '../platform/database/sql.js';
import { Authenticator, type Viewer } from '../platform/http/authenticator.js';
import type { Locale } from '../platform/i18n/catalogue.js';
import type { CurrentUser } from './staff.types.js';

const VIEWER = sql`u.id, u.username, u.name, u.role, u.org_unit_id as "orgUnitId", o.name as "orgName", o.path as "orgPath", u.locale, u.agent_no as "agentNo"`;
const MINUTE_MS = 60_000;

/** Tokens are random, so a plain hash keeps them: nobody can guess 256 bits, and the table alone lets nobody in. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Who a session or a bearer token stands for. Asked on every request, so a disabled account is out at once. */
@Injectable()
export class SessionQueries extends Authenticator {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async bySession(userId: string): Promise<CurrentUser | undefined> {
    return this.database.maybe<CurrentUser>(
      prepared(sql`select ${VIEWER} from staff.app_user u join staff.org_unit o on o.id = u.org_unit_id where u.id = ${userId} and u.active`),
    );
  }

  override async byToken(token: string): Promise<CurrentUser | undefined> {
    const now = this.clock.now();
    const row = await this.database.maybe<CurrentUser & { tokenId: string; lastUsedAt: Date | null }>(
      prepared(sql`select ${VIEWER}, t.scope, t.id as "tokenId", t.last_used_at as "lastUsedAt"
        from staff.api_token t join staff.app_user u on u.id = t.user_id join staff.org_unit o on o.id = u.org_unit_id
        where t.token_hash = ${hashToken(token)} and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${now}) and u.active`),
    );
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
