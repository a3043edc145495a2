import { sql } from '../../../src/platform/database/sql.js';
import type { TestApp } from '../../support/test-app.js';
import { createHouse, type House } from '../../support/house.js';

export interface Batch {
  campaign?: string;
  manager?: string;
  /** Shanghai day and time of the first call; the others follow a second apart. */
  at: string;
  outcome: string;
  count: number;
  talk?: number;
  cause?: string;
  caller?: string;
  ordinal?: number;
  star?: number;
  source?: string;
}

const CAMPAIGNS: [code: string, name: string, unit: string, band: [number, number] | null][] = [
  ['spring', '春季', 'east', [0.34, 0.46]],
  ['autumn', '秋季', 'east', null],
  ['west-only', '西城', 'west', null],
];

/** Two campaigns in the east, one in the west, 300 customers of each of two stars in the east, and people to look at it all. */
export async function bandWorld(test: TestApp): Promise<House> {
  const house = await createHouse(test);
  const now = test.clock.now();
  await test.db.run(
    sql`insert into segments.segment (code, name, org_unit_id, created_at, updated_at) select 'seg', '客群', id, ${now}, ${now} from staff.org_unit where code = 'east'`,
  );
  for (const [code, name, unit, band] of CAMPAIGNS) {
    await test.db.run(sql`
      insert into campaigns.campaign (code, name, kind, state, starts_on, script, band_lower, band_upper, segment_id, org_unit_id, created_at, updated_at)
      select ${code}, ${name}, 'marketing', 'running', '2026-09-01', '{"opening": "您好", "branches": [], "objections": []}', ${band?.[0] ?? null}, ${band?.[1] ?? null}, s.id, o.id, ${now}, ${now}
      from staff.org_unit o left join segments.segment s on s.code = 'seg' and ${unit} = 'east' where o.code = ${unit}`);
  }
  for (const [star, manager] of [
    [2, 'm01'],
    [6, 'm02'],
  ] as const) {
    await test.db.run(sql`
      with c as (insert into customers.customer (name, star_level, city, manager_id, call_consent, org_unit_id, created_at, updated_at)
        select '客户' || n, ${star}, '金陵市', u.id, true, u.org_unit_id, ${now}, ${now} from staff.app_user u, generate_series(1, 300) n where u.username = ${manager} returning id)
      insert into customers.line (customer_id, number, created_at, updated_at) select c.id, '+8613' || lpad(c.id::text, 9, '0'), ${now}, ${now} from c`);
  }
  await test.db.run(
    sql`select platform.ensure_partitions('contact.touch', '2026-09-01', '2026-12-31'), platform.ensure_partitions('calls.attempt', '2026-09-01', '2026-12-31')`,
  );
  return house;
}

/** Calls of one kind, each to another customer of that star, round and round. */
export async function dial(test: TestApp, batch: Batch): Promise<void> {
  const {
    campaign = 'spring',
    manager = 'm01',
    at,
    outcome,
    count,
    talk = 0,
    cause = null,
    caller = '025-1',
    ordinal = 1,
    star = 2,
    source = 'seg',
  } = batch;
  await test.db.run(sql`
    with l as (select l.id, l.customer_id, l.number, row_number() over (order by l.id) - 1 as place, count(*) over () as many
               from customers.line l join customers.customer c on c.id = l.customer_id where c.star_level = ${star}),
    n as (select i, ${new Date(`${at}:00+08:00`)}::timestamptz + i * interval '1 second' as at from generate_series(0, ${count}::int - 1) i),
    x as materialized (
      select n.at, l.id as line_id, l.customer_id, l.number, gen_random_uuid() as salt,
             (lpad(to_hex((extract(epoch from n.at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid as id
      from n join l on l.place = n.i % l.many),
    t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      select x.id, true, 'history', x.customer_id, x.number, 'call', 'marketing', 'test', x.at from x returning id)
    insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source,
                               cause, caller_number, list_source, created_at)
    select x.id, c.id, x.customer_id, x.line_id, m.id, x.id, ${ordinal}, x.at, ${outcome}, 'feed', ${talk}, 'switch', ${cause}, ${caller}, ${source}, x.at
    from x, campaigns.campaign c, staff.app_user m where c.code = ${campaign} and m.username = ${manager}`);
}

/** Eight weeks that are all alike: 40 of 100 connect at 9, 20 at 14, of both stars. */
export async function usualWeeks(test: TestApp, campaign = 'spring'): Promise<void> {
  for (let week = 0; week < 4; week++) {
    const day = `2026-10-${String(5 + week * 7).padStart(2, '0')}`;
    for (const [hour, reached] of [
      ['09:00', 40],
      ['14:00', 20],
    ] as const) {
      await dial(test, { campaign, at: `${day}T${hour}`, outcome: 'reached', count: reached, talk: 60 });
      await dial(test, { campaign, at: `${day}T${hour.slice(0, 3)}10`, outcome: 'no_answer', count: 80 - reached });
      await dial(test, { campaign, at: `${day}T${hour.slice(0, 3)}20`, outcome: 'invalid_number', count: 10 });
      await dial(test, { campaign, at: `${day}T${hour.slice(0, 3)}30`, outcome: 'rejected', count: 10 });
    }
  }
}
