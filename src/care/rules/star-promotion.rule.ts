import { addDays, addMonths, type Day, laterDay } from '../../kernel/day.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import type { CandidateAsk, CareFacts, CareRule, Decision, Due, DueFacts, Moment, PlannedFact, Sentence, StarChangeFact } from '../care.types.js';
import type { SettingField, Settings } from './setting.types.js';
import { workingDayAfter } from './working-days.policy.js';

const CODE = 'star-promotion';

export interface PromotionSettings {
  bindDays: number;
  noticeDays: number;
  visitMonths: number;
  retries: number;
  stars: readonly number[];
  template: string;
}

/** Bound within 3 working days, visited not before 3 working days after the notice and within a month (CAR-2). */
const FIELDS: readonly SettingField[] = [
  { name: 'bindDays', kind: 'number', min: 1, max: 10, initial: 3 },
  { name: 'noticeDays', kind: 'number', min: 1, max: 10, initial: 3 },
  { name: 'visitMonths', kind: 'number', min: 1, max: 3, initial: 1 },
  { name: 'retries', kind: 'number', min: 0, max: 5, initial: 2 },
  { name: 'stars', kind: 'stars', initial: [1, 2, 3, 4, 5, 6, 7] },
  { name: 'template', kind: 'template', initial: CODE },
];

/** What the visit goes through (CAR-2). A prefix keeps them apart from topics of other rules. */
export const PROMOTION_CHECKS: readonly string[] = ['rights', 'contact', 'birthday', 'interests', 'second-contact', 'wecom'].map(
  (one) => `${CODE}.${one}`,
);

/** A visit that was missed is still made for so many days; what is older is the past. */
export const LATE_DAYS = 60;
/** The farthest a chain that still matters can reach back: the longest visit setting and {@link LATE_DAYS}. */
export const LONGEST_CHAIN = 160;

export const readPromotion = (settings: Settings): PromotionSettings => settings as Settings & PromotionSettings;

/** The first notice has no number, so that its key stays when retries are allowed later. */
export const noticeCycle = (promotedOn: Day, attempt: number): string => `${promotedOn}-notice${attempt > 1 ? `-${attempt}` : ''}`;
export const visitCycle = (promotedOn: Day): string => `${promotedOn}-visit`;

/** The change that rules: the newest that changed anything. Facts come in order. */
const newestChange = (changes: readonly StarChangeFact[], day: Day): StarChangeFact | undefined =>
  changes.filter(({ on, from, to }) => on <= day && from !== to).at(-1);

interface Chain {
  change: StarChangeFact;
  deadlineOn: Day;
  /** The notices planned so far, the first one first. */
  notices: readonly PlannedFact[];
}

function chainOf(facts: CareFacts, change: StarChangeFact, settings: PromotionSettings): Chain {
  const start = noticeCycle(change.on, 1);
  const notices = facts.planned.filter(({ rule, cycle }) => rule === CODE && cycle.startsWith(start)).sort((a, b) => (a.cycle < b.cycle ? -1 : 1));
  return { change, deadlineOn: addMonths(change.on, settings.visitMonths), notices };
}

const common = ({ on, from, to }: StarChangeFact): DueFacts => ({ on, from, to });

function notice({ change, deadlineOn }: Chain, attempt: number, fromOn: Day): Due {
  const facts = { ...common(change), attempt };
  return {
    cycle: noticeCycle(change.on, attempt),
    channel: 'sms',
    fromOn,
    deadlineOn,
    late: fromOn > deadlineOn,
    countsFrom: fromOn,
    facts,
  };
}

/** The notice planned last, and the next try of one that did not arrive. */
function noticesDue(chain: Chain, { retries }: PromotionSettings, day: Day): Due[] {
  const sent = chain.notices.length;
  const last = chain.notices.at(-1);
  const again = !last || (last.state === 'not_reached' && last.on < day);
  return [...(last ? [notice(chain, sent, last.on)] : []), ...(again && sent <= retries ? [notice(chain, sent + 1, day)] : [])];
}

/** From when on the visit may be made; null while a notice still decides it. */
function visitFrom({ change, notices }: Chain, settings: PromotionSettings, { day, isWorking }: Moment): Day | null {
  const last = notices.at(-1);
  if (!last) return workingDayAfter(change.on, settings.bindDays, isWorking) < day ? workingDayAfter(day, settings.noticeDays, isWorking) : null;
  if (last.state === 'done') return laterDay(day, workingDayAfter(last.on, settings.noticeDays, isWorking));
  return last.state !== 'open' && notices.length > settings.retries ? day : null;
}

function visit({ change, deadlineOn, notices }: Chain, fromOn: Day): Due {
  const last = notices.at(-1);
  const facts = { ...common(change), notice: last?.state === 'done' ? last.on : null };
  return { cycle: visitCycle(change.on), channel: 'call', fromOn, deadlineOn, late: fromOn > deadlineOn, countsFrom: fromOn, facts };
}

/** Why no chain runs, as far as the change of star says it. */
function noChain(facts: CareFacts, change: StarChangeFact | undefined, settings: PromotionSettings, day: Day): Sentence | null {
  if (facts.status !== 'active') return { key: 'care.why.not_active', params: {} };
  if (!change) return { key: 'care.why.promotion_none', params: {} };
  const params = { on: { day: change.on }, from: change.from, to: change.to };
  if (change.to < change.from) return { key: 'care.why.promotion_demoted', params };
  if (!settings.stars.includes(change.to)) return { key: 'care.why.promotion_not_for', params };
  return addDays(addMonths(change.on, settings.visitMonths), LATE_DAYS) < day ? { key: 'care.why.promotion_over', params } : null;
}

function decide(facts: CareFacts, raw: Settings, moment: Moment): Decision {
  const settings = readPromotion(raw);
  const change = newestChange(facts.starChanges, moment.day);
  const none = noChain(facts, change, settings, moment.day);
  if (none || !change) return { due: [], why: none ?? { key: 'care.why.promotion_none', params: {} }, nextOn: null };
  const chain = chainOf(facts, change, settings);
  const params = { on: { day: change.on }, from: change.from, to: change.to, deadline: { day: chain.deadlineOn } };
  if (!facts.hasManager) {
    const by = workingDayAfter(change.on, settings.bindDays, moment.isWorking);
    return { due: [], why: { key: 'care.why.promotion_unbound', params: { ...params, by: { day: by } } }, nextOn: chain.deadlineOn };
  }
  const fromOn = visitFrom(chain, settings, moment);
  const due = [...noticesDue(chain, settings, moment.day), ...(fromOn === null ? [] : [visit(chain, fromOn)])];
  return { due, why: { key: 'care.why.promotion_waits', params }, nextOn: chain.deadlineOn };
}

/** The working days around, numbered: n working days later is n further. */
const workingDays = (day: Day): Sql => sql`
  select d.day, d.working, (count(*) filter (where d.working) over (order by d.day))::int as n
  from calendar.v_day d where d.day between ${addDays(day, -LONGEST_CHAIN)}::date and ${addDays(day, 60)}::date`;

/** Each of these days with the working day n later: joined once, a look for each promotion costs more than the rest. */
const workingAfter = (n: number): Sql => sql`select x.day, y.day as until from work x join work y on y.n = x.n + ${n}::int and y.working`;

/** A condition on `customers.v_customer c`: somebody at work owns the customer. */
export const OWNED = sql`exists (select from staff.v_user u where u.id = c.manager_id and u.active and u.role = 'manager')`;

/** The promotions that rule on the day: customer_id, on_day, old_star, new_star, deadline_on. @param ask.who may name the owner, too */
export const promotions = (settings: PromotionSettings, { day, who }: CandidateAsk): Sql => sql`
  select p.* from (
    select distinct on (x.customer_id) x.customer_id, x.changed_on as on_day, x.old_star, x.new_star,
           (x.changed_on + make_interval(months => ${settings.visitMonths}::int))::date as deadline_on
    from customers.v_star_change x join customers.v_customer c on c.id = x.customer_id
    where x.changed_on between ${addDays(day, -LONGEST_CHAIN)}::date and ${day}::date and x.old_star <> x.new_star and c.status = 'active' and ${who}
    order by x.customer_id, x.changed_on desc, x.id desc) p
  where p.new_star > p.old_star and p.new_star = any(${settings.stars}::int[]) and ${day}::date <= p.deadline_on + ${LATE_DAYS}::int`;

/** The notices of a promotion `p` so far: sent, and state and day of the last. */
export const noticesSql = sql`
  select count(*)::int as sent, (array_agg(d.state order by d.cycle collate "C" desc))[1] as state,
         (array_agg(d.due_on order by d.cycle collate "C" desc))[1] as last_on
  from care.due d
  where d.rule_code = ${CODE} and d.customer_id = p.customer_id and not d.withdrawn and starts_with(d.cycle, to_char(p.on_day, 'YYYY-MM-DD') || '-notice')`;

/** The chains that run, each with its notices so far. Who owns the customer is asked of the few promotions, not of all customers before. */
const chains = (settings: PromotionSettings, ask: CandidateAsk): Sql => sql`
  select p.*, t.* from (${promotions(settings, ask)}) p join customers.v_customer c on c.id = p.customer_id
  cross join lateral (${noticesSql}) t where ${OWNED}`;

const cycleSql = (suffix: Sql): Sql => sql`to_char(h.on_day, 'YYYY-MM-DD') || ${suffix} as cycle`;
const factsSql = (more: Sql): Sql =>
  sql`jsonb_build_object('on', to_char(h.on_day, 'YYYY-MM-DD'), 'from', h.old_star, 'to', h.new_star) || ${more} as facts`;

const noticeSql = (attempt: Sql, fromOn: Sql): Sql => sql`
  select h.customer_id, ${cycleSql(sql`'-notice' || case when ${attempt} > 1 then '-' || ${attempt} else '' end`)}, 'sms'::text as channel,
         ${fromOn} as from_on, h.deadline_on, ${fromOn} > h.deadline_on as late, ${fromOn} as counts_from,
         ${factsSql(sql`jsonb_build_object('attempt', ${attempt})`)}
  from chain h`;

const candidates = (raw: Settings, ask: CandidateAsk): Sql => {
  const settings = readPromotion(raw);
  const today = sql`${ask.day}::date`;
  return sql`
  with work as materialized (${workingDays(ask.day)}), chain as materialized (${chains(settings, ask)}),
  bound as materialized (${workingAfter(settings.bindDays)}), told as materialized (${workingAfter(settings.noticeDays)}),
  visit as (
    select h.*, case
      when h.sent = 0 then case when b.until < ${today} then (select t.until from told t where t.day = ${today}) end
      when h.state = 'done' then greatest(${today}, n.until)
      when h.state <> 'open' and h.sent > ${settings.retries}::int then ${today} end as from_on
    from chain h left join bound b on b.day = h.on_day left join told n on n.day = h.last_on)
  ${noticeSql(sql`h.sent`, sql`h.last_on`)} where h.sent > 0
  union all
  ${noticeSql(sql`(h.sent + 1)`, today)} where h.sent <= ${settings.retries}::int and (h.sent = 0 or h.state = 'not_reached' and h.last_on < ${today})
  union all
  select h.customer_id, ${cycleSql(sql`'-visit'`)}, 'call', h.from_on, h.deadline_on, h.from_on > h.deadline_on, h.from_on,
         ${factsSql(sql`jsonb_build_object('notice', case when h.state = 'done' then to_char(h.last_on, 'YYYY-MM-DD') end)`)}
  from visit h where h.from_on is not null`;
};

function sentence({ on, from, to, attempt, notice: noticeOn }: DueFacts, deadlineOn: Day): Sentence {
  const params = { on: { day: typeof on === 'string' ? on : deadlineOn }, from: from ?? 0, to: to ?? 0, deadline: { day: deadlineOn } };
  if (typeof attempt === 'number') {
    return { key: attempt > 1 ? 'care.reason.star-promotion.notice_again' : 'care.reason.star-promotion.notice', params: { ...params, attempt } };
  }
  if (typeof noticeOn === 'string') return { key: 'care.reason.star-promotion', params: { ...params, notice: { day: noticeOn } } };
  return { key: 'care.reason.star-promotion.untold', params };
}

/**
 * Star promotion (CAR-2), a chain: bound to a manager → notice by message → telephone visit, not before some working days after the notice and within a
 * month of the promotion. The visit is planned when the notice has arrived; one that does not arrive is sent again some times and then no longer holds
 * the visit up, nor does one that may not be sent at all, once the days for binding are over.
 *
 * The newest change of star rules. A demotion ends the chain; a second promotion takes the first one's place, with notice, star and month of its own:
 * to visit somebody for five stars who has six would be a nuisance. A visit that somebody has begun is finished all the same.
 */
export const starPromotion: CareRule = {
  code: CODE,
  sort: 5,
  icon: 'trending-up',
  replan: { follows: ['call', 'sms'], because: 'promotion' },
  fields: FIELDS,
  counting: 'own-task',
  namesWithinDays: 30, // ten working days to bind somebody, over the longest closing
  messagePurpose: 'service',
  decide,
  candidates,
  checklist: () => PROMOTION_CHECKS,
  stands: (day) => sql`exists (
    select from (select x.changed_on, x.old_star, x.new_star from customers.v_star_change x
                 where x.customer_id = d.customer_id and x.old_star <> x.new_star and x.changed_on <= greatest(${day}::date, left(d.cycle, 10)::date)
                 order by x.changed_on desc, x.id desc limit 1) n
    where n.new_star > n.old_star and n.changed_on = left(d.cycle, 10)::date)`,
  sentence,
  template: (settings) => readPromotion(settings).template,
};
