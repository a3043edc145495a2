import { rawSql } from '../../platform/database/sql.js';

/** Whose promises are looked at, with what a plan run reads of each. */
const BOOK = `create temp table care_book (customer_id bigint primary key, star smallint, owner_id bigint, line_id bigint, number text) on commit drop`;
/** Whom the gate refuses, by channel and purpose, and why. */
const REFUSAL = `create temp table care_refusal (channel text, purpose text, customer_id bigint, reason text) on commit drop`;
/** Calls on lists and forecast; those that are open can take a reason along. */
const LOAD = `create temp table care_load (customer_id bigint, owner_id bigint, due_on date, open boolean, listed_as text, deadline_on date) on commit drop`;
/** Contacts to come, and those that will not (no day). A call is counted once, whatever it tells. */
const FORECAST = `create temp table care_forecast (
  rule_code text, customer_id bigint, cycle text, channel text, due_on date, deadline_on date, own_call boolean) on commit drop`;
/** The last contacts of each kind, and those to come: what rules read instead of the books. */
const ATTEMPT = `create temp table care_attempt (
  customer_id bigint, campaign_id bigint, source text, topics text[], visit boolean, effective boolean, started_at timestamptz) on commit drop`;
/** Care messages of this month, and those to come. */
const MESSAGED = `create temp table care_messaged (customer_id bigint, on_day date) on commit drop`;
const MISS = `create temp table care_miss (
  customer_id bigint, owner_id bigint, rule_code text, cycle text, star smallint, from_on date, deadline_on date, reason text, listed boolean) on commit drop`;
/** Who works when, and how many care calls fit. */
const ROTA = `create temp table care_rota (owner_id bigint, day date, share int, calls int) on commit drop`;

/** How many a rule names is hard to foresee: looked up one by one it must be quick too. */
const INDEXES = [
  'create index on care_forecast (customer_id, rule_code)',
  'create index on care_refusal (customer_id)',
  'create index on care_load (customer_id)',
  'create index on care_attempt (customer_id)',
];

export const SIMULATION_TABLES = [BOOK, REFUSAL, LOAD, FORECAST, ATTEMPT, MESSAGED, MISS, ROTA, ...INDEXES].map(rawSql);
export const LOADS = rawSql('care_load');
export const ATTEMPTS = rawSql('care_attempt');
export const MESSAGES = rawSql('care_messaged');
