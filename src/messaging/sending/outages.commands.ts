import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { GatewayAccount, SubmitResult } from '../gateways/gateway.types.js';
import { answersAgain, countsAsFailure, outageIn, restAfter, slowDownBy } from './outage.policy.js';

/** What answers say of the gateway itself: that it is down, that it answers again, that we are too quick for it. */
@Injectable()
export class OutagesCommands {
  constructor(private readonly clock: Clock) {}

  async note(tx: Tx, account: GatewayAccount, results: readonly SubmitResult[]): Promise<void> {
    const code = outageIn(results, account.failures);
    const longerMs = slowDownBy(results, account);
    if (code !== null) await this.rest(tx, account, { code, atLeastMs: longerMs });
    else if (countsAsFailure(results)) await this.count(tx, account);
    else if (account.failures > 0 && answersAgain(results)) await this.wake(tx, account);
    if (longerMs > 0) await this.slowDown(tx, account, longerMs);
  }

  /** Two batches that fail at once are one failure: whoever comes second finds it resting. */
  private async rest(tx: Tx, { code: gateway, failures }: GatewayAccount, { code, atLeastMs }: { code: string; atLeastMs: number }): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + Math.max(atLeastMs, restAfter(failures + 1)));
    await tx.run(sql`
      update messaging.gateway set down_until = ${until}, down_since = coalesce(down_since, ${now}), down_code = ${code}, failures = ${failures + 1}
      where code = ${gateway} and failures <= ${failures}`);
  }

  private async count(tx: Tx, { code: gateway, failures }: GatewayAccount): Promise<void> {
    await tx.run(sql`update messaging.gateway set failures = ${failures + 1} where code = ${gateway} and failures <= ${failures}`);
  }

  private async wake(tx: Tx, { code: gateway }: GatewayAccount): Promise<void> {
    await tx.run(sql`update messaging.gateway set down_until = null, down_since = null, down_code = null, failures = 0 where code = ${gateway}`);
  }

  /** By the database's clock, like all pacing; for every process at once. */
  private async slowDown(tx: Tx, { code: gateway }: GatewayAccount, longerMs: number): Promise<void> {
    await tx.run(sql`
      update messaging.gateway set free_at = greatest(free_at, clock_timestamp()) + make_interval(secs => ${longerMs / 1000}::double precision),
             throttled_at = ${this.clock.now()}
      where code = ${gateway}`);
  }
}
