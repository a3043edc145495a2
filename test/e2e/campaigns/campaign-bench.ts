import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../../support/test-app.js';

export interface Bench {
  test: TestApp;
  house: House;
  planner: ApiClient;
}

/** The house with nobody to call yet. */
export async function createBench(options: TestAppOptions = {}): Promise<Bench> {
  const test = await createTestApp(options);
  const house = await createHouse(test);
  return { test, house, planner: await house('planner-e') };
}

export interface Person {
  name: string;
  star?: number;
  manager?: string | null;
  unit?: string;
  consent?: boolean | null;
  status?: string;
  city?: string;
  health?: string;
  /** Local numbers; the first is the main line. */
  numbers: string[];
}

/** Puts customers with their lines into the database. @returns their ids by name */
export async function addPeople({ test }: Bench, people: Person[]): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  const now = test.clock.now();
  for (const person of people) {
    const manager = person.manager === undefined ? 'm01' : person.manager;
    const row = await test.db.one<{ id: string }>(sql`
      insert into customers.customer (name, gender, star_level, city, status, call_consent, manager_id, org_unit_id, created_at, updated_at)
      select ${person.name}, 'male', ${person.star ?? 5}, ${person.city ?? '东城'}, ${person.status ?? 'active'}, ${person.consent === undefined ? true : person.consent},
             (select id from staff.app_user where username = ${manager}), o.id, ${now}, ${now}
      from staff.org_unit o where o.code = ${person.unit ?? 'east-1'} returning id`);
    for (const [index, number] of person.numbers.entries()) {
      await test.db.run(sql`
        insert into customers.line (customer_id, number, kind, package, status, health, arpu_fen, created_at, updated_at)
        values (${row.id}, ${`+86${number}`}, ${index === 0 ? 'main' : 'secondary'}, '畅享199', ${person.status ?? 'active'}, ${person.health ?? 'good'}, 19900, ${now}, ${now})`);
    }
    ids[person.name] = row.id;
  }
  return ids;
}

/** A segment with every line that is there, made by `who`. */
export async function addSegment({ test, house }: Bench, code: string, who = 'planner-e'): Promise<void> {
  const answer = await (await house(who)).post('/segments', { code, name: `名单 ${code}` });
  if (answer.status !== 201) throw new Error(answer.text);
  await test.db.run(sql`update segments.segment set columns = '{到期月}' where code = ${code}`);
  await test.db.run(sql`
    insert into segments.member (segment_id, line_id, customer_id, attributes, added_at)
    select s.id, l.id, l.customer_id, '{"到期月": "2026-12"}', ${test.clock.now()} from segments.segment s cross join customers.line l where s.code = ${code}`);
}

export const campaignForm = (code: string, more: object = {}) => ({
  code,
  name: `活动 ${code}`,
  kind: 'marketing',
  startsOn: '2026-11-01',
  endsOn: '2026-12-31',
  ...more,
});

export interface CampaignBody {
  id: string;
  code: string;
  state: string;
  tasks: Record<string, number>;
  audience: { matched: number; included: number; excluded: Record<string, number> } | null;
}
