import type { Day } from '../../kernel/day.js';
import type { Sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { Unsent } from './plan-run.types.js';

/** How far ahead calls may be placed: the longest horizon a rule can have. */
export const PLAN_AHEAD_DAYS = 92;

/** A run under way. */
export interface RunUnderWay {
  id: string;
  day: Day;
  rules: readonly RuleInForce[];
  orgPath: string;
  /** The manager up to whom chunks are committed; '-1' before the first one. */
  doneTo: string;
}

/** All customers of some managers: what is planned and committed at once. */
export interface Chunk {
  /** The chunk before it must be committed up to here. */
  after: string;
  to: string;
  /** A condition on `customers.v_customer c`. */
  who: Sql;
}

/** What a chunk brought, by rule and by reason. */
export interface ChunkResult {
  planned: Record<string, number>;
  messages: Record<string, number>;
  unsent: Record<string, Unsent>;
  skipped: Record<string, number>;
}
