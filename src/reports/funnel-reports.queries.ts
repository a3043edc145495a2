import { Injectable } from '@nestjs/common';
import { InvalidInput } from '../kernel/errors.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { compared, reportOf } from './funnel-comparison.js';
import { FunnelQueries } from './funnel.queries.js';
import type { Cut, FunnelFilter, FunnelReport } from './funnel.types.js';
import { periodBefore } from './period-before.policy.js';

/** The funnel as page, API and file show it: with how sure its rates are and, where asked for, with the period before. */
@Injectable()
export class FunnelReports {
  constructor(private readonly funnels: FunnelQueries) {}

  /** @throws InvalidInput compare_needs_days where a comparison has no period to be made over */
  async report(user: CurrentUser, cut: Cut, filter: FunnelFilter): Promise<FunnelReport> {
    if (!filter.compare) return reportOf(await this.funnels.funnel(user, cut, filter));
    const period = wholePeriod(filter);
    const before = periodBefore(period.from, period.to);
    const [now, earlier] = await Promise.all([
      this.funnels.funnel(user, cut, filter),
      this.funnels.funnel(user, cut, { ...filter, from: before.from, to: before.to }),
    ]);
    return compared(now, earlier, { cut, period, before });
  }
}

function wholePeriod({ from, to }: FunnelFilter) {
  const missing = !from ? 'from' : !to ? 'to' : undefined;
  if (!from || !to) throw new InvalidInput([{ param: missing ?? 'from', code: 'compare_needs_days' }]);
  return { from, to };
}
