import { addDays, type Day, lastDayOfMonth, monthsWithin } from '../../kernel/day.js';
import { joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Moment } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

interface SmsVisitSettings {
  stars: readonly number[];
  countOthers: boolean;
  template: string;
}

const FIELDS: readonly SettingField[] = [
  { name: 'stars', kind: 'stars', initial: [1, 2, 3, 4, 5, 6, 7] },
  { name: 'countOthers', kind: 'flag', initial: true },
  { name: 'template', kind: 'template', initial: 'sms-visit' },
];

const read = (settings: Settings): SmsVisitSettings => settings as Settings & SmsVisitSettings;

/** What counts as a care message, as a condition on `contact.v_touch`: it went out, or is about to. */
export const CARE_MESSAGE = rawSql(
  `channel = 'sms' and allowed and state in ('reserved', 'confirmed', 'history') and purpose in ('care', 'greeting')`,
);

/** The care messages from the first of a month on, by customer and day. */
export const messagedSql = (month: Day): Sql => sql`(
  select t.customer_id, platform.day_of(t.at) as on_day from contact.v_touch t
  where ${CARE_MESSAGE} and t.id >= platform.uuid_floor(platform.day_start(${month}::date)) and t.at >= platform.day_start(${month}::date))`;

/** The same as {@link Moment.isOccasion}, as a condition on `calendar.v_day`. */
const OCCASION = rawSql('closed_festival is null and (not working or solar_term is not null or festival is not null)');

function occasionsOf(month: Day, { isOccasion }: Moment): Day[] {
  const days: Day[] = [];
  for (let day = month; day <= lastDayOfMonth(month); day = addDays(day, 1)) if (isOccasion(day)) days.push(day);
  return days;
}

const later = (next: Day | null): Decision => ({
  due: [],
  why: next === null ? { key: 'care.why.sms_visit_no_day', params: {} } : { key: 'care.why.sms_visit_later', params: { next: { day: next } } },
  nextOn: next,
});

function decide(facts: CareFacts, raw: Settings, moment: Moment): Decision {
  const { stars, countOthers } = read(raw);
  const month = `${moment.day.slice(0, 7)}-01`;
  if (facts.status !== 'active' || !stars.includes(facts.star))
    return { due: [], why: { key: 'care.why.sms_visit_not_for', params: {} }, nextOn: null };
  const messaged = facts.messagedOn.find((on) => on >= month && on <= moment.day);
  if (countOthers && messaged) return { due: [], why: { key: 'care.why.sms_visit_had', params: { on: { day: messaged } } }, nextOn: null };
  const occasions = occasionsOf(month, moment);
  const turn = occasions[Number(BigInt(facts.id) % BigInt(Math.max(1, occasions.length)))];
  // a turn that was missed is made up for on the next occasion
  const on = occasions.find((day) => turn !== undefined && day >= turn && day >= moment.day) ?? null;
  if (on !== moment.day) return later(on);
  const deadlineOn = occasions.at(-1) ?? on;
  return {
    due: [{ cycle: month.slice(0, 7), channel: 'sms', fromOn: on, deadlineOn, late: false, countsFrom: on, facts: { month } }],
    why: later(on).why,
    nextOn: on,
  };
}

/** @param until the last day on which a turn may come, in the month of the day asked about */
const visitSql = (raw: Settings, { day, who, messaged }: CandidateAsk, until: Day): Sql => {
  const { stars, countOthers } = read(raw);
  const month = `${day.slice(0, 7)}-01`;
  const end = lastDayOfMonth(day);
  return sql`
  with occasion as materialized (
    select o.day, o.nth, o.among, max(o.day) over () as last_on
    from (select d.day, row_number() over (order by d.day) - 1 as nth, count(*) over () as among
          from calendar.v_day d where d.day between ${month}::date and ${end}::date and ${OCCASION}) o),
  turn as materialized (
    select t.turn, o.among, o.last_on, min(o.day) as day from (select n.nth as turn from occasion n) t join occasion o on o.nth >= t.turn and o.day >= ${day}::date
    group by 1, 2, 3 having min(o.day) <= ${until}::date),
  messaged as materialized (
    select distinct m.customer_id from ${messaged ?? messagedSql(month)} m
    where ${countOthers}::boolean and m.on_day between ${month}::date and ${day}::date)
  select c.id as customer_id, ${month.slice(0, 7)}::text as cycle, 'sms'::text as channel, o.day as from_on, o.last_on as deadline_on,
         false as late, o.day as counts_from, jsonb_build_object('month', ${month}::text) as facts
  from customers.v_customer c
  join turn o on c.id % o.among = o.turn
  where c.status = 'active' and c.star_level = any(${stars}::int[]) and ${who}
    and not exists (select from messaged m where m.customer_id = c.id)`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql => visitSql(settings, ask, ask.day);

const messagesThrough = (settings: Settings, ask: CandidateAsk, until: Day): Sql =>
  joinSql(
    monthsWithin(ask.day, until).map(({ from, to }) => sql`select * from (${visitSql(settings, { ...ask, day: from }, to)}) m`),
    ' union all ',
  );

/**
 * Monthly visit by message (CAR-14): every rated customer gets one care message a month, on a day off, a solar term or a festival. Customers take
 * turns over these days by their number. Whoever had another care message this month has had the visit.
 */
export const smsVisit: CareRule = {
  code: 'sms-visit',
  sort: 80,
  icon: 'message-heart',
  replan: { follows: ['sms'], because: 'facts' },
  fields: FIELDS,
  counting: 'own-task',
  decide,
  candidates,
  callsThrough: () => null,
  messagesThrough,
  sentence: ({ month }, deadlineOn) => ({
    key: 'care.reason.sms-visit',
    params: { month: { month: typeof month === 'string' ? month : deadlineOn } },
  }),
  template: (settings) => read(settings).template,
  messagePurpose: 'greeting',
};
