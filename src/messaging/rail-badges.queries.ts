import { Injectable } from '@nestjs/common';
import type { CurrentUser } from '../staff/staff.types.js';
import { BlastApprovalsQueries } from './approval/approvals.queries.js';
import { ReviewQueries } from './review/review.queries.js';
import { StallNotices } from './stalls/stall-notices.js';

/** What waits for a person: replies nobody has read, blasts that stand still, blasts that need their word. By the entry of the navigation. */
@Injectable()
export class RailBadges {
  constructor(
    private readonly review: ReviewQueries,
    private readonly stalls: StallNotices,
    private readonly approvals: BlastApprovalsQueries,
  ) {}

  async of(user: CurrentUser): Promise<Record<string, number>> {
    if (user.role === 'manager') return { replies: await this.review.forwarded(user.id) };
    if (user.role === 'client') return { sms: await this.approvals.waitingCount(user) };
    if (!['planner', 'supervisor'].includes(user.role)) return {};
    const [replies, stalled, asked] = await Promise.all([this.review.waiting(user), this.stalls.unread(user.id), this.approvals.waitingCount(user)]);
    return { replies, sms: stalled + asked };
  }
}
