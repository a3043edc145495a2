import { readFileSync } from 'node:fs';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, callAs, createHouse, PASSWORD } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { csrfOf, logIn, visitor } from '../../support/visitor.js';

let test: TestApp;
let admin: ApiClient;
beforeAll(async () => {
  test = await createTestApp();
  admin = await (await createHouse(test))('admin');
});
afterAll(() => test.close());

const person = (username: string) => ({ username, name: username, role: 'manager', orgUnit: 'east-1', password: PASSWORD });

describe('forms that are not ours (SYS-2)', () => {
  it('refuses a token of another session with a sentence that says the way out', async () => {
    const page = await logIn(test, 'admin');
    const stranger = csrfOf((await visitor(test).get('/login')).text);
    const answer = await page.post('/admin/users', { ...person('forged'), _csrf: stranger });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('请刷新页面后再做一次');
    expect(await test.db.rows(sql`select 1 from staff.app_user where username = 'forged'`)).toHaveLength(0);
  });

  it('refuses a form without a token', async () => {
    const page = await logIn(test, 'admin');
    expect((await page.agent.post('/admin/users').type('form').send(person('forged'))).status).toBe(403);
  });

  it('refuses a multipart form, whose token nobody has read', async () => {
    const page = await logIn(test, 'admin');
    const answer = await page.agent.post('/logout').field('_csrf', 'x');
    expect(answer.status).toBe(403);
  });

  it('takes no session cookie for an unsafe call of the API', async () => {
    const page = await logIn(test, 'admin');
    const answer = await page.agent.post('/api/v1/users').send(person('forged'));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ error: { code: 'unauthenticated' } });
  });
});

describe('SYS-5 what a request asked for can be followed', () => {
  const leftBy = (request: string) =>
    test.db.rows<{ job: string }>(sql`select distinct job from platform.outbox where request_id = ${request} order by 1`);

  it('the jobs it left know its id, whether it came as JSON or with a file', async () => {
    const asAdmin = { authorization: `Bearer ${admin.token}` };
    const supervisor = await callAs(test, 'supervisor-e');
    const absent = await test.http
      .post('/api/v1/users/m02/absences')
      .set({ authorization: `Bearer ${supervisor.token}`, 'x-request-id': 'request-json' })
      .send({ from: '2026-12-20', to: '2026-12-21', kind: 'leave' });
    const handedIn = await test.http
      .post('/api/v1/imports?feed=users')
      .set({ ...asAdmin, 'x-request-id': 'request-file' })
      .attach('file', Buffer.from('username,name,role,org_unit\nm77,新人,manager,east-1\n'), 'people.csv');
    expect([absent.status, handedIn.status]).toEqual([201, 202]);
    expect((await leftBy('request-json')).map(({ job }) => job)).toEqual(['calls.promises-stand-in', 'calls.stand-in', 'care.relevel']);
    expect(await leftBy('request-file')).toEqual([{ job: 'feeds.run-import' }]);
  });
});

describe('errors say what, where and what to do', () => {
  it('answers a program in JSON with code, sentence and request id', async () => {
    const answer = await test.http.get('/api/v1/nowhere').set('x-request-id', 'trace-12345678');
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ error: { code: 'route_not_found', message: expect.any(String) as string, requestId: 'trace-12345678' } });
    expect(answer.headers['x-request-id']).toBe('trace-12345678');
  });

  it('answers a browser with a page in the frame of its user', async () => {
    const page = await logIn(test, 'm01');
    const answer = await page.get('/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('没有这个页面');
    expect(answer.text).toContain('林晓雯');
  });

  it('leads from filters that cannot be, back to the page without any', async () => {
    const page = await logIn(test, 'supervisor-e');
    const wrong = await page.get('/reports/funnel?from=2026-11-30&to=2026-11-01');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('href="/reports/funnel">清空条件，重新查看</a>');
    expect((await page.get('/nowhere?x=1')).text).not.toContain('清空条件');
    // in the reader's words; a program hears the name it sent
    expect((await page.get('/reports/funnel?from=soon')).text).toMatch(/<h1[^>]*>开始日期：/);
    const told = (await admin.get('/reports/funnel?from=soon')).body as { error: { message: string } };
    expect(told.error.message).toMatch(/^from：/);
  });

  it('answers htmx with a note, not a whole page', async () => {
    const page = await logIn(test, 'm01');
    const answer = await page.agent.get('/admin/users').set('hx-request', 'true');
    expect(answer.status).toBe(403);
    expect(answer.text).toMatch(/^<div class="sc-note/);
  });

  it('sends htmx to the login page when the session has ended', async () => {
    const answer = await test.http.get('/account').set('hx-request', 'true');
    expect(answer.status).toBe(204);
    expect(answer.headers['hx-redirect']).toBe('/login');
  });

  it('takes a request that names a kind of content and has none for one without', async () => {
    const address = `${await test.app.getUrl()}/api/v1/org-units/none`;
    const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' };
    for (const body of [undefined, '']) expect((await fetch(address, { method: 'DELETE', headers, body })).status).toBe(404);
    const empty = await test.http.post('/api/v1/session').set('content-type', 'application/json');
    expect([empty.status, (empty.body as { error: { code: string } }).error.code]).toEqual([422, 'invalid_input']);
  });

  it.each([
    ['broken JSON', '{"username":', 'application/json', 400, 'malformed_body'],
    ['an unknown kind of content', '<x/>', 'application/xml', 415, 'unsupported_media_type'],
    ['a body over a megabyte', JSON.stringify({ username: 'x'.repeat(1_100_000) }), 'application/json', 413, 'payload_too_large'],
    ['a list where an object belongs', '[]', 'application/json', 400, 'body_not_object'],
    ['a single value where an object belongs', 'true', 'application/json', 400, 'body_not_object'],
    ['a text no database keeps', JSON.stringify({ username: 'a\0', password: 'x' }), 'application/json', 400, 'text_unreadable'],
    ['half a character', JSON.stringify({ username: '\ud800', password: 'x' }), 'application/json', 400, 'text_unreadable'],
    ['what is nested without end', `{"username":${'['.repeat(2000)}${']'.repeat(2000)}}`, 'application/json', 400, 'malformed_body'],
  ])('refuses %s', async (_what, body, type, status, code) => {
    const answer = await test.http.post('/api/v1/session').set('content-type', type).send(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error: { code } });
  });

  it.each([
    ['half a character', '%ED%A0%80', 400, 'malformed_address', 'text/plain'],
    ['a name longer than any', 'x'.repeat(200), 414, 'malformed_address', 'text/plain'],
    ['a character no database keeps', 'a%00b', 400, 'text_unreadable', 'text/html'],
  ])('refuses an address with %s, to a program and to a browser', async (_what, name, status, code, type) => {
    const { status: told, body } = await test.http.patch(`/api/v1/users/${name}`).set('authorization', `Bearer ${admin.token}`).send({});
    const { error } = body as { error: { code: string; message: string; requestId: string } };
    expect([told, error.code, error.message.length > 10, error.requestId.length > 10]).toEqual([status, code, true, true]);
    const page = await (await logIn(test, 'admin')).get(`/admin/users/${name}`);
    expect([page.status, page.headers['content-type']]).toEqual([status, `${type}; charset=utf-8`]);
  });

  it('refuses a page marker that somebody made up', async () => {
    const { status, body } = await admin.get(`/segments?cursor=${Buffer.from('["x"]').toString('base64url')}`);
    expect([status, body]).toMatchObject([400, { error: { code: 'value_unreadable' } }]);
  });

  it('speaks the language of the caller', async () => {
    const call = (language: string) => test.http.get('/api/v1/nowhere').set('accept-language', language);
    expect((await call('en-GB,en;q=0.9')).body).toMatchObject({ error: { message: expect.stringContaining('no such page') as string } });
    expect((await call('zh-CN')).body).toMatchObject({ error: { message: expect.stringContaining('没有这个页面') as string } });
  });
});

describe('SYS-2 what leaves', () => {
  it('is text on a page, whatever somebody was called', async () => {
    const name = '<img src=x onerror=alert(1)>"\'&';
    expect((await admin.post('/users', { ...person('odd-name'), name })).status).toBe(201);
    const { text } = await (await logIn(test, 'admin')).get('/admin/users');
    expect([text.includes('<img'), text.includes('&lt;img src')]).toEqual([false, true]);
  });

  it('is kept by no cache and names no product', async () => {
    const page = await logIn(test, 'admin');
    for (const { headers } of [await admin.get('/segments'), await page.get('/admin/users'), await admin.get('/nowhere')]) {
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
      expect([headers.server, headers['x-powered-by']]).toEqual([undefined, undefined]);
    }
  });
});

describe('the limit of the API', () => {
  it('answers 429 with a sentence above the configured number of requests a minute, and leaves pages alone', async () => {
    const small = await createTestApp({ config: { apiRateLimit: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await small.http.patch(`/api/v1/users/m0${i}`).send({})).status);
    const refused = await small.http.post('/api/v1/users').send({});
    for (let i = 0; i < 5; i++) expect((await small.http.get('/account').set('accept', 'text/html')).status).toBe(303);
    await small.close();
    expect(statuses).toEqual([401, 401, 401]);
    expect(refused.body).toMatchObject({ error: { code: 'rate_limited' } });
    expect(refused.status).toBe(429);
  });
});

describe('SYS-4 behind a proxy', () => {
  const trying = (app: TestApp, from: string) => app.http.patch('/api/v1/users/m01').set('x-forwarded-for', from).send({});

  it('counts who asks by the address a proxy of ours names, and believes nobody else', async () => {
    const behind = await createTestApp({ config: { apiRateLimit: 1, trustProxy: ['127.0.0.0/8'] } });
    const statuses = [];
    for (const from of ['10.1.1.1', '10.1.1.2', '10.1.1.1', '203.0.113.9, 10.1.1.2']) statuses.push((await trying(behind, from)).status);
    await behind.close();
    expect(statuses).toEqual([401, 401, 429, 429]);
    const open = await createTestApp({ config: { apiRateLimit: 1 } });
    const direct = [(await trying(open, '10.1.1.1')).status, (await trying(open, '10.1.1.2')).status];
    await open.close();
    expect(direct).toEqual([401, 429]);
  });
});

describe('a POST with an Idempotency-Key', () => {
  const once = (key: string, body: object, by: ApiClient = admin) => by.post('/org-units', body, { 'idempotency-key': key });
  const unit = (code: string) => ({ code, name: code, kind: 'team' });

  it('happens once and gives the same answer again', async () => {
    const first = await once('key-1', unit('once-1'));
    const again = await once('key-1', unit('once-1'));
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('happens once when it comes many times at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => once('key-2', unit('once-2'))));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
    expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
  });

  it('is refused when the key comes with another request', async () => {
    await once('key-3', unit('once-3'));
    expect((await once('key-3', unit('once-4'))).body).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  });

  it('may be tried again with the same key after a refusal', async () => {
    expect((await once('key-5', unit('once-1'))).status).toBe(409);
    expect((await once('key-5', unit('once-5'))).status).toBe(201);
  });

  it('says again what an answer says beside its body', async () => {
    const m01 = await callAs(test, 'm01');
    const next = () => m01.post('/call-desk/next', {}, { 'idempotency-key': 'key-7' });
    const [first, again] = [await next(), await next()];
    expect([first.status, first.headers['x-reason'], again.status, again.headers['x-reason']]).toEqual([204, 'empty', 204, 'empty']);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('with a file is known by the content: the same again is the same import, another of the same length is refused', async () => {
    const upload = (row: string) =>
      test.http
        .post('/api/v1/imports?feed=blocks')
        .set('authorization', `Bearer ${admin.token}`)
        .set('idempotency-key', 'key-8')
        .attach('file', Buffer.from(`phone,channel,reason\n${row},sms,asked\n`), 'blocks.csv');
    const [first, same, other] = [await upload('13800000001'), await upload('13800000001'), await upload('13800000002')];
    expect([first.status, same.status, same.headers['idempotent-replayed']]).toEqual([202, 202, 'true']);
    expect((same.body as { id: string }).id).toBe((first.body as { id: string }).id);
    expect(other.body).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  });

  it('keeps the keys of different callers apart', async () => {
    const { body } = await admin.post('/tokens', { name: 'second admin', role: 'admin' });
    const other = await callAs(test, 'admin');
    await once('key-6', unit('once-6'), other);
    const answer = await test.http
      .post('/api/v1/org-units')
      .set('authorization', `Bearer ${(body as { token: string }).token}`)
      .set('idempotency-key', 'key-6')
      .send(unit('once-7'));
    expect(answer.status).toBe(201);
  });
});

describe('the language of the pages', () => {
  it('offers the switch on the page a refused form was sent from', async () => {
    const page = await logIn(test, 'admin');
    const token = csrfOf((await page.get('/admin/users')).text);
    const form = page.agent.post('/admin/users').type('form').set('accept', 'text/html').set('referer', `${test.url}/admin/users?x=1`);
    expect((await form.send({ _csrf: token })).text).toContain('href="/admin/users?x&#x3D;1&amp;lang&#x3D;en"');
  });

  it('switches by link, is kept, and is the same at the next login from another browser', async () => {
    const page = await logIn(test, 'm02');
    expect((await page.get('/account')).text).toContain('修改密码');
    expect((await page.get('/account?lang=en')).text).toContain('Change the password');
    expect((await page.get('/account')).text).toContain('<html lang="en"');
    expect((await (await logIn(test, 'm02')).get('/account')).text).toContain('Change the password');
  });

  it('greets a new browser in its own language', async () => {
    expect((await test.http.get('/login').set('accept-language', 'en-US')).text).toContain('Log in');
    expect((await test.http.get('/login')).text).toContain('登录');
  });
});

describe('the open addresses', () => {
  it('tells load balancers that it lives and is ready, and Prometheus its figures', async () => {
    expect((await test.http.get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await test.http.get('/health/ready')).body).toMatchObject({ status: 'ok', checks: { database: true, jobs: true } });
    const figures = (await test.http.get('/metrics')).text;
    for (const name of ['starcare_http_request_seconds_bucket', 'starcare_jobs{state="due"}', 'starcare_jobs_oldest_seconds '])
      expect(figures).toContain(name);
  });

  it('SYS-5 has every figure the dashboard draws', async () => {
    const figures = (await test.http.get('/metrics')).text;
    const known = new Set(
      [...figures.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`] : [name],
      ),
    );
    const { panels } = JSON.parse(readFileSync('docs/grafana.json', 'utf8')) as { panels: { targets: { expr: string }[] }[] };
    const drawn = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\b(starcare|process)_\w+/g) ?? []));
    expect(drawn.length).toBeGreaterThan(10);
    expect([...new Set(drawn)].filter((name) => !known.has(name))).toEqual([]);
    for (const figure of [
      'starcare_band_breaches{rate="total",direction="below"} 0',
      'starcare_blasts{state="running"} 0',
      'starcare_gateway_up{gateway="simulator"} 1',
    ])
      expect(figures).toContain(figure);
  });

  it('describes the API with the fields its checks know', async () => {
    const { body } = await test.http.get('/api/docs-json').expect(200);
    interface Described {
      paths: Record<string, { post?: { responses: object; parameters?: { name: string }[] } }>;
      components: { schemas: Record<string, { required: string[]; properties: Record<string, object> }> };
    }
    const document = body as Described;
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/v1/session', '/api/v1/users/{username}', '/health/live']));
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/admin'))).toEqual([]);
    expect(document.components.schemas.UserForm?.required).toEqual(expect.arrayContaining(['username', 'orgUnit']));
    const { ReasonForm, WaveForm } = document.components.schemas;
    expect([Object.keys(ReasonForm?.properties ?? {}), WaveForm === undefined]).toEqual([['reason'], false]);
    expect(document.components.schemas.AttemptForm?.properties.topics).toMatchObject({ type: 'array', items: { type: 'string' } });
    const next = document.paths['/api/v1/call-desk/next']?.post;
    expect(Object.keys(next?.responses ?? {}).sort()).toEqual(['200', '204', '4XX']);
    expect(next?.parameters?.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    await test.http.get('/api/docs').expect(200);
  });

  it('lets browsers keep the assets for ever and allows nothing inline', async () => {
    const page = await test.http.get('/login');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const links = [...page.text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, url]) => url ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const url of links) {
      const asset = await test.http.get(url);
      expect([url, asset.status, asset.headers['cache-control']]).toEqual([url, 200, 'public, max-age=31536000, immutable']);
    }
  });

  it('makes no session for a visitor who sees no form', async () => {
    const count = () => test.db.one<{ n: number }>(sql`select count(*)::int as n from staff.session`);
    const before = (await count()).n;
    await test.http.get('/nowhere').set('accept', 'text/html');
    await test.http.get('/account').set('accept', 'text/html');
    expect((await count()).n).toBe(before);
  });
});
