import { Injectable } from '@nestjs/common';
import type { Day } from '../kernel/day.js';
import { OffersQueries } from '../offers/offers.queries.js';
import type { AdvisedOption, BillMonth, UseMonth } from '../offers/offers.types.js';
import { Database } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import type { Sentence } from './care.types.js';

/** What can be said in one breath. */
const OPTIONS_SAID = 3;

interface Line {
  orgPath: string;
  package: string | null;
}

/** The options of a call about package use, worked out when the call is made: bills and catalogue may be newer than the plan (CAR-7). */
@Injectable()
export class PackageAdvice {
  constructor(
    private readonly db: Database,
    private readonly offers: OffersQueries,
  ) {}

  /** The best options with their sums, in the order in which they are to be offered; empty for a line that is gone. */
  async forLine(lineId: string): Promise<Sentence[]> {
    const line = await this.db.maybe<Line>(sql`
      select o.path as "orgPath", l.package from customers.v_line l
      join customers.v_customer c on c.id = l.customer_id join staff.v_org_unit o on o.id = c.org_unit_id where l.id = ${lineId}::bigint`);
    if (!line) return [];
    const uses = await this.db.rows<UseMonth>(sql`
      select month, data_quota_mb as "dataQuotaMb", data_used_mb as "dataUsedMb", voice_quota_min as "voiceQuotaMin", voice_used_min as "voiceUsedMin",
             extra_fee_fen as "extraFeeFen"
      from customers.v_package_use where line_id = ${lineId}::bigint`);
    const bills = await this.db.rows<BillMonth>(sql`select month, amount_fen as "amountFen" from customers.v_bill where line_id = ${lineId}::bigint`);
    const { options, dataUsedUpOn } = await this.offers.advise(line, { package: line.package, uses, bills });
    return [...usedUp(dataUsedUpOn), ...options.slice(0, OPTIONS_SAID).map(optionSentence)];
  }
}

const usedUp = (day: Day | null): Sentence[] => (day === null ? [] : [{ key: 'care.advice.used_up', params: { day: { day } } }]);

/** Names the offer with its sum beside what was paid; one that costs more says so. */
function optionSentence({ offer, sum }: AdvisedOption): Sentence {
  if (!offer) return { key: 'care.advice.coaching', params: {} };
  const named = { name: offer.name, price: { fen: offer.priceFen } };
  if (!sum) return { key: 'care.advice.no_sum', params: named };
  return {
    key: sum.costsMore ? 'care.advice.costs_more' : 'care.advice.costs_less',
    params: {
      ...named,
      months: sum.months.length,
      average: { fen: sum.averageFen },
      monthly: { fen: Math.abs(sum.monthlyDifferenceFen) },
      yearly: { fen: Math.abs(sum.yearlyDifferenceFen) },
    },
  };
}
