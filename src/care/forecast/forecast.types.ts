import type { Day } from '../../kernel/day.js';
import type { Sql } from '../../platform/database/sql.js';
import type { RuleInForce } from '../care-rules.queries.js';
import type { RuleCode } from '../care.types.js';
import type { Settings } from '../rules/setting.types.js';
import type { Backtest } from './backtest.queries.js';

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
  /** Whose promises, as a condition on `customers.v_customer c`: the whole books of some managers, or customers without one. */
  who: Sql;
  rules: readonly RuleInForce[];
}

export interface Simulated {
  /** Calls by manager (id) and day, planned already or not. */
  loads: { owner: string; day: Day; tasks: number }[];
  /** Promises to come that are not planned yet, by rule and day. */
  reasons: { rule: RuleCode; day: Day; count: number; calls: number }[];
}

/** Which forecast: of whom, how far, and with which rule on trial. */
export interface ForecastKey {
  day: Day;
  until: Day;
  orgPath: string;
  draft: RuleInForce | null;
}

export interface StoredForecast {
  id: string;
  day: Day;
  until: Day;
  orgPath: string;
  /** On trial, with its settings. */
  rule: RuleCode | null;
  settings: Settings | null;
  policy: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  parts: number;
  done: number;
  /** Calls on lists whose day is past: in no day's count. */
  overdue: number;
  /** Customers with at least one promise to come, by rule. */
  customers: Partial<Record<RuleCode, number>>;
  backtest: Backtest | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** What one rule brings in the days shown. */
export interface RuleLoad {
  rule: string;
  calls: number;
  /** Reasons that go with the call of another rule. */
  along: number;
  messages: number;
}
