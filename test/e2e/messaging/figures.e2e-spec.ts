import ExcelJS from 'exceljs';
import type { Response } from 'supertest';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, PASSWORD } from '../../support/house.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { addCrowd, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let admin: ApiClient;
let supervisor: PageVisitor;

interface Answer {
  figures: Record<string, number | null>;
  refusedBy: Record<string, number>;
  failedBy: { code: string | null; count: number }[];
  treated: number;
  uplift: { difference: number; interval: [number, number]; verdict: string } | null;
}

const answer = async (code = 'spring'): Promise<Answer> => (await office.planner.get(`/sms/blasts/${code}/figures`)).body as Answer;
const rowsOf = async (query: string, code = 'spring'): Promise<number> => {
  let [n, cursor] = [0, ''];
  do {
    const page = await office.planner.get(`/sms/blasts/${code}/messages?limit=500&${query}${cursor ? `&cursor=${cursor}` : ''}`);
    const { items, nextCursor } = page.body as { items: unknown[]; nextCursor: string | null };
    n += items.length;
    cursor = nextCursor ?? '';
  } while (cursor);
  return n;
};
const binary = (response: Response & NodeJS.EventEmitter, done: (error: Error | null, body: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
};

async function file(): Promise<Map<string, unknown>> {
  const { body } = await supervisor.agent
    .get('/exports/files/blast-figures?blast=spring')
    .buffer(true)
    .parse(binary as never);
  const book = new ExcelJS.Workbook();
  const bytes = body as Buffer;
  await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  const values = new Map<string, unknown>();
  book.worksheets[0]?.eachRow((row) => values.set(row.getCell(1).text, row.getCell(2).value));
  return values;
}

/** A reply to the blast by the customer of a number. */
async function reply(n: number, body: string): Promise<void> {
  const replies = office.test.app.get(RepliesCommands, { strict: false });
  await office.test.db.tx((tx) => replies.receive(tx, 'simulator', { ref: `r-${n}-${body}`, number: numberOf(n), body }));
}

/** Customers who took something when they called in, some time. */
async function order(state: string, at: string, numbers: readonly string[]): Promise<void> {
  const { db } = office.test;
  const manager = await office.house('m01');
  for (const number of numbers) {
    const { id } = await db.one<{ id: string }>(sql`select customer_id as id from customers.line where number = ${number}`);
    const made = await manager.post(`/customers/${id}/contacts`, { channel: 'inbound', outcome: 'converted', talkSeconds: 60 });
    if (made.status !== 201) throw new Error(made.text);
    await db.run(sql`update calls.sales_order set state = ${state}, opened_at = ${at} where customer_id = ${id}`);
  }
}

async function complain(at: string, numbers: readonly string[]): Promise<void> {
  for (const phone of numbers) {
    const made = await admin.post('/tickets', { kind: 'complaint', phone, scope: 'inside', text: '短信太多' });
    if (made.status >= 300) throw new Error(made.text);
    await office.test.db.run(
      sql`update tickets.ticket set opened_at = ${at} where line_id = (select id from customers.line where number = ${phone})`,
    );
  }
}

beforeAll(async () => {
  office = await openPostOffice('2026-11-24T10:00:00+08:00');
  admin = await office.house('admin');
  const { db } = office.test;
  await addTemplate(office, 'offer', '{{honorific}}您好，新套餐每月19元');
  await addCrowd(db, 400);
  await db.run(sql`analyze`);
  const numbers = Array.from({ length: 400 }, (_, i) => numberOf(i + 1));
  await db.run(sql`update customers.customer set manager_id = (select id from staff.app_user where username = 'm01')`);
  await db.run(sql`update customers.customer set sms_consent = false where customer_no in ('crowd-399', 'crowd-400')`);
  await addSegment(db, 'spring', numbers);
  await db.run(
    sql`update messaging.gateway set settings = '{"undelivered": 0.1, "rejected": 0.05, "latencyMs": [1000, 9000]}' where code = 'simulator'`,
  );
  const made = await office.planner.post('/sms/blasts', {
    code: 'spring',
    template: 'offer',
    segment: 'spring',
    gateway: 'simulator',
    holdoutPercent: 25,
  });
  if (made.status !== 201) throw new Error(made.text);
  await office.planner.post('/sms/blasts/spring/start');
  await office.drain();
  await office.pass(1);
  supervisor = await logIn(office.test, 'supervisor-e');
});
afterAll(() => office.test.close());

describe('SMS-6 what a blast brought', () => {
  it('CAM-10 a part of the audience is left alone by chance, once and for all', async () => {
    const { figures, treated } = await answer();
    expect(figures.audience).toBe(400);
    expect(figures.heldOut).toBeGreaterThan(60);
    expect(figures.heldOut).toBeLessThan(140);
    expect(treated).toBe(400 - (figures.heldOut ?? 0));
    const sent = await office.test.db.one<{ n: number }>(sql`select count(*)::int as n from messaging.simulator_inbox i
      join messaging.recipient r on r.number = i.number and r.reason = 'hold_out'`);
    expect(sent.n).toBe(0);
  });

  it('counts what was put down to it: only answers and complaints after it, within their days', async () => {
    const { db } = office.test;
    const numbers = await db.rows<{ number: string }>(
      sql`select number from messaging.recipient where state = 'delivered' order by line_id limit 20`,
    );
    const out = numbers.slice(0, 3).map(({ number }) => Number(number.slice(6)));
    for (const n of out) await reply(n, '退订');
    await reply(Number(numbers[3]?.number.slice(6)), '谢谢');
    await complain('2026-11-26T10:00:00+08:00', [numbers[4]?.number ?? '', numbers[5]?.number ?? '']);
    await complain('2026-12-10T10:00:00+08:00', [numbers[6]?.number ?? '']);
    const now = office.test.clock.now();
    office.test.clock.set('2026-12-10T11:00:00+08:00');
    await reply(Number(numbers[7]?.number.slice(6)), 'TD');
    office.test.clock.set(now);
    const held = await db.rows<{ number: string }>(sql`select number from messaging.recipient where reason = 'hold_out' order by line_id limit 4`);
    await order(
      'succeeded',
      '2026-11-25T10:00:00+08:00',
      numbers.slice(8, 14).map(({ number }) => number),
    );
    await order(
      'failed',
      '2026-11-25T10:00:00+08:00',
      numbers.slice(14, 16).map(({ number }) => number),
    );
    await order(
      'open',
      '2026-11-23T10:00:00+08:00',
      numbers.slice(16, 17).map(({ number }) => number),
    );
    await order(
      'open',
      '2026-11-30T10:00:00+08:00',
      held.map(({ number }) => number),
    );
    await order(
      'open',
      '2026-12-02T10:00:00+08:00',
      numbers.slice(17, 18).map(({ number }) => number),
    );
    expect((await answer()).figures).toMatchObject({ optOuts: 3, complaints: 2, ordered: 6, heldOutOrdered: 4 });
  });

  it('CAM-10 says "not enough data yet" of six orders against four, with the interval', async () => {
    const { uplift } = await answer();
    expect(uplift).toMatchObject({ verdict: 'too-few' });
    expect(uplift?.interval[0]).toBeLessThan(uplift?.difference ?? 0);
    expect((await supervisor.get('/sms/blasts/spring/figures')).text).toContain('数据还不够');
  });

  it('has no cost before the gateway has a price, then that of the parts it bills', async () => {
    expect((await answer()).figures.cost).toBeNull();
    expect((await office.planner.patch('/sms/gateways/simulator/price', { partPrice: 0.035, billedOn: 'submit' })).status).toBe(403);
    expect((await admin.patch('/sms/gateways/simulator/price', { partPrice: 0.035, billedOn: 'submit' })).status).toBe(200);
    const onSubmit = (await answer()).figures;
    expect(onSubmit.parts).toBe((onSubmit.delivered ?? 0) + (await rowsOf('state=undelivered')));
    expect(onSubmit.cost).toBeCloseTo((onSubmit.parts ?? 0) * 0.035, 6);
    await admin.patch('/sms/gateways/simulator/price', { partPrice: 0.05, billedOn: 'delivery' });
    const onDelivery = (await answer()).figures;
    expect(onDelivery.parts).toBe(onDelivery.delivered);
    expect(onDelivery.cost).toBeCloseTo((onDelivery.delivered ?? 0) * 0.05, 6);
  });

  it('gives the latency from hand-over to receipt in percentiles', async () => {
    const { p50, p90, p99 } = (await answer()).figures as Record<string, number>;
    expect(p50).toBeLessThanOrEqual(p90 ?? 0);
    expect(p90).toBeLessThanOrEqual(p99 ?? 0);
    expect(p99).toBeGreaterThan(0);
  });

  it('R45, R47 tile, rows, API and file say the same of every figure', async () => {
    const one = (state: string) => sql`blast_id = (select id from messaging.blast where code = 'spring') and line_id = (
      select min(line_id) from messaging.recipient where state = ${state})`;
    await office.test.db.run(sql`update messaging.recipient set reason = 'row_fault', message_id = null where ${one('rejected')}`);
    await office.test.db.run(sql`update messaging.recipient set reason = 'partly UNDELIV 027' where ${one('undelivered')}`);
    const said = new Map([
      ['row_fault', '数据有误，短信做不出来'],
      ['partly UNDELIV 027', '只到了一部分 UNDELIV 027'],
    ]);
    const { figures, refusedBy, failedBy } = await answer();
    const page = (await supervisor.get('/sms/blasts/spring/figures')).text;
    // what is said of the last of three opens to the left, where there is room
    expect([...page.matchAll(/data-figure="(\w+)"[^]*?sc-pop__b( sc-pop__b--r)?"/g)].flatMap(([, key, left]) => (left ? [key] : []))).toEqual([
      'p90',
      'cost',
      'ordered',
    ]);
    const sheet = await file();
    const zh = office.test.app.get((await import('../../../src/platform/i18n/catalogue.js')).Catalogue, { strict: false });
    const queries: Record<string, string> = {
      audience: '',
      handedOver: 'figure=handedOver',
      parts: 'figure=billed',
      optOuts: 'figure=optOuts',
      complaints: 'figure=complaints',
      ordered: 'figure=ordered',
      heldOut: 'figure=heldOut',
      heldOutOrdered: 'figure=heldOutOrdered',
    };
    for (const state of ['queued', 'submitted', 'delivered', 'failed', 'expired', 'inDoubt', 'refused']) queries[state] = `state=${state}`;
    for (const [key, query] of Object.entries(queries)) expect([key, await rowsOf(query)]).toEqual([key, figures[key]]);
    for (const [key, value] of Object.entries(figures)) {
      const name = zh.t('zh', `sms.figure.${key}`);
      expect([key, sheet.get(name)]).toEqual([key, value]);
      expect(zh.t('zh', `sms.figure.${key}.about`)).not.toContain('sms.figure');
    }
    for (const [reason, count] of Object.entries(refusedBy)) {
      expect([reason, await rowsOf(`state=refused&reason=${reason}`)]).toEqual([reason, count]);
      expect(sheet.get(`未发：${zh.t('zh', `sms.reason.${reason}`)}`)).toBe(count);
    }
    expect(failedBy.length).toBeGreaterThan(1);
    for (const { code, count } of failedBy) {
      expect(await rowsOf(`code=${encodeURIComponent(code ?? '-')}`)).toBe(count);
      expect(sheet.get(`失败：${said.get(code ?? '') ?? code ?? '—'}`)).toBe(count);
      said.delete(code ?? '');
    }
    expect(said.size).toBe(0);
    expect(failedBy.reduce((sum, { count }) => sum + count, 0)).toBe(figures.failed);
    for (const key of ['handedOver', 'parts', 'optOuts', 'complaints', 'ordered'])
      expect(page).toMatch(new RegExp(`data-figure="${key}"[\\s\\S]*?/sms/blasts/spring/messages\\?[^"]*">${String(figures[key])}<`));
    expect(refusedBy.no_consent).toBeGreaterThan(0);
  });

  it('opens the rows of a figure as a list, and the list as a file', async () => {
    const list = (await supervisor.get('/sms/blasts/spring/messages?figure=complaints')).text;
    expect(list).toContain('只看：投诉');
    expect(list).toContain('figure&#x3D;complaints');
    expect((await supervisor.get('/exports/files/blast-messages?blast=spring&figure=complaints')).status).toBeLessThan(400);
    expect((await supervisor.get('/exports/files/blast-messages?blast=spring&state=undelivered')).status).toBeLessThan(400);
    expect((await supervisor.get('/sms/blasts/spring/messages?figure=nonsense')).status).toBe(422);
  });

  it('SYS-1 a client reads the figures, not the people; another city neither', async () => {
    await admin.post('/users', { username: 'client-e', name: '甲方', role: 'client', orgUnit: 'east', password: PASSWORD });
    const client = await logIn(office.test, 'client-e');
    const page = await client.get('/sms/blasts/spring/figures');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('/messages?');
    expect((await (await office.house('planner-w')).get('/sms/blasts/spring/figures')).status).toBe(404);
  });
});
