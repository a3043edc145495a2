import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { SegmentsQueries } from '../../segments/segments.queries.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { ModelsQueries } from './models.queries.js';
import { type Scored, scorerOf } from './scoring.policy.js';

export interface ScoredMember extends Scored {
  customerId: string;
  lineId: string;
  number: string;
}

/** Members of a segment as the version in use sees them. */
@Injectable()
export class ScoresQueries {
  constructor(
    private readonly segments: SegmentsQueries,
    private readonly models: ModelsQueries,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError not_found (model, segment) */
  async of(user: CurrentUser, what: { model: string; segment: string }): Promise<{ count: number; rows: AsyncIterable<ScoredMember> }> {
    const { model } = await this.models.inUse(user, what.model);
    const segment = await this.segments.byCode(user, what.segment);
    const members = await this.segments.allMembers(user, segment, { today: dayOf(this.clock.now()), orgPath: user.orgPath });
    const score = scorerOf(model);
    async function* scored(): AsyncGenerator<ScoredMember> {
      for await (const { customerId, lineId, number, attributes } of members.rows) yield { customerId, lineId, number, ...score(attributes) };
    }
    return { count: members.count, rows: scored() };
  }
}
