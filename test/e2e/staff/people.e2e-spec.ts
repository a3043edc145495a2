import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, callAs, clientOf, createHouse, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { logIn, type PageVisitor } from '../../support/visitor.js';

let test: TestApp;
let admin: ApiClient;
beforeAll(async () => {
  test = await createTestApp();
  admin = await (await createHouse(test))('admin');
});
afterAll(() => test.close());

describe('people, units and tokens (SYS-6)', () => {
  const person = { name: '新人', role: 'manager', orgUnit: 'east-1', password: PASSWORD };

  it.each([
    ['a taken user name', { ...person, username: 'M01' }, 409, 'username_taken', 'username'],
    ['a taken staff number', { ...person, username: 'new1', agentNo: '9m01' }, 409, 'agent_no_taken', 'agentNo'],
    ['an unknown unit', { ...person, username: 'new1', orgUnit: 'nowhere' }, 422, 'org_unit_unknown', 'orgUnit'],
    ['an unknown role', { ...person, username: 'new1', role: 'king' }, 422, 'invalid_input', 'role'],
    ['no user name', person, 422, 'invalid_input', 'username'],
    ['an unknown field', { ...person, username: 'new1', colour: 'red' }, 422, 'invalid_input', 'colour'],
    ['a capacity that is no number', { ...person, username: 'new1', dailyCapacity: 'many' }, 422, 'invalid_input', 'dailyCapacity'],
  ])('refuses a person with %s and names the field', async (_what, body, status, code, param) => {
    const answer = await admin.post('/users', body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: { code, param, message: expect.any(String) as string, requestId: expect.any(String) as string } });
  });

  it('refuses people made by anybody but an administrator', async () => {
    const planner = await callAs(test, 'planner-e');
    const answer = await planner.post('/users', { ...person, username: 'new2' });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ error: { code: 'role_refused' } });
  });

  it('refuses a unit whose code is taken', async () => {
    expect((await admin.post('/org-units', { code: 'east-1', name: '又一组', kind: 'team' })).body).toMatchObject({
      error: { code: 'code_taken', param: 'code' },
    });
  });

  it('refuses to disable the last administrator', async () => {
    expect((await admin.patch('/users/admin', { active: false })).body).toMatchObject({ error: { code: 'last_admin' } });
    expect((await admin.patch('/users/admin', { role: 'planner' })).status).toBe(409);
    expect((await admin.patch('/users/admin', {})).status).toBe(200);
  });

  it.each(['name', 'role', 'orgUnit', 'dailyCapacity', 'active', 'password'])('says at %s that nobody is without one', async (field) => {
    const answer = await admin.patch('/users/m02', { [field]: null });
    expect([answer.status, (answer.body as { error?: { param: string } }).error?.param]).toEqual([422, field]);
  });

  it('answers a person that does not exist as not found', async () => {
    expect((await admin.patch('/users/ghost', { active: false })).body).toMatchObject({ error: { code: 'not_found' } });
  });

  it('makes a person with 60 calls a day unless told otherwise, who can then log in', async () => {
    for (const password of ['short', 'x'.repeat(129)])
      expect((await admin.post('/users', { ...person, username: 'new3', password })).body).toMatchObject({ error: { param: 'password' } });
    for (const password of ['123456', '12345678', 'QwErTyUiOp', 'new3-new3'])
      expect((await admin.post('/users', { ...person, username: 'new3-new3', password })).body).toMatchObject({ error: { param: 'password' } });
    expect((await admin.patch('/users/m01', { password: 'a123456789' })).body).toMatchObject({ error: { code: 'password_common' } });
    const made = await admin.post('/users', { ...person, username: 'new3', agentNo: '8803' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ username: 'new3', orgUnit: 'east-1', agentNo: '8803', dailyCapacity: 60, active: true });
    expect(made.text).not.toContain(PASSWORD);
    await callAs(test, 'new3');
  });

  it('keeps the tree: the path of a team begins with that of its city', async () => {
    const [row] = await test.db.rows<{ ok: boolean }>(
      sql`select starts_with(t.path, c.path) as ok from staff.org_unit t, staff.org_unit c where t.code = 'east-1' and c.code = 'east'`,
    );
    expect(row?.ok).toBe(true);
  });

  it('lets an API token act with its role until it is revoked, and keeps only its hash', async () => {
    const made = await admin.post('/tokens', { name: 'warehouse', role: 'planner', orgUnit: 'east' });
    expect(made.status).toBe(201);
    const { token } = made.body as { token: string };
    const program = clientOf(test, token);
    expect((await program.post('/users', { ...person, username: 'new4' })).body).toMatchObject({ error: { code: 'role_refused' } });
    expect(await test.db.rows(sql`select 1 from staff.api_token where token_hash = ${token}`)).toHaveLength(0);
    const page = await logIn(test, 'admin');
    const tokens = (await page.get('/admin/tokens')).text;
    const { id } = made.body as { id: string };
    expect(tokens).toContain(`href="/admin/tokens/${id}/revoke" data-dialog`);
    expect(tokens).not.toContain(`action="/admin/tokens/${id}/revoke"`);
    expect((await page.get(`/admin/tokens/${id}/revoke`)).text).toContain('作废令牌“warehouse”？');
    expect((await page.get('/admin/tokens/999999/revoke')).status).toBe(404);
    expect((await page.post(`/admin/tokens/${id}/revoke`)).headers.location).toBe('/admin/tokens');
    expect((await program.post('/users', { ...person, username: 'new4' })).status).toBe(401);
  });

  it('SYS-1 an administrator of a city hands out tokens of that city, also when no unit is named', async () => {
    await admin.post('/users', { ...person, username: 'admin-e', role: 'admin', orgUnit: 'east' });
    const city = await callAs(test, 'admin-e');
    expect((await city.post('/tokens', { name: 'east-robot', role: 'planner' })).body).toMatchObject({ orgUnit: 'east' });
    expect((await city.post('/tokens', { name: 'top-robot', role: 'planner', orgUnit: 'province' })).status).toBe(422);
    expect((await admin.post('/tokens', { name: 'house-robot', role: 'planner' })).body).toMatchObject({ orgUnit: 'province' });
  });

  it('gives no work to the account behind a token', async () => {
    await admin.post('/tokens', { name: 'robot', role: 'manager', orgUnit: 'east-1' });
    const [row] = await test.db.rows<{ active: boolean }>(sql`select active from staff.v_user where username = 'token:robot'`);
    expect(row?.active).toBe(false);
    expect((await test.http.post('/api/v1/session').send({ username: 'token:robot', password: '' })).status).toBe(422);
  });

  it('shows the pages of people and units to administrators, and shows a refused form again with what was typed', async () => {
    const page = await logIn(test, 'admin');
    expect((await page.get('/admin/users')).text).toContain('m01');
    const refused = await page.post('/admin/users', { username: 'm01', name: '重名', role: 'manager', orgUnit: 'east-1', password: PASSWORD });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('value="重名"');
    expect(refused.text).toContain('id="username-error"');
    const made = await page.post('/admin/users', { username: 'new5', name: '页面新人', role: 'manager', orgUnit: 'east-1', password: PASSWORD });
    expect(made.headers.location).toBe('/admin/users');
    expect((await page.get('/admin/users')).text).toContain('已新建 页面新人（new5）');
    expect((await page.post('/admin/org-units', { code: 'east-3', name: '三组', kind: 'team', parent: 'east' })).status).toBe(303);
    expect((await page.get('/admin/org-units')).text).toContain('三组');
  });

  it('shows a token that was made on the page once, and never again', async () => {
    const page = await logIn(test, 'admin');
    await page.get('/admin/tokens');
    const made = await page.post('/admin/tokens', { name: 'shop', role: 'planner', orgUnit: 'east' });
    const token = /sc_[\w-]{43}/.exec(made.text)?.[0] ?? '';
    expect((await clientOf(test, token).post('/users', {})).status).toBe(403);
    expect((await page.get('/admin/tokens')).text).not.toContain(token);
    expect((await page.post('/admin/tokens', { name: 'shop', role: 'planner', orgUnit: 'east' })).status).toBe(409);
  });

  it('changes a person on their own page, which shows a fault at its field', async () => {
    const page = await logIn(test, 'admin');
    expect((await page.get('/admin/users/m02')).text).toContain('value="60"');
    const refused = await page.post('/admin/users/m02', { name: '周可欣', dailyCapacity: '2000' });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="dailyCapacity-error".*最大 1000/);
    expect((await page.post('/admin/users/m02', { name: '周可欣', dailyCapacity: '45' })).status).toBe(303);
    expect((await page.get('/admin/users/m02')).text).toContain('value="45"');
    expect((await page.get('/admin/users/ghost')).status).toBe(404);
  });

  it('keeps the telephone that customers are told, as it is written; an emptied one is gone', async () => {
    const page = await logIn(test, 'admin');
    await page.get('/admin/users/m02');
    expect((await page.post('/admin/users/m02', { name: '周可欣', phone: '138 0013 8000' })).status).toBe(303);
    expect((await page.get('/admin/users/m02')).text).toContain('value="138 0013 8000"');
    expect((await admin.patch('/users/m02', { phone: '025-8888 1234转2031' })).body).toMatchObject({ phone: '025-8888 1234转2031' });
    const refused = await page.post('/admin/users/m02', { name: '周可欣', phone: '打总机' });
    expect([refused.status, refused.text.includes('id="phone-error"')]).toEqual([422, true]);
    expect((await page.post('/admin/users/m02', { name: '周可欣', phone: '' })).status).toBe(303);
    expect((await admin.patch('/users/m02', { name: '周可欣' })).body).not.toHaveProperty('phone');
  });

  it('asks before somebody is locked out, and says what they leave lying and who takes it', async () => {
    const page = await logIn(test, 'admin');
    await test.db.run(sql`
      insert into customers.customer (name, star_level, manager_id, org_unit_id, created_at, updated_at)
      select '有人管', 5, u.id, u.org_unit_id, ${test.clock.now()}, ${test.clock.now()} from staff.app_user u where u.username = 'm02'`);
    const profile = (await page.get('/admin/users/m02')).text;
    expect(profile).toContain('href="/admin/users/m02/disable" data-dialog');
    expect(profile).not.toContain('value="false"');
    const { text } = await page.get('/admin/users/m02/disable');
    expect(text).toContain('名下还有1位客户、0个待打任务');
    expect(text).toContain('href="/handover?from=m02"');
    expect((await page.get('/admin/users/ghost/disable')).status).toBe(404);
    expect((await page.post('/admin/users/m02', { active: 'false' })).status).toBe(303);
    expect((await page.get('/admin/users/m02')).text).not.toContain('/disable');
    expect((await page.post('/admin/users/m02', { active: 'true' })).status).toBe(303);
  });

  it('an emptied staff number is gone, two people may be without one, and no other box may be empty', async () => {
    const page = await logIn(test, 'admin');
    await page.get('/admin/users/m02');
    const wrong = await page.post('/admin/users/m02', { name: '周可欣', agentNo: '', dailyCapacity: '2000' });
    expect(wrong.text).toMatch(/name="agentNo" value=""/);
    expect((await page.post('/admin/users/m02', { password: '1' })).text).toMatch(/name="agentNo" value="9m02"/);
    expect((await page.post('/admin/users/m02', { name: '周可欣', agentNo: '' })).status).toBe(303);
    const answers = [await admin.patch('/users/m02', { agentNo: '' }), await admin.patch('/users/m11', { agentNo: '' })];
    expect(answers.map(({ body }) => (body as { agentNo: string | null }).agentNo)).toEqual([null, null]);
    for (const field of ['name', 'dailyCapacity', 'password']) {
      const refused = await page.post('/admin/users/m02', { name: '周可欣', [field]: '' });
      expect([field, refused.status, refused.text.includes(`id="${field}-error"`)]).toEqual([field, 422, true]);
    }
    expect((await page.post('/admin/users/m02', { active: 'true' })).status).toBe(303);
  });

  it('refuses those pages to others', async () => {
    const page = await logIn(test, 'm01');
    const answer = await page.get('/admin/users');
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('不在您的岗位范围内');
  });
});

describe('the audit log (SYS-2)', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await createTestApp();
    await createHouse(test);
  });
  afterAll(() => test.close());

  it.each([
    ['an update', sql`update staff.audit_entry set actor = 'somebody else'`],
    ['a delete', sql`delete from staff.audit_entry`],
    ['a truncate', sql`truncate staff.audit_entry`],
  ])('SYS-2 refuses %s', async (_what, statement) => {
    await expect(test.db.run(statement)).rejects.toThrow('the audit log only grows');
    // also for whoever switches triggers off, as a copy of a database does
    const unwatched = test.db.tx(async (tx) => {
      await tx.run(sql`set local session_replication_role = replica`);
      await tx.run(statement);
    });
    await expect(unwatched).rejects.toThrow('the audit log only grows');
  });

  it('names who made a person, from where and in which request', async () => {
    const [entry] = await test.db.rows<{ actor: string; ip: string; request_id: string; detail: object }>(
      sql`select actor, ip, request_id, detail from staff.audit_entry where action = 'user.created' and detail ->> 'username' = 'm01'`,
    );
    expect(entry).toMatchObject({ actor: 'admin', ip: expect.stringContaining('127.0.0.1') as string, detail: { role: 'manager' } });
    expect(entry?.request_id).toBeTruthy();
  });

  it('can be read by administrators page by page, and by nobody else', async () => {
    await test.db.run(sql`insert into staff.audit_entry (at, actor, action, object_type, object_id)
      select ${test.clock.now()}, 'loader', 'thing.made', 'thing', 'thing-' || n || '.' from generate_series(1, 60) n`);
    const page = await logIn(test, 'admin');
    const first = await page.get('/admin/audit?actor=loader&action=thing');
    expect(first.text).toContain('thing-60.');
    expect(first.text).not.toContain('thing-10.');
    const next = /href="([^"]*cursor[^"]*)"/.exec(first.text)?.[1] ?? '';
    expect((await page.get(next.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))).text).toContain('thing-10.');
    expect((await page.get('/admin/audit?cursor=broken')).status).toBe(400);
    expect((await (await logIn(test, 'm01')).get('/admin/audit')).status).toBe(403);
  });

  it('SYS-2 says its details line by line with words, keeps them as they are in a fold, and lets an action be chosen by its word', async () => {
    const detail = { from: ['m01'], to: 'm02', why: '顶班', active: false, settings: { until: null, oddOne: 3 } };
    await test.db.run(sql`insert into staff.audit_entry (at, actor, action, object_type, object_id, detail)
      select ${test.clock.now()}, 'teller', 'task.handed-over', 'user', '7', ${JSON.stringify(detail)}::jsonb`);
    const { text } = await (await logIn(test, 'admin')).get('/admin/audit?actor=teller&action=task.handed-over');
    for (const line of ['从</dt><dd>m01', '到</dt><dd>m02', '原因</dt><dd>顶班', '启用</dt><dd>否', '设置 · 至</dt><dd>—', '设置 · oddOne</dt><dd>3'])
      expect(text).toContain(`<dt>${line}</dd>`);
    expect(text).toMatch(/<details class="sc-raw"><summary>原始记录<\/summary><code>\{[^<]*oddOne/);
    expect(text).toMatch(
      /<select class="form-select" id="action" name="action">[^]*<option value="task.handed-over" selected>交接任务<[^]*<\/select>/,
    );
    const begun = (await (await logIn(test, 'admin')).get('/admin/audit?actor=teller&action=task.handed')).text;
    expect(begun).toContain('<option value="task.handed" selected>task.handed</option>');
  });

  it.each([
    [
      'en',
      'Settings · Period: calendar periods',
      'Settings · One visit every so many months · ★7: 1',
      'Fields changed: message, script',
      'Role: Supervisor',
    ],
    ['zh', '设置 · 周期：自然周期', '设置 · 每几个月回访一次 · ★7：1', '改了哪些项：短信、话术', '角色：主管', '天数：日期：2026-12-01 百分比：50'],
  ])('SYS-2 words settings and their values as the page does on which they are set, in page and file (%s)', async (lang, ...said) => {
    const entries: [object: string, detail: object][] = [
      ['care_rule', { enabled: true, settings: { period: 'calendar', months: { 7: 1 }, attendance: 'none' } }],
      ['campaign', { fields: ['smsStep', 'script'], from: 'draft' }],
      ['user', { role: 'supervisor', days: [{ day: '2026-12-01', share: 50 }] }],
    ];
    for (const [object, detail] of entries)
      await test.db.run(sql`insert into staff.audit_entry (at, actor, action, object_type, detail)
        select ${test.clock.now()}, 'worder', 'care_rule.changed', ${object}, ${JSON.stringify(detail)}::jsonb`);
    const admin = await logIn(test, 'admin');
    const page = (await admin.get(`/admin/audit?actor=worder&lang=${lang}`)).text.replaceAll('</dt><dd>', lang === 'zh' ? '：' : ': ');
    const file = (await admin.agent.get('/exports/files/audit?actor=worder&format=csv').buffer(true)).text;
    for (const line of said) {
      expect(page).toContain(line);
      expect(file).toContain(line);
    }
    expect(file).toContain('""period"": ""calendar""');
  });

  it('SYS-2 is filtered by who, what, object and days, all in the address; a supervisor reads what her own people did', async () => {
    await test.db.run(sql`insert into staff.audit_entry (at, actor_id, actor, action, object_type, object_id)
      select x.at, u.id, x.actor, x.action, 'customer', x.object
      from (values ('m01', 'customer.number-revealed', '4711', '2026-11-20T23:59:00+08:00'::timestamptz),
                   ('m01', 'customer.changed', '4712', '2026-11-21T00:01:00+08:00'), ('m11', 'customer.number-revealed', '4713', '2026-11-21T09:00:00+08:00'))
        as x(actor, action, object, at) join staff.app_user u on u.username = x.actor order by x.object`);
    const rows = async (who: string, query: string): Promise<string[]> => {
      const page = (await (await logIn(test, who)).get(`/admin/audit?${query}`)).text;
      return [...page.matchAll(/<span title="customer">客户<\/span><div[^>]*>(\d+)</g)].map(([, id]) => id ?? '');
    };
    expect(await rows('admin', 'object=customer')).toEqual(['4713', '4712', '4711']);
    expect(await rows('admin', 'object=customer%204712')).toEqual(['4712']);
    expect(await rows('admin', `object=${encodeURIComponent('客户 4712')}`)).toEqual(['4712']);
    expect(await rows('admin', `object=${encodeURIComponent('客户')}&action=${encodeURIComponent('显示号码')}`)).toEqual(['4713', '4711']);
    expect(await rows('admin', 'object=customer&from=2026-11-21&to=2026-11-21')).toEqual(['4713', '4712']);
    expect(await rows('admin', 'action=customer.number&to=2026-11-20')).toEqual(['4711']);
    expect(await rows('supervisor-e', 'object=customer')).toEqual(['4712', '4711']);
    expect(await rows('supervisor-e', 'object=customer&actor=m11')).toEqual([]);
    const english = (await (await logIn(test, 'admin')).get('/admin/audit?object=customer&lang=en')).text;
    expect(english).toContain('Number revealed<div class="sc-tiny"><code>customer.number-revealed</code>');
    expect((await (await logIn(test, 'planner-e')).get('/admin/audit')).status).toBe(403);
    expect((await (await logIn(test, 'admin')).get('/admin/audit?from=yesterday')).status).toBe(422);
  });

  it('holds logins and refused logins, and never a password', async () => {
    await test.http.post('/api/v1/session').send({ username: 'm01', password: 'guess-4711' });
    const entries = await test.db.rows<{ action: string; all: string }>(sql`select action, audit_entry::text as all from staff.audit_entry`);
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['session.opened', 'session.refused']));
    expect(entries.filter(({ all }) => all.includes('guess-4711') || all.includes(PASSWORD))).toEqual([]);
  });
});

describe('SYS-5 jobs that were given up', () => {
  let page: PageVisitor;
  beforeAll(async () => {
    page = await logIn(test, 'admin');
  });

  /** @returns its number */
  const giveUp = async (job: string, error: string | null = 'the gateway does not answer'): Promise<string> => {
    const { id } = await test.db.one<{ id: string }>(sql`
      insert into platform.outbox (job, payload, run_at, attempts, last_error, dead_at, created_at)
      values (${job}, '{"blastId":"7"}', '2026-11-24T01:00Z', 5, ${error}, '2026-11-24T01:30Z', '2026-11-24T01:00Z') returning id`);
    return id;
  };
  const left = (): Promise<object[]> =>
    test.db.rows(sql`select job, attempts, run_at <= ${test.clock.now()} as due, dead_at is null as alive from platform.outbox order by id`);
  const audited = (): Promise<object[]> =>
    test.db.rows(
      sql`select e.actor, e.action, e.object_id as id, e.detail from staff.audit_entry e where e.action like 'job.%' order by e.id desc limit 1`,
    );
  beforeEach(() => test.db.run(sql`delete from platform.outbox`));

  it('says so when there are none', async () => {
    expect((await page.get('/admin/jobs')).text).toContain('没有停下的作业');
  });

  it('are listed with job, object, tries, error and time, counted by kind and in the frame', async () => {
    await giveUp('messaging.apply-receipts');
    await giveUp('messaging.apply-receipts', null);
    await giveUp('care.replan');
    const { text } = await page.get('/admin/jobs');
    for (const word of [
      'messaging.apply-receipts',
      '{&quot;blastId&quot;:&quot;7&quot;}',
      'the gateway does not answer',
      '没有留下错误',
      '2026-11-24T01:30',
    ])
      expect(text).toContain(word);
    expect(/href="\/admin\/jobs"[^>]*>.*?sc-rail__n.*?(\d+)<\/span>/.exec(text)?.[1]).toBe('3');
    const one = await page.get('/admin/jobs?job=care.replan');
    expect(one.text.match(/\/discard"/g)).toHaveLength(1);
    expect((await admin.get('/jobs/dead?job=care.replan')).body).toMatchObject({ items: [{ job: 'care.replan', attempts: 5 }], nextCursor: null });
  });

  it('one is tried again from the first try on, and runs', async () => {
    const id = await giveUp('messaging.apply-receipts');
    await giveUp('messaging.apply-receipts');
    await page.get('/admin/jobs');
    expect((await page.post(`/admin/jobs/${id}/retry`)).headers.location).toBe('/admin/jobs');
    expect((await page.get('/admin/jobs')).text).toContain(`messaging.apply-receipts（${id} 号）马上重做`);
    expect(await left()).toMatchObject([{ attempts: 0, due: true, alive: true }, { alive: false }]);
    expect(await audited()).toMatchObject([{ actor: 'admin', action: 'job.retried', id, detail: { job: 'messaging.apply-receipts', attempts: 5 } }]);
    expect((await drainJobs(test.app)).done).toEqual(['messaging.apply-receipts']);
    expect((await page.post(`/admin/jobs/${id}/retry`)).status).toBe(404); // a second press finds it gone
  });

  it('all of a kind are tried again, the others stay', async () => {
    for (const job of ['messaging.apply-receipts', 'care.replan', 'messaging.apply-receipts']) await giveUp(job);
    expect((await admin.post('/jobs/dead/retry', { job: 'messaging.apply-receipts' })).body).toEqual({ retried: 2 });
    expect((await left()).map((row) => (row as { alive: boolean }).alive)).toEqual([true, false, true]);
    expect(await audited()).toMatchObject([{ action: 'job.retried_all', id: 'messaging.apply-receipts', detail: { count: 2 } }]);
    await page.get('/admin/jobs');
    expect((await page.post('/admin/jobs/retry', { job: 'care.replan' })).status).toBe(303);
    expect((await page.post('/admin/jobs/retry', {})).status).toBe(422);
  });

  it('one is discarded after a warning, which the audit log keeps', async () => {
    const id = await giveUp('messaging.apply-receipts');
    expect((await page.get('/admin/jobs')).text).toContain('放弃后这件事永远不会再做');
    expect((await page.post(`/admin/jobs/${id}/discard`)).status).toBe(303);
    expect(await left()).toEqual([]);
    expect(await audited()).toMatchObject([
      { action: 'job.discarded', id, detail: { payload: { blastId: '7' }, error: 'the gateway does not answer' } },
    ]);
  });

  it('a job that still tries is none of them; one that this release does not know can only be discarded', async () => {
    const { id } = await test.db.one<{ id: string }>(sql`
      insert into platform.outbox (job, payload, run_at, attempts, created_at) values ('care.replan', '{}', '2026-11-24T09:00Z', 1, '2026-11-24T01:00Z') returning id`);
    for (const deed of ['retry', 'discard']) expect((await admin.post(`/jobs/dead/${id}/${deed}`)).status).toBe(404);
    expect((await admin.post('/jobs/dead/x/retry')).status).toBe(404);
    const old = await giveUp('calls.of-old');
    for (const refused of [await admin.post(`/jobs/dead/${old}/retry`), await admin.post('/jobs/dead/retry', { job: 'calls.of-old' })])
      expect([refused.status, refused.body]).toMatchObject([
        409,
        { error: { code: 'job_unknown', message: expect.stringContaining('calls.of-old') as string } },
      ]);
    expect((await admin.post(`/jobs/dead/${old}/discard`)).status).toBe(204);
  });

  it('are the administrator’s alone', async () => {
    const id = await giveUp('care.replan');
    const planner = await callAs(test, 'planner-e');
    for (const answer of [
      await planner.get('/jobs/dead'),
      await planner.post(`/jobs/dead/${id}/retry`),
      await planner.post(`/jobs/dead/${id}/discard`),
    ])
      expect(answer.status).toBe(403);
    expect((await (await logIn(test, 'supervisor-e')).get('/admin/jobs')).status).toBe(403);
    expect(await left()).toMatchObject([{ alive: false }]);
  });
});
