import { sql } from '../../../src/platform/database/sql.js';
import { uuidAt } from '../../../src/kernel/ids.js';
import type { TestApp } from '../../support/test-app.js';
import { DEFAULT_OUTCOMES } from '../../../src/calls/outcomes/outcomes.policy.js';
import { createHouse, type House } from '../../support/house.js';

export interface Figures {
  house: House;
  refusedAttempt: string;
}

/** line, manager, ordinal, instant, outcome, talk seconds, order */
type Call = [line: number, manager: string, ordinal: number, at: string, outcome: string, talk: number, order?: string];

const CALLS: readonly Call[] = [
  [1, 'm01', 1, '2026-11-20T10:05', 'converted', 200, 'succeeded'],
  [2, 'm01', 1, '2026-11-20T11:05', 'no_answer', 0],
  [2, 'm01', 2, '2026-11-20T19:05', 'no_answer', 0],
  [3, 'm01', 1, '2026-11-20T14:05', 'no_answer', 0],
  [3, 'm01', 2, '2026-11-23T10:05', 'converted', 18, 'open'],
  [4, 'm02', 1, '2026-11-23T15:05', 'cut_off', 3],
  [4, 'm02', 2, '2026-11-24T00:30', 'refused', 17],
];

/** Seven calls to four customers by two managers: small enough to count by hand. */
export async function smallWorld(test: TestApp): Promise<Figures> {
  const house = await createHouse(test);
  const { db } = test;
  const now = test.clock.now();
  for (const o of DEFAULT_OUTCOMES)
    await db.run(sql`insert into calls.outcome (code, label_zh, label_en, sort, key, connected, effective, visit, converted, closes_task, redial)
      values (${o.code}, ${o.labelZh}, ${o.labelEn}, ${o.sort}, ${o.key}, ${o.connected}, ${o.effective}, ${o.visit}, ${o.converted}, ${o.closesTask}, ${o.redial}) on conflict do nothing`);
  await db.run(sql`insert into campaigns.campaign (code, name, kind, state, starts_on, band_lower, band_upper, org_unit_id, created_at, updated_at)
    select 'spring', '春季', 'marketing', 'running', '2026-11-01', 0.34, 0.46, id, ${now}, ${now} from staff.org_unit where code = 'east'`);
  for (let n = 1; n <= 4; n++) {
    await db.run(sql`with c as (insert into customers.customer (name, star_level, city, manager_id, org_unit_id, created_at, updated_at)
        select ${`客户${n}`}, ${n}, '金陵市', u.id, u.org_unit_id, ${now}, ${now} from staff.app_user u where username = 'm01' returning id)
      insert into customers.line (customer_id, number, created_at, updated_at) select c.id, ${`+861390000000${n}`}, ${now}, ${now} from c`);
  }
  let refusedAttempt = '';
  for (const call of CALLS) {
    const id = await recordCall(test, call);
    if (call[4] === 'refused') refusedAttempt = id;
  }
  return { house, refusedAttempt };
}

async function recordCall({ db }: TestApp, [line, manager, ordinal, time, outcome, talk, order]: Call): Promise<string> {
  const at = new Date(`${time}:00+08:00`);
  const [id, touch] = [uuidAt(at), uuidAt(at)];
  await db.run(sql`
    with l as (select id, customer_id, number from customers.line where number = ${`+861390000000${line}`}),
    c as (select id from campaigns.campaign where code = 'spring'), m as (select id from staff.app_user where username = ${manager}),
    t as (insert into contact.touch (id, allowed, state, customer_id, number, channel, purpose, source, at)
      select ${touch}, true, 'history', l.customer_id, l.number, 'call', 'marketing', 'test', ${at} from l returning id)
    insert into calls.attempt (id, campaign_id, customer_id, line_id, manager_id, touch_id, ordinal, started_at, outcome, source, talk_seconds, talk_source, created_at)
    select ${id}, c.id, l.customer_id, l.id, m.id, t.id, ${ordinal}, ${at}, ${outcome}, 'feed', ${talk}, 'switch', ${at} from l, c, m, t`);
  if (order) {
    await db.run(sql`insert into calls.sales_order (attempt_id, campaign_id, customer_id, state, opened_at)
      select id, campaign_id, customer_id, ${order}, started_at from calls.attempt where id = ${id}`);
  }
  return id;
}
