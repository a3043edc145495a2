import type { Oidc } from '../../../src/platform/config/config.js';
import { sql } from '../../../src/platform/database/sql.js';
import { createHouse, type House } from '../../support/house.js';
import { type LineEvent, LineProcess } from '../../support/line-process.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { type PageVisitor, visitor } from '../../support/visitor.js';

const MOST_STEPS = 10;
const CLIENT = { clientId: 'starcare', clientSecret: 'a-secret-of-the-test-alone', claim: 'preferred_username' };
let test: TestApp;
let house: House;
let provider: LineProcess<LineEvent>;
let issuer: string;

const settings = (): Oidc => ({ issuer, ...CLIENT });

/** The browser at the provider, until it is sent back. @returns the address here */
async function signIn(address: string, who: string): Promise<string> {
  const jar = new Map<string, string>();
  let at = address;
  for (let step = 0; step < MOST_STEPS && !at.startsWith(test.url); step++) {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie, 'x-who': who } });
    for (const line of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(key, value);
    }
    at = new URL(answer.headers.get('location') ?? '', at).href;
  }
  return at.slice(test.url.length);
}

const begin = async (page: PageVisitor, next = ''): Promise<string> => {
  const { status, headers } = await page.get(`/login/sso${next}`);
  expect(status).toBe(303);
  return headers.location ?? '';
};
const isInside = async (page: PageVisitor): Promise<boolean> => (await page.get('/account')).status === 200;
const refusals = () => test.db.rows(sql`select actor, detail from staff.audit_entry where action = 'session.refused' order by id`);

beforeAll(async () => {
  provider = new LineProcess('test/support/oidc-provider.ts', [], { CLIENT_ID: CLIENT.clientId, CLIENT_SECRET: CLIENT.clientSecret });
  issuer = (await provider.says('listening')).line ?? '';
  test = await createTestApp({ config: { oidc: settings(), logLevel: 'silent' } });
  house = await createHouse(test);
  await fetch(`${issuer}/client?redirect=${encodeURIComponent(`${test.url}/login/sso/callback`)}`);
});
afterAll(async () => {
  await provider.finish();
  await test.close();
});

describe('SYS-2 single sign-on', () => {
  it('lets in whom the provider vouches for, by a new session, where they wanted to go', async () => {
    const page = visitor(test);
    const address = new URL(await begin(page, '?next=/account%3Fx=1'));
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: 'starcare' });
    const planted = page.agent.jar.getCookie('sid', { domain: '127.0.0.1', path: '/', secure: false, script: false })?.value;
    const inside = await page.get(await signIn(address.href, 'm01'));
    expect([inside.status, inside.headers.location]).toEqual([303, '/account?x=1']);
    expect((await page.get('/account')).text).toContain('林晓雯');
    const before = await test.http
      .get('/account')
      .set('cookie', `sid=${planted ?? ''}`)
      .set('accept', 'text/html');
    expect([Boolean(planted), before.status]).toEqual([true, 303]);
    const opened = await test.db.rows(sql`select actor from staff.audit_entry where action = 'session.opened' and detail = '{"by": "sso"}'`);
    expect(opened).toEqual([{ actor: 'm01' }]);
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/'])('does not lead to %s after it', async (next) => {
    const page = visitor(test);
    const inside = await page.get(await signIn(await begin(page, `?next=${encodeURIComponent(next)}`), 'm01'));
    expect([inside.status, inside.headers.location]).toEqual([303, '/']);
  });

  it('makes nobody: a name that is unknown here stays out', async () => {
    const page = visitor(test);
    const answer = await page.get(await signIn(await begin(page), 'stranger'));
    expect([answer.status, answer.text.includes('没有对应的账号')]).toEqual([422, true]);
    expect(await isInside(page)).toBe(false);
    expect(await test.db.rows(sql`select 1 as one from staff.app_user where username = 'stranger'`)).toEqual([]);
    expect((await refusals()).at(-1)).toEqual({ actor: 'stranger', detail: { by: 'sso' } });
  });

  it('keeps a disabled person out, in the same words', async () => {
    const admin = await house('admin');
    expect((await admin.patch('/users/m11', { active: false })).status).toBe(200);
    const page = visitor(test);
    const answer = await page.get(await signIn(await begin(page), 'm11'));
    expect([answer.status, answer.text.includes('没有对应的账号')]).toEqual([422, true]);
    expect(await isInside(page)).toBe(false);
  });

  it('refuses an answer to another question, and the right one after it', async () => {
    const page = visitor(test);
    const back = await signIn(await begin(page), 'm01');
    const answer = await page.get(back.replace(/state=[^&]+/, 'state=another'));
    expect([answer.status, answer.text.includes('登录没有完成')]).toEqual([422, true]);
    expect((await page.get(back)).status).toBe(422);
    expect(await isInside(page)).toBe(false);
  });

  it('refuses a code that was used, here and in another browser', async () => {
    const page = visitor(test);
    const back = await signIn(await begin(page), 'm01');
    expect((await page.get(back)).status).toBe(303);
    expect((await page.get(back)).status).toBe(422);
    const thief = visitor(test);
    expect((await thief.get(back)).status).toBe(422);
    const state = new URL(await begin(thief)).searchParams.get('state') ?? '';
    expect((await thief.get(back.replace(/state=[^&]+/, `state=${state}`))).status).toBe(422);
    expect(await isInside(thief)).toBe(false);
  });

  it('refuses a code that was given to somebody else and not used yet', async () => {
    const [victim, thief] = [visitor(test), visitor(test)];
    const back = await signIn(await begin(victim), 'm01');
    const state = new URL(await begin(thief)).searchParams.get('state') ?? '';
    expect((await thief.get(back.replace(/state=[^&]+/, `state=${state}`))).status).toBe(422);
    expect(await isInside(thief)).toBe(false);
  });

  it('says so when the person turned back at the provider', async () => {
    const page = visitor(test);
    const state = new URL(await begin(page)).searchParams.get('state') ?? '';
    const answer = await page.get(`/login/sso/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`);
    expect([answer.status, answer.text.includes('登录没有完成')]).toEqual([422, true]);
  });

  it('is offered only where it is set up, and says so when the provider does not answer', async () => {
    expect((await visitor(test).get('/login')).text).toContain('href="/login/sso"');
    const bare = await createTestApp({ beside: test });
    const guest = visitor(bare);
    expect((await guest.get('/login')).text).not.toContain('/login/sso');
    expect([(await guest.get('/login/sso')).status, (await guest.get('/login/sso/callback?code=x')).status]).toEqual([404, 404]);
    await bare.close();
    const lost = await createTestApp({ beside: test, config: { oidc: { ...settings(), issuer: 'http://127.0.0.1:9' }, logLevel: 'silent' } });
    const answer = await visitor(lost).get('/login/sso');
    await lost.close();
    expect([answer.status, answer.text.includes('统一登录暂时不可用')]).toEqual([503, true]);
  });
});
