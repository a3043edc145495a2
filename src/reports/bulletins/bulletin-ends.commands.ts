import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import { MOST_TRIES, type Outcome, waitSeconds } from './answer.policy.js';
import { SendBulletin } from './bulletins.events.js';

interface Tried {
  id: string;
  bulletinId: string;
  host: string;
  slot: Date | null;
  tries: number;
}

/** How a try ends: for good with its line in the audit log, or with another one later. */
@Injectable()
export class BulletinEnds {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async end(claimed: Tried, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    const again = outcome.state === 'again' && claimed.tries < MOST_TRIES;
    const state = again ? 'waiting' : outcome.state === 'again' ? 'failed' : outcome.state;
    const reason = 'reason' in outcome ? outcome.reason : null;
    await this.db.tx(async (tx) => {
      await tx.run(sql`
        update reports.bulletin_delivery set state = ${state}, status = ${outcome.status}, reason = ${reason}, ended_at = ${again ? null : now} where id = ${claimed.id}`);
      if (again)
        return this.outbox.add(tx, SendBulletin, { delivery: claimed.id }, { runAt: new Date(now.getTime() + waitSeconds(claimed.tries) * 1000) });
      const detail = { host: claimed.host, slot: claimed.slot?.toISOString() ?? 'test', status: outcome.status, reason };
      await this.audit.record(tx, 'system', { action: `bulletin.${state}`, object: 'bulletin', id: claimed.bulletinId, detail });
    });
  }
}
