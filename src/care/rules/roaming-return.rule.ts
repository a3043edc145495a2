import { addDays, addMonths, type Day, lastDayOfMonth, monthsWithin } from '../../kernel/day.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, DueFacts, Moment, RoamingFact } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

interface RoamingSettings {
  quietDays: number;
}

const FIELDS: readonly SettingField[] = [{ name: 'quietDays', kind: 'number', min: 0, max: 15, initial: 3 }];

const read = (settings: Settings): RoamingSettings => settings as Settings & RoamingSettings;
const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;

/** The last day a use can have been: the return if it is known, else the end of its month, and never after today. */
const lastUse = (use: RoamingFact, day: Day): Day => {
  const end = lastDayOfMonth(use.month);
  return use.returnedOn ?? (end < day ? end : day);
};

const total = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** By code point, as the database's collation "C" does. */
const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function dueFacts(month: Day, uses: readonly RoamingFact[]): DueFacts {
  const places = [...new Set(uses.map((use) => use.destination))].filter((place) => place !== '').sort(byCodePoint);
  return { month, places: places.join('、'), days: total(uses.map((use) => use.days)), feeFen: total(uses.map((use) => use.feeFen)) };
}

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const month = addMonths(firstOfMonth(day), -1);
  const uses = facts.roaming.filter((use) => use.month === month);
  if (uses.length === 0) return { due: [], why: { key: 'care.why.no_roaming', params: { month: { month } } }, nextOn: null };
  const newest = facts.roaming
    .filter((use) => use.month <= day)
    .map((use) => lastUse(use, day))
    .reduce((last, on) => (on > last ? on : last));
  const from = addDays(newest, read(raw).quietDays);
  const why = { key: 'care.why.roaming_fresh', params: { newest: { day: newest }, next: { day: from } } };
  if (from > day) return { due: [], why, nextOn: from };
  const deadlineOn = lastDayOfMonth(day);
  const due = {
    cycle: month.slice(0, 7),
    channel: 'call' as const,
    fromOn: day,
    deadlineOn,
    late: false,
    countsFrom: day,
    facts: dueFacts(month, uses),
  };
  return { due: [due], why, nextOn: deadlineOn };
}

/** @param until the last day on which the newest use may stop being fresh, in the month of the day asked about */
const roamingSql = (settings: Settings, { day, who }: CandidateAsk, until: Day): Sql => {
  const month = addMonths(firstOfMonth(day), -1);
  const { quietDays } = read(settings);
  // whoever has not come back this month may be using it to its end
  const open = sql`case when n.month = ${firstOfMonth(day)}::date and ${quietDays}::int = 0 then ${day}::date else (n.month + interval '1 month')::date - 1 end`;
  return sql`
  select u.customer_id, ${month.slice(0, 7)}::text as cycle, 'call'::text as channel, u.from_on, ${lastDayOfMonth(day)}::date as deadline_on,
         false as late, u.from_on as counts_from,
         jsonb_build_object('month', ${month}::text, 'places', u.places, 'days', u.days, 'feeFen', u.fee) as facts
  from (select r.*, greatest(${day}::date, ${quietDays}::int + (
                 select max(coalesce(n.returned_on, ${open})) from customers.v_roaming_use n where n.customer_id = r.customer_id and n.month <= ${day}::date)) as from_on
        from (select r.customer_id, sum(r.days) as days, sum(r.fee_fen) as fee,
                     coalesce(string_agg(distinct r.destination collate "C", '、' order by r.destination collate "C") filter (where r.destination <> ''), '') as places
              from customers.v_roaming_use r
              where r.month = ${month}::date and r.customer_id in (select c.id from customers.v_customer c where ${who})
              group by r.customer_id) r) u
  where u.from_on <= ${until}::date`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql => roamingSql(settings, ask, ask.day);

const callsThrough = (settings: Settings, ask: CandidateAsk, until: Day): Sql =>
  joinSql(
    monthsWithin(ask.day, until).map(({ from, to }) => sql`select * from (${roamingSql(settings, { ...ask, day: from }, to)}) m`),
    ' union all ',
  );

/** Roaming return (CAR-6): whoever roamed last month gets a call this month, not while the newest use is still fresh. */
export const roamingReturn: CareRule = {
  code: 'roaming-return',
  sort: 30,
  icon: 'plane-arrival',
  replan: { follows: ['call'], because: 'facts' },
  fields: FIELDS,
  counting: 'own-task',
  monthly: true,
  decide,
  candidates,
  callsThrough,
  sentence: ({ month, places, days, feeFen }, deadlineOn) => ({
    key: 'care.reason.roaming-return',
    params: {
      month: { month: typeof month === 'string' ? month : deadlineOn },
      places: places || { key: 'care.reason.abroad' },
      days: typeof days === 'number' ? { key: 'care.reason.roaming_days', params: { days } } : '',
      fee: typeof feeFen === 'number' ? { key: 'care.reason.roaming_fee', params: { fee: { fen: feeFen } } } : '',
      deadline: { day: deadlineOn },
    },
  }),
};
