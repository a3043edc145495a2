import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { type Day, dayOf } from '../../kernel/day.js';
import { Database, type Queryable } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { asksApproval, type CaseFacts, type Misfit, misfitsOf, offersInOrder } from '../setup/offer-fit.policy.js';
import { RetentionSettingsQueries } from '../setup/settings.queries.js';
import { SetupQueries } from '../setup/setup.queries.js';
import type { RetentionOffer } from '../setup/setup.types.js';
import type { CaseRow } from './case.types.js';

export type OfferedCase = Pick<CaseRow, 'customerId' | 'star' | 'valueFen' | 'source' | 'reason'>;

/** An offer as a case sees it. */
export interface CaseOffer extends RetentionOffer {
  /** The first rule that says it is not for this customer. */
  misfit: Misfit | null;
  /** A second person decides on it. */
  asks: boolean;
}

/** What may be offered in a case (RET-1). */
@Injectable()
export class CaseOffers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly setup: SetupQueries,
    private readonly settings: RetentionSettingsQueries,
  ) {}

  /** Those that fit first, the strategy's in its order; then those that do not, with why. @param named codes of the strategy */
  async of(row: OfferedCase, named: readonly string[]): Promise<CaseOffer[]> {
    const [settings, facts, offers] = await Promise.all([this.settings.current(), this.facts(row), this.setup.offers()]);
    const today = dayOf(this.clock.now());
    return offersInOrder(offers, named)
      .map((offer) => ({
        ...offer,
        misfit: misfitsOf(offer, facts, today)[0] ?? null,
        asks: asksApproval(offer.costFen, offer.alwaysAsks, settings),
      }))
      .filter(({ misfit }) => misfit !== 'ended')
      .sort((a, b) => Number(a.misfit !== null) - Number(b.misfit !== null));
  }

  /** One offer as the case sees it. @throws DomainError not_found */
  async one(row: OfferedCase, code: string, on: Queryable): Promise<CaseOffer & { id: string }> {
    const [offer, facts, settings] = [await this.setup.offer(code, on), await this.facts(row, on), await this.settings.current(on)];
    const { id } = await on.one<{ id: string }>(sql`select id from retention.offer where code = ${code}`);
    const misfit = misfitsOf(offer, facts, dayOf(this.clock.now()))[0] ?? null;
    return { ...offer, id, misfit, asks: asksApproval(offer.costFen, offer.alwaysAsks, settings) };
  }

  /** Whether something that is no offer of the list costs so much that a second person decides. */
  async asksFor(costFen: number, on: Queryable): Promise<boolean> {
    return asksApproval(costFen, false, await this.settings.current(on));
  }

  /** What of a case decides about its offers. */
  private async facts({ customerId, star, valueFen, source, reason }: OfferedCase, on: Queryable = this.database): Promise<CaseFacts> {
    const taken = await on.rows<{ offer: string; on: Day }>(sql`
      select f.code as offer, platform.day_of(m.answered_at) as on
      from retention.measure m join retention.churn_case k on k.id = m.case_id join retention.offer f on f.id = m.offer_id
      where k.customer_id = ${customerId} and m.state = 'accepted'`);
    return { star, valueFen, source, reason, taken };
  }
}
