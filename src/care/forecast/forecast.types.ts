import type { Day } from '../../kernel/day.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { RuleCode } from '../care.types.js';

/** Calls of one manager on one day: planned already or forecast, and how many fit. */
export interface ForecastRow {
  date: Day;
  /** Username. */
  owner: string;
  tasks: number;
  /** 0 on days without work. */
  capacity: number;
}

/** A row with who the manager is. */
export interface ForecastCell extends ForecastRow {
  ownerId: string;
  name: string;
  team: string;
}

/** What is imagined: these rules, run every morning from today on. */
export interface SimulationAsk {
  today: Day;
  until: Day;
  /** Ids of the managers whose whole books are looked at. */
  managers: readonly string[];
  rules: readonly RuleInForce[];
}

export interface Simulated {
  /** Calls by manager (id) and day, planned already or not. */
  loads: { owner: string; day: Day; tasks: number }[];
  /** Promises to come that are not planned yet, by rule and day. */
  reasons: { rule: RuleCode; day: Day; count: number; calls: number }[];
  /** Customers with at least one promise to come, by rule. */
  customers: Partial<Record<RuleCode, number>>;
  /** Calls on lists whose day is past: in no day's count. */
  overdue: number;
}
