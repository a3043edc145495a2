import fc from 'fast-check';
import { addDays } from '../../src/kernel/day.js';
import { sql } from '../../src/platform/database/sql.js';
import { filterCountSql, filterSql } from '../../src/segments/segments.queries.js';
import { FIELDS } from '../../src/segments/filter/fields.policy.js';
import type { FilterNode, Op } from '../../src/segments/filter/filter.types.js';
import { readFilter } from '../../src/segments/filter/read-filter.policy.js';
import { createHouse } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { matches, OUTCOMES, type Person } from './filter-by-hand.js';

const TODAY = '2026-11-24';
const PEOPLE = 120;
const maybe = <T>(...values: T[]): fc.Arbitrary<T | null> => fc.constantFrom<T | null>(...values, null);
const CITIES = ['南京', '镇江', "O'Hara; drop table", '%', ''];
const ago = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.constantFrom(0, 1, 29, 30, 31, 89, 90, 91));
const dayAgo = ago.map((days) => addDays(TODAY, -days));
/** Often the first or the last millisecond of a day in Shanghai. */
const moment = fc
  .tuple(dayAgo, fc.constantFrom('00:00:00.000', '00:00:00.001', '12:30:00.000', '23:59:59.999'))
  .map(([day, time]) => new Date(`${day}T${time}+08:00`));

const person: fc.Arbitrary<Person> = fc.record({
  starLevel: fc.integer({ min: 0, max: 7 }),
  tier: maybe('diamond', 'gold', 'ordinary'),
  class: fc.constantFrom('individual', 'household', 'enterprise'),
  gender: maybe('male', 'female'),
  status: fc.constantFrom('active', 'suspended', 'churned'),
  province: maybe('江苏', '浙江'),
  city: maybe(...CITIES),
  district: maybe('鼓楼', '秦淮'),
  birthMonth: maybe(1, 6, 11, 12),
  joinedOn: maybe('2009-01-01', '2020-02-29', TODAY),
  smsConsent: maybe(true, false),
  callConsent: maybe(true, false),
  manager: maybe('m01', 'm02'),
  package: maybe('畅享199', '畅享99'),
  arpuFen: maybe(0, 9_900, 10_000, 19_900),
  contractEnd: maybe('2026-12-31', TODAY, '2026-01-01'),
  healthTier: maybe('healthy', 'sub-healthy', 'high-risk'),
  churnScore: maybe(0, 39, 40, 100),
  use: fc.uniqueArray(
    fc.record({
      month: fc.constantFrom('2026-08-01', '2026-09-01', '2026-10-01'),
      quota: maybe(0, 10_240, 30),
      used: maybe(0, 10_240, 10_241, 29, 31),
      voiceQuota: maybe(0, 300),
      voiceUsed: maybe(299, 300, 303),
      extraFee: maybe(0, 9_900),
    }),
    { maxLength: 3, selector: (one) => one.month },
  ),
  bills: fc.uniqueArray(fc.record({ month: fc.constantFrom('2026-09-01', '2026-10-01'), amount: fc.constantFrom(9_900, 10_000) }), {
    maxLength: 2,
    selector: (one) => one.month,
  }),
  attempts: fc.array(fc.record({ at: moment, outcome: fc.constantFrom(...OUTCOMES), channel: fc.constantFrom('call', 'wecom') }), { maxLength: 3 }),
  touches: fc.array(
    fc.record({
      at: moment,
      channel: fc.constantFrom('sms', 'call', 'visit'),
      state: fc.constantFrom('confirmed', 'history', 'reserved', 'voided', 'refused'),
    }),
    { maxLength: 3 },
  ),
  promotions: fc.uniqueArray(fc.record({ on: dayAgo, from: fc.integer({ min: 0, max: 7 }), to: fc.integer({ min: 0, max: 7 }) }), {
    maxLength: 2,
    selector: (one) => one.on,
  }),
  returns: fc.uniqueArray(dayAgo, { maxLength: 2 }),
  segments: fc.subarray(['list-a', 'list-b']),
  campaigns: fc.subarray(['camp-a', 'camp-b']),
});

const days = fc.oneof(ago, fc.constantFrom(0, 3_650));
/** Some values that fit and some that nobody has, by field, else by kind. */
const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  starLevel: fc.integer({ min: 0, max: 7 }),
  birthMonth: fc.integer({ min: 1, max: 12 }),
  churnScore: fc.constantFrom(0, 39, 40, 41, 100),
  arpuFen: fc.constantFrom(0, 9_900, 9_901, 19_900, 2_000_000_000),
  dataUsedPercent: fc.constantFrom(0, 96, 100, 101, 103),
  voiceUsedPercent: fc.constantFrom(99, 100, 101),
  extraFeeFen: fc.constantFrom(0, 1, 9_900),
  billFen: fc.constantFrom(9_900, 9_901, 10_000),
  city: fc.constantFrom(...CITIES.filter((city) => city !== ''), "' or true --"),
  province: fc.constantFrom('江苏', '浙江', '火星'),
  district: fc.constantFrom('鼓楼', '秦淮'),
  package: fc.constantFrom('畅享199', '畅享99', '\\'),
  manager: fc.constantFrom('m01', 'M02', 'nobody'),
  segment: fc.constantFrom('list-a', 'list-b', 'list-of-the-west', 'no-such'),
  campaign: fc.constantFrom('camp-a', 'camp-b', 'camp-of-the-west'),
  day: fc.constantFrom('2009-01-01', '2020-02-29', TODAY, '2026-12-31'),
  flag: fc.boolean(),
  ago: days,
  part: fc
    .record({ name: fc.constantFrom('spring', '秋'), cuts: fc.constantFrom([0, 50], [50, 100], [0, 0.5], [12.25, 87.5], [0, 100]) })
    .map(({ name, cuts }) => ({
      name,
      from: cuts[0],
      to: cuts[1],
    })),
};

function valueOf(name: string, op: Op): fc.Arbitrary<unknown> {
  const field = FIELDS[name];
  const one = VALUES[name] ?? (field?.kind === 'choice' ? fc.constantFrom(...(field.choices ?? [])) : VALUES[field?.kind ?? '']);
  if (!one) throw new Error(`no values to try for ${name}`);
  return op === 'in' || op === 'notIn' ? fc.array(one, { maxLength: 3 }) : one;
}

const condition = fc
  .constantFrom(...Object.keys(FIELDS))
  .chain((field) => fc.tuple(fc.constant(field), fc.constantFrom(...(FIELDS[field]?.ops ?? []))))
  .chain(([field, op]) => valueOf(field, op).map((value) => ({ field, op, value })));

const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    condition,
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((and) => ({ and })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }).map((or) => ({ or })),
    tie('tree').map((not) => ({ not })),
  ),
}));

let test: TestApp;
let at: { orgPath: string; today: string };
const world = new Map<string, Person>();

async function addWorld(): Promise<void> {
  const now = test.clock.now();
  await test.db.run(sql`
    insert into segments.segment (code, name, org_unit_id, created_at, updated_at)
    select s.code, s.code, o.id, ${now}, ${now} from (values ('list-a', 'east-1'), ('list-b', 'province'), ('list-of-the-west', 'west')) s(code, unit)
    join staff.org_unit o on o.code = s.unit`);
  await test.db.run(sql`
    insert into campaigns.campaign (code, name, kind, starts_on, org_unit_id, created_at, updated_at)
    select s.code, s.code, 'care', '2026-01-01', o.id, ${now}, ${now} from (values ('camp-a', 'east'), ('camp-b', 'province'), ('camp-of-the-west', 'west')) s(code, unit)
    join staff.org_unit o on o.code = s.unit`);
  for (const [i, one] of fc.sample(person, { numRuns: PEOPLE, seed: 20_261_124 }).entries()) world.set(await addPerson(one, i), one);
}

async function addPerson(one: Person, i: number): Promise<string> {
  const now = test.clock.now();
  const number = `+86139${String(i).padStart(8, '0')}`;
  const { id } = await test.db.one<{ id: string }>(sql`
    insert into customers.customer (star_level, tier, class, gender, status, province, city, district, birth_month, joined_on, sms_consent, call_consent,
      manager_id, org_unit_id, created_at, updated_at)
    select ${one.starLevel}, ${one.tier}, ${one.class}, ${one.gender}, ${one.status}, ${one.province}, ${one.city}, ${one.district}, ${one.birthMonth},
      ${one.joinedOn}, ${one.smsConsent}, ${one.callConsent}, (select u.id from staff.app_user u where u.username = ${one.manager}), o.id, ${now}, ${now}
    from staff.org_unit o where o.code = 'east-1' returning id`);
  const line = await test.db.one<{ id: string }>(sql`
    insert into customers.line (customer_id, number, package, arpu_fen, contract_end, created_at, updated_at)
    values (${id}, ${number}, ${one.package}, ${one.arpuFen}, ${one.contractEnd}, ${now}, ${now}) returning id`);
  if (one.healthTier)
    await test.db.run(sql`insert into retention.health (customer_id, tier, reasons, since) values (${id}, ${one.healthTier}, '[]', ${TODAY})`);
  if (one.churnScore !== null)
    await test.db.run(sql`
      insert into retention.churn_score (customer_id, line_id, score, scored_on, created_at, updated_at)
      values (${id}, ${line.id}, ${one.churnScore / 100}::numeric, ${TODAY}, ${now}, ${now})`);
  // a second line, which the customer is not reached on: what it says must not count
  await test.db.run(sql`
    insert into customers.line (customer_id, number, kind, package, arpu_fen, status, created_at, updated_at)
    values (${id}, ${number.replace('+86139', '+86138')}, 'secondary', '畅享99', 19900, 'churned', ${now}, ${now})`);
  await test.db.run(sql`
    insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
    select platform.uuid_v7(t.at), t.state <> 'refused', t.state, ${id}::bigint, ${number}, t.channel, 'care', 'test', t.at
    from jsonb_to_recordset(${JSON.stringify(one.touches)}::jsonb) t(at timestamptz, channel text, state text)`);
  // the touch an attempt stands on is voided here, so that only what the person says was touched counts as touched
  await test.db.run(sql`
    with made as (
      select platform.uuid_v7(a.at) as id, platform.uuid_v7(a.at) as touch_id, a.at, a.outcome, a.channel
      from jsonb_to_recordset(${JSON.stringify(one.attempts)}::jsonb) a(at timestamptz, outcome text, channel text)),
    touched as (
      insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      select touch_id, true, 'voided', ${id}::bigint, ${number}, channel, 'care', 'test', at from made)
    insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_source, channel, created_at)
    select m.id, c.id, ${id}::bigint, ${line.id}::bigint, u.id, m.touch_id, 1, m.at, m.outcome, 'agent', 'desk', m.channel, ${now}::timestamptz
    from made m, campaigns.campaign c, staff.app_user u where c.code = 'camp-a' and u.username = 'm01'`);
  await test.db.run(sql`
    insert into customers.star_change (customer_id, line_id, old_star, new_star, changed_on, created_at)
    select ${id}::bigint, ${line.id}::bigint, p."from", p."to", p."on", ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(one.promotions)}::jsonb) p("from" int, "to" int, "on" date)`);
  await test.db.run(sql`
    insert into customers.roaming_use (customer_id, line_id, month, destination, returned_on, created_at, updated_at)
    select ${id}::bigint, ${line.id}::bigint, '2026-10-01', r::text, r::date, ${now}::timestamptz, ${now}::timestamptz from unnest(${one.returns}::text[]) r`);
  await test.db.run(sql`
    insert into customers.package_use (customer_id, line_id, month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, extra_fee_fen, created_at, updated_at)
    select ${id}::bigint, ${line.id}::bigint, p.month, p.quota, p.used, p."voiceQuota", p."voiceUsed", p."extraFee", ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(one.use)}::jsonb) p(month date, quota int, used int, "voiceQuota" int, "voiceUsed" int, "extraFee" int)`);
  await test.db.run(sql`
    insert into customers.bill (customer_id, line_id, month, amount_fen, created_at, updated_at)
    select ${id}::bigint, ${line.id}::bigint, b.month, b.amount, ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(one.bills)}::jsonb) b(month date, amount int)`);
  await test.db.run(sql`
    insert into segments.member (segment_id, line_id, customer_id, added_at)
    select s.id, ${line.id}::bigint, ${id}::bigint, ${now}::timestamptz from segments.segment s where s.code = any(${[...one.segments, 'list-of-the-west']}::text[])`);
  await test.db.run(sql`
    insert into calls.task (campaign_id, customer_id, line_id, due_on, created_at)
    select c.id, ${id}::bigint, ${line.id}::bigint, ${TODAY}, ${now}::timestamptz from campaigns.campaign c where c.code = any(${[...one.campaigns, 'camp-of-the-west']}::text[])`);
  return id;
}

beforeAll(async () => {
  test = await createTestApp();
  await createHouse(test);
  await addWorld();
  const { path } = await test.db.one<{ path: string }>(sql`select path from staff.org_unit where code = 'east'`);
  at = { orgPath: path, today: TODAY };
});
afterAll(() => test.close());

/** Customers found by SQL against those found one by one. */
async function agree(raw: Record<string, unknown>): Promise<void> {
  const node: FilterNode = readFilter(raw);
  const byHand = [...world].filter(([id, one]) => matches(id, one, node, TODAY)).map(([id]) => id);
  const found = await test.db.rows<{ id: string }>(sql`select f.customer_id as id from (${filterSql(raw, at)}) f order by f.customer_id`);
  expect(found.map((row) => row.id)).toEqual(byHand);
  expect(await test.db.one(filterCountSql(raw, at))).toEqual({ customers: byHand.length });
}

describe('CAM-2 a filter finds by SQL exactly those who match one by one', () => {
  it.each(Object.keys(FIELDS))('field %s, every question, asked plainly and turned round', async (field) => {
    const asked = fc.constantFrom(...(FIELDS[field]?.ops ?? [])).chain((op) => valueOf(field, op).map((value) => ({ field, op, value })));
    await fc.assert(
      fc.asyncProperty(asked, async (one) => {
        await agree({ and: [one] });
        await agree({ not: one });
      }),
      { numRuns: 12 },
    );
  });

  it('any tree of them', async () => {
    await fc.assert(fc.asyncProperty(tree, agree), { numRuns: 150 });
  });

  it('include minus exclude', async () => {
    await fc.assert(
      fc.asyncProperty(tree, tree, (include, exclude) => agree({ include, exclude })),
      { numRuns: 40 },
    );
  });
});
