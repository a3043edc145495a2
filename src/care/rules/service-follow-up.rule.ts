import { addDays, type Day, laterDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Due, FollowUpFact, FollowUpKind, Moment } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';

const CODE = 'service-follow-up';

interface FollowUpSettings {
  services: boolean;
  orders: boolean;
  complaints: boolean;
  faults: boolean;
  restDays: number;
  withinDays: number;
}

const FIELDS: readonly SettingField[] = [
  { name: 'services', kind: 'flag', initial: true },
  { name: 'orders', kind: 'flag', initial: true },
  { name: 'complaints', kind: 'flag', initial: true },
  { name: 'faults', kind: 'flag', initial: true },
  { name: 'restDays', kind: 'number', min: 0, max: 30, initial: 1 },
  { name: 'withinDays', kind: 'number', min: 1, max: 60, initial: 7 },
];

/** A call that was missed is still made for so many days: a complaint is closed by nothing else (TIC-4). */
const LATE_DAYS = 60;

/** Closed by the customer's word and by nothing else (TIC-4): a call about them that brought no mark keeps no promise. */
export const NEED_A_MARK: readonly FollowUpKind[] = ['complaint', 'fault'];

const read = (settings: Settings): FollowUpSettings => settings as Settings & FollowUpSettings;

const kindsOf = ({ services, orders, complaints, faults }: FollowUpSettings): FollowUpKind[] => {
  const wanted: [FollowUpKind, boolean][] = [
    ['service', services],
    ['order', orders],
    ['complaint', complaints],
    ['fault', faults],
  ];
  return wanted.flatMap(([kind, on]) => (on ? [kind] : []));
};

function dueOf({ kind, reference, closedOn }: FollowUpFact, { restDays, withinDays }: FollowUpSettings, day: Day): Due {
  const deadlineOn = addDays(closedOn, withinDays);
  return {
    cycle: `${closedOn} ${kind} ${reference}`,
    channel: 'call',
    fromOn: laterDay(day, addDays(closedOn, restDays)),
    deadlineOn,
    late: day > deadlineOn,
    countsFrom: closedOn,
    facts: { kind, reference, on: closedOn },
  };
}

function decide(facts: CareFacts, raw: Settings, { day }: Moment): Decision {
  const settings = read(raw);
  const kinds = kindsOf(settings);
  const oldest = addDays(day, -settings.withinDays - LATE_DAYS);
  const asked = facts.followUps.filter(({ kind, closedOn }) => kinds.includes(kind) && closedOn <= day && closedOn >= oldest);
  if (facts.status === 'churned') return { due: [], why: { key: 'care.why.not_active', params: {} }, nextOn: null };
  return { due: asked.map((one) => dueOf(one, settings, day)), why: { key: 'care.why.nothing_to_follow', params: {} }, nextOn: null };
}

const candidates = (raw: Settings, { day, who }: CandidateAsk): Sql => {
  const settings = read(raw);
  return sql`
  select f.customer_id, to_char(f.closed_on, 'YYYY-MM-DD') || ' ' || f.kind || ' ' || f.reference as cycle, 'call'::text as channel,
         greatest(${day}::date, f.closed_on + ${settings.restDays}::int) as from_on, f.closed_on + ${settings.withinDays}::int as deadline_on,
         ${day}::date > f.closed_on + ${settings.withinDays}::int as late, f.closed_on as counts_from,
         jsonb_build_object('kind', f.kind, 'reference', f.reference, 'on', to_char(f.closed_on, 'YYYY-MM-DD')) as facts
  from care.follow_up f join customers.v_customer c on c.id = f.customer_id
  where f.withdrawn_at is null and f.kind = any(${kindsOf(settings)}::text[]) and c.status <> 'churned' and ${who}
    and f.closed_on between ${addDays(day, -settings.withinDays - LATE_DAYS)}::date and ${day}::date`;
};

/** Service follow-up (CAR-9): once a service, an order, a complaint or a fault is over, a call asks how satisfied the customer is. */
export const serviceFollowUp: CareRule = {
  code: CODE,
  sort: 12,
  icon: 'message-check',
  replan: { follows: ['call'], because: 'follow_up' },
  fields: FIELDS,
  check: (raw) => (read(raw).restDays > read(raw).withinDays ? { name: 'restDays', code: 'follow_up_too_late' } : null),
  counting: 'own-task',
  keptBy: sql`(a.satisfaction is not null or coalesce(x.facts ->> 'kind', '') <> all(${NEED_A_MARK}::text[]))`,
  decide,
  candidates,
  // all calls there are to make are named at once
  callsThrough: candidates,
  stands: () => sql`exists (
    select from care.follow_up f
    where f.kind = d.facts ->> 'kind' and f.reference = d.facts ->> 'reference' and f.withdrawn_at is null and d.cycle like to_char(f.closed_on, 'YYYY-MM-DD') || ' %')`,
  sentence: ({ kind, reference, on }, deadlineOn) => ({
    key: `care.reason.${CODE}`,
    params: {
      kind: { key: `care.follow_up.${typeof kind === 'string' ? kind : 'service'}` },
      reference: reference ?? '',
      on: { day: typeof on === 'string' ? on : deadlineOn },
      deadline: { day: deadlineOn },
    },
  }),
};
