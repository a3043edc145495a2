import { share } from '../../kernel/statistics.js';
import { type Sql, sql } from '../../platform/database/sql.js';

/**
 * What the analysis counts, each a condition over a case `k` and its follow-up `f` of the days asked for; the rows behind a figure are found by the same
 * condition. The hold-out is in none of them: it is what the others are compared with.
 */
export const FIGURES = [
  'cases',
  'calledInTime',
  'calledLate',
  'talked',
  'offered',
  'taken',
  'kept',
  'lost',
  'stopped',
  'judged',
  'active',
  'gone',
  'untold',
] as const;
export type Figure = (typeof FIGURES)[number];
export const isFigure = (text: string | undefined): text is Figure => FIGURES.includes(text as Figure);

const TALKED = sql`k.talks > 0`;

/** A measure `m` that reached the customer, and one that the customer took: what is no offer is done once it is noted. */
export const OFFERED = sql`m.state in ('granted', 'accepted', 'declined')`;
export const TAKEN = sql`(m.state = 'accepted' or m.state = 'granted' and m.kind <> 'offer')`;
/** What a measure is called in figures: the code of its offer, else its kind. */
export const MEASURE_KEY = sql`coalesce((select y.code from retention.offer y where y.id = m.offer_id), m.kind)`;

export const hasMeasure = (which: Sql, key?: string): Sql =>
  sql`exists (select from retention.measure m where m.case_id = k.id and ${which} ${key === undefined ? sql`` : sql`and ${MEASURE_KEY} = ${key}`})`;

export function figureSql(figure: Figure, now: Date): Sql {
  const own: Record<Figure, Sql> = {
    cases: sql`true`,
    // a case that was over before anybody had to call is neither in time nor late
    calledInTime: sql`k.first_call_at <= k.call_by`,
    calledLate: sql`(k.first_call_at > k.call_by or k.first_call_at is null and k.call_by < ${now}::timestamptz and coalesce(k.closed_at, 'infinity') > k.call_by)`,
    talked: TALKED,
    offered: hasMeasure(OFFERED),
    taken: hasMeasure(TAKEN),
    kept: sql`k.state = 'kept'`,
    lost: sql`k.state = 'lost'`,
    stopped: sql`k.state = 'stopped'`,
    judged: sql`(${TALKED} and f.status is not null)`,
    active: sql`(${TALKED} and f.status = 'active')`,
    gone: sql`(${TALKED} and f.status <> 'active')`,
    // the day has come, and no status file has told of it yet
    untold: sql`(${TALKED} and f.status is null and f.due_on <= platform.day_of(${now}::timestamptz))`,
  };
  return sql`(not k.held_out and ${own[figure]})`;
}

/** What cases are looked at by. */
export const CUTS = ['direction', 'reason', 'star', 'region', 'source', 'month', 'strategy', 'owner', 'measure'] as const;
export type Cut = (typeof CUTS)[number];

export type Counts = Record<Figure, number> & {
  /** What was taken cost, all of it, and of the cases that are judged. */
  costFen: number;
  judgedCostFen: number;
};

export interface Rates {
  /** Called in time ÷ called in time or late. */
  firstCallRate: number | null;
  /** Talked ÷ cases. */
  talkRate: number | null;
  /** Took something ÷ were offered something. */
  takeRate: number | null;
  /** Still active ÷ judged: cases effectively connected whose day of follow-up is told (glossary). */
  successRate: number | null;
  /** Cost of the judged cases ÷ customers still active. */
  costPerSavedFen: number | null;
}

export const ratesOf = (counts: Counts): Rates => ({
  firstCallRate: share(counts.calledInTime, counts.calledInTime + counts.calledLate),
  talkRate: share(counts.talked, counts.cases),
  takeRate: share(counts.taken, counts.offered),
  successRate: share(counts.active, counts.judged),
  costPerSavedFen: counts.active === 0 ? null : Math.round(counts.judgedCostFen / counts.active),
});
