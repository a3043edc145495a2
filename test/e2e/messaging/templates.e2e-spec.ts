import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { addCustomer, addSegment, addTemplate, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;

beforeAll(async () => {
  office = await openPostOffice();
  const { db } = office.test;
  await addCustomer(db, numberOf(1), { name: '陈志远', gender: 'male', star: 7, manager: 'm01' });
  await addCustomer(db, numberOf(2), { name: '欧阳若曦', gender: 'female', star: 4, manager: 'm02' });
  await addCustomer(db, numberOf(3), { name: '于洋', gender: 'male', package: null });
  await addCustomer(db, numberOf(11), { name: '西城人', unit: 'west-1', manager: 'm11' });
  await addSegment(db, 'upgrade', [numberOf(1), numberOf(2), numberOf(3)], {
    [numberOf(1)]: { save: '5.10', used: '62.4' },
    [numberOf(2)]: { save: '2.40', used: '58.0' },
    [numberOf(3)]: { used: '51.2' },
  });
});
afterAll(() => office.test.close());

const template = (code: string, body: string, purpose = 'marketing'): object => ({ code, name: code, purpose, signature: '【中国电信】', body });

describe('templates: what is refused', () => {
  it.each([
    ['an empty text', '', 'template_empty', 'body'],
    ['an unfinished variable', '您好{{name', 'template_syntax', 'body'],
    ['braces without their other half', '您好，{name}}', 'template_stray_braces', 'body'],
    ['braces written as text', '您好，\\{{name}}', 'template_stray_braces', 'body'],
    ['conditions', '{{#if name}}您好{{/if}}', 'template_not_plain', 'body'],
    ['the marks of a signature', '【银行】您好', 'template_brackets', 'body'],
    ['a helper outside the closed set', '{{upper name}}', 'template_helper_unknown', 'body'],
    ['a helper used wrongly', '{{date name "week"}}', 'template_helper_use', 'body'],
    ['a way behind a value', '{{name.constructor}}', 'template_variable_reserved', 'body'],
    ['a forbidden word', '恭喜您中奖', 'template_forbidden_word', 'body'],
  ])('SMS-1 refuses %s', async (_name, body, code, param) => {
    const answer = await office.planner.post('/sms/templates', template('refused', body));
    expect(answer.status).toBe(422);
    expect(answer.body.error).toMatchObject({ code, param });
  });

  it('names the line of an unfinished variable in the reader’s language', async () => {
    const answer = await office.planner.post('/sms/templates', template('refused', '您好\n{{name'));
    expect(answer.body.error.message).toBe('正文第2行有没写完整的变量，变量写作 {{名称}}');
  });

  it('SMS-2 refuses a signature with brackets inside', async () => {
    const answer = await office.planner.post('/sms/templates', { ...template('refused', '您好'), signature: '中国[电信]' });
    expect(answer.body.error).toMatchObject({ code: 'signature_invalid', param: 'signature' });
  });

  it('SYS-1 refuses managers and people without a login', async () => {
    const manager = await office.house('m01');
    expect((await manager.post('/sms/templates', template('m', '您好'))).status).toBe(403);
    expect((await office.test.http.post('/api/v1/sms/templates').send(template('x', '您好'))).status).toBe(401);
  });

  it('SMS-1 refuses the author as the approver, and a second approval', async () => {
    await office.planner.post('/sms/templates', template('own', '您好{{honorific}}'));
    const own = await office.planner.post('/sms/templates/own/approve');
    expect(own.status).toBe(422);
    expect(own.body.error).toMatchObject({ code: 'approver_is_author', message: '自己写的模板须由另一人批准' });
    const supervisor = await office.house('supervisor-e');
    expect((await supervisor.post('/sms/templates/own/approve')).body).toMatchObject({ state: 'approved', version: 1, inUse: 1 });
    expect((await supervisor.post('/sms/templates/own/approve')).body.error.code).toBe('template_not_draft');
  });

  it('SMS-1 approves only the version that was read', async () => {
    await office.planner.post('/sms/templates', template('moving', '您好{{honorific}}'));
    const supervisor = await logIn(office.test, 'supervisor-e');
    const read = await supervisor.get('/sms/templates/moving');
    expect(read.text).toContain('name="version" value="1"');
    await office.planner.patch('/sms/templates/moving', { signature: '中国电信', body: '没人看过的话' });
    const stale = await supervisor.post('/sms/templates/moving/approve', { version: '1' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('您看的是v1，这期间改成了v2');
    const house = await office.house('supervisor-e');
    expect((await house.post('/sms/templates/moving/approve', { version: 1 })).body.error.code).toBe('template_reworded');
    expect((await house.post('/sms/templates/moving/approve', { version: 2 })).body).toMatchObject({ state: 'approved', inUse: 2 });
  });

  it('SYS-1 shows nothing of another city', async () => {
    await office.planner.post('/sms/templates', template('east-only', '您好'));
    const west = await office.house('planner-w');
    expect((await west.get('/sms/templates/east-only')).status).toBe(404);
    expect((await west.post('/sms/templates/east-only/approve')).status).toBe(404);
  });

  it('refuses a code twice', async () => {
    await office.planner.post('/sms/templates', template('twice', '您好'));
    expect((await office.planner.post('/sms/templates', template('twice', '您好'))).body.error.code).toBe('code_taken');
  });
});

describe('templates: preview (SMS-2)', () => {
  const preview = (code: string, body: object) => office.planner.post(`/sms/templates/${code}/preview`, body);

  it('shows the text with the customer’s own data, its parts and its encoding', async () => {
    await addTemplate(
      office,
      'plain',
      '{{honorific}}您好，您是{{starLevel}}星客户，套餐{{package}}，客户经理{{manager.name}}{{manager.phone}}，今天{{today}}',
    );
    const answer = await preview('plain', { phones: ['138 0000 0001', '+8613800000002'] });
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toEqual([]);
    expect(answer.body.items).toMatchObject([
      {
        phone: numberOf(1),
        encoding: 'ucs2',
        parts: 1,
        text: '【中国电信】陈先生您好，您是7星客户，套餐畅享融合199元，客户经理林晓雯9m01，今天11月24日拒收请回复R',
      },
      { phone: numberOf(2), text: '【中国电信】欧阳女士您好，您是4星客户，套餐畅享融合199元，客户经理周可欣9m02，今天11月24日拒收请回复R' },
    ]);
  });

  it('names the variable and the customers whose value is missing, and makes no text with a hole', async () => {
    await addTemplate(office, 'with-columns', '{{honorific}}，每月可省{{save}}元，套餐{{package}}');
    const unknown = await preview('with-columns', { phones: [numberOf(1)], segment: 'nowhere' });
    expect(unknown.body).toMatchObject({ error: { code: 'not_found', param: 'segment' } });
    const answer = await preview('with-columns', { phones: [numberOf(1), numberOf(3)], segment: 'upgrade' });
    expect(answer.body.items).toHaveLength(1);
    expect(answer.body.errors).toMatchObject([
      { code: 'template_variable_missing', variable: 'save', phones: [numberOf(3)], message: '1位客户没有 save 的值，不会留空发出，也不会发给他们' },
      { code: 'template_variable_missing', variable: 'package', phones: [numberOf(3)] },
    ]);
  });

  it('names a variable that is no column of the segment', async () => {
    const answer = await preview('with-columns', { phones: [numberOf(1)] });
    expect(answer.body.items).toEqual([]);
    expect(answer.body.errors).toMatchObject([{ code: 'template_variable_unknown', variable: 'save', phones: [numberOf(1)] }]);
  });

  it('treats a customer of another city as unknown, and refuses what is no number', async () => {
    expect((await preview('plain', { phones: [numberOf(11)] })).body.errors).toMatchObject([{ code: 'customer_unknown', phones: [numberOf(11)] }]);
    expect((await preview('plain', { phones: ['12345'] })).body.error).toMatchObject({ code: 'sms_phone_invalid', param: 'phones' });
  });

  it('counts signature and opt-out words: 70 characters are one part, 71 are two', async () => {
    const fixed = '【中国电信】'.length + '拒收请回复R'.length;
    await addTemplate(office, 'seventy', '字'.repeat(70 - fixed));
    await addTemplate(office, 'seventy-one', '字'.repeat(71 - fixed));
    expect((await preview('seventy', { phones: [numberOf(1)] })).body.items[0]).toMatchObject({ units: 70, parts: 1 });
    expect((await preview('seventy-one', { phones: [numberOf(1)] })).body.items[0]).toMatchObject({ units: 71, parts: 2 });
  });
});

describe('templates: versions (SMS-1)', () => {
  it('keeps the approved wording in use while a draft waits, and gives unchanged text no version', async () => {
    await addTemplate(office, 'versions', '第一版');
    const draft = await office.planner.patch('/sms/templates/versions', { signature: '中国电信', body: '第二版' });
    expect(draft.body).toMatchObject({ version: 2, state: 'draft', inUse: 1 });
    const same = await office.planner.patch('/sms/templates/versions', { signature: '中国电信', body: '第二版' });
    expect(same.body).toMatchObject({ version: 2 });
  });

  it('tells every wording with author and approver, and what changed from one to another, character by character', async () => {
    const versions = (query = '') => office.planner.get(`/sms/templates/versions/versions${query}`);
    expect((await versions()).body).toMatchObject({
      items: [
        { version: 2, state: 'draft', body: '第二版', author: expect.any(String), approvedBy: null },
        { version: 1, state: 'approved', approvedBy: expect.any(String) },
      ],
      diff: {
        from: 1,
        to: 2,
        changes: [
          {
            field: 'body',
            pieces: [
              { kind: 'same', text: '第' },
              { kind: 'gone', text: '一' },
              { kind: 'new', text: '二' },
              { kind: 'same', text: '版' },
            ],
          },
        ],
      },
    });
    await office.planner.patch('/sms/templates/versions', { signature: '江苏电信', body: '第二版', expectedReplies: ['Y'] });
    expect((await versions('?from=2&to=3')).body.diff.changes.map(({ field }: { field: string }) => field)).toEqual(['signature', 'expectedReplies']);
    expect((await versions('?from=3&to=3')).body.diff.changes).toEqual([]);
    expect((await (await office.house('planner-w')).get('/sms/templates/versions/versions')).status).toBe(404);
    const page = (await (await logIn(office.test, 'supervisor-e')).get('/sms/templates/versions/versions?from=1&to=2')).text;
    expect(page.replace(/<span class="sc-sr">.*?<\/span>/g, '')).toContain('第<del>一</del><ins>二</ins>版');
  });

  it('brings approved default templates, usable but not changeable below', async () => {
    const answer = await office.planner.get('/sms/templates/birthday');
    expect(answer.body).toMatchObject({ state: 'approved', purpose: 'care' });
    expect((await office.planner.patch('/sms/templates/birthday', { signature: '中国电信', body: '生日快乐' })).body.error.code).toBe(
      'template_of_upper_unit',
    );
  });
});

describe('SMS-1 forbidden words and opt-out texts are data', () => {
  const word = (form: object) => office.house('admin').then((admin) => admin.post('/sms/forbidden-words', form));

  it('a word forbidden by an administrator is refused when a template is saved, for its purposes; allowed again it is not', async () => {
    expect((await (await office.house('planner-e')).post('/sms/forbidden-words', { word: '秒杀' })).status).toBe(403);
    const { words } = (await word({ word: '秒杀', purposes: ['marketing'], note: '内容审核' })).body as { words: { id: string; word: string }[] };
    expect((await word({ word: '秒杀' })).body.error).toMatchObject({ code: 'forbidden_word_known', param: 'word' });
    const refused = await office.planner.post('/sms/templates', template('flash', '限时秒杀'));
    expect(refused.body.error).toMatchObject({ code: 'template_forbidden_word', param: 'body', message: expect.stringContaining('秒杀') });
    expect((await office.planner.post('/sms/templates', template('flash-service', '限时秒杀', 'service'))).status).toBe(201);
    const admin = await logIn(office.test, 'admin');
    await admin.get('/sms/wording');
    const id = words.find((one) => one.word === '秒杀')?.id ?? '';
    expect((await admin.post(`/sms/wording/words/${id}/allow`)).status).toBe(303);
    expect((await office.planner.post('/sms/templates', template('flash', '限时秒杀'))).status).toBe(201);
  });

  it('a character nobody sees is typed by its number, and found in the text for a person', async () => {
    await word({ word: 'U+2060' });
    expect((await (await logIn(office.test, 'planner-e')).get('/sms/wording')).text).toContain('U+2060');
    await office.test.db.run(sql`update customers.customer set name = ${'陈\u2060远'} where name = '欧阳若曦'`);
    await addTemplate(office, 'by-name', '{{name}}您好', 'service');
    const { body } = await office.planner.post('/sms/templates/by-name/preview', { phones: [numberOf(2)] });
    expect(body).toMatchObject({ items: [], errors: [{ code: 'sms_forbidden_word', phones: [numberOf(2)] }] });
    await office.test.db.run(sql`update customers.customer set name = '欧阳若曦' where name = ${'陈\u2060远'}`);
  });

  it('GOV-2 an opt-out text offers a reply that is understood; it follows the texts of its purpose, and no answer may be the same letter', async () => {
    const admin = await logIn(office.test, 'admin');
    const set = (purpose: string, text: string) => admin.post('/sms/wording/opt-out', { purpose, text });
    expect((await set('marketing', '')).text).toContain('营销类短信必须带退订语');
    expect((await set('marketing', '拒收请回复X')).text).toContain('系统不认得是退订');
    expect((await set('marketing', '【退订回T】')).status).toBe(422);
    expect((await set('care', '退订回T')).status).toBe(303);
    await addTemplate(office, 'kind-words', '您好', 'care');
    const { body } = await office.planner.post('/sms/templates/kind-words/preview', { phones: [numberOf(1)] });
    expect(body.items[0]).toMatchObject({ text: '【中国电信】您好退订回T', units: 12 });
    const answers = { ...template('asks', '回复T参加', 'care'), expectedReplies: ['T'] };
    expect((await office.planner.post('/sms/templates', answers)).body.error.code).toBe('expected_reply_stops');
    expect((await set('care', '')).status).toBe(303);
  });
});

describe('SYS-1 a template belongs to a unit', () => {
  const province = async () => office.house('admin');
  const wording = { signature: '中国电信', body: '改过的' };

  it('of a unit above: seen and used, neither approved nor changed, by planner and supervisor alike', async () => {
    await (await province()).post('/sms/templates', template('above', '{{honorific}}您好'));
    for (const username of ['planner-e', 'supervisor-e']) {
      const below = await office.house(username);
      expect((await below.get('/sms/templates/above')).body).toMatchObject({ state: 'draft' });
      const refused = await below.post('/sms/templates/above/approve');
      expect(refused.status).toBe(403);
      expect(refused.body.error).toMatchObject({ code: 'template_of_upper_unit' });
    }
    expect((await office.planner.patch('/sms/templates/above', wording)).status).toBe(403);
    expect((await office.planner.get('/sms/templates/above')).body).toMatchObject({ state: 'draft', version: 1 });
    const shown = await (await logIn(office.test, 'supervisor-e')).get('/sms/templates/above');
    expect(shown.status).toBe(200);
    expect(shown.text).not.toContain('/sms/templates/above/approve');

    await addTemplate(office, 'approved-above', '您好');
    await office.test.db.run(
      sql`update messaging.template set org_unit_id = (select id from staff.org_unit where parent_id is null) where code = 'approved-above'`,
    );
    const blast = { code: 'from-above', template: 'approved-above', segment: 'upgrade', gateway: 'simulator' };
    expect((await office.planner.post('/sms/blasts', blast)).status).toBe(201);
  });

  it('of a unit below: approved and changed from above', async () => {
    await office.planner.post('/sms/templates', template('below', '{{honorific}}您好'));
    const admin = await province();
    expect((await admin.post('/sms/templates/below/approve')).body).toMatchObject({ state: 'approved' });
    expect((await admin.patch('/sms/templates/below', wording)).body).toMatchObject({ version: 2, state: 'draft' });
    expect((await (await office.house('supervisor-e')).post('/sms/templates/below/approve')).body).toMatchObject({ state: 'approved', inUse: 2 });
  });
});
