import { ContactCommands } from '../../../src/contact/contact.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { handIn } from '../../support/hand-in.js';
import { type ApiClient, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';

let test: TestApp;
let planner: ApiClient;
let admin: ApiClient;

const [FIRST, SECOND, SOLD] = ['13800138000', '13800138001', '13800138002'];
const reasons = async (phone: string): Promise<string[]> => {
  const answer = await planner.get(`/contact/decisions?phone=${phone}&purpose=marketing`);
  return (answer.body as { now: { call: { reasons: string[] } } }).now.call.reasons;
};
const ownerOf = async (phone: string): Promise<string> =>
  (await test.db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${`+86${phone}`}`)).id;
const customers = (text: string): Promise<unknown> => handIn(test, planner, 'feed=customers', text);

/** Who the second number was before it was known whose it is. */
let shell: string;

beforeAll(async () => {
  test = await createTestApp();
  const house = await createHouse(test);
  [planner, admin] = [await house('planner-e'), await house('admin')];
  await customers(`phone,name,star_level,manager,sms_consent,call_consent\n${FIRST},刘海涛,5,m01,是,是\n${SECOND},刘海涛,5,m01,是,是\n`);
  await customers(`phone,name,customer_no,manager,call_consent\n${SOLD},王芳,C2,m01,是\n`);
  shell = await ownerOf(SECOND);
  await handIn(test, planner, 'feed=segment&segment=s&segmentName=s', `phone\n${SECOND}\n`);
  await planner.patch(`/customers/${shell}`, { profile: { interests: '钓鱼' } });
  await planner.post('/contact/protections', { phone: SECOND, kind: 'complaint', ref: 'T1' });
  await planner.post('/contact/protections', { phone: SOLD, kind: 'fault', ref: 'T2' });
  for (const minute of ['01', '02'])
    await planner.post('/contact/touches', {
      phone: SECOND,
      channel: 'call',
      purpose: 'care',
      at: `2026-11-24T09:${minute}:00+08:00`,
      source: 'shop',
    });
  await customers(`phone,customer_no\n${FIRST},C1\n${SECOND},C1\n`);
});
afterAll(() => test.close());

describe('CUS-1 two customers whose numbers turn out to be of one', () => {
  it('GOV-5, GOV-7 are protected and counted as one, by either number', async () => {
    for (const phone of [FIRST, SECOND]) expect(await reasons(phone)).toEqual(['protected', 'cap_reached']);
  });

  it('stand once in the search, with what was learned of either, and on the lists as the one', async () => {
    const found = (await planner.get(`/customers?name=${encodeURIComponent('刘海涛')}`)).body as { items: { id: string }[] };
    const id = await ownerOf(FIRST);
    expect(found.items.map((one) => one.id)).toEqual([id]);
    expect((await planner.get(`/customers/${id}`)).body).toMatchObject({ profile: { interests: { value: '钓鱼' } } });
    expect(await test.db.rows(sql`select customer_id as id from segments.member`)).toEqual([{ id }]);
  });

  it('whoever knows the customer by the old id protects, and ends the protection of, the one', async () => {
    const contact = test.app.get(ContactCommands, { strict: false });
    await test.db.tx((tx) => contact.protect(tx, { customerId: shell, kind: 'fault', ref: 'T3', source: 'tickets' }));
    await test.db.tx((tx) => contact.unprotect(tx, { customerId: shell, kind: 'complaint', ref: 'T1' }));
    expect(await reasons(FIRST)).toContain('protected');
    await test.db.tx((tx) => contact.unprotect(tx, { customerId: shell, kind: 'fault', ref: 'T3' }));
    expect(await reasons(FIRST)).toEqual(['cap_reached']);
  });

  it('a line that goes from one number to another takes nothing of its former owner with it', async () => {
    const former = await ownerOf(SOLD);
    await customers(`phone,customer_no\n${SOLD},C1\n`);
    expect(await ownerOf(SOLD)).toBe(await ownerOf(FIRST));
    expect(await reasons(SOLD)).toEqual(['cap_reached']);
    expect(await test.db.rows(sql`select customer_id as id from contact.protection where ref = 'T2'`)).toEqual([{ id: former }]);
  });

  it('SYS-6 are forgotten together', async () => {
    expect((await admin.post(`/customers/${await ownerOf(FIRST)}/erase`, { reason: '客户要求' })).status).toBe(200);
    expect(await test.db.rows(sql`select 1 from customers.customer where name = '刘海涛'`)).toEqual([]);
    expect((await planner.patch(`/customers/${shell}`, { city: '南京' })).status).toBe(409);
  });
});
