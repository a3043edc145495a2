import { addDays, type Day, daysBetween, laterDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, HealthFact, Moment } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

const CODE = 'periodic-attention';

interface AttentionSettings {
  everyDays: number;
  stars: readonly number[];
  highRisk: boolean;
}

const FIELDS: readonly SettingField[] = [
  { name: 'everyDays', kind: 'number', min: 7, max: 180, initial: 30 },
  { name: 'stars', kind: 'stars', initial: [1, 2, 3, 4, 5, 6, 7] },
  { name: 'highRisk', kind: 'flag', initial: false },
];

/** Turns are counted from here, each customer's from a day of their own. */
const FIRST: Day = '1970-01-01';

const read = (settings: Settings): AttentionSettings => settings as Settings & AttentionSettings;

const tiersOf = ({ highRisk }: AttentionSettings): HealthFact['tier'][] => (highRisk ? ['sub-healthy', 'high-risk'] : ['sub-healthy']);
/** Whoever fell ill so many days into a turn waits for the next one: what is left of it would be too short. */
const graceOf = ({ everyDays }: AttentionSettings): number => Math.trunc(everyDays / 2);

/** The first day of the turn that holds a day. */
function turnOf(id: string, everyDays: number, day: Day): Day {
  const own = Number(BigInt(id) % BigInt(everyDays));
  return addDays(day, -((daysBetween(FIRST, day) - own) % everyDays));
}

function decide({ id, status, star, health, lastTalkOn: last }: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  const { everyDays } = settings;
  if (status !== 'active' || !settings.stars.includes(star)) return { due: [], why: { key: 'care.why.attention_not_for', params: {} }, nextOn: null };
  if (!health || !tiersOf(settings).includes(health.tier)) return { due: [], why: { key: 'care.why.attention_no_tier', params: {} }, nextOn: null };
  const start = turnOf(id, everyDays, day);
  const turn = health.since > addDays(start, graceOf(settings)) ? addDays(start, everyDays) : start;
  const from = last === null ? turn : laterDay(turn, addDays(last, everyDays));
  const why = { key: 'care.why.attention_later', params: { next: { day: from } } };
  if (from > day) return { due: [], why, nextOn: from };
  const deadlineOn = addDays(start, everyDays - 1);
  const facts = { tier: health.tier, reason: health.reason, since: health.since, days: everyDays };
  return {
    due: [{ cycle: start, channel: 'call', fromOn: day, deadlineOn, late: false, countsFrom: start, facts }],
    why,
    nextOn: addDays(start, everyDays),
  };
}

/** Talks that still tell when the next call is due lie no further back than two turns. */
function attentionSql(raw: Settings, { day, who, attempts }: CandidateAsk, until: Day): Sql {
  const settings = read(raw);
  const { everyDays } = settings;
  const turns = Math.trunc(daysBetween(day, until) / everyDays) + 1;
  return sql`
  with attended as materialized (
    select c.id, h.tier, h.reason, h.since, ${day}::date - ((${day}::date - ${FIRST}::date - (c.id % ${everyDays}::int)::int) % ${everyDays}::int) as turn_on
    from customers.v_customer c join reporting.customer_health h on h.customer_id = c.id
    where c.status = 'active' and c.star_level = any(${settings.stars}::int[]) and h.tier = any(${tiersOf(settings)}::text[]) and ${who}),
  spoken as (
    select a.customer_id, platform.day_of(max(a.started_at)) as last_on from ${attempts ?? sql`calls.v_attempt`} a
    where a.effective and a.started_at >= platform.day_start(${addDays(day, -2 * everyDays)}::date) and a.started_at < platform.day_start(${day}::date + 1)
      and a.customer_id in (select s.id from attended s)
    group by a.customer_id)
  select s.id as customer_id, to_char(t.start_on, 'YYYY-MM-DD') as cycle, 'call'::text as channel, greatest(t.from_on, ${day}::date) as from_on,
         t.start_on + ${everyDays - 1}::int as deadline_on, false as late, t.start_on as counts_from,
         jsonb_build_object('tier', s.tier, 'reason', s.reason, 'since', to_char(s.since, 'YYYY-MM-DD'), 'days', ${everyDays}::int) as facts
  from attended s
  left join spoken v on v.customer_id = s.id
  cross join generate_series(0, ${turns}::int) k
  cross join lateral (
    select n.start_on, greatest(n.start_on, v.last_on + ${everyDays}::int) as from_on from (select s.turn_on + k * ${everyDays}::int as start_on) n) t
  where t.from_on <= ${until}::date and t.from_on < t.start_on + ${everyDays}::int and s.since <= t.start_on + ${graceOf(settings)}::int`;
}

/**
 * Periodic attention (CUS-5): a sub-healthy customer is called once a turn, and not sooner than a turn after somebody last spoke with them. Turns begin on
 * another day for each customer, so that they do not all come at once. Those at high risk have retention; they get this too where the planner says so.
 */
export const periodicAttention: CareRule = {
  code: CODE,
  sort: 18,
  icon: 'heartbeat',
  replan: { follows: ['call'], because: 'facts' },
  fields: FIELDS,
  counting: 'any-visit',
  countingVisits: () => sql`a.visit`,
  decide,
  candidates: (settings, ask) => attentionSql(settings, ask, ask.day),
  callsThrough: attentionSql,
  // who has got worse in the meantime is called all the more
  stands: () => sql`exists (select from reporting.customer_health h where h.customer_id = d.customer_id and h.tier <> 'healthy')`,
  sentence: ({ tier, reason, since, days }, deadlineOn) => ({
    key: `care.reason.${CODE}`,
    params: {
      tier: { key: `care.tier.${tier ?? 'sub-healthy'}` },
      why: { key: `care.tier_reason.${reason ?? 'other'}` },
      since: { day: typeof since === 'string' ? since : deadlineOn },
      days: days ?? 0,
      deadline: { day: deadlineOn },
    },
  }),
};
