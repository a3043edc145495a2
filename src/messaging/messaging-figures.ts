import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '../kernel/clock.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Metrics } from '../platform/metrics/metrics.js';

/** How blasts and gateways stand, asked when Prometheus asks. */
@Injectable()
export class MessagingFigures {
  constructor({ registry }: Metrics, db: Database, clock: Clock) {
    const blasts: Gauge<'state'> = new Gauge({
      name: 'starcare_blasts',
      help: 'Blasts that run or are paused',
      labelNames: ['state'] as const,
      registers: [registry],
      collect: async () => {
        const states = await db.rows<{ state: string; n: number }>(sql`
          select s.state, count(b.id)::int as n from unnest('{running,paused}'::text[]) s(state) left join messaging.blast b on b.state = s.state group by 1`);
        for (const { state, n } of states) blasts.set({ state }, n);
      },
    });
    const gateways: Gauge<'gateway'> = new Gauge({
      name: 'starcare_gateway_up',
      help: 'Whether a gateway that is switched on takes messages: 1, or 0 while it rests after a fault',
      labelNames: ['gateway'] as const,
      registers: [registry],
      collect: async () => {
        const all = await db.rows<{ gateway: string; up: number }>(sql`
          select code as gateway, (down_until is null or down_until <= ${clock.now()})::int as up from messaging.gateway where active`);
        gateways.reset();
        for (const { gateway, up } of all) gateways.set({ gateway }, up);
      },
    });
  }
}
