import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Chrome } from '../platform/http/chrome.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { PromisesQueries } from './promises/promises.queries.js';
import { TodayQueries } from './desk/today.queries.js';

/** What the rail says of calls: how many promises are late, and to supervisors, whose day begins elsewhere, how many calls have fallen to them. */
@Injectable()
export class CallsWaiting implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly promises: PromisesQueries,
    private readonly today: TodayQueries,
  ) {}

  onModuleInit(): void {
    this.chrome.add(({ viewer }) => this.badges(viewer as CurrentUser | undefined));
  }

  private async badges(viewer: CurrentUser | undefined): Promise<Record<string, unknown>> {
    if (!viewer || !['manager', 'supervisor'].includes(viewer.role)) return {};
    const [promises, calls] = await Promise.all([this.promises.late(viewer), viewer.role === 'supervisor' ? this.today.promised(viewer.id) : 0]);
    return { badges: { promises, calls }, waitingAt: { promises: '/promises?state=overdue' } };
  }
}
