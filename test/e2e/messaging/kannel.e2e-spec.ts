import { sql } from '../../../src/platform/database/sql.js';
import { Centre, type Kannel, startKannel, USER } from '../../support/kannel.js';
import { programOnPath } from '../../support/programs.js';
import { until } from '../../support/until.js';
import { logIn, unescaped } from '../../support/visitor.js';
import { addCustomer, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

const CHINESE = '【中国电信】陈先生您好，您的业务已办理';

/** bearerbox and smsbox of Debian's package, between StarCare and a message centre on the smpp package. */
const withKannel = programOnPath('bearerbox') && programOnPath('smsbox') ? describe : describe.skip;

withKannel('SMS-4 a real Kannel', () => {
  let office: PostOffice;
  let centre: Centre;
  let kannel: Kannel;

  /** What the page of a gateway says to put into kannel.conf. */
  async function serviceGroup(): Promise<string> {
    const { text } = await (await logIn(office.test, 'admin')).get('/sms/gateways/kannel');
    return />(group = sms-service[^<]*)<\/textarea>/.exec(unescaped(text))?.[1] ?? '';
  }

  beforeAll(async () => {
    office = await openPostOffice(undefined, { sealKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }] });
    await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
    const login = { systemId: USER.username, password: USER.password };
    await office.planner.post('/sms/gateways', { code: 'kannel', kind: 'http', url: 'http://127.0.0.1:9', ...login, from: '10659' });
    centre = await Centre.start();
    kannel = await startKannel(centre, await serviceGroup());
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/kannel');
    await admin.post('/sms/gateways/kannel', { url: kannel.url, username: USER.username, from: '10659' });
  });
  afterAll(async () => {
    await kannel.stop();
    await centre.stop();
    await office.test.close();
  });

  /** Reports come on their own time: applied as they come, until a blast stands as it should. */
  const becomes = (code: string, expected: Record<string, number>): Promise<void> =>
    until(`${code} is ${JSON.stringify(expected)}`, async () => {
      await office.drain();
      const { counts } = await figures(office, code);
      return Object.entries(expected).every(([state, count]) => counts[state] === count);
    });

  it('carries Chinese texts to the centre, and brings back what became of each', async () => {
    const numbers = [1, 2, 3].map(numberOf);
    for (const number of numbers) await addCustomer(office.test.db, number);
    await addSegment(office.test.db, 'real', numbers);
    await office.planner.post('/sms/blasts', { code: 'real', template: 'note', segment: 'real', gateway: 'kannel' });
    const refused = numbers[2]?.slice(1);
    centre.status = ({ to }) => (to.endsWith(refused ?? '') ? 0x0b : 0);
    await office.planner.post('/sms/blasts/real/start');
    await office.drain();
    await until('the centre has them', () => centre.submitted.length === 2);
    expect(centre.submitted.map(({ text, from, coding, wantsReceipt }) => ({ text, from, coding, wantsReceipt }))).toEqual(
      [1, 2].map(() => ({ text: CHINESE, from: '10659', coding: 8, wantsReceipt: true })),
    );
    await becomes('real', { submitted: 2, failed: 1 });
    const [first, second] = centre.submitted;
    if (!first || !second) throw new Error('not submitted');
    centre.report(first, 'DELIVRD');
    centre.report(second, 'EXPIRED', '001');
    await becomes('real', { delivered: 1, expired: 1, failed: 1, submitted: 0, inDoubt: 0 });
    const codes = await office.test.db.rows<{ code: string }>(sql`select network_code as code from messaging.message order by code`);
    expect(codes.map(({ code }) => code).sort()).toEqual(['DELIVRD 000', 'EXPIRED 001', 'NACK 0x0000000b']);
  });

  it('takes the same by POST, with neither password nor text in an address, and R9 keeps it no longer than it is good', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/kannel');
    await admin.post('/sms/gateways/kannel', { url: kannel.url, username: USER.username, from: '10659', method: 'POST' });
    await addCustomer(office.test.db, numberOf(4));
    await addSegment(office.test.db, 'post', [numberOf(4)]);
    const blast = { code: 'post', template: 'note', segment: 'post', gateway: 'kannel', notAfter: '2026-11-24T11:30:00+08:00' };
    await office.planner.post('/sms/blasts', blast);
    await office.planner.post('/sms/blasts/post/start');
    await office.drain();
    await until('the centre has it', () => centre.submitted.length === 3);
    const posted = centre.submitted[2];
    if (!posted) throw new Error('not submitted');
    expect(posted).toMatchObject({ text: CHINESE, from: '10659', coding: 8, wantsReceipt: true });
    expect(Math.abs((posted.goodFor ?? 0) - 90)).toBeLessThanOrEqual(2);
    expect(centre.submitted[0]?.goodFor).toBeNull();
    centre.report(posted, 'DELIVRD');
    await becomes('post', { delivered: 1, submitted: 0 });
  });

  it('brings what a customer writes, and writes nothing back', async () => {
    const number = numberOf(9);
    await addCustomer(office.test.db, number);
    const sent = centre.submitted.length;
    centre.write(number.slice(1), '10659', '退订');
    await until('the reply is here', async () => (await office.test.db.rows(sql`select 1 from messaging.reply where number = ${number}`)).length > 0);
    expect(await office.test.db.rows(sql`select body, meaning from messaging.reply`)).toEqual([{ body: '退订', meaning: 'opt_out' }]);
    centre.write(number.slice(1), '10659', 'hello & 100%');
    await until('the second is here', async () => (await office.test.db.rows(sql`select 1 from messaging.reply`)).length > 1);
    expect(await office.test.db.rows(sql`select body from messaging.reply order by id desc limit 1`)).toEqual([{ body: 'hello & 100%' }]);
    expect(centre.submitted.length).toBe(sent);
  });

  it('a wrong password is told as it is, and fails nobody', async () => {
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/gateways/kannel');
    await admin.post('/sms/gateways/kannel', { url: kannel.url, username: USER.username, password: 'wrong', from: '10659' });
    const { text } = await admin.post('/sms/gateways/kannel/test', { phone: '13900000001' });
    expect(text).toContain('403 Authorization failed for sendsms');
  });
});
