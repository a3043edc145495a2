import { addDays, addMonths, type Day } from '../../kernel/day.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import type { Health, HealthFacts, HealthReason, HealthSettings, Level, UseFact } from './health.types.js';

/** Months that the judged one is compared with, and how many of them must be known. */
const MONTHS_BEFORE = 3;
const LEAST_MONTHS = 2;
/** The use of a month is told some time after it: until then the one before is judged, or everybody would be well on the first of each month. */
const MONTHS_LATE = 1;

const lastMonth = (day: Day): Day => addMonths(`${day.slice(0, 7)}-01`, -1);
const reached = (value: number, threshold: number): boolean => threshold > 0 && value >= threshold;

/** high, sub or none, by two thresholds. */
const levelOf = (value: number, high: number, sub: number): Level | null => (reached(value, high) ? 'high' : reached(value, sub) ? 'sub' : null);

function sumOf(uses: readonly UseFact[], month: Day, figure: 'dataUsedMb' | 'voiceUsedMin'): number | null {
  const known = uses.filter((use) => use.month === month).flatMap((use) => use[figure] ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The last whole month of which anything is known. */
function judgedMonth(uses: readonly UseFact[], day: Day): Day | undefined {
  const last = lastMonth(day);
  const known = uses.map(({ month }) => month).filter((month) => month <= last && month >= addMonths(last, -MONTHS_LATE));
  return known.sort().at(-1);
}

/** How many per cent less was used in the judged month than in the months before it, on average; null where too little is known. */
function dropOf(uses: readonly UseFact[], day: Day, figure: 'dataUsedMb' | 'voiceUsedMin'): number | null {
  const judged = judgedMonth(uses, day);
  if (judged === undefined) return null;
  const now = sumOf(uses, judged, figure);
  const before = Array.from({ length: MONTHS_BEFORE }, (_, i) => sumOf(uses, addMonths(judged, -1 - i), figure)).filter((sum) => sum !== null);
  const total = before.reduce((sum, value) => sum + value, 0);
  if (now === null || before.length < LEAST_MONTHS || total === 0) return null;
  return Math.trunc((100 * (total - before.length * now)) / total);
}

function useReason({ uses }: HealthFacts, { dropHigh, dropSub }: HealthSettings, day: Day): HealthReason[] {
  const percent = Math.max(dropOf(uses, day, 'dataUsedMb') ?? 0, dropOf(uses, day, 'voiceUsedMin') ?? 0);
  const level = levelOf(percent, dropHigh, dropSub);
  return level ? [{ code: 'use_drop', level, percent }] : [];
}

function signReason({ signs }: HealthFacts, { intentDays, intentPercent }: HealthSettings, day: Day): HealthReason[] {
  const told = signs.filter(({ on, percent }) => on <= day && on >= addDays(day, -intentDays) && percent >= intentPercent).map(({ on }) => on);
  const newest = told.sort().at(-1);
  return intentDays > 0 && newest ? [{ code: 'intent', level: 'high', on: newest }] : [];
}

function complaintReason({ complaints }: HealthFacts, { complaintDays, complaintsHigh, complaintsSub }: HealthSettings, day: Day): HealthReason[] {
  const count = complaints.filter((on) => on <= day && on >= addDays(day, -complaintDays)).length;
  const level = levelOf(count, complaintsHigh, complaintsSub);
  return level ? [{ code: 'complaints', level, count }] : [];
}

function callReasons({ calls }: HealthFacts, { callDays, refusalsSub, unreachedSub }: HealthSettings, day: Day): HealthReason[] {
  const lately = calls.filter(({ on }) => on <= day && on >= addDays(day, -callDays));
  const refusals = lately.filter(({ outcome }) => outcome === 'refused').length;
  const unreached = lately.length - 1 - lately.findLastIndex(({ effective }) => effective);
  return [
    ...(reached(refusals, refusalsSub) ? [{ code: 'refusals', level: 'sub', count: refusals } as const] : []),
    ...(reached(unreached, unreachedSub) ? [{ code: 'unreached', level: 'sub', count: unreached } as const] : []),
  ];
}

function scoreReason({ scorePercent }: HealthFacts, { scoreHigh, scoreSub }: HealthSettings): HealthReason[] {
  const level = scorePercent === null ? null : levelOf(scorePercent, scoreHigh, scoreSub);
  return level && scorePercent !== null ? [{ code: 'score', level, percent: scorePercent }] : [];
}

/** The health of one customer on a day: the gravest of the reasons, or several of the lower ones together (CUS-5). */
export function healthOf(facts: HealthFacts, settings: HealthSettings, day: Day): Health {
  if (facts.status === 'churned') return null;
  const reasons: HealthReason[] = [
    ...signReason(facts, settings, day),
    ...scoreReason(facts, settings),
    ...complaintReason(facts, settings, day),
    ...useReason(facts, settings, day),
    ...callReasons(facts, settings, day),
    ...(facts.status === 'suspended' ? [{ code: 'suspended', level: 'sub' } as const] : []),
  ];
  const high = reasons.some(({ level }) => level === 'high') || reached(reasons.length, settings.subsMakeHigh);
  return { tier: reasons.length === 0 ? 'healthy' : high ? 'high-risk' : 'sub-healthy', reasons };
}

/** A rule as SQL: whether it says anything, its level, and what it rests on. */
interface Stated {
  code: HealthReason['code'];
  says: Sql;
  high: Sql;
  facts: Sql;
}

const atLeast = (value: Sql, threshold: number): Sql => (threshold > 0 ? sql`coalesce(${value} >= ${threshold}::int, false)` : sql`false`);

function stated({ scoreHigh, scoreSub, complaintsHigh, complaintsSub, dropHigh, dropSub, refusalsSub, unreachedSub }: HealthSettings): Stated[] {
  const graded = (code: Stated['code'], name: 'percent' | 'count', value: Sql, [high, sub]: [number, number]): Stated => ({
    code,
    says: sql`(${atLeast(value, high)} or ${atLeast(value, sub)})`,
    high: atLeast(value, high),
    facts: sql`, ${name}::text, ${value}`,
  });
  return [
    { code: 'intent', says: sql`(g.newest is not null)`, high: sql`true`, facts: sql`, 'on', to_char(g.newest, 'YYYY-MM-DD')` },
    graded('score', 'percent', sql`v.percent`, [scoreHigh, scoreSub]),
    graded('complaints', 'count', sql`p.complaints`, [complaintsHigh, complaintsSub]),
    graded('use_drop', 'percent', sql`w.fell`, [dropHigh, dropSub]),
    graded('refusals', 'count', sql`a.refusals`, [0, refusalsSub]),
    graded('unreached', 'count', sql`a.unreached`, [0, unreachedSub]),
    { code: 'suspended', says: sql`(c.status = 'suspended')`, high: sql`false`, facts: sql`` },
  ];
}

const fell = (figure: 'd' | 'v'): Sql => {
  const [now, total, months] = figure === 'd' ? [sql`m.d_now`, sql`m.d_total`, sql`m.d_months`] : [sql`m.v_now`, sql`m.v_total`, sql`m.v_months`];
  return sql`coalesce(case when ${now} is not null and ${months} >= ${LEAST_MONTHS}::int and ${total} > 0 then (100 * (${total} - ${months} * ${now}) / ${total}) end, 0)`;
};

/** What each rule looks at, a row a customer, over all of them. */
function factsSql({ intentDays, intentPercent, complaintDays, callDays }: HealthSettings, day: Day): Sql {
  const since = (days: number): Sql => sql`platform.day_start(${addDays(day, -days)}::date)`;
  const until = sql`platform.day_start(${addDays(day, 1)}::date)`;
  const last = lastMonth(day);
  return sql`
  signs as (
    select s.customer_id, max(s.noted_on) as newest from retention.sign s join retention.source r on r.code = s.source_code
    where (s.intent_id is not null or s.noted_by is not null) and s.noted_on between ${addDays(day, -intentDays)}::date and ${day}::date
      and r.likelihood * 100 >= ${intentPercent}::int and ${intentDays}::int > 0
    group by s.customer_id),
  complained as (
    select t.customer_id, count(*)::int as complaints from reporting.complaint t where t.opened_at >= ${since(complaintDays)} and t.opened_at < ${until} group by t.customer_id),
  used as (
    select u.customer_id, u.month, sum(u.data_used_mb)::bigint as d, sum(u.voice_used_min)::bigint as v from customers.v_package_use u
    where u.month between ${addMonths(last, -MONTHS_BEFORE - MONTHS_LATE)}::date and ${last}::date group by u.customer_id, u.month),
  judged as (select u.customer_id, max(u.month) as month from used u where u.month >= ${addMonths(last, -MONTHS_LATE)}::date group by u.customer_id),
  months as (
    select u.customer_id, max(u.d) filter (where u.month = j.month) as d_now, sum(u.d) filter (where u.month < j.month)::bigint as d_total,
           count(u.d) filter (where u.month < j.month) as d_months, max(u.v) filter (where u.month = j.month) as v_now,
           sum(u.v) filter (where u.month < j.month)::bigint as v_total, count(u.v) filter (where u.month < j.month) as v_months
    from used u join judged j on j.customer_id = u.customer_id and u.month >= j.month - make_interval(months => ${MONTHS_BEFORE}::int)
    group by u.customer_id),
  trend as (select m.customer_id, greatest(${fell('d')}, ${fell('v')}) as fell from months m),
  dialled as (
    select a.customer_id, a.id, a.outcome, a.effective, max(a.id::text) filter (where a.effective) over (partition by a.customer_id) as spoken
    from calls.v_attempt a
    where a.channel = 'call' and a.id >= platform.uuid_floor(${since(callDays)}) and a.started_at >= ${since(callDays)} and a.started_at < ${until}),
  called as (
    select d.customer_id, count(*) filter (where d.outcome = 'refused')::int as refusals, count(*) filter (where d.spoken is null or d.id::text > d.spoken)::int as unreached
    from dialled d group by d.customer_id)`;
}

/**
 * {@link healthOf} for all of them in one statement: customer_id, tier, reasons. A property test holds both together.
 * @param who a condition on `customers.v_customer c`
 */
export function healthSql(settings: HealthSettings, day: Day, who: Sql): Sql {
  const rules = stated(settings);
  const list = joinSql(
    rules.map(
      ({ code, says, high, facts }) =>
        sql`case when ${says} then jsonb_build_object('code', ${code}::text, 'level', case when ${high} then 'high' else 'sub' end ${facts}) end`,
    ),
  );
  const anyHigh = joinSql(
    rules.map(({ says, high }) => sql`(${says} and ${high})`),
    ' or ',
  );
  const together = settings.subsMakeHigh > 0 ? sql`or cardinality(x.reasons) >= ${settings.subsMakeHigh}::int` : sql``;
  return sql`
  with ${factsSql(settings, day)}
  select x.customer_id, case when cardinality(x.reasons) = 0 then 'healthy' when x.high ${together} then 'high-risk' else 'sub-healthy' end as tier, to_jsonb(x.reasons) as reasons
  from (
    select c.id as customer_id, array_remove(array[${list}], null) as reasons, (${anyHigh}) as high
    from customers.v_customer c
    left join signs g on g.customer_id = c.id
    left join reporting.churn_score v on v.customer_id = c.id
    left join complained p on p.customer_id = c.id
    left join trend w on w.customer_id = c.id
    left join called a on a.customer_id = c.id
    where c.status <> 'churned' and ${who}) x`;
}
