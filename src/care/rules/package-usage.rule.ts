import { addMonths, type Day, lastDayOfMonth, monthsWithin } from '../../kernel/day.js';
import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, DueFacts, Moment, UseFact } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

const CODE = 'package-usage';

interface UsageSettings {
  stars: readonly number[];
  overflow: boolean;
  underuse: boolean;
  underusePercent: number;
  restMonths: number;
}

const FIELDS: readonly SettingField[] = [
  { name: 'stars', kind: 'stars', initial: [1, 2, 3, 4, 5, 6, 7] },
  { name: 'overflow', kind: 'flag', initial: true },
  { name: 'underuse', kind: 'flag', initial: true },
  { name: 'underusePercent', kind: 'number', min: 1, max: 90, initial: 30 },
  { name: 'restMonths', kind: 'number', min: 0, max: 12, initial: 3 },
];

/** The newest whole months of a line that are judged, out of those that files which come late may bring; the same as the advice rests on. */
const MONTHS_JUDGED = 3;
const MONTHS_BACK = 6;
/** One month may be a holiday. */
const FEWEST_MONTHS = 2;

/** CAR-7, in the order in which they are called for: what costs the customer money first, data before voice. */
const SITUATIONS = ['data-overflow', 'other-overflow', 'data-underuse', 'other-underuse'] as const;
type Situation = (typeof SITUATIONS)[number];

const read = (settings: Settings): UsageSettings => settings as Settings & UsageSettings;
const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
const wantedOf = ({ overflow, underuse }: UsageSettings): Situation[] =>
  SITUATIONS.filter((situation) => (situation.endsWith('overflow') ? overflow : underuse));

interface Use {
  used: number;
  quota: number;
}
const useOf = (fact: UseFact, situation: Situation): Use | null => {
  const [used, quota] = situation.startsWith('data') ? [fact.dataUsedMb, fact.dataQuotaMb] : [fact.voiceUsedMin, fact.voiceQuotaMin];
  return used === null || quota === null ? null : { used, quota };
};

/** overflow: beyond the quota in more than half of the months · underuse: below the share in every one. */
function isIn(situation: Situation, months: readonly UseFact[], { underusePercent }: UsageSettings): boolean {
  const uses = months.flatMap((month) => useOf(month, situation) ?? []);
  if (uses.length < FEWEST_MONTHS) return false;
  const over = uses.filter(({ used, quota }) => used > quota).length * 2 > uses.length;
  return situation.endsWith('overflow') ? over : !over && uses.every(({ used, quota }) => used * 100 < quota * underusePercent);
}

/** The months of each line that are judged, newest first; the line with the lowest number first. */
function linesJudged(uses: readonly UseFact[], first: Day): UseFact[][] {
  const known = uses.filter(({ month }) => month >= addMonths(first, -MONTHS_BACK) && month < first);
  const lines = [...new Set(known.map(({ lineId }) => lineId))].sort((a, b) => Number(a) - Number(b));
  return lines.map((line) =>
    known
      .filter(({ lineId }) => lineId === line)
      .sort((a, b) => b.month.localeCompare(a.month))
      .slice(0, MONTHS_JUDGED),
  );
}

/** One call a customer: the first situation of the first line that is in it. */
function found(facts: CareFacts, settings: UsageSettings, day: Day): DueFacts | null {
  const lines = linesJudged(facts.uses, firstOfMonth(day));
  for (const situation of wantedOf(settings)) {
    const months = lines.find((line) => isIn(situation, line, settings));
    const newest = months?.[0];
    if (newest)
      return {
        situation,
        lineId: newest.lineId,
        month: newest.month,
        used: useOf(newest, situation)?.used ?? null,
        quota: useOf(newest, situation)?.quota ?? null,
      };
  }
  return null;
}

const spokenOn = (facts: CareFacts, day: Day): Day | null =>
  facts.visits
    .filter(({ on, campaign, topics }) => on <= day && (campaign === CODE || topics.includes(CODE)))
    .reduce<Day | null>((last, { on }) => (last === null || on > last ? on : last), null);

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  if (facts.status !== 'active' || !settings.stars.includes(facts.star))
    return { due: [], why: { key: 'care.why.usage_not_for', params: {} }, nextOn: null };
  const spoken = spokenOn(facts, day);
  const again = spoken && addMonths(spoken, settings.restMonths);
  if (again !== null && again > day)
    return { due: [], why: { key: 'care.why.usage_spoken', params: { on: { day: spoken ?? day }, next: { day: again } } }, nextOn: again };
  const about = found(facts, settings, day);
  const why = { key: 'care.why.usage_fits', params: {} };
  if (!about) return { due: [], why, nextOn: null };
  const deadlineOn = lastDayOfMonth(day);
  const due = { cycle: day.slice(0, 7), channel: 'call' as const, fromOn: day, deadlineOn, late: false, countsFrom: day, facts: about };
  return { due: [due], why, nextOn: deadlineOn };
}

const column = (situation: Situation, what: 'used' | 'quota'): Sql => rawSql(situation.startsWith('data') ? `data_${what}_mb` : `voice_${what}_min`);

/** Of a line's judged months `u`: whether it is in the situation, and its figures of the newest month. */
const inSituation = (situation: Situation, { underusePercent }: UsageSettings): Sql => {
  const [used, quota] = [column(situation, 'used'), column(situation, 'quota')];
  const known = sql`count(*) filter (where ${used} is not null and ${quota} is not null)`;
  const over = sql`count(*) filter (where ${used} > ${quota}) * 2 > ${known}`;
  const under = sql`(${known} = count(*) filter (where ${used}::bigint * 100 < ${quota}::bigint * ${underusePercent}::int))`;
  return sql`${known} >= ${FEWEST_MONTHS}::int and ${situation.endsWith('overflow') ? over : sql`not (${over}) and ${under}`}`;
};

const ATTEMPTS = sql`calls.v_attempt`;

/** @param until the last day on which the rest after a talk may end, in the month of the day asked about */
const usageSql = (raw: Settings, { day, who, attempts }: CandidateAsk, until: Day): Sql => {
  const settings = read(raw);
  const first = firstOfMonth(day);
  const wanted = wantedOf(settings);
  if (wanted.length === 0)
    return sql`select null::bigint as customer_id, null::text as cycle, null::text as channel, null::date as from_on,
    null::date as deadline_on, null::boolean as late, null::date as counts_from, null::jsonb as facts where false`;
  const place = joinSql(
    wanted.map((situation, i) => sql`when ${inSituation(situation, settings)} then ${i}::int`),
    ' ',
  );
  const newest = (what: 'used' | 'quota'): Sql => {
    const figure = (situation: Situation): Sql =>
      sql`case when n.${column(situation, 'used')} is not null and n.${column(situation, 'quota')} is not null then n.${column(situation, what)} end`;
    return sql`case ${joinSql(
      wanted.map((situation, i) => sql`when l.place = ${i}::int then ${figure(situation)}`),
      ' ',
    )} end`;
  };
  return sql`
  with judged as materialized (
    select * from (select p.*, row_number() over (partition by p.line_id order by p.month desc) as nth
                   from customers.v_package_use p
                   where p.month >= ${addMonths(first, -MONTHS_BACK)}::date and p.month < ${first}::date
                     and p.customer_id in (select c.id from customers.v_customer c
                                           where c.status = 'active' and c.star_level = any(${settings.stars}::int[]) and ${who})) p
    where p.nth <= ${MONTHS_JUDGED}::int),
  placed as (select customer_id, line_id, case ${place} end as place from judged group by customer_id, line_id),
  first_line as (select distinct on (customer_id) * from placed where place is not null order by customer_id, place, line_id),
  spoken as materialized (
    select a.customer_id, (max(platform.day_of(a.started_at)) + make_interval(months => ${settings.restMonths}::int))::date as until_on
    from ${attempts ?? ATTEMPTS} a join campaigns.v_campaign p on p.id = a.campaign_id
    where a.visit and (p.code = ${CODE} or ${CODE}::text = any(a.topics)) and a.started_at < platform.day_start(${day}::date + 1)
      ${attempts ? emptySql : sql`and a.id >= platform.uuid_floor(platform.day_start(${addMonths(day, -settings.restMonths - 1)}::date))`}
    group by a.customer_id)
  select l.customer_id, ${day.slice(0, 7)}::text as cycle, 'call'::text as channel, greatest(${day}::date, s.until_on) as from_on,
         ${lastDayOfMonth(day)}::date as deadline_on, false as late, greatest(${day}::date, s.until_on) as counts_from,
         jsonb_build_object('situation', (${wanted}::text[])[l.place + 1], 'lineId', l.line_id::text, 'month', to_char(n.month, 'YYYY-MM-DD'),
                            'used', ${newest('used')}, 'quota', ${newest('quota')}) as facts
  from first_line l
  join judged n on n.line_id = l.line_id and n.nth = 1
  left join spoken s on s.customer_id = l.customer_id
  where s.until_on is null or s.until_on <= ${until}::date`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql => usageSql(settings, ask, ask.day);

const callsThrough = (settings: Settings, ask: CandidateAsk, until: Day): Sql =>
  joinSql(
    monthsWithin(ask.day, until).map(({ from, to }) => sql`select * from (${usageSql(settings, { ...ask, day: from }, to)}) m`),
    ' union all ',
  );

/**
 * Package overflow and underuse (CAR-7): whoever goes beyond the package month after month, or hardly uses it, gets a call, once a month at most and not
 * again while the last talk about it is fresh. What is offered is worked out from the catalogue when the call is made.
 */
export const packageUsage: CareRule = {
  code: CODE,
  sort: 40,
  icon: 'chart-arrows-vertical',
  replan: { follows: ['call'], because: 'facts' },
  fields: FIELDS,
  counting: 'own-task',
  monthly: true,
  decide,
  candidates,
  callsThrough,
  sentence: ({ situation, month, used, quota }, deadlineOn) => ({
    key: `care.reason.package-usage.${String(situation)}`,
    params: {
      month: { month: typeof month === 'string' ? month : deadlineOn },
      used: used ?? '—',
      quota: quota ?? '—',
      deadline: { day: deadlineOn },
    },
  }),
};
