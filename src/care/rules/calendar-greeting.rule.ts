import { rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Due, Moment, SentenceValue } from '../care.types.js';
import { OCCASION_KINDS, type OccasionFact, type OccasionKind } from '../greetings/greetings.types.js';
import type { SettingField, Settings } from './setting.types.js';

const CODE = 'calendar-greeting';

interface GreetingSettings {
  stars: readonly number[];
  festivals: boolean;
  solarTerms: boolean;
  memberDays: boolean;
  cold: boolean;
  heat: boolean;
  template: string;
}

const FIELDS: readonly SettingField[] = [
  { name: 'stars', kind: 'stars', initial: [5, 6, 7] },
  { name: 'festivals', kind: 'flag', initial: true },
  { name: 'solarTerms', kind: 'flag', initial: true },
  { name: 'memberDays', kind: 'flag', initial: true },
  { name: 'cold', kind: 'flag', initial: true },
  { name: 'heat', kind: 'flag', initial: true },
  { name: 'template', kind: 'template', initial: CODE },
];

/** The province greets on that day, whatever the calendar closes: a condition on `calendar.v_day d` (GOV-6). */
export const CENTRAL_DAY = rawSql(`(d.closed_festival is not null or coalesce(d.festival, '') in ('春节', '除夕', '国庆节'))`);

/** The text the client approved for a day, and whether it is the one in use. */
export const APPROVED = rawSql(`(
  select a.day, a.template_code, coalesce(t.version = a.template_version, false) as current
  from care.greeting_approval a left join messaging.v_template t on t.code = a.template_code where a.state = 'approved')`);

const read = (settings: Settings): GreetingSettings => settings as Settings & GreetingSettings;

function kindsOf({ festivals, solarTerms, memberDays, cold, heat }: GreetingSettings): OccasionKind[] {
  const wanted = { festival: festivals, 'solar-term': solarTerms, 'member-day': memberDays, cold, heat };
  return OCCASION_KINDS.filter((kind) => wanted[kind]);
}

/** The best of the day's occasions: the festival before the solar term, both before what somebody noted, of these the one noted first. */
const bestOf = (occasions: readonly OccasionFact[], kinds: readonly OccasionKind[]): OccasionFact | undefined =>
  [...occasions]
    .filter(({ kind }) => kinds.includes(kind))
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || Number(a.markId ?? 0) - Number(b.markId ?? 0))[0];

/** Days of the almanac have words in every language; what somebody noted goes by the name it was given. */
const nameIn = (kind: unknown, name: string): SentenceValue => (kind === 'festival' || kind === 'solar-term' ? { key: `almanac.${name}` } : name);

const silent = (key: string, params: Readonly<Record<string, SentenceValue>> = {}): Decision => ({ due: [], why: { key, params }, nextOn: null });

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  const { central, occasions, approval } = facts.today;
  if (facts.status !== 'active' || !settings.stars.includes(facts.star)) return silent('care.why.greeting_not_for');
  if (central) return silent('care.why.greeting_central');
  const best = bestOf(occasions, kindsOf(settings));
  if (!best) return silent('care.why.greeting_no_day');
  if (!approval) return silent('care.why.greeting_unapproved', { name: nameIn(best.kind, best.name) });
  if (!approval.current) return silent('care.why.greeting_reworded', { name: nameIn(best.kind, best.name) });
  const due: Due = {
    // a cold spell of several days is one occasion
    cycle: best.markId === null ? day : `mark ${best.markId}`,
    channel: 'sms',
    fromOn: day,
    deadlineOn: day,
    late: false,
    countsFrom: day,
    facts: { on: day, kind: best.kind, name: best.name, template: approval.template },
  };
  return { due: [due], why: { key: 'care.why.greeting_no_day', params: {} }, nextOn: null };
}

/** What the day is for a customer `c`, as rows of kind, name, mark_id. */
export const occasionsFor = (day: Sql): Sql => sql`
  select 'festival'::text as kind, d.festival as name, null::bigint as mark_id from calendar.v_day d where d.day = ${day} and d.festival is not null
  union all
  select 'solar-term', d.solar_term, null from calendar.v_day d where d.day = ${day} and d.solar_term is not null
  union all
  select m.kind, m.name, m.id from calendar.v_day_mark m join staff.v_org_unit o on o.id = c.org_unit_id
  where m.day = ${day} and m.kind in ('member-day', 'cold', 'heat') and starts_with(o.path, m.org_path)
    and (m.region is null or m.region in (c.province, c.city, c.district))`;

const candidates = (raw: Settings, { day, who }: CandidateAsk): Sql => {
  const settings = read(raw);
  const today = sql`${day}::date`;
  return sql`
  select c.id as customer_id, coalesce('mark ' || b.mark_id, ${day}::text) as cycle, 'sms'::text as channel, ${today} as from_on, ${today} as deadline_on,
         false as late, ${today} as counts_from, jsonb_build_object('on', ${day}::text, 'kind', b.kind, 'name', b.name, 'template', a.template_code) as facts
  from customers.v_customer c
  join ${APPROVED} a on a.day = ${today} and a.current
  join calendar.v_day d on d.day = ${today} and not ${CENTRAL_DAY}
  cross join lateral (
    select o.kind, o.name, o.mark_id from (${occasionsFor(today)}) o
    where o.kind = any(${kindsOf(settings)}::text[])
    order by array_position(${[...OCCASION_KINDS]}::text[], o.kind), o.mark_id limit 1) b
  where c.status = 'active' and c.star_level = any(${settings.stars}::int[]) and ${who}`;
};

/**
 * Greetings by the calendar (CAR-5): festivals, solar terms, the member day, cold and heat, at some star levels, and only with the client's word for the
 * day and the text. Spring Festival and National Day are the province's (GOV-6).
 */
export const calendarGreeting: CareRule = {
  code: CODE,
  sort: 70,
  icon: 'snowflake',
  replan: { follows: ['sms'], because: 'facts' },
  fields: FIELDS,
  counting: 'own-task',
  messagePurpose: 'greeting',
  decide,
  candidates,
  callsThrough: () => null,
  // the client may take back the word until the message is on its way
  stands: () => sql`exists (
    select from care.greeting_approval a
    where a.state = 'approved' and a.day = (d.facts ->> 'on')::date and a.template_code = d.facts ->> 'template')`,
  sentence: ({ kind, name, on }, deadlineOn) => ({
    key: `care.reason.${CODE}`,
    params: { name: typeof name === 'string' ? nameIn(kind, name) : '', on: { day: typeof on === 'string' ? on : deadlineOn } },
  }),
  template: (settings) => read(settings).template,
  templateOfDue: true,
};
