import { addDays, type Day, laterDay } from '../../kernel/day.js';
import { joinSql, type Sql, sql } from '../../platform/database/sql.js';
import type { BillFact, CandidateAsk, CareChannel, CareFacts, CareRule, Decision, DueFacts, Moment } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

interface SilentSettings {
  afterDays: number;
  stars: readonly number[];
  callAfterDays: number;
  spreadDays: number;
  template: string;
}

/** With the longest spread and the longest wait a call still falls into its half-year. */
const FIELDS: readonly SettingField[] = [
  { name: 'afterDays', kind: 'number', min: 30, max: 365, initial: 180 },
  { name: 'stars', kind: 'stars', initial: [1, 2, 3, 4, 5, 6, 7] },
  { name: 'callAfterDays', kind: 'number', min: 0, max: 30, initial: 3 },
  { name: 'spreadDays', kind: 'number', min: 1, max: 120, initial: 60 },
  { name: 'template', kind: 'template', initial: 'silent' },
];

/** Somebody of whom no contact and no joining is known has always been silent. */
const EVER: Day = '1970-01-01';

const read = (settings: Settings): SilentSettings => settings as Settings & SilentSettings;
const earlier = (a: Day, b: Day): Day => (a < b ? a : b);

interface HalfYear {
  cycle: string;
  start: Day;
  end: Day;
}

function halfYearOf(day: Day): HalfYear {
  const year = day.slice(0, 4);
  return day.slice(5, 7) <= '06'
    ? { cycle: `${year}-H1`, start: `${year}-01-01`, end: `${year}-06-30` }
    : { cycle: `${year}-H2`, start: `${year}-07-01`, end: `${year}-12-31` };
}

const lastMonth = (day: Day): Day => `${addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;

/** All lines of the customer together; null when no bill of that month is known. */
const billed = (bills: readonly BillFact[], month: Day): number | null =>
  bills.reduce<number | null>((sum, bill) => (bill.month === month ? (sum ?? 0) + bill.amountFen : sum), null);

function dueFacts(facts: CareFacts, month: Day): DueFacts {
  return { last: facts.lastTalkOn, month, billFen: billed(facts.bills, month) };
}

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  const half = halfYearOf(day);
  if (facts.status !== 'active' || !settings.stars.includes(facts.star)) {
    return { due: [], why: { key: 'care.why.silent_not_for', params: {} }, nextOn: null };
  }
  const silentOn = addDays(facts.lastTalkOn ?? facts.joinedOn ?? EVER, settings.afterDays);
  const turn = addDays(half.start, Number(BigInt(facts.id) % BigInt(settings.spreadDays)));
  const from = laterDay(silentOn, turn);
  const why = { key: 'care.why.silent_later', params: { next: { day: from } } };
  if (from > day) return { due: [], why, nextOn: from };
  const common = { deadlineOn: half.end, late: false, countsFrom: from, facts: dueFacts(facts, lastMonth(day)) };
  const callOn = earlier(laterDay(day, addDays(from, settings.callAfterDays)), half.end);
  return {
    due: [
      { ...common, cycle: half.cycle, channel: 'sms', fromOn: day },
      { ...common, cycle: `${half.cycle}-call`, channel: 'call', fromOn: callOn },
    ],
    why,
    nextOn: half.end,
  };
}

/** @param until the last day whose silence is seen, in the half-year of the day asked about */
const silentSql = (raw: Settings, { day, who, attempts }: CandidateAsk, until: Day): Sql => {
  const settings = read(raw);
  const half = halfYearOf(day);
  const month = lastMonth(day);
  return sql`
  with silent as materialized (
    select c.id, v.last_on, greatest(coalesce(v.last_on, c.joined_on, ${EVER}::date) + ${settings.afterDays}::int,
                                     ${half.start}::date + (c.id % ${settings.spreadDays}::int)::int) as from_on
    from customers.v_customer c
    left join (select a.customer_id, platform.day_of(max(a.started_at)) as last_on from ${attempts ?? sql`calls.v_attempt`} a
               where a.effective and a.started_at < platform.day_start(${day}::date + 1) group by a.customer_id) v on v.customer_id = c.id
    where c.status = 'active' and c.star_level = any(${settings.stars}::int[]) and ${who})
  select s.id as customer_id, ${half.cycle}::text || x.suffix as cycle, x.channel,
         case x.channel when 'sms' then s.seen_on
              else least(greatest(s.seen_on, s.from_on + ${settings.callAfterDays}::int), ${half.end}::date) end as from_on,
         ${half.end}::date as deadline_on, false as late, s.from_on as counts_from,
         jsonb_build_object('last', to_char(s.last_on, 'YYYY-MM-DD'), 'month', ${month}::text,
                            'billFen', (select sum(b.amount_fen) from customers.v_bill b where b.customer_id = s.id and b.month = ${month}::date)) as facts
  from (select n.*, greatest(n.from_on, ${day}::date) as seen_on from silent n where n.from_on <= ${until}::date) s
  cross join (values ('sms'::text, ''::text), ('call', '-call')) x(channel, suffix)`;
};

const candidates = (settings: Settings, ask: CandidateAsk): Sql => silentSql(settings, ask, ask.day);

/** Half-year by half-year: the silence is counted anew in each. */
function through(settings: Settings, ask: CandidateAsk, until: Day, channel: CareChannel): Sql {
  const asked: Sql[] = [];
  for (let day = ask.day; day <= until; day = addDays(halfYearOf(day).end, 1))
    asked.push(sql`select * from (${silentSql(settings, { ...ask, day }, earlier(until, halfYearOf(day).end))}) h where h.channel = ${channel}`);
  return joinSql(asked, ' union all ');
}

/**
 * Silent customers (CAR-8): whoever was not spoken with for 180 days gets a message and a call, once every half-year. Each customer has a turn
 * within the first weeks of the half-year, so that they do not all come on its first day. Any visit ends the silence.
 */
export const silent: CareRule = {
  code: 'silent',
  sort: 60,
  icon: 'moon-stars',
  replan: { follows: ['call', 'sms'], because: 'facts' },
  fields: FIELDS,
  counting: 'any-visit',
  countingVisits: () => sql`a.visit`,
  decide,
  candidates,
  callsThrough: (settings, ask, until) => through(settings, ask, until, 'call'),
  messagesThrough: (settings, ask, until) => through(settings, ask, until, 'sms'),
  sentence: ({ last, month, billFen }, deadlineOn) => ({
    key: typeof last === 'string' ? 'care.reason.silent' : 'care.reason.silent.never',
    params: {
      last: { day: typeof last === 'string' ? last : deadlineOn },
      bill:
        typeof billFen === 'number'
          ? { key: 'care.reason.silent_bill', params: { month: { month: typeof month === 'string' ? month : deadlineOn }, amount: { fen: billFen } } }
          : '',
      deadline: { day: deadlineOn },
    },
  }),
  template: (settings) => read(settings).template,
};
