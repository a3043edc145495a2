import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { InvalidInput } from '../../kernel/errors.js';
import { parseFen } from '../../kernel/money.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ProvidersQueries } from './providers.queries.js';

const MOST_FEN = 10_000;

@Injectable()
export class DialCostCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly providers: ProvidersQueries,
    private readonly audit: Audit,
  ) {}

  /** In force at once, for calls of any day. @param yuan as typed @returns whether anything changed @throws InvalidInput `dial_cost_range` */
  async set(user: CurrentUser, yuan: string): Promise<boolean> {
    const fen = parseFen(yuan);
    if (fen === null || fen < 0 || fen > MOST_FEN) throw new InvalidInput([{ param: 'yuan', code: 'dial_cost_range' }]);
    return this.db.tx(async (tx) => {
      await tx.run(sql`lock table reports.dial_cost in share row exclusive mode`);
      const before = await this.providers.fenADial(tx);
      if (before === fen) return false;
      await tx.run(sql`insert into reports.dial_cost (fen, set_by, set_at) values (${fen}, ${user.id}, ${this.clock.now()})`);
      await this.audit.record(tx, user, { action: 'dial_cost.changed', object: 'dial_cost', detail: { from: before, to: fen } });
      return true;
    });
  }
}
