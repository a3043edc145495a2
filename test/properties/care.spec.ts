import fc from 'fast-check';
import {
  type CareFacts,
  type CareRule,
  type Due,
  type DueState,
  type FollowUpKind,
  type HealthFact,
  type ManagerChangeFact,
  type Moment,
  NOTHING_KNOWN,
  type PlannedFact,
  type RightsChangeFact,
  type StarChangeFact,
} from '../../src/care/care.types.js';
import { CareFactsQueries } from '../../src/care/care-facts.queries.js';
import type { GreetingFacts } from '../../src/care/greetings/greetings.types.js';
import { EVENT_KINDS, type EventKind } from '../../src/care/events/events.types.js';
import { birthday } from '../../src/care/rules/birthday.rule.js';
import { calendarGreeting } from '../../src/care/rules/calendar-greeting.rule.js';
import { periodicAttention } from '../../src/care/rules/periodic-attention.rule.js';
import { packageUsage } from '../../src/care/rules/package-usage.rule.js';
import { roamingReturn } from '../../src/care/rules/roaming-return.rule.js';
import { readSettings } from '../../src/care/rules/settings.policy.js';
import type { Settings } from '../../src/care/rules/setting.types.js';
import { serviceFollowUp } from '../../src/care/rules/service-follow-up.rule.js';
import { silent } from '../../src/care/rules/silent.rule.js';
import { smsVisit } from '../../src/care/rules/sms-visit.rule.js';
import { noticeCycle, starPromotion } from '../../src/care/rules/star-promotion.rule.js';
import { starRights } from '../../src/care/rules/star-rights.rule.js';
import { starRevisit } from '../../src/care/rules/star-revisit.rule.js';
import { addDays } from '../../src/kernel/day.js';
import type { Tx } from '../../src/platform/database/database.js';
import { sql } from '../../src/platform/database/sql.js';
import {
  billed,
  cameTo,
  contacted,
  followUpAsked,
  judged,
  managerChanged,
  messaged,
  person,
  planned,
  rightsChanged,
  roamed,
  starChanged,
  used,
  usedBy,
} from '../e2e/care/care-world.js';
import { lately, MANAGER, shared, writeShared } from './care-shared.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

class RolledBack extends Error {}

/** Days at which months, periods, years and holidays begin and end. */
const day = fc.oneof(
  fc.integer({ min: 0, max: 800 }).map((n) => addDays('2026-01-01', n)),
  fc.constantFrom(
    '2026-02-28',
    '2026-03-31',
    '2026-10-03',
    '2026-10-31',
    '2026-11-27',
    '2026-11-30',
    '2026-12-31',
    '2027-01-01',
    '2027-02-05',
    '2027-02-28',
    '2026-12-22',
    '2027-02-14',
    '2027-02-06',
    '2026-12-07',
    '2028-02-28',
  ),
);
const ago = fc.oneof(fc.integer({ min: -3, max: 200 }), fc.constantFrom(0, 1, 15, 28, 30, 31, 59, 61, 90, 92));

interface Blueprint {
  status: CareFacts['status'];
  star: number;
  birthday: CareFacts['birthday'] | 'near';
  /** Of the card's user, and whether another card of the same user is there too. */
  userBirthday: CareFacts['birthday'] | 'near';
  twoCards: boolean;
  visits: { ago: number; visit: boolean; own: boolean; topic: string | null; imported: boolean }[];
  attended: { ago: number; kind: EventKind }[];
  roaming: { monthsAgo: number; destination: string; days: number | null; feeFen: number | null; returned: number | null }[];
  shift: number;
  /** Days since the customer joined; null = not known. */
  joinedAgo: number | null;
  bills: { monthsAgo: number; amountFen: number }[];
  /** Days since each care message; one in the future is of a day that was not asked about. */
  messagedAgo: number[];
  uses: { monthsAgo: number; dataQuotaMb: number | null; dataUsedMb: number | null; voiceQuotaMin: number | null; voiceUsedMin: number | null }[];
  stars: { ago: number; from: number; to: number }[];
  /** Notices of the newest change of star, with the days between them. */
  notices: { gap: number; state: DueState }[];
  managed: boolean;
  city: string | null;
  /** Between the manager now and two of before; null = nobody. */
  moves: { ago: number; from: Served; to: Served }[];
  /** Contacts about changed rights, by the day of the change. */
  followUps: { ago: number; kind: FollowUpKind }[];
  /** Null: not judged. */
  health: (Omit<HealthFact, 'since'> & { ago: number }) | null;
  told: { ago: number; call: boolean; state: DueState; closedAfter: number }[];
}
type Served = 'now' | 'before' | 'long-before' | null;
const served = fc.constantFrom<Served>('now', 'now', 'before', 'long-before', null);
const amount = fc.option(fc.constantFrom(0, 20, 29, 30, 31, 100, 101, 200));

const birthdays = fc.oneof(
  fc.constant('near' as const),
  fc.constant(null),
  fc.record({
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 30 }),
    calendar: fc.constantFrom('solar' as const, 'lunar' as const),
  }),
  fc.constant({ month: 2, day: 29, calendar: 'solar' as const }),
);

const blueprint: fc.Arbitrary<Blueprint> = fc.record({
  status: fc.constantFrom('active' as const, 'active' as const, 'active' as const, 'suspended' as const, 'churned' as const),
  star: fc.integer({ min: 0, max: 7 }),
  birthday: birthdays,
  userBirthday: fc.oneof(fc.constant(null), birthdays),
  twoCards: fc.boolean(),
  visits: fc.array(
    fc.record({
      ago,
      visit: fc.boolean(),
      own: fc.boolean(),
      topic: fc.constantFrom('bill', 'weather', 'package-usage', null),
      imported: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  attended: fc.array(fc.record({ ago, kind: fc.constantFrom(...EVENT_KINDS) }), { maxLength: 2 }),
  roaming: fc.uniqueArray(
    fc.record({
      monthsAgo: fc.integer({ min: 0, max: 2 }),
      destination: fc.constantFrom('日本', '法国', ''),
      days: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
      feeFen: fc.option(fc.integer({ min: 0, max: 99_999 }), { nil: null }),
      returned: fc.option(fc.integer({ min: 0, max: 6 }), { nil: null }),
    }),
    { maxLength: 3, selector: (use) => `${use.monthsAgo} ${use.destination}` },
  ),
  shift: fc.integer({ min: 0, max: 12 }),
  joinedAgo: fc.option(fc.integer({ min: 0, max: 500 })),
  bills: fc.uniqueArray(fc.record({ monthsAgo: fc.integer({ min: 0, max: 3 }), amountFen: fc.integer({ min: 0, max: 99_999 }) }), {
    maxLength: 3,
    selector: ({ monthsAgo }) => monthsAgo,
  }),
  uses: fc.uniqueArray(
    fc.record({ monthsAgo: fc.integer({ min: 0, max: 7 }), dataQuotaMb: amount, dataUsedMb: amount, voiceQuotaMin: amount, voiceUsedMin: amount }),
    { maxLength: 4, selector: ({ monthsAgo }) => monthsAgo },
  ),
  messagedAgo: fc.array(fc.integer({ min: -2, max: 45 }), { maxLength: 2 }),
  stars: fc.uniqueArray(
    fc.record({
      ago: fc.oneof(fc.integer({ min: -3, max: 12 }), ago),
      from: fc.integer({ min: 0, max: 5 }),
      to: fc.integer({ min: 3, max: 7 }),
    }),
    { maxLength: 3, selector: (change) => change.ago },
  ),
  notices: fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 4 }), state: fc.constantFrom('open', 'done', 'not_reached', 'not_reached', 'cancelled') }),
    {
      maxLength: 3,
    },
  ),
  managed: fc.boolean(),
  city: fc.constantFrom('青州市', null),
  moves: fc.uniqueArray(fc.record({ ago: lately, from: served, to: served }), { maxLength: 3, selector: (move) => move.ago }),
  followUps: fc.array(
    fc.record({
      ago: fc.oneof(lately, fc.integer({ min: 58, max: 80 })),
      kind: fc.constantFrom<FollowUpKind>('service', 'order', 'complaint', 'fault'),
    }),
    { maxLength: 2 },
  ),
  health: fc.option(
    fc.record({
      tier: fc.constantFrom<HealthFact['tier']>('healthy', 'sub-healthy', 'sub-healthy', 'high-risk'),
      ago: fc.integer({ min: 0, max: 60 }),
      reason: fc.constantFrom('complaints', 'score', null),
    }),
  ),
  told: fc.uniqueArray(
    fc.record({
      ago: lately,
      call: fc.boolean(),
      state: fc.constantFrom<DueState>('open', 'done', 'done', 'not_reached', 'cancelled'),
      closedAfter: fc.integer({ min: 0, max: 6 }),
    }),
    { maxLength: 2, selector: ({ ago: days, call }) => `${days} ${call}` },
  ),
});

const byStar = (min: number, max: number) => fc.record(Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((star) => [star, fc.integer({ min, max })])));
const cases: [name: string, rule: CareRule, settings: fc.Arbitrary<Settings>][] = [
  [
    'star-revisit',
    starRevisit,
    fc.record({
      period: fc.constantFrom('calendar', 'rolling'),
      months: byStar(1, 6),
      minGapDays: byStar(0, 28),
      horizonDays: fc.constantFrom(0, 10, 31, 92),
      anyCampaign: fc.boolean(),
      attendance: fc.constantFrom('none', 'visits', 'all'),
      topics: fc.constantFrom([], ['bill']),
    }),
  ],
  [
    'birthday',
    birthday,
    fc.record({
      sms: fc.boolean(),
      callStars: fc.constantFrom([5, 6, 7], [1, 2, 3, 4, 5, 6, 7], []),
      feb29: fc.constantFrom('02-28', '03-01'),
      horizonDays: fc.constantFrom(0, 3, 60),
    }),
  ],
  [
    'silent',
    silent,
    fc.record({
      afterDays: fc.constantFrom(30, 90, 180),
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
      callAfterDays: fc.integer({ min: 0, max: 30 }),
      spreadDays: fc.integer({ min: 1, max: 120 }),
    }),
  ],
  ['sms-visit', smsVisit, fc.record({ stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]), countOthers: fc.boolean() })],
  [
    'package-usage',
    packageUsage,
    fc.record({
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
      overflow: fc.boolean(),
      underuse: fc.boolean(),
      underusePercent: fc.constantFrom(10, 30),
      restMonths: fc.constantFrom(0, 1, 3),
    }),
  ],
  [
    'star-promotion',
    starPromotion,
    fc.record({
      bindDays: fc.integer({ min: 1, max: 10 }),
      noticeDays: fc.integer({ min: 1, max: 10 }),
      visitMonths: fc.integer({ min: 1, max: 3 }),
      retries: fc.integer({ min: 0, max: 3 }),
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
    }),
  ],
  [
    'star-rights',
    starRights,
    fc.record({
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
      notice: fc.boolean(),
      callAfterDays: fc.integer({ min: 0, max: 5 }),
      withinDays: fc.integer({ min: 5, max: 15 }),
    }),
  ],
  [
    'service-follow-up',
    serviceFollowUp,
    fc.record({ orders: fc.boolean(), faults: fc.boolean(), restDays: fc.integer({ min: 0, max: 3 }), withinDays: fc.integer({ min: 3, max: 15 }) }),
  ],
  [
    'calendar-greeting',
    calendarGreeting,
    fc.record({
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
      festivals: fc.boolean(),
      solarTerms: fc.boolean(),
      memberDays: fc.boolean(),
      cold: fc.boolean(),
    }),
  ],
  [
    'periodic-attention',
    periodicAttention,
    fc.record({
      everyDays: fc.constantFrom(7, 30, 30, 45, 180),
      stars: fc.constantFrom([1, 2, 3, 4, 5, 6, 7], [5, 6, 7]),
      highRisk: fc.boolean(),
    }),
  ],
  ['roaming-return', roamingReturn, fc.record({ quietDays: fc.integer({ min: 0, max: 5 }) })],
];

const monthBefore = (of: string, months: number): string => {
  const index = Number(of.slice(0, 4)) * 12 + Number(of.slice(5, 7)) - 1 - months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`;
};

describe('CAR-11 every rule says the same of one customer and of all', () => {
  let test: TestApp;
  beforeAll(async () => (test = await createTestApp()));
  afterAll(() => test.close());

  /** The birthday of the day asked about, or some days later, by either calendar. */
  const birthdayOf = async (tx: Tx, asked: string, given: Blueprint['birthday'], shift: number): Promise<CareFacts['birthday']> => {
    if (given !== 'near') return given;
    const on = addDays(asked, shift);
    const row = await tx.one<{ month: number; day: number }>(
      sql`select lunar_month as month, lunar_day as day from calendar.v_day where day = ${on}`,
    );
    return shift % 2 === 0 ? { calendar: 'lunar', ...row } : { calendar: 'solar', month: Number(on.slice(5, 7)), day: Number(on.slice(8, 10)) };
  };

  /** In the order they took effect. */
  const changesOf = (asked: string, { stars }: Blueprint): StarChangeFact[] =>
    stars.map(({ ago: days, ...change }) => ({ on: addDays(asked, -days), ...change })).sort((a, b) => a.on.localeCompare(b.on));

  const noticesOf = (asked: string, changes: StarChangeFact[], { notices }: Blueprint): PlannedFact[] => {
    const newest = changes.filter(({ on, from, to }) => on <= asked && from !== to).at(-1);
    let on = newest?.on ?? asked;
    return notices.map(({ gap, state }, i) => ({
      rule: 'star-promotion',
      cycle: noticeCycle(newest?.on ?? asked, i + 1),
      on: (on = addDays(on, gap)),
      state,
      closedOn: null,
    }));
  };

  const toldOf = (asked: string, { told }: Blueprint): PlannedFact[] =>
    told.map(({ ago: days, call, state, closedAfter }) => {
      const on = addDays(asked, -days);
      return { rule: 'star-rights', cycle: call ? `${on}-call` : on, on, state, closedOn: state === 'open' ? null : addDays(on, closedAfter) };
    });

  const movesOf = (asked: string, { moves }: Blueprint, now: string): ManagerChangeFact[] => {
    const idOf = (who: Served): string | null => who && { now, before: '900001', 'long-before': '900002' }[who];
    return moves
      .map(({ ago: days, from, to }) => ({ on: addDays(asked, -days), from: idOf(from), to: idOf(to) }))
      .sort((a, b) => a.on.localeCompare(b.on));
  };

  let reference = 0;
  interface Common {
    print: Blueprint;
    rightsChanges: RightsChangeFact[];
    today: (city: string | null) => GreetingFacts;
  }
  interface Written {
    id: string;
    facts: CareFacts;
  }
  async function write(tx: Tx, asked: string, { print, rightsChanges, today }: Common): Promise<Written> {
    const past = print.visits.map(({ ago: days }) => addDays(asked, -days)).filter((on) => on <= asked);
    const starChanges = changesOf(asked, print);
    const owner = print.managed ? await tx.maybe<{ id: string }>(sql`select id from staff.app_user where username = ${MANAGER}`) : undefined;
    const managerId = owner?.id ?? null;
    const facts: CareFacts = {
      ...NOTHING_KNOWN,
      starChanges,
      rightsChanges,
      managerChanges: movesOf(asked, print, managerId ?? '900003'),
      planned: [...noticesOf(asked, starChanges, print), ...toldOf(asked, print)],
      managerId,
      today: today(print.city),
      followUps: print.followUps.map(({ ago: days, kind }) => ({ kind, reference: `${(reference += 1)}`, closedOn: addDays(asked, -days) })),
      hasManager: print.managed,
      health: print.health && { tier: print.health.tier, reason: print.health.reason, since: addDays(asked, -print.health.ago) },
      status: print.status,
      star: print.star,
      birthday: await birthdayOf(tx, asked, print.birthday, print.shift),
      // so that one is near where the other is not, and the same now and then
      userBirthday: await birthdayOf(tx, asked, print.userBirthday, print.twoCards ? print.shift : 0),
      visits: print.visits
        .map(({ ago: days, visit, own, topic, imported }) => ({
          on: addDays(asked, -days),
          visit,
          campaign: own ? 'star-revisit' : 'daily-care',
          topics: topic ? [topic] : [],
          imported,
        }))
        .filter(({ visit }) => visit),
      attended: print.attended.map(({ ago: days, kind }) => ({ on: addDays(asked, -days), kind })),
      roaming: print.roaming.map(({ monthsAgo, returned, ...use }) => ({
        ...use,
        month: monthBefore(asked, monthsAgo),
        returnedOn: returned === null ? null : addDays(asked, -returned),
      })),
      joinedOn: print.joinedAgo === null ? null : addDays(asked, -print.joinedAgo),
      lastTalkOn: past.sort().at(-1) ?? null,
      bills: print.bills.map(({ monthsAgo, amountFen }) => ({ month: monthBefore(asked, monthsAgo), amountFen })),
      messagedOn: print.messagedAgo
        .map((days) => addDays(asked, -days))
        .filter((on) => on <= asked)
        .sort(),
    };
    const who = await person(tx, {
      star: print.star,
      status: print.status,
      birthday: facts.birthday,
      joinedOn: facts.joinedOn,
      manager: print.managed ? MANAGER : null,
      unit: 'province',
      city: print.city,
    });
    for (const { ago: days, visit, own, topic, imported } of print.visits) {
      await contacted(tx, who, {
        on: addDays(asked, -days),
        outcome: visit ? 'refused' : 'callback',
        campaign: own ? 'star-revisit' : 'daily-care',
        topics: topic ? [topic] : [],
        source: imported ? 'feed' : 'agent',
      });
    }
    for (const one of facts.attended) await cameTo(tx, who, one);
    for (const use of facts.roaming) await roamed(tx, who, use);
    for (const days of print.messagedAgo) await messaged(tx, who, addDays(asked, -days));
    if (facts.userBirthday) await usedBy(tx, who, facts.userBirthday, print.twoCards);
    const uses = print.uses.map(({ monthsAgo, ...use }) => ({ ...use, lineId: who.lineId, month: monthBefore(asked, monthsAgo) }));
    for (const use of uses) await used(tx, who, use);
    for (const bill of facts.bills) await billed(tx, who, bill);
    for (const change of starChanges) await starChanged(tx, who, change);
    for (const change of facts.managerChanges) await managerChanged(tx, who, change);
    for (const one of facts.followUps) await followUpAsked(tx, who, one);
    if (facts.health) await judged(tx, who, facts.health);
    await planned(tx, who, facts.planned);
    return { id: who.id, facts: { ...facts, id: who.id, uses } };
  }

  interface Row extends Omit<Due, 'cycle'> {
    customer: string;
    cycle: string;
  }
  const sorted = (rows: Row[]): Row[] => rows.sort((a, b) => Number(a.customer) - Number(b.customer) || a.cycle.localeCompare(b.cycle));

  const inSql = (tx: Tx, rule: CareRule, settings: Settings, asked: string, ids: string[]): Promise<Row[]> => {
    const candidates = rule.candidates(settings, { day: asked, who: sql`c.id = any(${ids}::bigint[])` });
    if (!candidates) throw new Error('no SQL');
    return tx.rows<Row>(sql`
      select customer_id as customer, cycle, channel, from_on as "fromOn", deadline_on as "deadlineOn", late, counts_from as "countsFrom", facts from (${candidates}) q`);
  };

  it.each(cases)('%s', async (_, rule, settingsOf) => {
    const calendar = test.app.get(CareFactsQueries, { strict: false });
    const moments = new Map<string, Moment>();
    await fc.assert(
      fc.asyncProperty(fc.array(blueprint, { minLength: 1, maxLength: 8 }), settingsOf, day, shared, async (prints, given, asked, common) => {
        const settings = readSettings(rule.fields, given);
        const moment = moments.get(asked) ?? (await calendar.moment(asked));
        moments.set(asked, moment);
        const undone = test.db.tx(async (tx) => {
          await tx.run(sql`insert into staff.app_user (username, name, role, org_unit_id, created_at)
            select ${MANAGER}, '周可欣', 'manager', id, '2026-01-01' from staff.org_unit where parent_id is null`);
          const rightsChanges = common.rights.map(({ ago: days, star }) => ({ on: addDays(asked, -days), star }));
          for (const change of rightsChanges) await rightsChanged(tx, change);
          const today = await writeShared(tx, asked, common);
          const people: Written[] = [];
          for (const print of prints) people.push(await write(tx, asked, { print, rightsChanges, today }));
          const pure = people.flatMap(({ id, facts }) => rule.decide(facts, settings, moment).due.map((due): Row => ({ customer: id, ...due })));
          const rows = await inSql(
            tx,
            rule,
            settings,
            asked,
            people.map(({ id }) => id),
          );
          expect(sorted(rows)).toEqual(sorted(pure));
          throw new RolledBack();
        });
        await undone.catch((error: unknown) => {
          if (!(error instanceof RolledBack)) throw error;
        });
      }),
      { numRuns: 60 },
    );
  });
});
