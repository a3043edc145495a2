import { AudienceFiguresQueries } from '../../../src/messaging/check/audience-figures.queries.js';
import type { AudienceFigures } from '../../../src/messaging/check/check.types.js';
import { TextTally } from '../../../src/messaging/check/text-tally.policy.js';
import { PreviewQueries } from '../../../src/messaging/templates/preview.queries.js';
import { StallCommands } from '../../../src/messaging/stalls/stall.commands.js';
import { messageMaker } from '../../../src/messaging/wording/wording.js';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, PASSWORD } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { addCustomer, addSegment, addTemplate, atTheGateway, blastMaker, figures, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let admin: ApiClient;
const { numbers, crowd, createBlast } = blastMaker(() => office);

const RULE = {
  orderDays: 7,
  optOutDays: 7,
  complaintDays: 7,
  optOutsMost: null,
  complaintsMost: null,
  guardFrom: 1000,
  approveAbove: null,
  clientApproves: false,
  clientAbove: null,
};

const start = (code: string, wish: object = {}) => office.planner.post(`/sms/blasts/${code}/start`, wish);
const refusal = async (sent: Promise<{ status: number; body: { error?: { code: string } } }>): Promise<string> => {
  const { status, body } = await sent;
  return `${status} ${body.error?.code ?? ''}`.trim();
};
const check = async (path: string, wish: object = {}) => {
  expect((await office.planner.post(`/sms/${path}/check`, wish)).status).toBe(202);
  await office.drain();
  const query = 'segment' in wish ? `?segment=${String(wish.segment)}` : '';
  return (
    (await office.planner.get(`/sms/${path}/check${query}`)).body as {
      check: { state: string; figures: AudienceFigures; errors: object[]; worst: object[] };
    }
  ).check;
};

beforeAll(async () => {
  office = await openPostOffice();
  admin = await office.house('admin');
  for (const [username, role, orgUnit] of [
    ['client-e', 'client', 'east'],
    ['client-w', 'client', 'west'],
    ['supervisor-w', 'supervisor', 'west'],
  ] as const)
    expect((await admin.post('/users', { username, role, orgUnit, name: username, password: PASSWORD })).status).toBe(201);
  await addTemplate(office, 'service', '{{honorific}}您好，您的{{package}}已办理', 'service');
  await addTemplate(office, 'named', `{{name}}您好，您的{{package}}${'字'.repeat(38)}`);
});
afterAll(() => office.test.close());
beforeEach(() => office.test.clock.set('2026-11-24T10:00:00+08:00'));

describe('SMS-2 a look at the whole audience', () => {
  it('R41 tells parts and cost of all, which field pushes over a part, and the worst cases', async () => {
    const usual = await crowd(7, { name: '陈志远', package: '畅享套餐' });
    const [long] = await crowd(1, { name: '陈志远', package: '一'.repeat(13) });
    const [emoji] = await crowd(1, { name: `${'一'.repeat(10)}😀`, package: '畅享套餐' });
    await addSegment(office.test.db, 'looked', [...usual, long ?? '', emoji ?? '']);
    await createBlast('looked', 'named');
    await admin.patch('/sms/gateways/simulator/price', { partPrice: 0.035, billedOn: 'submit' });
    const seen = await check('blasts/looked');
    expect(seen).toMatchObject({
      state: 'done',
      stale: false,
      errors: [],
      figures: {
        people: 9,
        made: 9,
        parts: { min: 1, median: 1, max: 2, total: 11 },
        byParts: [
          { parts: 1, people: 7 },
          { parts: 2, people: 2 },
        ],
        cost: 0.39,
        fields: [
          { field: 'name', median: 3, longest: 12 },
          { field: 'package', median: 4, longest: 13, pushes: 1 },
        ],
        characters: [{ char: '😀', kind: 'pair', people: 1, pushes: 1 }],
      },
    });
    expect(seen.worst.slice(0, 2)).toMatchObject([
      { why: 'longest', phone: long, parts: 2, units: 71 },
      { why: 'longest', phone: emoji, parts: 2, units: 71 },
    ]);
    const page = (await (await logIn(office.test, 'planner-e')).get('/sms/blasts/looked')).text;
    expect(page).toContain('1 / 1 / 2');
    expect(page).toContain('package 太长');
    expect(page).toContain('0.39');
  });

  it('idea 11 finds every seeded fault, names customers and fields, and a start is refused until they are left out by word', async () => {
    const [good, noPackage, brackets, forbidden] = numbers(4) as [string, string, string, string];
    await addCustomer(office.test.db, good);
    await addCustomer(office.test.db, noPackage, { name: '于洋', package: null });
    await addCustomer(office.test.db, brackets, { name: '【银行】' });
    await addCustomer(office.test.db, forbidden, { name: '中奖王' });
    await addSegment(office.test.db, 'faulty', [good, noPackage, brackets, forbidden]);
    await createBlast('faulty', 'named');
    expect((await check('blasts/faulty')).errors).toEqual([
      { code: 'template_variable_missing', field: 'package', people: 1, phones: [noPackage] },
      { code: 'template_variable_brackets', field: 'name', people: 1, phones: [brackets] },
      { code: 'sms_forbidden_word', field: '中奖', people: 1, phones: [forbidden] },
    ]);
    const refused = await start('faulty');
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({ code: 'blast_text_template_variable_missing', param: 'template' });
    expect(refused.body.error.message).toMatch(/1位客户没有 package 的值，如于洋 138 \*{4} \d{4}/);
    expect(await figures(office, 'faulty')).toMatchObject({ state: 'draft', audience: 0 });
    const planner = await logIn(office.test, 'planner-e');
    const page = await planner.get('/sms/blasts/faulty');
    expect(page.text).toContain('于洋');
    expect(page.text).toContain('不发这3人，发其余1人');
    expect((await planner.post('/sms/blasts/faulty/start')).text).toContain('没有 package 的值');
    expect((await planner.post('/sms/blasts/faulty/start', { leaveOut: '1' })).status).toBe(303);
    expect((await figures(office, 'faulty')).counts).toMatchObject({ queued: 1, refused: 3 });
    await office.drain();
    await office.pass(1);
    expect(await figures(office, 'faulty')).toMatchObject({
      state: 'done',
      counts: { delivered: 1, refused: 3 },
      refusedBy: { template_variable_missing: 1, template_variable_brackets: 1, sms_forbidden_word: 1 },
    });
    expect((await atTheGateway(office.test.db)).get(good)).toBe(1);
  });

  it('SMS-2 all who share the fault of a text are left out at the start itself, and the others get theirs', async () => {
    const good = await crowd(3, { name: '李雷', package: '畅享套餐' });
    const without = await crowd(5, { name: '李雷', package: null }); // one text for all of them, in the eyes of the look
    await addSegment(office.test.db, 'shared-fault', [...good, ...without]);
    await createBlast('shared-fault', 'named');
    expect(await refusal(office.planner.post('/sms/blasts/shared-fault/start'))).toBe('422 blast_text_template_variable_missing');
    expect((await office.planner.post('/sms/blasts/shared-fault/start', { leaveOut: true })).status).toBe(200);
    expect(await figures(office, 'shared-fault')).toMatchObject({
      counts: { queued: 3, refused: 5 },
      refusedBy: { template_variable_missing: 5 },
    });
  });

  it('of a template looks at a segment, within the reader’s scope, and says what is no variable of it', async () => {
    const list = await crowd(2);
    await addSegment(office.test.db, 'for-template', list, { [list[0] ?? '']: { save: '5.1' }, [list[1] ?? '']: { save: '很多' } });
    await office.planner.post('/sms/templates', {
      code: 'saving',
      name: '节省',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，每月可省{{money save}}',
    });
    expect((await check('templates/saving', { segment: 'for-template' })).errors).toEqual([
      { code: 'template_variable_unfit', field: 'save', people: 1, phones: [list[1]] },
    ]);
    const page = await logIn(office.test, 'planner-e');
    expect((await page.get('/sms/templates/saving?segment=for-template')).text).toContain('写不成日期或金额');
    expect(await refusal(office.planner.post('/sms/templates/saving/check', { segment: 'looked' }))).toBe('422 template_variable_unknown');
    expect(await refusal((await office.house('planner-w')).post('/sms/templates/saving/check', { segment: 'for-template' }))).toMatch(/^404/);
  });

  it('tells a draft that was changed after the look, and leaves out those held back by chance', async () => {
    await addSegment(office.test.db, 'changing', await crowd(4));
    await createBlast('changing', 'service');
    expect(await check('blasts/changing')).toMatchObject({ stale: false, figures: { people: 4 } });
    const wish = { template: 'service', segment: 'changing', gateway: 'simulator', holdoutPercent: 90 };
    const put = await (await office.house('planner-e')).put('/sms/blasts/changing', wish);
    expect([put.status, put.body]).toEqual([200, expect.objectContaining({ holdoutPercent: 90, name: 'changing' })]);
    expect((await office.planner.get('/sms/blasts/changing/check')).body).toMatchObject({ check: { stale: true } });
    const { figures: left } = await check('blasts/changing');
    await start('changing');
    const { audience, refusedBy } = await figures(office, 'changing');
    expect(left.people).toBe(audience - (refusedBy.hold_out ?? 0));
    expect(await refusal((await office.house('planner-e')).put('/sms/blasts/changing', wish))).toBe('409 blast_not_draft');
  });
});

/** As addressed by every rule there is: compound names, foreigners, enterprises, no gender, no name, the user of a card. */
const NAMES = [
  '陈志远',
  '陈明',
  '欧阳若曦',
  '欧阳',
  '司马',
  '上官婉儿',
  '阿不都热合曼',
  'John Smith',
  '华兴公司',
  ' 王 ',
  '王😀',
  '㛃一',
  null,
  '𠮷田',
  '陈 远',
];

describe('SMS-2 the figures are those of the texts that would be sent', () => {
  it('counted over sets they are what making each text one by one gives', async () => {
    const { db, app } = office.test;
    const list = numbers(NAMES.length * 3);
    for (const [i, number] of list.entries()) {
      const id = await addCustomer(db, number, {
        name: NAMES[i % NAMES.length] ?? null,
        star: i % 8,
        package: i % 5 === 0 ? null : `套餐${'长'.repeat(i % 4)}`,
      });
      await db.run(sql`update customers.customer set gender = ${[null, 'male', 'female'][Math.floor(i / NAMES.length)]} where id = ${id}`);
      if (i % 7 === 0)
        await db.run(sql`update customers.line set actual_user_name = '小王', user_birth_month = 3, user_birth_day = 1 where number = ${number}`);
    }
    await addSegment(
      db,
      'odd',
      list,
      Object.fromEntries(
        list.map((number, i): [string, Record<string, string>] => [number, i % 3 === 0 ? {} : { 金额: String(i), 到期: '2026-12-01' }]),
      ),
    );
    const { id: segmentId } = await db.one<{ id: string }>(sql`select id from segments.segment where code = 'odd'`);
    const user = { orgPath: '', id: '1', role: 'admin' } as never;
    for (const [purpose, body] of [
      ['care', '{{honorific}}您好，{{today}}'],
      ['marketing', '{{honorific}}您的{{package}}可省{{money 金额}}'],
      ['marketing', '{{name}}{{honorific name}}，{{starLevel}}星，{{manager.name}}，{{date 到期 "year"}}'],
      ['care', '{{partnerOffer}}{{honorific}}祝您安康'],
    ] as const) {
      const wording = { signature: '中国电信', body, purpose, optOut: '', forbidden: [] };
      const people = sql`select l.customer_id, l.id as line_id from customers.line l where l.number = any(${list}::text[])`;
      const told = await db.tx((tx) =>
        app.get(AudienceFiguresQueries, { strict: false }).of(tx, { wording, people, segmentId, at: office.test.clock.now() }),
      );
      const one = await app.get(PreviewQueries, { strict: false }).preview(user, { wording, segment: { id: segmentId }, numbers: list });
      const tally = new TextTally(messageMaker(wording).variables);
      for (const item of one.items) tally.add({ lineId: '1', people: 1, made: item, said: [] });
      const { parts, byParts, ucs2, made, middle } = tally.figures();
      expect(told).toMatchObject({ people: list.length, parts, byParts, ucs2, made, middle });
      const faults = (rows: { code: string; variable: string | null; n: number }[]) =>
        rows.map(({ code, variable, n }) => `${code} ${variable} ${n}`).sort();
      expect(faults(told.faults.map(({ fault, field, people: n }) => ({ code: fault, variable: field, n })))).toEqual(
        faults(one.faults.map(({ code, variable, phones }) => ({ code, variable, n: phones.length }))),
      );
    }
  });
});

describe('SMS-3 a large blast needs a second person, and the client where configured', () => {
  const rule = async (more: object) => expect((await admin.put('/sms/blast-rule', { ...RULE, ...more })).status).toBe(200);
  const ask = (code: string, note = '') => office.planner.post(`/sms/blasts/${code}/approval`, { note });
  const approve = async (who: string, code: string) => (await office.house(who)).post(`/sms/blasts/${code}/approval/approve`);
  const standing = async (code: string) => ((await office.planner.get(`/sms/blasts/${code}/approval`)).body as { standing: object }).standing;
  afterEach(() => office.test.db.run(sql`truncate messaging.blast_rule`));

  it('off by default; above N it does not start without the word of another one, and nothing of a refused start is left', async () => {
    await addSegment(office.test.db, 'large', await crowd(3));
    await createBlast('large', 'service');
    await rule({ approveAbove: 3 });
    expect((await office.planner.get('/sms/blasts/large/approval')).body).toMatchObject({ needed: [], people: 3 });
    expect(await refusal(ask('large'))).toBe('409 blast_approval_not_needed');
    await rule({ approveAbove: 2 });
    expect(await refusal(start('large'))).toBe('409 blast_approval_none');
    expect(await figures(office, 'large')).toMatchObject({ state: 'draft', audience: 0 });
    expect((await ask('large', '双十二预热')).body).toMatchObject({
      needed: ['second'],
      standing: { second: 'asked' },
      history: [{ kind: 'second', state: 'asked', people: 3, note: '双十二预热', decidedBy: null }],
    });
    expect((await ask('large')).body.history).toHaveLength(1);
    expect(await refusal(start('large'))).toBe('409 blast_approval_asked');
    const items = async (who: string) => ((await (await office.house(who)).get('/sms/blast-approvals')).body as { items: object[] }).items;
    expect(await items('supervisor-e')).toMatchObject([{ code: 'large', people: 3, note: '双十二预热' }]);
    expect(await items('supervisor-w')).toEqual([]);
    expect(await items('client-e')).toEqual([]);
    expect(await refusal(approve('supervisor-w', 'large'))).toMatch(/^404/);
    expect(await refusal(approve('planner-e', 'large'))).toMatch(/^403/);
    expect(await refusal(approve('client-e', 'large'))).toBe('409 blast_approval_not_asked');
    const given = await approve('supervisor-e', 'large');
    expect(given.body).toMatchObject({ standing: { second: 'approved' }, history: [{ state: 'approved', decidedBy: '赵敏' }] });
    expect((await start('large')).body).toMatchObject({ state: 'running', audience: 3 });
    expect(await refusal(ask('large'))).toBe('409 blast_approval_after_start');
    await office.drain();
    await office.pass(1);
  });

  it('the client’s word too above M; refused with a reason, which the planner reads, it is asked for anew', async () => {
    await addSegment(office.test.db, 'both', await crowd(3));
    await createBlast('both', 'service');
    await rule({ approveAbove: 1, clientApproves: true, clientAbove: 2 });
    await ask('both');
    expect((await approve('supervisor-e', 'both')).status).toBe(200);
    expect(await refusal(start('both'))).toBe('409 blast_client_asked');
    const client = await office.house('client-e');
    expect(await refusal((await office.house('client-w')).post('/sms/blasts/both/approval/approve'))).toMatch(/^404/);
    expect(await refusal(client.post('/sms/blasts/both/approval/refuse', {}))).toBe('422 invalid_input');
    expect((await client.post('/sms/blasts/both/approval/refuse', { reason: '换个时间' })).body).toMatchObject({ standing: { client: 'refused' } });
    expect(await refusal(start('both'))).toBe('409 blast_client_refused');
    const draft = (await (await logIn(office.test, 'planner-e')).get('/sms/blasts/both')).text;
    expect(draft).toContain('client-e：换个时间');
    expect(draft).not.toContain('/sms/blasts/both/start');
    expect((await ask('both')).body).toMatchObject({ standing: { second: 'approved', client: 'asked' } });
    expect((await approve('client-e', 'both')).status).toBe(200);
    expect((await start('both')).status).toBe(200);
    await office.drain();
  });

  it('nobody approves her own, and the database would not take it either', async () => {
    await addSegment(office.test.db, 'own', await crowd(2));
    await createBlast('own', 'service');
    await rule({ approveAbove: 1 });
    await admin.post('/sms/blasts/own/approval');
    expect(await refusal(admin.post('/sms/blasts/own/approval/approve'))).toBe('403 blast_approval_own');
    const own = sql`update messaging.blast_approval set state = 'approved', decided_by = asked_by, decided_at = asked_at`;
    await expect(office.test.db.run(own)).rejects.toThrow(/check constraint/);
    expect((await approve('supervisor-e', 'own')).status).toBe(200);
  });

  it('a changed list, template or setting voids an approval', async () => {
    await addTemplate(office, 'voided', '{{honorific}}您好', 'service');
    const list = await crowd(3);
    await addSegment(office.test.db, 'voiding', list);
    await createBlast('voiding', 'voided');
    await rule({ approveAbove: 1 });
    const given = async (): Promise<void> => {
      await ask('voiding');
      expect((await approve('supervisor-e', 'voiding')).status).toBe(200);
      expect(await standing('voiding')).toMatchObject({ second: 'approved' });
    };
    const changed = async (): Promise<void> => {
      expect(await standing('voiding')).toMatchObject({ second: 'changed' });
      expect(await refusal(start('voiding'))).toBe('409 blast_approval_changed');
    };
    await given();
    // as many people, but others
    const [other] = await crowd(1);
    await office.test.db.run(sql`
      update segments.member m set line_id = l.id, customer_id = l.customer_id from customers.line l
      where l.number = ${other} and m.line_id = (select id from customers.line where number = ${list[0]}) and m.segment_id = (select id from segments.segment where code = 'voiding')`);
    await changed();
    await given();
    await office.planner.patch('/sms/templates/voided', { signature: '中国电信', body: '{{honorific}}您好！' });
    expect(await standing('voiding')).toMatchObject({ second: 'approved' }); // a draft of the template disturbs nobody
    await admin.post('/sms/templates/voided/approve');
    await changed();
    await given();
    const wish = { template: 'voided', segment: 'voiding', gateway: 'simulator', notBefore: '2026-11-24T12:00' };
    expect((await (await office.house('planner-e')).put('/sms/blasts/voiding', wish)).status).toBe(200);
    await changed();
    // asked for before the change it cannot be approved after it
    await ask('voiding');
    await (await office.house('planner-e')).put('/sms/blasts/voiding', { ...wish, notBefore: '2026-11-24T13:00' });
    const late = await approve('supervisor-e', 'voiding');
    expect(late.body.error).toMatchObject({ code: 'blast_approval_changed', message: expect.stringContaining('现在3人') as string });
    await given();
    expect((await start('voiding')).status).toBe(200);
  });

  it('whoever reads one request does not approve another that was made meanwhile', async () => {
    await addSegment(office.test.db, 'few', await crowd(2));
    await addSegment(office.test.db, 'many', await crowd(4));
    await office.planner.post('/sms/blasts', { code: 'grown', template: 'service', segment: 'few', gateway: 'simulator' });
    await rule({ approveAbove: 1 });
    await ask('grown');
    const reader = await logIn(office.test, 'supervisor-e');
    const field = /name="request" value="(\d+)"/;
    const [, request = ''] = field.exec((await reader.get('/sms/blasts/grown/approval')).text) ?? [];
    await (await office.house('planner-e')).put('/sms/blasts/grown', { template: 'service', segment: 'many', gateway: 'simulator' });
    await ask('grown');
    const stale = await reader.post('/sms/blasts/grown/approval/approve', { request });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('现在4人');
    expect(await standing('grown')).toMatchObject({ second: 'asked' });
    const [, now = ''] = field.exec(stale.text) ?? [];
    expect((await reader.post('/sms/blasts/grown/approval/approve', { request: now })).status).toBe(303);
  });

  it('pages: the limits for administrators, the request for the planner, text and cost but no customer for whoever approves', async () => {
    await addSegment(office.test.db, 'paged', await crowd(2, { name: '藏云深' }));
    await createBlast('paged', 'service');
    const boss = await logIn(office.test, 'admin');
    const form = { orderDays: '7', optOutDays: '7', complaintDays: '7', guardFrom: '1000', approveAbove: '1', clientApproves: '1', clientAbove: '' };
    expect((await boss.post('/sms/settings', form)).status).toBe(303);
    const settings = (await boss.get('/sms/settings')).text;
    expect(settings).toMatch(/name="approveAbove" value="1"/);
    expect(settings).toMatch(/name="clientApproves" value="1" checked/);
    await check('blasts/paged');
    const planner = await logIn(office.test, 'planner-e');
    expect((await planner.get('/sms/blasts/paged')).text).toContain('开始前须由第二人批准');
    expect((await planner.post('/sms/blasts/paged/approval', { note: '请看' })).status).toBe(303);
    for (const who of ['supervisor-e', 'client-e']) {
      const reader = await logIn(office.test, who);
      const waiting = (await reader.get('/sms/approvals')).text;
      expect(waiting).toContain('/sms/blasts/paged/approval');
      if (who === 'client-e') expect(waiting).toMatch(/短信<span class="sc-rail__n">/);
      const page = (await reader.get('/sms/blasts/paged/approval')).text;
      expect(page).toContain('批准发给2人？');
      expect(page).toContain('合计条数');
      expect(page).toContain('【中国电信】');
      expect(page).not.toMatch(/藏云深|138 ?0/);
      expect((await reader.post('/sms/blasts/paged/approval/approve')).status).toBe(303);
    }
    expect((await planner.get('/sms/blasts/paged')).text).toContain('开始发送');
  });
});

describe('R43 signature and template are filed with the network, in a registry with an end', () => {
  const file = (what: 'signatures' | 'templates', form: object) =>
    (what === 'signatures' ? admin : office.planner).post(`/sms/filings/${what}`, form);
  afterAll(() => office.test.db.run(sql`truncate messaging.filed_signature, messaging.filed_template`));

  it('enforced once it has an entry: a start names signature, gateway and day, with the way out', async () => {
    await addSegment(office.test.db, 'filed', await crowd(2));
    await createBlast('filed', 'service');
    expect(await refusal((await office.house('planner-e')).post('/sms/filings/signatures', { signature: '中国电信' }))).toMatch(/^403/);
    expect(await refusal(file('signatures', { signature: '中国[电信]' }))).toBe('422 signature_invalid');
    expect(await refusal(file('signatures', { signature: '中国电信', validFrom: '2026-12-01', expiresOn: '2026-11-01' }))).toBe(
      '422 filing_reversed',
    );
    expect((await file('signatures', { signature: '江苏电信', gateway: 'simulator' })).status).toBe(201);
    const refused = await start('filed');
    expect([refused.status, refused.body.error]).toEqual([422, expect.objectContaining({ code: 'signature_not_filed', param: 'gateway' })]);
    expect(refused.body.error.message).toContain('签名【中国电信】在网关 simulator（模拟网关）没有报备');
    const pages = await logIn(office.test, 'planner-e');
    const pressed = await pages.post('/sms/blasts/filed/start');
    expect([pressed.status, pressed.text.match(/在网关 simulator（?/g)]).toEqual([422, ['在网关 simulator（', '在网关 simulator（']]);
    expect((await pages.post('/sms/blasts/filed/start?lang=en')).text).toContain('is not filed with gateway simulator (Simulator). File it');
    await file('signatures', { signature: '中国电信', expiresOn: '2026-11-23' });
    expect((await start('filed')).body.error).toMatchObject({ code: 'signature_filing_expired', message: expect.stringContaining('2026-11-23') });
    const draft = (await (await logIn(office.test, 'planner-e')).get('/sms/blasts/filed')).text;
    expect(draft).toContain('签名【中国电信】在网关 simulator（模拟网关）的报备 2026-11-23 已过期');
    const renewed = await file('signatures', { signature: '【中国电信】', expiresOn: '2026-12-10', filingNo: '苏A-77' });
    expect(renewed.body.signatures).toMatchObject([
      { signature: '中国电信', gateway: null, filingNo: '苏A-77', state: 'ends_soon' },
      { signature: '江苏电信', state: 'valid' },
    ]);
  });

  it('a gateway that has filed templates takes no other, nor another version', async () => {
    await addTemplate(office, 'filed-other', '您好', 'service');
    expect((await file('templates', { template: 'filed-other', gateway: 'simulator' })).status).toBe(201);
    expect((await start('filed')).body.error).toMatchObject({ code: 'template_not_filed', param: 'template' });
    await file('templates', { template: 'service', gateway: 'simulator', expiresOn: '2026-11-20' });
    expect((await start('filed')).body.error.code).toBe('template_filing_expired');
    await file('templates', { template: 'service', gateway: 'simulator', expiresOn: '2027-11-20' });
    await office.planner.patch('/sms/templates/service', { signature: '中国电信', body: '{{honorific}}您好，您的{{package}}已经办好' });
    await admin.post('/sms/templates/service/approve');
    expect((await start('filed')).body.error).toMatchObject({ code: 'template_filed_otherwise', message: expect.stringMatching(/v1.*v2/) });
    await file('templates', { template: 'service', gateway: 'simulator' });
    expect((await start('filed')).status).toBe(200);
    await office.drain();
  });

  it('holds what is under way when a filing ends, says so, and goes on once the new one is noted', async () => {
    await addSegment(office.test.db, 'filed-long', await crowd(2));
    await createBlast('filed-long', 'service');
    await office.test.db.run(sql`update messaging.blast set rate_per_second = 1 where code = 'filed-long'`);
    expect((await start('filed-long')).status).toBe(200);
    await file('templates', { template: 'service', gateway: 'simulator', expiresOn: '2026-11-20' });
    await office.drain();
    const counts = async () => ((await office.planner.get('/sms/blasts/filed-long')).body as { counts: Record<string, number> }).counts;
    expect(await counts()).toMatchObject({ queued: 2 });
    for (let minute = 0; minute <= 10; minute += 1) {
      await office.pass(1);
      await office.test.app.get(StallCommands, { strict: false }).look();
    }
    expect(await counts()).toMatchObject({ queued: 2 });
    expect((await (await logIn(office.test, 'planner-e')).get('/sms/blasts/filed-long')).text).toContain('没有有效的报备（到期 2026-11-20）');
    await file('templates', { template: 'service', gateway: 'simulator' });
    await office.pass(2);
    expect(await counts()).toMatchObject({ queued: 0 });
  });

  it('the page lists both with their ends, warns of what runs out soon, and keeps to units', async () => {
    const planner = await logIn(office.test, 'planner-e');
    const page = (await planner.get('/sms/filings')).text;
    expect(page).toContain('1项报备在30天内到期');
    expect(page).toContain('还剩16天');
    expect(page).toContain('苏A-77');
    // 江苏电信 for the one gateway, the template for it too, 中国电信 for all
    expect(page.match(/<td>simulator（模拟网关）<\/td>/g)).toHaveLength(3);
    expect(page).toContain('<td>所有网关</td>');
    expect(page).not.toContain('action="/sms/filings/signatures"');
    expect((await planner.post('/sms/filings/signatures', { signature: '别的' })).status).toBe(403);
    const west = (await office.house('planner-w')).get('/sms/filings');
    expect(((await west).body as { templates: object[] }).templates).toEqual([]);
    const { id } = await office.test.db.one<{ id: string }>(sql`select max(id)::text as id from messaging.filed_template where removed_at is null`);
    expect((await (await logIn(office.test, 'planner-w')).post(`/sms/filings/templates/${id}/remove`)).status).toBe(404);
    expect((await planner.post(`/sms/filings/templates/${id}/remove`)).status).toBe(303);
    const boss = await logIn(office.test, 'admin');
    const wrong = await boss.post('/sms/filings/signatures', { signature: '签', gateway: '' });
    expect([wrong.status, wrong.text.includes('签名应为2–12个字')]).toEqual([422, true]);
  });
});
