import { type Sql, sql } from '../platform/database/sql.js';

/**
 * The metric catalogue: every figure of the product is defined here once. Tile, table, drill-down, API and export read the
 * same entry, so they cannot disagree (REP-1). Definitions are those of the glossary, docs/words.md.
 */
export type MetricUnit = 'attempts' | 'orders' | 'customers' | 'tasks' | 'visits' | 'cases' | 'seconds' | 'callbacks' | 'promises' | 'contacts';
/**
 * What a figure is a number of (R46): things that happened (they add up), people (each once, whatever happened to them: they do not add up), or the
 * state things are in at the moment of reading (the same question gets another answer tomorrow).
 */
export type MetricNature = 'events' | 'people' | 'states';
/** The rows a figure is counted from, each a view of `reporting`. */
export type MetricSource = 'attempts' | 'visits' | 'work';

/** Counts rows of `reporting.attempt a` for which the condition holds, or the distinct customers of those rows. */
export interface CountMetric {
  key: CountKey;
  unit: MetricUnit;
  nature: MetricNature;
  /** Raised whenever the definition changes; shown beside it. */
  version: number;
  when: Sql;
  /** People instead of events: does not add up over cuts. */
  distinct?: true;
  /** The column of the rolled-up tables that keeps this count. */
  rolled: string;
}

/** numerator ÷ denominator, both counts of this catalogue; null where nothing divides. */
export interface RateMetric {
  key: RateKey;
  unit: MetricUnit;
  nature: MetricNature;
  version: number;
  numerator: CountKey;
  denominator: CountKey;
}

export const COUNT_KEYS = [
  'attempts',
  'connected',
  'effective',
  'talk18',
  'converted',
  'ordersOpen',
  'ordersSucceeded',
  'ordersFailed',
  'firstDials',
  'firstDialsConnected',
  'customersAttempted',
  'customersConnected',
  'customersReached',
  'customersSucceeded',
  'tasksRedialled',
  'tasksRecovered',
] as const;
export type CountKey = (typeof COUNT_KEYS)[number];

export const RATE_KEYS = [
  'connectRate',
  'firstDialConnectRate',
  'listConnectRate',
  'secondDialRecovery',
  'talk18Share',
  'conversionRate',
  'orderSuccessRate',
  'reach',
  'marketingSuccessRate',
] as const;
export type RateKey = (typeof RATE_KEYS)[number];

const always = sql`true`;

export const COUNTS: readonly CountMetric[] = [
  { key: 'attempts', unit: 'attempts', nature: 'events', version: 1, when: always, rolled: 'attempts' },
  { key: 'connected', unit: 'attempts', nature: 'events', version: 1, when: sql`a.connected`, rolled: 'connected' },
  { key: 'effective', unit: 'attempts', nature: 'events', version: 1, when: sql`a.effective`, rolled: 'effective' },
  { key: 'talk18', unit: 'attempts', nature: 'events', version: 1, when: sql`a.talk18`, rolled: 'talk18' },
  { key: 'converted', unit: 'attempts', nature: 'events', version: 1, when: sql`a.converted`, rolled: 'converted' },
  { key: 'ordersOpen', unit: 'orders', nature: 'states', version: 1, when: sql`a.order_state = 'open'`, rolled: 'orders_open' },
  { key: 'ordersSucceeded', unit: 'orders', nature: 'states', version: 1, when: sql`a.order_state = 'succeeded'`, rolled: 'orders_succeeded' },
  { key: 'ordersFailed', unit: 'orders', nature: 'states', version: 1, when: sql`a.order_state in ('failed', 'expired')`, rolled: 'orders_failed' },
  { key: 'firstDials', unit: 'attempts', nature: 'events', version: 1, when: sql`a.ordinal = 1`, rolled: 'first_dials' },
  {
    key: 'firstDialsConnected',
    unit: 'attempts',
    nature: 'events',
    version: 1,
    when: sql`a.ordinal = 1 and a.connected`,
    rolled: 'first_dials_connected',
  },
  { key: 'customersAttempted', unit: 'customers', nature: 'people', version: 1, when: always, distinct: true, rolled: 'attempted' },
  { key: 'customersConnected', unit: 'customers', nature: 'people', version: 1, when: sql`a.connected`, distinct: true, rolled: 'connected' },
  { key: 'customersReached', unit: 'customers', nature: 'people', version: 1, when: sql`a.effective`, distinct: true, rolled: 'reached' },
  {
    key: 'customersSucceeded',
    unit: 'customers',
    nature: 'people',
    version: 1,
    when: sql`a.order_state = 'succeeded' and a.effective`,
    distinct: true,
    rolled: 'succeeded',
  },
  // A task is redialled when its first dial did not connect and there was a second one; it is recovered when a later one connected.
  {
    key: 'tasksRedialled',
    unit: 'tasks',
    nature: 'states',
    version: 1,
    when: sql`a.ordinal = 2 and not a.first_connected`,
    rolled: 'tasks_redialled',
  },
  {
    key: 'tasksRecovered',
    unit: 'tasks',
    nature: 'states',
    version: 1,
    when: sql`a.ordinal = 2 and not a.first_connected and a.later_connected`,
    rolled: 'tasks_recovered',
  },
];

export const RATES: readonly RateMetric[] = [
  { key: 'connectRate', unit: 'attempts', nature: 'events', version: 1, numerator: 'connected', denominator: 'attempts' },
  { key: 'firstDialConnectRate', unit: 'attempts', nature: 'events', version: 1, numerator: 'firstDialsConnected', denominator: 'firstDials' },
  { key: 'listConnectRate', unit: 'customers', nature: 'people', version: 1, numerator: 'customersConnected', denominator: 'customersAttempted' },
  { key: 'secondDialRecovery', unit: 'tasks', nature: 'states', version: 1, numerator: 'tasksRecovered', denominator: 'tasksRedialled' },
  { key: 'talk18Share', unit: 'attempts', nature: 'events', version: 1, numerator: 'talk18', denominator: 'connected' },
  { key: 'conversionRate', unit: 'attempts', nature: 'events', version: 1, numerator: 'converted', denominator: 'connected' },
  { key: 'orderSuccessRate', unit: 'orders', nature: 'states', version: 1, numerator: 'ordersSucceeded', denominator: 'converted' },
  { key: 'reach', unit: 'customers', nature: 'people', version: 1, numerator: 'customersReached', denominator: 'customersAttempted' },
  { key: 'marketingSuccessRate', unit: 'customers', nature: 'people', version: 1, numerator: 'customersSucceeded', denominator: 'customersReached' },
];

const countsByKey = new Map(COUNTS.map((metric) => [metric.key, metric]));

export const isCountKey = (key: string): key is CountKey => countsByKey.has(key as CountKey);

export function countMetric(key: CountKey): CountMetric {
  const metric = countsByKey.get(key);
  if (!metric) throw new Error(`no such metric: ${key}`);
  return metric;
}

export const VISIT_COUNT_KEYS = ['visitsDue', 'visitsInTime', 'visitsInTimeOrSmsLeft'] as const;
export type VisitCountKey = (typeof VISIT_COUNT_KEYS)[number];
export const VISIT_RATE_KEYS = ['coverage', 'coverageWithSmsLeft'] as const;
export type VisitRateKey = (typeof VISIT_RATE_KEYS)[number];

/** Counts rows of `reporting.visit v`, the telephone visits whose deadline lies in the period (CAR-1). */
export const VISIT_COUNTS: readonly { key: VisitCountKey; unit: MetricUnit; nature: MetricNature; version: number; when: Sql }[] = [
  { key: 'visitsDue', unit: 'visits', nature: 'states', version: 1, when: always },
  { key: 'visitsInTime', unit: 'visits', nature: 'states', version: 1, when: sql`v.state = 'done' and v.closed_in_time` },
  { key: 'visitsInTimeOrSmsLeft', unit: 'visits', nature: 'states', version: 1, when: sql`(v.state = 'done' or v.sms_left) and v.closed_in_time` },
];

export const VISIT_RATES: readonly {
  key: VisitRateKey;
  unit: MetricUnit;
  nature: MetricNature;
  version: number;
  numerator: VisitCountKey;
  denominator: VisitCountKey;
}[] = [
  { key: 'coverage', unit: 'visits', nature: 'states', version: 1, numerator: 'visitsInTime', denominator: 'visitsDue' },
  { key: 'coverageWithSmsLeft', unit: 'visits', nature: 'states', version: 1, numerator: 'visitsInTimeOrSmsLeft', denominator: 'visitsDue' },
];

export const WORK_COUNT_KEYS = [
  'talkSeconds',
  'otherContacts',
  'handlingSeconds',
  'workSeconds',
  'callbacksPromised',
  'callbacksKept',
  'callbacksToTheMinute',
  'promisesMade',
  'promisesKept',
  'promisesBroken',
] as const;
export type WorkCountKey = (typeof WORK_COUNT_KEYS)[number];
export const WORK_RATE_KEYS = ['averageTalk', 'workingTimeUse', 'callbackKeptRate', 'callbackToTheMinuteRate', 'promiseKeptRate'] as const;
export type WorkRateKey = (typeof WORK_RATE_KEYS)[number];

/** What a manager's working time went into, and what became of what she promised (REP-2); the conditions stand in `productivity.queries.ts`. */
export const WORK_COUNTS: readonly { key: WorkCountKey; unit: MetricUnit; nature: MetricNature; version: number }[] = [
  { key: 'talkSeconds', unit: 'seconds', nature: 'events', version: 1 },
  { key: 'otherContacts', unit: 'contacts', nature: 'events', version: 1 },
  { key: 'handlingSeconds', unit: 'seconds', nature: 'events', version: 1 },
  { key: 'workSeconds', unit: 'seconds', nature: 'states', version: 1 },
  { key: 'callbacksPromised', unit: 'callbacks', nature: 'states', version: 1 },
  { key: 'callbacksKept', unit: 'callbacks', nature: 'states', version: 1 },
  { key: 'callbacksToTheMinute', unit: 'callbacks', nature: 'states', version: 1 },
  { key: 'promisesMade', unit: 'promises', nature: 'states', version: 1 },
  { key: 'promisesKept', unit: 'promises', nature: 'states', version: 1 },
  { key: 'promisesBroken', unit: 'promises', nature: 'states', version: 1 },
];

export const WORK_RATES: readonly {
  key: WorkRateKey;
  unit: MetricUnit;
  nature: MetricNature;
  version: number;
  numerator: WorkCountKey;
  denominator: WorkCountKey | 'connected';
}[] = [
  { key: 'averageTalk', unit: 'seconds', nature: 'events', version: 1, numerator: 'talkSeconds', denominator: 'connected' },
  { key: 'workingTimeUse', unit: 'seconds', nature: 'states', version: 1, numerator: 'handlingSeconds', denominator: 'workSeconds' },
  { key: 'callbackKeptRate', unit: 'callbacks', nature: 'states', version: 1, numerator: 'callbacksKept', denominator: 'callbacksPromised' },
  {
    key: 'callbackToTheMinuteRate',
    unit: 'callbacks',
    nature: 'states',
    version: 1,
    numerator: 'callbacksToTheMinute',
    denominator: 'callbacksPromised',
  },
  { key: 'promiseKeptRate', unit: 'promises', nature: 'states', version: 1, numerator: 'promisesKept', denominator: 'promisesMade' },
];

/** Defined, but nothing in the product records what they count yet: shown as a definition, never as a figure. */
export const UNSOURCED_RATES = [
  { key: 'retentionSuccess', unit: 'cases', nature: 'states', version: 1, numerator: 'casesStillActive', denominator: 'casesReached' },
] as const satisfies readonly { key: string; unit: MetricUnit; nature: MetricNature; version: number; numerator: string; denominator: string }[];

/** Every rate of the glossary with the rows it is counted from; null: no data source yet. */
export const DEFINITIONS: readonly {
  key: string;
  unit: MetricUnit;
  nature: MetricNature;
  version: number;
  numerator: string;
  denominator: string;
  source: MetricSource | null;
}[] = [
  ...RATES.map((rate) => ({ ...rate, source: 'attempts' as const })),
  ...VISIT_RATES.map((rate) => ({ ...rate, source: 'visits' as const })),
  ...WORK_RATES.map((rate) => ({ ...rate, source: 'work' as const })),
  ...UNSOURCED_RATES.map((rate) => ({ ...rate, source: null })),
];

/** Every count, for the catalogue's page and its API. */
export const COUNT_DEFINITIONS: readonly {
  key: string;
  unit: MetricUnit;
  nature: MetricNature;
  version: number;
  distinct: boolean;
  source: MetricSource;
}[] = [
  ...COUNTS.map(({ key, unit, nature, version, distinct }) => ({
    key,
    unit,
    nature,
    version,
    distinct: distinct ?? false,
    source: 'attempts' as const,
  })),
  ...VISIT_COUNTS.map(({ key, unit, nature, version }) => ({ key, unit, nature, version, distinct: false, source: 'visits' as const })),
  ...WORK_COUNTS.map((count) => ({ ...count, distinct: false, source: 'work' as const })),
];

/** The condition of a count as SQL over `reporting.attempt a`: the drill-down uses exactly what the figure was counted with. */
export const countSql = (metric: CountMetric): Sql =>
  metric.distinct ? sql`count(distinct a.customer_id) filter (where ${metric.when})` : sql`count(*) filter (where ${metric.when})`;
