import type { Config } from '../../../src/platform/config/config.js';
import { type Database } from '../../../src/platform/database/database.js';
import { rawSql, sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, createHouse, type House } from '../../support/house.js';
import { MISCOUNTED } from '../../support/miscounted.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

export interface PostOffice {
  test: TestApp;
  house: House;
  /** A planner of the city "east", by an API token: a session ends after twelve hours, and these tests move the clock further. */
  planner: Pick<ApiClient, 'get' | 'post' | 'patch'>;
  /** Hers. */
  token: string;
  /** Lets time pass, runs what is due. */
  pass(minutes: number): Promise<void>;
  drain(): Promise<void>;
}

export async function openPostOffice(now?: string, config: Partial<Config> = {}): Promise<PostOffice> {
  const test = await createTestApp({ config, ...(now === undefined ? {} : { now }) });
  const house = await createHouse(test);
  const drain = async (): Promise<void> => {
    await drainJobs(test.app);
  };
  const pass = async (minutes: number): Promise<void> => {
    test.clock.advance(minutes * 60_000);
    await drain();
  };
  const { token } = (await (await house('admin')).post('/tokens', { name: 'tests', role: 'planner', orgUnit: 'east' })).body as { token: string };
  return { test, house, planner: clientOf(test, token), token, pass, drain };
}

function clientOf(test: TestApp, token: string): PostOffice['planner'] {
  const bearer = { authorization: `Bearer ${token}` };
  return {
    get: async (path) => test.http.get(`/api/v1${path}`).set(bearer),
    post: async (path, body) =>
      test.http
        .post(`/api/v1${path}`)
        .set(bearer)
        .send(body ?? {}),
    patch: async (path, body) => test.http.patch(`/api/v1${path}`).set(bearer).send(body),
  };
}

export interface NewCustomer {
  name?: string | null;
  gender?: 'male' | 'female';
  star?: number;
  package?: string | null;
  consent?: boolean | null;
  manager?: string;
  unit?: string;
  /** Further numbers of the same customer. */
  more?: string[];
}

const orNull = <T>(value: T | null | undefined, otherwise: T): T | null => (value === undefined ? otherwise : value);

/** A customer on `number`, who consented to marketing SMS unless said otherwise. @returns the id */
export async function addCustomer(db: Database, number: string, facts: NewCustomer = {}): Promise<string> {
  const at = new Date('2026-01-01T00:00:00Z');
  const { id } = await db.one<{ id: string }>(sql`
    insert into customers.customer (name, gender, star_level, sms_consent, manager_id, org_unit_id, created_at, updated_at)
    select ${orNull(facts.name, '陈志远')}, ${facts.gender ?? 'male'}, ${facts.star ?? 5}, ${orNull(facts.consent, true)}, u.id, o.id, ${at}, ${at}
    from staff.org_unit o left join staff.app_user u on u.username = ${facts.manager ?? 'm01'} where o.code = ${facts.unit ?? 'east-1'} returning id`);
  for (const [i, line] of [number, ...(facts.more ?? [])].entries()) {
    await db.run(sql`insert into customers.line (customer_id, number, kind, package, created_at, updated_at)
      values (${id}, ${line}, ${i === 0 ? 'main' : 'secondary'}, ${orNull(facts.package, '畅享融合199元')}, ${at}, ${at})`);
  }
  return id;
}

/** Numbers 13800000001, …2, … */
export const numberOf = (n: number): string => `+86138${String(n).padStart(8, '0')}`;

/** Many customers at once, by SQL. */
export async function addCrowd(db: Database, count: number): Promise<void> {
  await db.run(sql`
    with made as (
      insert into customers.customer (customer_no, name, gender, star_level, sms_consent, org_unit_id, created_at, updated_at)
      select 'crowd-' || n, '客户' || n, 'female', 5, true, o.id, '2026-01-01', '2026-01-01'
      from generate_series(1, ${count}) n, staff.org_unit o where o.code = 'east-1' returning id, customer_no)
    insert into customers.line (customer_id, number, package, created_at, updated_at)
    select id, '+86138' || lpad(substring(customer_no from 7), 8, '0'), '畅享199', '2026-01-01', '2026-01-01' from made`);
}

/** A segment of these numbers; the attributes of all of them, or of some. */
export async function addSegment(
  db: Database,
  code: string,
  numbers: readonly string[],
  attributes: Record<string, Record<string, string>> = {},
): Promise<void> {
  const columns = [...new Set(Object.values(attributes).flatMap((each) => Object.keys(each)))];
  const { id } = await db.one<{ id: string }>(sql`
    insert into segments.segment (code, name, columns, members, org_unit_id, created_at, updated_at)
    select ${code}, ${code}, ${columns}::text[], ${numbers.length}, id, '2026-01-01', '2026-01-01' from staff.org_unit where code = 'east' returning id`);
  await db.run(sql`
    insert into segments.member (segment_id, line_id, customer_id, attributes, added_at)
    select ${id}, l.id, l.customer_id, coalesce(${JSON.stringify(attributes)}::jsonb -> l.number, '{}'), '2026-01-01'
    from customers.line l where l.number = any(${numbers}::text[])`);
}

/** A template written by planner-e and approved by the administrator. */
export async function addTemplate(office: PostOffice, code: string, body: string, purpose = 'marketing'): Promise<void> {
  const made = await office.planner.post('/sms/templates', { code, name: code, purpose, signature: '中国电信', body });
  if (made.status !== 201) throw new Error(made.text);
  const admin = await office.house('admin');
  const approved = await admin.post(`/sms/templates/${code}/approve`);
  if (approved.status !== 200) throw new Error(approved.text);
}

export interface Figures {
  state: string;
  audience: number;
  counts: Record<string, number>;
  refusedBy: Record<string, number>;
  parts: number;
}

/** As the product tells them; what it keeps count of is counted after each time. */
export async function figures(office: PostOffice, code: string): Promise<Figures> {
  expect(await office.test.db.rows(rawSql(MISCOUNTED))).toEqual([]);
  const answer = await office.planner.get(`/sms/blasts/${code}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Figures;
}

export const sumOf = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** How often each number really reached the gateway. */
export async function atTheGateway(db: Database): Promise<Map<string, number>> {
  const rows = await db.rows<{ number: string; n: number }>(sql`select number, count(*)::int as n from messaging.simulator_inbox group by 1`);
  return new Map(rows.map(({ number, n }) => [number, n]));
}

/** Makes crowds and drafts of blasts in an office that is opened later; a crowd's numbers are fresh, so that the caps of one test do not meet those of another. */
export function blastMaker(office: () => PostOffice) {
  let next = 1;
  const numbers = (count: number): string[] => Array.from({ length: count }, () => numberOf(next++));
  const crowd = async (count: number, facts: NewCustomer = {}): Promise<string[]> => {
    const made = numbers(count);
    for (const number of made) await addCustomer(office().test.db, number, facts);
    return made;
  };
  const createBlast = async (code: string, template: string, more: object = {}): Promise<void> => {
    const made = await office().planner.post('/sms/blasts', { code, template, segment: code, gateway: 'simulator', ...more });
    if (made.status !== 201) throw new Error(made.text);
  };
  return { numbers, crowd, createBlast };
}
