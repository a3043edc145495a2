import { addDays, type Day, laterDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Due, DueFacts, Sentence } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

const CODE = 'star-rights';

interface RightsSettings {
  stars: readonly number[];
  notice: boolean;
  callAfterDays: number;
  withinDays: number;
  template: string;
}

const FIELDS: readonly SettingField[] = [
  { name: 'stars', kind: 'stars', initial: [5, 6, 7] },
  { name: 'notice', kind: 'flag', initial: true },
  { name: 'callAfterDays', kind: 'number', min: 0, max: 10, initial: 1 },
  { name: 'withinDays', kind: 'number', min: 5, max: 60, initial: 14 },
  { name: 'template', kind: 'template', initial: CODE },
];

const read = (settings: Settings): RightsSettings => settings as Settings & RightsSettings;

/** What changed for the customer on one day. */
interface News {
  on: Day;
  rights: boolean;
  /** Who served the customer before the first change of manager of that day; null = the manager stayed. */
  from: string | null;
}

/** News that are told together: the first day gives the contact its key. */
type Group = readonly [News, ...News[]];

/** A contact for earlier news that was still to be made, or was made afterwards, has told it. */
const wasTold = ({ planned }: CareFacts, on: Day): boolean =>
  planned.some(
    ({ rule, cycle, state, closedOn }) =>
      rule === CODE && cycle.slice(0, 10) < on && (state === 'open' || (state !== 'cancelled' && closedOn !== null && closedOn >= on)),
  );

/** Whoever came to a star after its rights were changed has never had them otherwise. */
const heldBefore = ({ starChanges }: CareFacts, on: Day, today: Day): boolean =>
  !starChanges.some((change) => change.from !== change.to && change.on >= on && change.on <= today);

/** The news of the last days that nobody has told yet, day by day. */
function untold(facts: CareFacts, { withinDays }: RightsSettings, today: Day): News[] {
  const recent = ({ on }: { on: Day }): boolean => on >= addDays(today, -withinDays) && on <= today;
  const rights = facts.rightsChanges.filter((change) => change.star === facts.star && recent(change) && heldBefore(facts, change.on, today));
  const moves = facts.managerId === null ? [] : facts.managerChanges.filter((move) => recent(move) && move.from !== null && move.to !== null);
  const days = [...new Set([...rights, ...moves].map(({ on }) => on))].sort();
  return days
    .filter((on) => !wasTold(facts, on))
    .map((on) => ({ on, rights: rights.some((change) => change.on === on), from: moves.find((move) => move.on === on)?.from ?? null }));
}

/** News join those before them, as long as nothing is planned for these. */
function grouped(facts: CareFacts, news: readonly News[]): Group[] {
  const hasOwn = ({ on }: News): boolean => facts.planned.some(({ rule, cycle }) => rule === CODE && cycle.slice(0, 10) === on);
  const groups: [News, ...News[]][] = [];
  for (const one of news) {
    const last = groups.at(-1);
    if (last && !hasOwn(one) && !hasOwn(last[0])) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** What is left to say; nothing when the manager went and came back. */
function sayOf(facts: CareFacts, group: Group): DueFacts | null {
  const from = group.find((one) => one.from !== null)?.from ?? null;
  const moved = from !== null && from !== facts.managerId;
  const rightsOn = group.find(({ rights }) => rights)?.on ?? null;
  if (rightsOn === null && !moved) return null;
  const managerOn = moved ? (group.findLast((one) => one.from !== null)?.on ?? null) : null;
  return { on: group[0].on, star: facts.star, rightsOn, managerOn, from: moved ? from : null };
}

function duesOf(facts: CareFacts, group: Group, { settings, day }: { settings: RightsSettings; day: Day }): Due[] {
  const said = sayOf(facts, group);
  if (!said) return [];
  const { on } = group[0];
  const common = { deadlineOn: addDays(on, settings.withinDays), late: false, countsFrom: on, facts: said };
  const call: Due = { ...common, cycle: `${on}-call`, channel: 'call', fromOn: laterDay(day, addDays(on, settings.callAfterDays)) };
  return settings.notice ? [{ ...common, cycle: on, channel: 'sms', fromOn: day }, call] : [call];
}

function decide(facts: CareFacts, raw: Settings, { day }: { day: Day }): Decision {
  const settings = read(raw);
  if (facts.status !== 'active' || !settings.stars.includes(facts.star))
    return { due: [], why: { key: 'care.why.rights_not_for', params: {} }, nextOn: null };
  const due = grouped(facts, untold(facts, settings, day)).flatMap((group) => duesOf(facts, group, { settings, day }));
  return { due, why: { key: 'care.why.rights_none', params: { days: settings.withinDays } }, nextOn: null };
}

/** {@link untold}, of everybody: customer_id, on_day, rights, from_manager, own (something is planned for that day). */
const untoldSql = ({ stars, withinDays }: RightsSettings, { day, who }: CandidateAsk): Sql => {
  const since = sql`${addDays(day, -withinDays)}::date`;
  const asked = sql`c.status = 'active' and c.star_level = any(${stars}::int[]) and ${who}`;
  const own = sql`care.due d where d.rule_code = ${CODE} and d.customer_id = n.customer_id and not d.withdrawn`;
  return sql`
  select n.*, exists (select from ${own} and left(d.cycle, 10)::date = n.on_day) as own
  from (
    select x.customer_id, x.on_day, bool_or(x.rights) as rights,
           (array_agg(x.old_manager_id order by x.changed_at, x.id) filter (where x.old_manager_id is not null))[1] as from_manager
    from (
      select c.id as customer_id, r.on_day, true as rights, null::bigint as old_manager_id, null::timestamptz as changed_at, null::bigint as id
      from customers.v_customer c
      join (select distinct star_level, on_day from customers.v_star_right_change where on_day between ${since} and ${day}::date) r on r.star_level = c.star_level
      where ${asked} and not exists (
        select from customers.v_star_change s
        where s.customer_id = c.id and s.old_star <> s.new_star and s.changed_on between r.on_day and ${day}::date)
      union all
      select c.id, platform.day_of(m.changed_at), false, m.old_manager_id, m.changed_at, m.id
      from customers.v_manager_change m join customers.v_customer c on c.id = m.customer_id
      where m.changed_at >= platform.day_start(${since}) and m.changed_at < platform.day_start(${day}::date + 1)
        and m.old_manager_id is not null and m.manager_id is not null and c.manager_id is not null and ${asked}) x
    group by x.customer_id, x.on_day) n
  where not exists (
    select from ${own} and left(d.cycle, 10)::date < n.on_day
      and (d.state = 'open' or d.state <> 'cancelled' and platform.day_of(d.closed_at) >= n.on_day))`;
};

const candidates = (raw: Settings, ask: CandidateAsk): Sql => {
  const settings = read(raw);
  return sql`
  with fresh as (
    select u.*, u.own or coalesce(lag(u.own) over (partition by u.customer_id order by u.on_day), true) as starts
    from (${untoldSql(settings, ask)}) u),
  told as (
    select f.customer_id, min(f.on_day) as on_day, min(f.on_day) filter (where f.rights) as rights_on,
           max(f.on_day) filter (where f.from_manager is not null) as manager_on,
           (array_agg(f.from_manager order by f.on_day) filter (where f.from_manager is not null))[1] as from_manager
    from (select g.*, count(*) filter (where g.starts) over (partition by g.customer_id order by g.on_day) as nth from fresh g) f
    group by f.customer_id, f.nth),
  news as materialized (
    select t.customer_id, t.on_day, t.rights_on, m.moved,
           jsonb_build_object('on', to_char(t.on_day, 'YYYY-MM-DD'), 'star', c.star_level, 'rightsOn', to_char(t.rights_on, 'YYYY-MM-DD'),
                              'managerOn', case when m.moved then to_char(t.manager_on, 'YYYY-MM-DD') end,
                              'from', case when m.moved then t.from_manager::text end) as facts
    from told t join customers.v_customer c on c.id = t.customer_id
    cross join lateral (select coalesce(t.from_manager <> c.manager_id, false) as moved) m)
  select n.customer_id, to_char(n.on_day, 'YYYY-MM-DD') || x.suffix as cycle, x.channel,
         case x.channel when 'sms' then ${ask.day}::date else greatest(${ask.day}::date, n.on_day + ${settings.callAfterDays}::int) end as from_on,
         n.on_day + ${settings.withinDays}::int as deadline_on, false as late, n.on_day as counts_from, n.facts
  from news n cross join (values ('sms'::text, ''::text), ('call', '-call')) x(channel, suffix)
  where (n.rights_on is not null or n.moved) and (x.channel = 'call' or ${settings.notice}::boolean)`;
};

function sentence({ star, rightsOn, managerOn }: DueFacts, deadlineOn: Day): Sentence {
  const dayOr = (value: unknown): { day: Day } => ({ day: typeof value === 'string' ? value : deadlineOn });
  const what = typeof managerOn !== 'string' ? 'rights' : typeof rightsOn !== 'string' ? 'manager' : 'both';
  const params = { star: star ?? 0, rightsOn: dayOr(rightsOn), managerOn: dayOr(managerOn), deadline: { day: deadlineOn } };
  return { key: `care.reason.${CODE}.${what}`, params };
}

/**
 * Star rights notice (CAR-3): a message and a call when the rights of a star change, or its customers' manager. Changes that come before the contact
 * are told with it; those that come after it are news again. A manager who went and came back is none.
 */
export const starRights: CareRule = {
  code: CODE,
  sort: 15,
  icon: 'award',
  replan: { follows: ['call', 'sms'], because: 'rights' },
  fields: FIELDS,
  counting: 'own-task',
  namesWithinDays: 30,
  messagePurpose: 'service',
  decide,
  candidates,
  // all calls there are to make are named at once
  callsThrough: candidates,
  stands: () => sql`exists (
    select from customers.v_customer c
    where c.id = d.customer_id and (d.facts ->> 'rightsOn' is not null and c.star_level = (d.facts ->> 'star')::int
      or d.facts ->> 'from' is not null and c.manager_id <> (d.facts ->> 'from')::bigint))`,
  sentence,
  template: (settings) => read(settings).template,
};
