import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawSql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { until } from '../../support/until.js';
import { logIn } from '../../support/visitor.js';
import { CallCentre, must } from '../calls/call-centre.js';

/** Nobody else in these tests is called so, and no word of the product is. */
const NAMES = ['欧阳文静', '司马相如', '慕容雪村', '诸葛长风'];
const PHONES = ['13722220001', '13722220002', '13722220003', '13722220004'];
/** Of each number: whatever stands between its digits, a blank in an address too. */
const SAID = PHONES.map((phone) => new RegExp(phone.replace(/^(...)(....)(....)$/, '$1(\\D|%20){0,3}$2(\\D|%20){0,3}$3')));

let folder: string;
let test: TestApp;
let centre: CallCentre;

const logged = (): string => readFileSync(join(folder, 'log'), 'utf8');
const lines = (): Record<string, unknown>[] =>
  logged()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
/** Whom the log betrays. */
const betrayed = (log: string): string[] => [
  ...NAMES.filter((name) => log.includes(name) || log.includes(encodeURIComponent(name))),
  ...PHONES.filter((_, i) => SAID[i]?.test(log)),
];

/** PostgreSQL refuses the row of this person, and quotes it in full. */
const refuseInDatabase = (table: string, condition: string): Promise<unknown> =>
  test.db.run(rawSql(`alter table ${table} add constraint no_such_row check (${condition}) not valid`));
const acceptAgain = (table: string): Promise<unknown> => test.db.run(rawSql(`alter table ${table} drop constraint no_such_row`));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), `starcare-log-${process.pid}-`));
  test = await createTestApp({ config: { logLevel: 'trace' }, logFile: join(folder, 'log') });
  centre = await CallCentre.open(test);
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('SYS-5 the log has no phone number and no name of a customer', () => {
  it('of a day at work: files with wrong lines, searches, calls, messages, blocks', async () => {
    const people = NAMES.map((name, i) => `${PHONES[i]},${name},男,5,东城,m01,是,是`);
    const header = 'phone,name,gender,star_level,city,manager,call_consent,sms_consent';
    const file = await centre.hand('customers', [header, ...people, `${PHONES[0]}x,${NAMES[0]},女,9,东城,nobody,,`]);
    expect(file).toMatchObject({ created: 4, rejected: 1 });

    await centre.campaign('c1');
    const task = await centre.take('m01');
    expect(NAMES).toContain(task.customer.name);
    await centre.record('m01', task.id, { outcome: 'no_answer', note: `${NAMES[1]} 的另一号码 ${PHONES[1]}` });
    const planner = await centre.house('planner-e');
    await must(planner.get(`/customers?phone=${PHONES[0]}&name=${encodeURIComponent(NAMES[0] ?? '')}`), 200);
    await must(planner.post('/contact/blocks', { phone: PHONES[2], channel: 'all', reason: `${NAMES[2]} 来电要求` }), 201);
    const page = await logIn(test, 'm01');
    await page.get(`/customers?q=${PHONES[3]}`);
    await page.get(`/customers?q=${encodeURIComponent(NAMES[3] ?? '')}`);
    const template = { code: 'hello', name: '问候', purpose: 'service', signature: '中国电信', body: '{{name}}您好' };
    await must(planner.post('/sms/templates', template), 201);
    await must(planner.post('/sms/templates/hello/preview', { phones: PHONES }), 200, 201);
    await drainJobs(test.app);
  });

  it('of wrong input, also where a number stands in the address', async () => {
    const planner = await centre.house('planner-e');
    for (const phone of PHONES) {
      for (const written of [phone, `0086${phone}`, phone.replace(/^(...)(....)/, '$1%20$2%20')])
        expect((await planner.get(`/customers/${written}`)).status).toBe(404);
      expect((await test.http.delete(`/api/v1/sms/test-numbers/+86${phone}`).set('authorization', `Bearer ${planner.token}`)).status).toBe(404);
    }
    await must(planner.post('/contact/blocks', { phone: `${PHONES[0]}0`, channel: NAMES[0] }), 400, 422);
    expect((await test.http.post('/api/v1/session').send({ username: PHONES[0], password: NAMES[0] })).status).toBe(401);
    for (const name of NAMES) expect((await planner.get(`/customers/${encodeURIComponent(name)}`)).status).toBe(404);
    expect((await test.http.get('/nowhere').set('x-request-id', PHONES[0] ?? '')).status).toBe(404);
    await until('the addresses are logged', () => lines().filter(({ path }) => path === '/api/v1/customers/…').length === 16);
  });

  it('of rows the database refuses, in a request and in a job: the line says which table and which rule', async () => {
    await refuseInDatabase('contact.block', `number <> '+86${PHONES[3]}'`);
    const block = { phone: PHONES[3], channel: 'call', reason: `${NAMES[3]} 投诉` };
    const answer = await (await centre.house('planner-e')).post('/contact/blocks', block);
    expect([answer.status, betrayed(answer.text)]).toEqual([500, []]);
    await acceptAgain('contact.block');
    const { requestId } = (answer.body as { error: { requestId: string } }).error;
    await until('the fault is logged', () => lines().some(({ msg, requestId: id }) => msg === 'request failed' && id === requestId));
    expect(lines().find(({ msg, requestId: id }) => msg === 'request failed' && id === requestId)?.err).toMatchObject({
      code: '23514',
      table: 'block',
      constraint: 'no_such_row',
    });

    await refuseInDatabase('customers.customer', `name <> '南宫${NAMES[1]}'`);
    const upload = await (await centre.house('planner-e')).upload('/imports?feed=customers', `phone,name\n${PHONES[1]},南宫${NAMES[1]}\n`);
    expect(upload.status).toBe(202);
    await drainJobs(test.app, { allowFailures: true });
    await acceptAgain('customers.customer');
    await until('the failed import is logged', () => lines().some(({ msg }) => /^import .* failed/.test(String(msg))));
  });

  it('nor a password or a token, although people logged in and programs came with theirs', async () => {
    const { token } = await centre.house('planner-e');
    expect(lines().some(({ path }) => path === '/api/v1/session')).toBe(true);
    expect([PASSWORD, token].filter((secret) => logged().includes(secret))).toEqual([]);
  });

  it('in all of it, while every request and its person are there', () => {
    const all = lines();
    expect(all.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(30);
    expect(all).toContainEqual(expect.objectContaining({ msg: 'request', method: 'POST', path: '/api/v1/call-desk/next', user: 'm01' }));
    expect(all.filter(({ path }) => String(path).includes('?'))).toEqual([]);
    for (const line of logged()
      .split('\n')
      .filter((each) => each.includes('"msg":"request"')))
      expect(line.match(/"(requestId|reqId)":/g)).toEqual(['"requestId":']);
    expect(betrayed(logged())).toEqual([]);
    expect(logged().match(/(?<!\d)(\+?86)?1[3-9]\d{9}(?!\d)/g)).toBeNull();
  });
});

describe('what these tests look for', () => {
  it.each(['{"a":"13722220001"}', 'to +86 137 2222 0002', '137-2222-0003', '/x/008613722220004', '欧阳文静', encodeURIComponent('司马相如')])(
    '%s would be found',
    (line) => {
      expect(betrayed(line)).toHaveLength(1);
    },
  );
});
