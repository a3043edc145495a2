import { emptySql, joinSql, rawSql, type Sql, sql } from '../../platform/database/sql.js';
import { optOutSql, standsSql } from './block.queries.js';
import { type Cap, capsFor } from './cap.rule.js';
import { consentFor } from './consent.rule.js';
import type { Reason } from '../contact.types.js';
import { GATE_RULES } from './gate.policy.js';
import { concernsAll, PORTING } from './protection.rule.js';
import type { GateSettings, Question } from './gate.types.js';
import { reachesNumber } from './status.rule.js';

/**
 * The rules of gate.policy.ts over a set: each rule as a condition on columns that the joins below bring in, in the same
 * order of precedence. `until` is 'infinity' where waiting does not help. A property test holds both forms together.
 */
interface Condition {
  broken: Sql;
  until: Sql;
  /** What the rule saw, as pairs of jsonb_build_object: kept with the refusal, so that it can be explained later. */
  saw?: Sql;
}

export interface SetQuestion {
  /** A select yielding customer_id, number and whatever else is carried through. A customer stands in it once. */
  ask: Sql;
  question: Question;
  settings: GateSettings;
  /** The rules that answer alike for everybody, as boolean SQL. */
  moment: { quietHours: Sql; centralGreeting: Sql; slots?: string };
  /** Further columns of the judged rows, such as a new id. */
  columns?: Sql;
  withoutCaps?: boolean;
  /** Keeps with each refusal what the rules saw. */
  withFacts?: boolean;
  /**
   * Looks up each customer's touches by their key: right for a batch, whatever the planner thinks of its size, while those of a million are read faster in one
   * go. A plan that is kept takes every batch for ten rows, and what it joins then row by row costs a million comparisons for a thousand customers.
   */
  oneByOne?: boolean;
}

const NEVER = rawSql(`'infinity'::timestamptz`);

const capColumn = (i: number): Sql => rawSql(`counted.cap_${i}`);

function capCondition(caps: readonly Cap[]): Condition {
  const full = caps.map((cap, i) => sql`(${cap.limit}::int = 0 or ${capColumn(i)} is not null)`);
  const ends = caps.map((cap, i) => sql`case when ${cap.limit}::int = 0 then ${NEVER} else ${capColumn(i)} end`);
  if (caps.length === 0) return { broken: rawSql('false'), until: rawSql('null::timestamptz') };
  const limits = caps.map((cap, i) => sql`${cap.name}::text, case when ${full[i] ?? emptySql} then ${cap.limit}::int end`);
  const held = caps.some((cap) => cap.heldByOthersThan !== undefined) ? [rawSql(`'held_by', counted.held_by`)] : [];
  return { broken: sql`(${joinSql(full, ' or ')})`, until: sql`greatest(${joinSql(ends)})`, saw: joinSql([...limits, ...held]) };
}

function conditions(set: SetQuestion, caps: readonly Cap[]): Partial<Record<Reason, Condition>> {
  const consent = rawSql(consentFor(set.question.channel) === 'smsConsent' ? 'c.sms_consent' : 'c.call_consent');
  return {
    inactive: reachesNumber(set.question)
      ? {
          broken: rawSql(`(c.status <> 'active' or l.status <> 'active' and l.status is not null)`),
          until: NEVER,
          saw: rawSql(`'status', case when c.status <> 'active' then c.status else l.status end`),
        }
      : { broken: rawSql(`c.status <> 'active'`), until: NEVER, saw: rawSql(`'status', c.status`) },
    blocked: { broken: rawSql('blocks.blocked_until is not null'), until: rawSql('blocks.blocked_until'), saw: rawSql(`'by', blocks.blocked_by`) },
    opted_out: {
      broken: rawSql('blocks.opted_out_until is not null'),
      until: rawSql('blocks.opted_out_until'),
      saw: rawSql(`'by', blocks.opted_out_by, 'scopes', blocks.opted_out_of`),
    },
    no_consent: { broken: sql`${consent} is not true`, until: NEVER, saw: sql`'consent', ${consent}` },
    invalid_number: { broken: rawSql(`l.health = 'invalid'`), until: NEVER },
    protected: { broken: rawSql('protections.ends is not null'), until: rawSql('protections.ends'), saw: rawSql(`'kinds', protections.kinds`) },
    cooling_off: { broken: rawSql('cooling.until is not null'), until: rawSql('cooling.until'), saw: rawSql(`'cause', cooling.cause`) },
    central_greeting: { broken: set.moment.centralGreeting, until: NEVER },
    cap_reached: capCondition(caps),
    // when the window opens again is worked out from the rest, see tryAgainAt
    quiet_hours: { broken: set.moment.quietHours, until: rawSql('null::timestamptz'), saw: sql`'slots', ${set.moment.slots ?? null}::text` },
  };
}

const blocksCte = (q: Question): Sql => sql`blocks as (
  select b.number, max(coalesce(b.until, 'infinity')) filter (where b.scope = 'all') as blocked_until,
         max(coalesce(b.until, 'infinity')) filter (where b.scope <> 'all') as opted_out_until,
         min(b.reason) filter (where b.scope = 'all') as blocked_by, min(b.reason) filter (where b.scope <> 'all') as opted_out_by,
         string_agg(distinct b.scope, ' ') filter (where b.scope <> 'all') as opted_out_of
  from ask join contact.block b on b.number = ask.number
  where ${standsSql(q)} and (b.scope = 'all' or ${optOutSql(q)})
  group by b.number)`;

const protectionsCte = (q: Question): Sql => sql`protections as (
  select p.customer_id, max(coalesce(p.until, 'infinity')) as ends, string_agg(distinct p.kind, ' ') as kinds
  from ask join contact.protection p on p.customer_id = ask.customer_id
  where p.released_at is null and (p.until is null or p.until > ${q.at}) ${concernsAll(q) ? emptySql : sql`and p.kind = ${PORTING}::text`}
  group by p.customer_id)`;

/** At most one row a customer and family: no need to look for those of all who are asked first. */
const coolingJoin = (q: Question): Sql => sql`contact.cooling_off cooling
  on cooling.customer_id = ask.customer_id and cooling.family = ${q.productFamily}::text and cooling.until > ${q.at}`;

/** A confirmed touch may lie a lease later than its id says: one day of margin covers it. */
export const ID_MARGIN_MS = 86_400_000;

/** systemOf in SQL. */
export const SYSTEM = rawSql(`case when t.source like 'api:%' then split_part(t.source, ':', 2) else '' end`);

function capAggregate(cap: Cap, i: number): Sql {
  const ends = cap.rollingDays === null ? sql`${cap.endsAt}::timestamptz` : sql`t.at + make_interval(hours => ${cap.rollingDays * 24}::int)`;
  const leaves = sql`least(${ends}, case when t.state = 'reserved' then t.expires_at end)`;
  const since = cap.rollingDays === null ? sql`t.at >= ${cap.from}` : sql`t.at > ${cap.from}`;
  const purpose = cap.purpose === null ? since : sql`${since} and t.purpose = ${cap.purpose}::text`;
  const counts =
    cap.heldByOthersThan === undefined ? purpose : sql`${purpose} and t.state = 'reserved' and ${SYSTEM} <> ${cap.heldByOthersThan}::text`;
  const nth = Math.max(cap.limit, 1);
  // Few have so many that anything need be sorted; one is its own latest.
  const latest = sql`(select leaves from unnest(array_agg(${leaves}) filter (where ${counts})) as leaves order by leaves desc offset ${nth - 1}::int limit 1)`;
  const end =
    nth === 1 ? sql`max(${leaves}) filter (where ${counts})` : sql`case when count(*) filter (where ${counts}) >= ${nth}::int then ${latest} end`;
  const holder = cap.heldByOthersThan === undefined ? emptySql : sql`, min(${SYSTEM}) filter (where ${counts}) as held_by`;
  return sql`${end} as ${rawSql(`cap_${i}`)}${holder}`;
}

/** The touches that count for each cap: of all asked customers in one reading, or of each in turn. */
function counted({ question: q, oneByOne }: SetQuestion, caps: readonly Cap[]): { cte?: Sql; join: Sql } {
  const since = new Date(Math.min(...caps.map((cap) => cap.from.getTime())));
  const floor = new Date(since.getTime() - ID_MARGIN_MS);
  const aggregates = joinSql(caps.map(capAggregate));
  // the floor is worked out once, not once a customer
  const theirs = sql`t.customer_id = ask.customer_id and t.id >= (select platform.uuid_floor(${floor}))`;
  const counting = sql`t.channel = ${q.channel}::text and t.at >= ${since}
      and (t.state in ('confirmed', 'history') or (t.state = 'reserved' and (t.expires_at is null or t.expires_at > ${q.at})))`;
  if (oneByOne) return { join: sql`cross join lateral (select ${aggregates} from contact.touch t where ${theirs} and ${counting}) counted` };
  return {
    cte: sql`counted as (
    select t.customer_id, ${aggregates} from ask join contact.touch t on ${theirs} where ${counting} group by t.customer_id)`,
    join: rawSql('left join counted on counted.customer_id = ask.customer_id'),
  };
}

function parts(set: SetQuestion, applying: ReadonlySet<Reason>, caps: readonly Cap[]): { ctes: Sql[]; joins: Sql } {
  const q = set.question;
  const ctes: Sql[] = [];
  const joins: Sql[] = [];
  if (applying.has('blocked')) {
    ctes.push(blocksCte(q));
    joins.push(rawSql('left join blocks on blocks.number = ask.number'));
  }
  if (applying.has('protected')) {
    ctes.push(protectionsCte(q));
    joins.push(rawSql('left join protections on protections.customer_id = ask.customer_id'));
  }
  if (applying.has('cooling_off')) joins.push(sql`left join ${coolingJoin(q)}`);
  if (caps.length > 0) {
    const { cte, join } = counted(set, caps);
    if (cte) ctes.push(cte);
    joins.push(join);
  }
  if (reachesNumber(q)) joins.push(rawSql('left join customers.v_line l on l.number = ask.number'));
  return { ctes, joins: joins.length === 0 ? emptySql : joinSql(joins, '\n') };
}

/** `{ reason: { until?, … } }` of the broken rules, null where nothing is broken. */
function factsOf(reasons: readonly Reason[], byReason: Partial<Record<Reason, Condition>>): Sql {
  const seen = reasons.flatMap((reason) => {
    const condition = byReason[reason];
    if (!condition) return [];
    const until = sql`'until', nullif(${condition.until}, 'infinity')`;
    return [
      sql`${reason}::text, case when ${condition.broken} then jsonb_build_object(${condition.saw ? sql`${condition.saw}, ${until}` : until}) end`,
    ];
  });
  if (seen.length === 0) return rawSql('null::jsonb');
  const broken = reasons.flatMap((reason) => byReason[reason]?.broken ?? []);
  return sql`case when ${joinSql(broken, ' or ')} then jsonb_strip_nulls(jsonb_build_object(${joinSql(seen)})) end`;
}

/** `reasons` and `wait_until`. Most customers break no rule: they cost one look at each condition and no array. */
function verdictOf(reasons: readonly Reason[], byReason: Partial<Record<Reason, Condition>>): Sql {
  const rules = reasons.map((reason) => ({ reason, broken: rawSql('false'), until: NEVER, ...byReason[reason] }));
  if (rules.length === 0) return rawSql(`'{}'::text[] as reasons, null::timestamptz as wait_until`);
  const anyBroken = joinSql(
    rules.map(({ broken }) => broken),
    ' or ',
  );
  const names = rules.map(({ reason, broken }) => sql`case when ${broken} then ${reason}::text end`);
  const ends = rules.map(({ broken, until }) => sql`case when ${broken} then ${until} end`);
  return sql`case when ${anyBroken} then array_remove(array[${joinSql(names)}], null) else '{}'::text[] end as reasons,
         case when ${anyBroken} then greatest(${joinSql(ends)}) end as wait_until`;
}

/**
 * CTEs `ask` … `judged`: every asked customer with `reasons` (in the order of precedence) and `wait_until` (null = nothing
 * to wait for but the window). Customers who do not exist are left out.
 */
export function judgedSql(set: SetQuestion): Sql {
  const rules = GATE_RULES.filter((rule) => rule.applies(set.question));
  const applying = new Set(rules.map((rule) => rule.reason));
  const caps = applying.has('cap_reached') && !set.withoutCaps ? capsFor(set.question, set.settings) : [];
  const byReason = conditions(set, caps);
  const { ctes, joins } = parts(set, applying, caps);
  const reasons = rules.map((rule) => rule.reason);
  const facts = set.withFacts ? sql`, ${factsOf(reasons, byReason)} as facts` : emptySql;
  return sql`ask as materialized (${set.ask}),
${joinSql(
  [
    ...ctes,
    sql`judged as materialized (
  select ask.*, ${set.columns ?? emptySql} ${verdictOf(reasons, byReason)}${facts}
  from ask
  join customers.v_customer c on c.id = ask.customer_id
  ${joins})`,
  ],
  ',\n',
)}`;
}
