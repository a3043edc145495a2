import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { addCustomer, addTemplate, numberOf, openPostOffice, type PostOffice } from '../messaging/post-office.js';

let office: PostOffice;
let id: string;

const MINUTE = 60_000;

/** One thing a channel, a minute apart, oldest first; what the gate refuses and what a shop reports stand among them. */
async function happen(): Promise<void> {
  const { test, house } = office;
  const [manager, planner] = await Promise.all([house('m01'), house('planner-e')]);
  const contact = async (channel: string, note: string): Promise<void> => {
    const answer = await manager.post(`/customers/${id}/contacts`, { channel, outcome: 'reached', note });
    if (answer.status !== 201) throw new Error(answer.text);
    test.clock.advance(MINUTE);
  };
  await contact('visit', '送了年历');
  await contact('call', '聊到孩子中考');
  await contact('wecom', '转发活动相册');
  await contact('qq', '问流量');
  await contact('weibo', '点赞');
  await contact('inbound', '问账单');
  await manager.post(`/tasks/${await taskOf()}/sms`, { template: 'after-call' });
  await office.drain();
  await office.pass(1);
  await test.db.tx((tx) =>
    test.app.get(RepliesCommands, { strict: false }).receive(tx, 'simulator', { number: numberOf(1), body: '好的谢谢', ref: 'r-1' }),
  );
  test.clock.advance(MINUTE);
  await manager.post(`/tasks/${await taskOf()}/sms`, { template: 'advert' });
  test.clock.advance(MINUTE);
  const reported = { phone: numberOf(1), channel: 'visit', purpose: 'service', at: test.clock.now().toISOString(), source: '鼓楼营业厅' };
  const shop = await planner.post('/contact/touches', reported);
  if (shop.status !== 201) throw new Error(shop.text);
}

/** The customer's one open task, for messages after a call. */
async function taskOf(): Promise<string> {
  const { db } = office.test;
  const known = await db.maybe<{ id: string }>(sql`select id from calls.task where customer_id = ${id}`);
  if (known) return known.id;
  await db.run(sql`insert into campaigns.campaign (code, name, kind, state, starts_on, org_unit_id, created_at, updated_at)
    select 'spring', '春季', 'marketing', 'running', '2026-11-01', id, '2026-11-01', '2026-11-01' from staff.org_unit where code = 'east'`);
  const made = await db.one<{ id: string }>(sql`
    insert into calls.task (campaign_id, customer_id, line_id, owner_id, due_on, created_at)
    select c.id, ${id}, l.id, u.id, '2026-11-24', '2026-11-24' from campaigns.campaign c, customers.line l, staff.app_user u
    where c.code = 'spring' and l.customer_id = ${id} and u.username = 'm01' returning id`);
  return made.id;
}

beforeAll(async () => {
  office = await openPostOffice();
  id = await addCustomer(office.test.db, numberOf(1), { manager: 'm01', consent: null });
  await addCustomer(office.test.db, numberOf(2), { name: '别人', manager: 'm01' });
  await addTemplate(office, 'after-call', '{{honorific}}您好，感谢接听', 'service');
  await addTemplate(office, 'advert', '{{honorific}}您好，有新优惠', 'marketing');
  await happen();
});
afterAll(() => office.test.close());

interface Entry {
  entry: string;
  kind: string;
  channel: string;
  state: string;
  text: string | null;
  reasons: string[] | null;
  at: string;
  source: string | null;
}
interface Timeline {
  items: Entry[];
  nextCursor: string | null;
}

const read = async (query = '', who = 'm01'): Promise<Timeline> =>
  (await (await office.house(who)).get(`/customers/${id}/timeline${query}`)).body as Timeline;

describe('CUS-4 everything that happened stands in one timeline', () => {
  it('of all channels, the newest first: contacts, messages, answers, refusals, what others reported', async () => {
    const { items, nextCursor } = await read();
    expect(items.map(({ kind, channel }) => `${kind} ${channel}`)).toEqual([
      'reported visit',
      'refusal sms',
      'reply sms',
      'message sms',
      'attempt inbound',
      'attempt weibo',
      'attempt qq',
      'attempt wecom',
      'attempt call',
      'attempt visit',
    ]);
    expect(nextCursor).toBeNull();
    expect(items[0]).toMatchObject({ source: '鼓楼营业厅' });
    expect(items[1]).toMatchObject({ reasons: ['no_consent'] });
    expect(items[2]).toMatchObject({ text: '好的谢谢', state: 'unclear' });
    expect(items[3]).toMatchObject({ text: '【中国电信】陈先生您好，感谢接听', state: 'delivered' });
    expect(items[8]).toMatchObject({ text: '聊到孩子中考', stateZh: '已触达' });
  });

  it('one channel only, by the address', async () => {
    expect((await read('?channel=sms')).items.map(({ kind }) => kind)).toEqual(['refusal', 'reply', 'message']);
    expect((await read('?channel=qq')).items.map(({ text }) => text)).toEqual(['问流量']);
    expect((await read('?channel=event')).items).toEqual([]);
    const wrong = await (await office.house('m01')).get(`/customers/${id}/timeline?channel=fax`);
    expect(wrong.status).toBe(422);
  });

  it.each(['', '&channel=sms'])('pages follow each other without a gap or a repeat %s', async (filter) => {
    const whole = (await read(`?limit=200${filter}`)).items.map(({ entry }) => entry);
    const seen: string[] = [];
    for (let cursor = '', more = true; more;) {
      const page = await read(`?limit=1${filter}${cursor}`);
      seen.push(...page.items.map(({ entry }) => entry));
      more = page.nextCursor !== null;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(whole);
  });

  it('things of the same instant keep their place from page to page', async () => {
    const { db } = office.test;
    const at = '2026-11-01T08:00:00.000123Z';
    await db.run(sql`insert into messaging.reply (gateway_code, gateway_ref, number, customer_id, body, meaning, received_at)
      select 'simulator', 'same-' || n, ${numberOf(1)}, ${id}, 'x' || n, 'unclear', ${at}::timestamptz from generate_series(1, 3) n`);
    const first = await read('?limit=11');
    const second = await read(`?limit=1&cursor=${first.nextCursor}`);
    const third = await read(`?limit=1&cursor=${second.nextCursor}`);
    expect([first.items[10], ...second.items, ...third.items].map((row) => row?.text)).toEqual(['x3', 'x2', 'x1']);
    await db.run(sql`delete from messaging.reply where gateway_ref like 'same-%'`);
  });

  it.each(['abc', Buffer.from('["x","y"]').toString('base64url')])('a cursor somebody made up is refused: %s', async (cursor) => {
    expect((await (await office.house('m01')).get(`/customers/${id}/timeline?cursor=${cursor}`)).status).toBe(400);
  });

  it('SYS-1 nobody outside of the scope reads it; a planner and a supervisor of the city do', async () => {
    for (const who of ['m02', 'm11', 'planner-w']) expect((await (await office.house(who)).get(`/customers/${id}/timeline`)).status).toBe(404);
    for (const who of ['planner-e', 'supervisor-e']) expect((await read('', who)).items).toHaveLength(10);
  });

  it('the panel counts each channel and filters by links that work without JavaScript', async () => {
    const page = await logIn(office.test, 'm01');
    const all = (await page.get(`/customers/${id}/timeline`)).text;
    for (const words of ['全部 10', '短信 3', 'QQ 1', '微博 1', '被规则拦下', '没有营销同意', '其他系统联系', '鼓楼营业厅', '转发活动相册'])
      expect(all).toContain(words);
    const sms = (await page.get(`/customers/${id}/timeline?channel=sms`)).text;
    expect(sms).toContain('好的谢谢');
    expect(sms).not.toContain('转发活动相册');
    expect((await page.get(`/customers/${id}?channel=sms`)).text).toContain(`hx-get="/customers/${id}/timeline?channel=sms"`);
  });
});
