import { Injectable } from '@nestjs/common';
import type { Day } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { Reason } from '../model/model.types.js';
import type { HealthReason, Tier } from './health.types.js';

export interface HealthRow {
  tier: Tier;
  reasons: HealthReason[];
  since: Day;
}

export interface HealthChange {
  fromTier: Tier | null;
  tier: Tier;
  reasons: HealthReason[];
  onDay: Day;
}

export interface ScoreRow {
  score: number;
  reasons: string | null;
  why: Reason[] | null;
  scoredOn: Day;
}

const CHANGES_SHOWN = 10;

/** The health of one customer. No scope is asked: look the customer up before. */
@Injectable()
export class HealthQueries {
  constructor(private readonly database: Database) {}

  /** Null: not judged yet, or gone. */
  async of(customerId: string): Promise<HealthRow | null> {
    return (await this.database.maybe<HealthRow>(sql`select tier, reasons, since from retention.health where customer_id = ${customerId}`)) ?? null;
  }

  /** Newest first. */
  history(customerId: string): Promise<HealthChange[]> {
    return this.database.rows<HealthChange>(sql`
      select from_tier as "fromTier", tier, reasons, on_day as "onDay" from retention.health_change where customer_id = ${customerId} order by id desc limit ${CHANGES_SHOWN}`);
  }

  /** The highest current score of the customer's lines. */
  async score(customerId: string): Promise<ScoreRow | null> {
    const found = await this.database.maybe<ScoreRow>(sql`
      select score::float8 as score, reasons, why, scored_on as "scoredOn" from retention.v_churn_score where customer_id = ${customerId} order by score desc limit 1`);
    return found ?? null;
  }
}
