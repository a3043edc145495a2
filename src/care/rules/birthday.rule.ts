import { lunarToSolar } from '../../kernel/almanac.js';
import { addDays, type Day, daysBetween, isDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { Birthday, CandidateAsk, CareFacts, CareRule, Decision, Due, Moment } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

interface BirthdaySettings {
  sms: boolean;
  template: string;
  callStars: readonly number[];
  feb29: '02-28' | '03-01';
  horizonDays: number;
}

const FIELDS: readonly SettingField[] = [
  { name: 'sms', kind: 'flag', initial: true },
  { name: 'template', kind: 'template', initial: 'birthday' },
  { name: 'callStars', kind: 'stars', initial: [5, 6, 7] },
  { name: 'feb29', kind: 'choice', choices: ['02-28', '03-01'], initial: '02-28' },
  { name: 'horizonDays', kind: 'number', min: 0, max: 60, initial: 0 },
];

/** No run of days off is longer than this, so the working day before a birthday is never farther away. */
const LONGEST_CLOSING = 15;

const read = (settings: Settings): BirthdaySettings => settings as Settings & BirthdaySettings;
const two = (n: number): string => String(n).padStart(2, '0');

interface Occurrence {
  on: Day;
  /** The year of its own calendar: one wish a year, and never two because New Year moves. */
  year: number;
}

function solarIn(year: number, { month, day }: Birthday, feb29: string): Day | null {
  const wanted = `${year}-${two(month)}-${two(day)}`;
  if (isDay(wanted)) return wanted;
  return month === 2 && day === 29 ? `${year}-${feb29}` : null;
}

/** A leap month's birthday is kept in the ordinary month, the 30th of a short month on the 29th (CAR-4). */
const lunarIn = (year: number, { month, day }: Birthday): Day | null =>
  lunarToSolar(year, month, day) ?? (day === 30 ? lunarToSolar(year, month, 29) : null);

/** The coming birthday, `from` included. */
function coming(birthday: Birthday, from: Day, feb29: string): Occurrence | null {
  const year = Number(from.slice(0, 4));
  const solar = birthday.calendar === 'solar';
  // the last months of a lunar year lie in the next solar one
  const years = solar ? [year, year + 1] : [year - 1, year, year + 1];
  const occurrences = years.map((y) => ({ year: y, on: solar ? solarIn(y, birthday, feb29) : lunarIn(y, birthday) }));
  return occurrences.find((one): one is Occurrence => one.on !== null && one.on >= from) ?? null;
}

/** The working day a birthday's call is made on: the day itself, or the last one before it. */
function callDay(on: Day, isWorking: Moment['isWorking']): Day | null {
  for (let back = 0; back <= LONGEST_CLOSING; back += 1) if (isWorking(addDays(on, -back))) return addDays(on, -back);
  return null;
}

function decide(facts: CareFacts, raw: Settings, moment: Moment): Decision {
  const settings = read(raw);
  // one wish a customer: for whoever has the telephone in their hand
  const kept = facts.userBirthday ?? facts.birthday;
  const next = kept && coming(kept, moment.day, settings.feb29);
  if (!next) return { due: [], why: { key: 'care.why.no_birthday', params: {} }, nextOn: null };
  const due: Due[] = [];
  const common = { deadlineOn: next.on, late: false, facts: { calendar: kept.calendar, on: next.on, of: facts.userBirthday ? 'user' : 'owner' } };
  if (settings.sms && next.on === moment.day) {
    due.push({ ...common, cycle: `${next.year}`, channel: 'sms', fromOn: next.on, countsFrom: next.on });
  }
  const call = settings.callStars.includes(facts.star) ? callDay(next.on, moment.isWorking) : null;
  if (call !== null && call <= addDays(moment.day, settings.horizonDays)) {
    const fromOn = call > moment.day ? call : moment.day;
    due.push({ ...common, cycle: `${next.year}-call`, channel: 'call', fromOn, countsFrom: fromOn });
  }
  return { due, why: { key: 'care.why.birthday_later', params: { next: { day: next.on } } }, nextOn: next.on };
}

/** The days a birthday may be kept on, each under the dates that are kept on it: (calendar, month, day of month). */
export const keptBirthdays = (day: Day, { horizonDays, feb29 }: Pick<BirthdaySettings, 'horizonDays'> & { feb29: string }): Sql => sql`
  select d.day, d.call_day, w.calendar, w.month, w.dom, w.year
  from (select n.*, extract(year from n.day)::int as y, max(n.day) filter (where n.working) over (order by n.day) as call_day
        from calendar.v_day n
        where n.day between ${addDays(day, -LONGEST_CLOSING)}::date and ${addDays(day, horizonDays + LONGEST_CLOSING)}::date) d
  cross join lateral (
    select 'solar'::text as calendar, extract(month from d.day)::int as month, extract(day from d.day)::int as dom, d.y as year
    union all
    select 'solar', 2, 29, d.y where to_char(d.day, 'MM-DD') = ${feb29}::text and extract(day from make_date(d.y, 3, 1) - 1) = 28
    union all
    select 'lunar', d.lunar_month, x.dom, d.y - case when d.lunar_month > 10 and extract(month from d.day) <= 2 then 1 else 0 end
    from (select d.lunar_day::int as dom union all select 30 where d.lunar_day = 29 and d.lunar_month_days = 29) x
    where not d.lunar_leap) w
  where d.day >= ${day}::date`;

const columns = sql`jsonb_build_object('calendar', k.calendar, 'on', to_char(k.day, 'YYYY-MM-DD'), 'of', k.of) as facts`;

/** @param until the last birthday that is wished by message */
const wishes = (raw: Settings, ask: CandidateAsk, until: Day): Sql => {
  const settings = read(raw);
  return sql`
  with kept as materialized (${keptBirthdays(ask.day, settings)}),
  wished as materialized (
    select c.id, c.star_level, 'owner'::text as of, k.day, k.call_day, k.year, k.calendar
    from customers.v_customer c
    join kept k on k.calendar = c.birth_calendar and k.month = c.birth_month and k.dom = c.birth_day
    where ${ask.who} and not exists (select from customers.v_user_birthday u where u.customer_id = c.id)
    union all
    select c.id, c.star_level, 'user', k.day, k.call_day, k.year, k.calendar
    from kept k
    join customers.v_user_birthday u on u.calendar = k.calendar and u.month = k.month and u.day = k.dom
    join customers.v_customer c on c.id = u.customer_id
    where ${ask.who})
  select k.id as customer_id, k.year::text as cycle, 'sms'::text as channel, k.day as from_on, k.day as deadline_on, false as late,
         k.day as counts_from, ${columns}
  from wished k
  where k.day between ${ask.day}::date and ${until}::date and ${settings.sms}::boolean
  union all
  select k.id, k.year || '-call', 'call', greatest(k.call_day, ${ask.day}::date), k.day, false, greatest(k.call_day, ${ask.day}::date), ${columns}
  from wished k
  where k.star_level = any(${settings.callStars}::int[]) and k.call_day <= ${addDays(ask.day, settings.horizonDays)}::date`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql => wishes(settings, ask, ask.day);

/** Calls of more days ahead: a birthday's day does not hang on the day of the run. */
const callsThrough = (raw: Settings, ask: CandidateAsk, until: Day): Sql =>
  candidates({ ...raw, sms: false, horizonDays: read(raw).horizonDays + daysBetween(ask.day, until) }, ask);

const messagesThrough = (raw: Settings, ask: CandidateAsk, until: Day): Sql =>
  wishes({ ...raw, callStars: [], horizonDays: daysBetween(ask.day, until) }, ask, until);

/**
 * Birthday (CAR-4): a message on the day for everybody, a call for five to seven stars, early when the day is not at work. Who uses the card is wished
 * in the owner's place, once their birthday is known.
 */
export const birthday: CareRule = {
  code: 'birthday',
  sort: 10,
  icon: 'cake',
  replan: { follows: ['call', 'sms'], because: 'birthday' },
  fields: FIELDS,
  counting: 'own-task',
  decide,
  candidates,
  callsThrough,
  messagesThrough,
  sentence: ({ calendar, on, of }, deadlineOn) => ({
    key: `care.reason.birthday${of === 'user' ? '.user' : ''}${calendar === 'lunar' ? '.lunar' : ''}`,
    params: { on: { day: typeof on === 'string' ? on : deadlineOn } },
  }),
  template: (settings) => read(settings).template,
};
