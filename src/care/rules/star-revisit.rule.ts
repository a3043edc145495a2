import { addDays, addMonths, type Day, daysBetween } from '../../kernel/day.js';
import { emptySql, type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Due, DueFacts, Moment, Sentence, VisitFact } from '../care.types.js';
import { EVENT_KINDS, type EventKind, VISIT_KINDS } from '../events/events.types.js';
import { ATTENDED } from './attended.policy.js';
import { type ByStar, type SettingField, type Settings, STARS } from './setting.types.js';

const CODE = 'star-revisit';

interface RevisitSettings {
  period: 'calendar' | 'rolling';
  months: ByStar;
  minGapDays: ByStar;
  horizonDays: number;
  anyCampaign: boolean;
  topics: readonly string[];
  attendance: 'none' | 'visits' | 'all';
  leaveMessage: boolean;
  template: string;
}

/** 3-2-1 and 5 months; the least gap between two visits, 15 / 30 / 45 days (CAR-1). */
const FIELDS: readonly SettingField[] = [
  { name: 'period', kind: 'choice', choices: ['calendar', 'rolling'], initial: 'calendar' },
  { name: 'months', kind: 'by-star', min: 1, max: 24, initial: { 7: 1, 6: 2, 5: 3, 4: 5, 3: 5, 2: 5, 1: 5 } },
  { name: 'minGapDays', kind: 'by-star', min: 0, max: 365, initial: { 7: 15, 6: 30, 5: 45, 4: 45, 3: 45, 2: 45, 1: 45 } },
  { name: 'horizonDays', kind: 'number', min: 0, max: 92, initial: 31 },
  { name: 'anyCampaign', kind: 'flag', initial: true },
  { name: 'topics', kind: 'words', initial: [] },
  { name: 'attendance', kind: 'choice', choices: ['none', 'visits', 'all'], initial: 'none' },
  { name: 'leaveMessage', kind: 'flag', initial: true },
  { name: 'template', kind: 'template', initial: 'star-revisit-missed' },
];

/** What a visit talks about; a planner who asks for topics of his own puts them in this one's place (CAR-1). */
const TOPICS: readonly string[] = ['product', 'bill', 'rights', 'activity', 'coaching'];

/** A visit before everything: the first day for those who were never visited. */
const EVER: Day = '1970-01-01';
/** The shortest n months hold this many days each. */
const DAYS_A_MONTH = 28;

const read = (settings: Settings): RevisitSettings => settings as Settings & RevisitSettings;

/** One star level's cadence. */
interface Cadence {
  star: number;
  months: number;
  gap: number;
}

function cadenceOf({ months, minGapDays }: RevisitSettings, star: number): Cadence | null {
  const n = months[star];
  return star >= 1 && star <= 7 && n ? { star, months: n, gap: minGapDays[star] ?? 0 } : null;
}

const latest = (...days: (Day | null)[]): Day => days.reduce<Day>((last, day) => (day !== null && day > last ? day : last), '');

/** Whether a visit keeps the promise: on whatever campaign if the planner allows it, its topic ticked if the planner asks for one. */
function counts(visit: VisitFact, settings: RevisitSettings): boolean {
  const onCampaign = settings.anyCampaign || visit.campaign === CODE;
  const onTopic = settings.topics.length === 0 || visit.imported || visit.topics.some((topic) => topic === CODE || settings.topics.includes(topic));
  return onCampaign && onTopic;
}

/** The kinds of events that count, when the customer was there. */
const attendedKinds = ({ attendance }: RevisitSettings): readonly EventKind[] =>
  attendance === 'all' ? EVENT_KINDS : attendance === 'visits' ? VISIT_KINDS : [];

const lastVisit = (facts: CareFacts, settings: RevisitSettings, day: Day): Day | null => {
  const called = facts.visits.filter((visit) => counts(visit, settings));
  const came = facts.attended.filter(({ kind }) => attendedKinds(settings).includes(kind));
  return [...called, ...came].reduce<Day | null>((last, { on }) => (on <= day && (last === null || on > last) ? on : last), null);
};

const dueFacts = ({ star, months }: Cadence, last: Day | null): DueFacts => ({ star, months, lastVisit: last });

/** From the last visit on: due n months later, once; somebody never visited is due now. */
function rolling(cadence: Cadence, last: Day | null, day: Day): Due {
  const deadlineOn = last === null ? day : addMonths(last, cadence.months);
  return {
    cycle: last === null ? 'never' : `after ${last}`,
    channel: 'call',
    fromOn: last === null ? day : latest(day, addDays(last, cadence.gap)),
    deadlineOn,
    late: last === null || deadlineOn < day,
    countsFrom: last === null ? EVER : addDays(last, 1),
    facts: dueFacts(cadence, last),
  };
}

interface Period {
  start: Day;
  end: Day;
  cycle: string;
}

const monthIndex = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const monthStart = (index: number): Day => `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;

/** The k-th n-month period after the one that holds `day`. Periods are counted through the years, so that five months fit too. */
function periodAt(day: Day, months: number, k: number): Period {
  const first = Math.floor(monthIndex(day) / months) * months + k * months;
  const start = monthStart(first);
  const cycle = months === 1 ? start.slice(0, 7) : `${start.slice(0, 7)}..${monthStart(first + months - 1).slice(0, 7)}`;
  return { start, end: addDays(monthStart(first + months), -1), cycle };
}

const inPeriod = (cadence: Cadence, last: Day | null, { cycle, start, end }: Period, fromOn: Day): Due => ({
  cycle,
  channel: 'call',
  fromOn,
  deadlineOn: end,
  late: false,
  countsFrom: start,
  facts: dueFacts(cadence, last),
});

/** One visit in each period: this one if it is still owed, and those to come that end within the horizon. */
function byCalendar(cadence: Cadence, last: Day | null, day: Day, horizon: Day): Due[] {
  const now = periodAt(day, cadence.months, 0);
  const visited = last !== null && last >= now.start;
  const due: Due[] = [];
  if (!visited && (last === null || now.end <= horizon)) due.push(inPeriod(cadence, last, now, latest(day, last && addDays(last, cadence.gap))));
  let before = visited ? last : now.end;
  for (let k = 1, period = periodAt(day, cadence.months, k); period.end <= horizon; k += 1, period = periodAt(day, cadence.months, k)) {
    due.push(inPeriod(cadence, last, period, latest(period.start, addDays(before, cadence.gap))));
    before = period.end;
  }
  return due;
}

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  const cadence = cadenceOf(settings, facts.star);
  if (facts.status !== 'active') return { due: [], why: { key: 'care.why.not_active', params: {} }, nextOn: null };
  if (!cadence) return { due: [], why: { key: 'care.why.no_cadence', params: {} }, nextOn: null };
  const last = lastVisit(facts, settings, day);
  const horizon = addDays(day, settings.horizonDays);
  const next = settings.period === 'rolling' ? rolling(cadence, last, day) : null;
  const due = next ? [next].filter((one) => one.deadlineOn <= horizon) : byCalendar(cadence, last, day, horizon);
  const nextOn = next?.deadlineOn ?? periodAt(day, cadence.months, last !== null && last >= periodAt(day, cadence.months, 0).start ? 1 : 0).end;
  const why: Sentence = { key: 'care.why.revisit_later', params: { last: { day: last ?? day }, next: { day: nextOn } } };
  return { due, why, nextOn };
}

function countingVisits(raw: Settings): Sql {
  const { anyCampaign, topics } = read(raw);
  const campaign = anyCampaign ? emptySql : sql`and a.campaign_id = (select p.id from campaigns.v_campaign p where p.code = ${CODE})`;
  const topic = topics.length === 0 ? emptySql : sql`and (a.source = 'feed' or a.topics && ${[CODE, ...topics]}::text[])`;
  return sql`a.visit ${campaign} ${topic}`;
}

const ATTEMPTS = sql`calls.v_attempt`;

function countingAttendance(raw: Settings): Sql | null {
  const kinds = attendedKinds(read(raw));
  return kinds.length === 0 ? null : sql`${ATTENDED} and e.kind = any(${kinds}::text[])`;
}

/** The last day each customer was at an event that counts: customer_id, last_on. */
const cameSql = (settings: Settings, { day }: CandidateAsk): Sql =>
  sql`select t.customer_id, platform.day_of(max(t.starts_at)) as last_on from (${countingAttendance(settings) ?? sql`${ATTENDED} and false`}) t
      where t.starts_at < platform.day_start(${day}::date + 1) group by t.customer_id`;

/** The number of months and the least gap of each star. */
const cadences = (settings: Settings): Sql => sql`
  select m.key::int as star, m.value::int as months, coalesce((${JSON.stringify(read(settings).minGapDays)}::jsonb ->> m.key)::int, 0) as gap
  from jsonb_each_text(${JSON.stringify(read(settings).months)}::jsonb) m`;

/** Everybody asked, with the last visit that counts. */
const revisitees = (settings: Settings, ask: CandidateAsk): Sql => sql`
  select c.id as customer_id, c.star_level as star, greatest(v.last_on, w.last_on) as last_on
  from customers.v_customer c
  left join (select a.customer_id, platform.day_of(max(a.started_at)) as last_on
             from ${ask.attempts ?? ATTEMPTS} a
             where ${countingVisits(settings)} and a.started_at < platform.day_start(${ask.day}::date + 1)
               and a.customer_id in (select c.id from customers.v_customer c where c.status = 'active' and ${ask.who})
             group by a.customer_id) v on v.customer_id = c.id
  left join (${cameSql(settings, ask)}) w on w.customer_id = c.id
  where c.status = 'active' and ${ask.who}`;

const FACTS = sql`jsonb_build_object('star', r.star, 'months', p.months, 'lastVisit', to_char(r.last_on, 'YYYY-MM-DD')) as facts`;

const rollingSql = (settings: Settings, ask: CandidateAsk): Sql => sql`
  select r.customer_id, coalesce('after ' || to_char(r.last_on, 'YYYY-MM-DD'), 'never') as cycle, 'call'::text as channel,
         greatest(${ask.day}::date, r.last_on + p.gap) as from_on,
         coalesce(n.due_on, ${ask.day}::date) as deadline_on, (r.last_on is null or n.due_on < ${ask.day}::date) as late,
         coalesce(r.last_on + 1, ${EVER}::date) as counts_from, ${FACTS}
  from (${revisitees(settings, ask)}) r
  join (${cadences(settings)}) p on p.star = r.star
  cross join lateral (select (r.last_on + make_interval(months => p.months))::date as due_on) n
  where n.due_on is null or n.due_on <= ${addDays(ask.day, read(settings).horizonDays)}::date`;

/** The periods are the same for all customers of a star: worked out once, not once a customer. */
const periodsSql = (settings: Settings, { day }: CandidateAsk): Sql => sql`
  select c.star, c.months, c.gap, s.k, s.first_on, s.start_on, s.end_on,
         to_char(s.start_on, 'YYYY-MM') || case when c.months = 1 then '' else '..' || to_char(s.end_on, 'YYYY-MM') end as cycle
  from (${cadences(settings)}) c
  cross join lateral (
    select k, m.first_on, (m.first_on + make_interval(months => k * c.months))::date as start_on,
           (m.first_on + make_interval(months => (k + 1) * c.months))::date - 1 as end_on
    from (select make_date(f.first / 12, f.first % 12 + 1, 1) as first_on
          from (select ${monthIndex(day)}::int - ${monthIndex(day)}::int % c.months as first) f) m,
         generate_series(0, ${Math.ceil(read(settings).horizonDays / DAYS_A_MONTH) + 1}::int) k) s`;

const calendarSql = (settings: Settings, ask: CandidateAsk): Sql => {
  const horizon = addDays(ask.day, read(settings).horizonDays);
  return sql`
  with period as materialized (select q.* from (${periodsSql(settings, ask)}) q where q.k = 0 or q.end_on <= ${horizon}::date)
  select r.customer_id, p.cycle, 'call'::text as channel,
         case p.k when 0 then greatest(${ask.day}::date, r.last_on + p.gap)
                  when 1 then greatest(p.start_on, case when r.last_on >= p.first_on then r.last_on else p.start_on - 1 end + p.gap)
                  else greatest(p.start_on, p.start_on - 1 + p.gap) end as from_on,
         p.end_on as deadline_on, false as late, p.start_on as counts_from, ${FACTS}
  from (${revisitees(settings, ask)}) r
  join period p on p.star = r.star
  where p.k > 0 or r.last_on is null or (r.last_on < p.start_on and p.end_on <= ${horizon}::date)`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql =>
  read(settings).period === 'rolling' ? rollingSql(settings, ask) : calendarSql(settings, ask);

/** With the horizon of the last day; what only that brings into view may not take place before the day that would see it. */
function callsThrough(settings: Settings, ask: CandidateAsk, until: Day): Sql {
  const { horizonDays } = read(settings);
  const wider = { ...settings, horizonDays: horizonDays + daysBetween(ask.day, until) };
  return sql`
  select w.customer_id, w.cycle, w.channel,
         case when w.facts ->> 'lastVisit' is null then w.from_on else greatest(w.from_on, w.deadline_on - ${horizonDays}::int) end as from_on,
         w.deadline_on, w.late, w.counts_from, w.facts
  from (${candidates(wider, ask)}) w`;
}

/**
 * Star revisit by telephone, "3-2-1" (CAR-1): every star level has its number of months, as calendar periods or from the
 * last visit that counts; a visit on any campaign counts unless the planner says otherwise.
 */
export const starRevisit: CareRule = {
  code: CODE,
  sort: 20,
  icon: 'star',
  replan: { follows: ['call'], because: 'facts' },
  fields: FIELDS,
  check: (raw) => {
    const { months, minGapDays } = read(raw);
    const tooWide = STARS.find((star) => (minGapDays[star] ?? 0) > (months[star] ?? 0) * DAYS_A_MONTH);
    return tooWide === undefined ? null : { name: `minGapDays.${tooWide}`, code: 'revisit_gap_too_wide', params: { star: tooWide } };
  },
  counting: 'any-visit',
  countingVisits,
  countingAttendance,
  decide,
  candidates,
  callsThrough,
  checklist: (settings) => (read(settings).topics.length > 0 ? read(settings).topics : TOPICS),
  sentence: ({ star, months, lastVisit: last }, deadlineOn) => ({
    key: last === null ? 'care.reason.star-revisit.first' : 'care.reason.star-revisit',
    params: { star: star ?? 0, count: months ?? 0, last: { day: typeof last === 'string' ? last : deadlineOn }, deadline: { day: deadlineOn } },
  }),
  leftWhenUnreached: (settings) => (read(settings).leaveMessage ? read(settings).template : null),
};
