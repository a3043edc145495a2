import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Metrics } from '../../platform/metrics/metrics.js';

/** How many campaigns are out of their control band, asked when Prometheus asks. */
@Injectable()
export class BandFigures {
  constructor({ registry }: Metrics, db: Database) {
    const breaches: Gauge<'rate' | 'direction'> = new Gauge({
      name: 'starcare_band_breaches',
      help: 'Running campaigns whose connect rate is out of its control band',
      labelNames: ['rate', 'direction'] as const,
      registers: [registry],
      collect: async () => {
        const open = await db.rows<{ rate: string; direction: string; n: number }>(sql`
          select r.rate, d.direction, count(b.id)::int as n from unnest('{total,first}'::text[]) r(rate) cross join unnest('{below,above}'::text[]) d(direction)
          left join reports.breach b on b.rate = r.rate and b.direction = d.direction and b.closed_at is null group by 1, 2`);
        for (const { rate, direction, n } of open) breaches.set({ rate, direction }, n);
      },
    });
  }
}
