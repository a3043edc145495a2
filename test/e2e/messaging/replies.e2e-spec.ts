import { InboundParts } from '../../../src/messaging/replies/inbound-parts.commands.js';
import { RepliesCommands } from '../../../src/messaging/replies/replies.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient } from '../../support/house.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';
import { installFake, taken } from './fake-gateway.js';
import { addCustomer, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let supervisor: PageVisitor;
let api: ApiClient;

/** An answer that no rule understands, of its own number. @returns its id */
async function unclear(n: number, body = '你们是谁'): Promise<string> {
  const replies = office.test.app.get(RepliesCommands, { strict: false });
  await office.test.db.tx((tx) => replies.receive(tx, 'simulator', { ref: `u-${n}`, number: numberOf(n), body }));
  return (await office.test.db.one<{ id: string }>(sql`select id from messaging.reply where gateway_ref = ${`u-${n}`}`)).id;
}
const allowed = async (n: number): Promise<boolean> =>
  (
    (await (await office.house('admin')).get(`/contact/decisions?phone=${encodeURIComponent(numberOf(n))}`)).body as {
      now: { sms: { allowed: boolean } };
    }
  ).now.sms.allowed;
const open = async (who = api): Promise<string[]> =>
  ((await who.get('/sms/replies/unclear')).body as { items: { id: string }[] }).items.map(({ id }) => id);

beforeAll(async () => {
  office = await openPostOffice('2026-11-24T10:00:00+08:00');
  for (let n = 1; n <= 6; n += 1) await addCustomer(office.test.db, numberOf(n), n === 6 ? { manager: 'nobody' } : {});
  supervisor = await logIn(office.test, 'supervisor-e');
  api = await office.house('supervisor-e');
});
afterAll(() => office.test.close());

describe('R21, SMS-5 the box of unclear answers', () => {
  it('is friendly when nothing waits', async () => {
    const page = await supervisor.get('/replies');
    expect(page.text).toContain('没有待确认的回复');
    expect(page.text).not.toContain('sc-rail__n');
  });

  it('shows what no rule understood, masked, with a badge in the rail; what is understood is not in it', async () => {
    await unclear(1);
    await unclear(2, 'TD');
    const page = await supervisor.get('/replies');
    expect(page.text).toContain('“你们是谁”');
    expect(page.text).toContain('138 **** 0001');
    expect(page.text).toMatch(/sc-rail__n"><span class="sc-sr">[^<]*<\/span>1</);
    expect(await open()).toHaveLength(1);
  });

  it('an opt-out takes effect at once and keeps who said so', async () => {
    const [id] = await open();
    expect(await allowed(1)).toBe(true);
    const answer = await supervisor.post(`/replies/${id ?? ''}`, { decision: 'opt_out' });
    expect(answer.status).toBe(303);
    expect(await allowed(1)).toBe(false);
    expect(await open()).toEqual([]);
    expect((await supervisor.get('/replies')).text).toContain('赵敏');
    const trail = await office.test.db.rows(sql`select actor from staff.audit_entry where action = 'reply.opt_out' and object_id = ${id ?? ''}`);
    expect(trail).toEqual([{ actor: 'supervisor-e' }]);
    expect((await supervisor.get('/contact/blocks')).text).toContain('<td>客户回复退订短信</td>');
  });

  it('what is no opt-out changes nothing; said twice it is one deed, said otherwise it is refused', async () => {
    const id = await unclear(3, '别退订我的会员');
    expect((await api.post(`/sms/replies/${id}/decision`, { decision: 'kept' })).status).toBe(200);
    expect((await api.post(`/sms/replies/${id}/decision`, { decision: 'kept' })).status).toBe(200);
    expect((await api.post(`/sms/replies/${id}/decision`, { decision: 'opt_out' })).body.error).toMatchObject({ code: 'reply_decided' });
    expect(await allowed(3)).toBe(true);
  });

  it('passed on, it stands on the manager’s day until she has seen it', async () => {
    const id = await unclear(4, '请让小林给我回个电话');
    await api.post(`/sms/replies/${id}/decision`, { decision: 'forwarded' });
    const manager = await logIn(office.test, 'm01');
    expect((await manager.get('/replies/mine')).text).toContain('请让小林给我回个电话');
    expect((await manager.get('/today')).text).toContain('hx-get="/replies/mine"');
    expect((await (await logIn(office.test, 'm02')).post(`/replies/${id}/seen`)).status).toBe(404);
    await manager.post(`/replies/${id}/seen`);
    const page = (await manager.get('/replies')).text;
    expect(page).not.toContain('转给您的回复');
    expect(page).toContain('请让小林给我回个电话');
    const one = await unclear(6);
    expect((await api.post(`/sms/replies/${one}/decision`, { decision: 'forwarded' })).body.error).toMatchObject({ code: 'reply_no_manager' });
  });

  it('CAM-9 an answer of an order needs an order that waits', async () => {
    const id = await unclear(5, '好的好的');
    expect((await api.post(`/sms/replies/${id}/decision`, { decision: 'order', word: 'Y' })).body.error).toMatchObject({ code: 'reply_no_order' });
    expect(await open()).toContain(id);
  });

  it('R21 what a rule has understood is nobody’s to decide: an opt-out stays one, in every figure', async () => {
    const { id } = await office.test.db.one<{ id: string }>(
      sql`select id from messaging.reply where number = ${numberOf(2)} and meaning = 'opt_out'`,
    );
    for (const decision of ['kept', 'opt_out', 'forwarded']) expect((await api.post(`/sms/replies/${id}/decision`, { decision })).status).toBe(404);
    expect(await office.test.db.one(sql`select meaning, decision from messaging.reply where id = ${id}`)).toEqual({
      meaning: 'opt_out',
      decision: null,
    });
  });

  it('SYS-1 another city, a manager and a wrong word are refused', async () => {
    const id = await unclear(7);
    expect((await (await office.house('m01')).post(`/sms/replies/${id}/decision`, { decision: 'kept' })).status).toBe(403);
    expect((await (await office.house('planner-w')).post(`/sms/replies/${id}/decision`, { decision: 'kept' })).status).toBe(404);
    expect((await api.post(`/sms/replies/${id}/decision`, { decision: 'maybe' })).status).toBe(422);
    expect(await open()).not.toContain(id);
    expect(await open(await office.house('admin'))).toContain(id);
  });
});

describe('GOV-2 what a gateway sends again', () => {
  const receive = (n: number, body: string, ref: string | null): Promise<void> =>
    office.test.db.tx((tx) => office.test.app.get(RepliesCommands, { strict: false }).receive(tx, 'simulator', { ref, number: numberOf(n), body }));
  const kept = async (n: number): Promise<string[]> =>
    (await office.test.db.rows<{ body: string }>(sql`select body from messaging.reply where number = ${numberOf(n)} order by id`)).map(
      ({ body }) => body,
    );

  it.each<[string, string, [afterMinutes: number, body: string][], string[]]>([
    [
      'soon, is the same answer',
      'r',
      [
        [0, 'TD'],
        [1, 'TD'],
        [8, 'TD'],
      ],
      ['TD'],
    ],
    [
      'half an hour later under the same id, is another',
      'r',
      [
        [0, 'TD'],
        [30, 'TD'],
      ],
      ['TD', 'TD'],
    ],
    [
      'under the one id a centre gives to all, is another once something else was heard',
      'r',
      [
        [0, 'TD'],
        [1, 'KT'],
        [1, 'TD'],
      ],
      ['TD', 'KT', 'TD'],
    ],
  ])('%s', async (what, ref, said, heard) => {
    const n = 20 + what.length;
    for (const [minutes, body] of said) {
      office.test.clock.advance(minutes * 60_000);
      await receive(n, body, ref);
    }
    expect([await kept(n), await allowed(n)]).toEqual([heard, false]);
  });

  it('over several lines at once, is one answer; without an id each is one', async () => {
    await Promise.all([1, 2, 3, 4].map(() => receive(10, 'TD', 'r')));
    await Promise.all([1, 2].map(() => receive(11, 'TD', null)));
    expect([await kept(10), await kept(11)]).toEqual([['TD'], ['TD', 'TD']]);
  });
});

describe('GOV-2 what comes in parts', () => {
  const piece = (n: number, part: number): Promise<void> => {
    const body = ['我不想再收到你们的短信，请', '退订'][part - 1] ?? '';
    return office.test.db.tx((tx) =>
      office.test.app.get(InboundParts, { strict: false }).receive(tx, 'simulator', { number: numberOf(n), body, reference: 7, total: 2, part }),
    );
  };
  const kept = async (n: number): Promise<string[]> => {
    office.test.clock.advance(11 * 60_000);
    await office.test.app.get(InboundParts, { strict: false }).passOld();
    const rows = await office.test.db.rows<{ body: string }>(sql`select body from messaging.reply where number = ${numberOf(n)} order by id`);
    return rows.map(({ body }) => body);
  };

  it.each<[string, number, number[]]>([
    ['once', 31, [1, 2]],
    ['and of which the gateway sends a part again, is one answer', 32, [1, 2, 2]],
    ['and which the gateway sends again whole, is one answer', 33, [2, 1, 1, 2]],
  ])('%s', async (_, n, parts) => {
    for (const part of parts) await piece(n, part);
    expect(await kept(n)).toEqual(['我不想再收到你们的短信，请退订']);
  });
});

describe('SMS-5, SMS-6 the message that an answer is about', () => {
  beforeAll(() => addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service'));

  it.each(['queued', 'void', 'refused', 'rejected', 'expired'])('is the newest that went out, not a %s one', async (state) => {
    const n = 200 + state.length * 10 + state.charCodeAt(0);
    await addCustomer(office.test.db, numberOf(n));
    const fake = await installFake(office, [`way-${state}`]);
    fake.answer = taken;
    const send = async (code: string): Promise<void> => {
      await addSegment(office.test.db, code, [numberOf(n)]);
      await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: `way-${state}` });
      expect((await office.planner.post(`/sms/blasts/${code}/start`)).status).toBe(200);
      await office.drain();
      office.test.clock.advance(60_000);
    };
    await send(`went-${state}`);
    fake.answer = ({ id }) => ({ id, outcome: 'rejected', code: '0x0000000B' });
    await send(`not-${state}`);
    await office.test.db.run(sql`
      update messaging.message set state = ${state}, submitted_at = null where blast_id = (select id from messaging.blast where code = ${`not-${state}`})`);
    const id = await unclear(n);
    const about = await office.test.db.one(sql`
      select b.code, m.state from messaging.reply y join messaging.blast b on b.id = y.blast_id join messaging.message m on m.id = y.message_id where y.id = ${id}`);
    expect(about).toEqual({ code: `went-${state}`, state: 'accepted' });
  });
});
