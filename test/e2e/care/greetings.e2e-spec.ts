import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { type ApiClient, PASSWORD } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, person, type Person } from './care-world.js';

let world: CareWorld;
beforeAll(async () => (world = await CareWorld.open()));
afterAll(() => world.test.close());

describe('CAR-5 greetings need the word of the client', () => {
  /** 大雪, a solar term on a Monday. */
  const SNOW = '2026-12-07';
  const TEMPLATE = 'calendar-greeting';
  let client: ApiClient;
  const ask = (day: string, template = TEMPLATE): Promise<Response> => world.planner.post('/care/greetings', { day, template });
  const codesOf = (answer: Response): string[] => {
    const { error } = answer.body as { error: { code: string; errors?: { code: string }[] } };
    return error.errors?.map(({ code }) => code) ?? [error.code];
  };
  const why = async (who: Person, date: string): Promise<string> => {
    const { body } = await world.planner.get(`/care/explanations?phone=${encodeURIComponent(who.phone)}&date=${date}`);
    return (body as { decisions: { rule: string; reasons: string[] }[] }).decisions.find(({ rule }) => rule === TEMPLATE)?.reasons[0] ?? '';
  };
  const greeted = async (who: Person): Promise<string[]> =>
    (await world.due(who)).filter(({ rule }) => rule === TEMPLATE).map(({ cycle, state }) => `${cycle} ${state}`);

  beforeAll(async () => {
    const admin = await world.house('admin');
    await admin.post('/users', { username: 'client-e', role: 'client', orgUnit: 'east', name: '白露', password: PASSWORD });
    client = await world.house('client-e');
    await world.enable(TEMPLATE, { stars: [6] });
  });

  it.each([
    ['GOV-6 Spring Festival', '2027-02-06', /省公司统一发送/],
    ['GOV-6 National Day', '2027-10-01', /省公司统一发送/],
    ['an ordinary day', '2026-12-08', /没有节日、节气/],
    ['a day that has passed', '2026-11-22', /已经过去/],
    ['no day', '2026-02-30', /日期/],
  ])('%s cannot be asked for, and the answer says why', async (_, day, reason) => {
    const answer = await ask(day);
    expect([answer.status, (answer.body as { error: { param: string } }).error.param]).toEqual([422, 'day']);
    expect(answer.text).toMatch(reason);
  });

  it('without it nothing is planned, the explanation says so and the overview warns', async () => {
    const who = await person(world.test.db, { star: 6 });
    expect((await ask(SNOW, 'silent')).text).toContain('模板silent不能用');
    const asked = await ask(SNOW);
    expect([asked.status, (asked.body as { state: string }).state]).toEqual([201, 'asked']);
    expect((await ask(SNOW)).status).toBe(409);
    expect((await world.run(SNOW, [TEMPLATE])).messages[TEMPLATE]).toBe(0);
    expect(await why(who, SNOW)).toContain('大雪：委托方还没有批准');
    expect((await (await logIn(world.test, 'planner-e')).get('/care')).text).toContain('12-07 大雪的问候还没有委托方批准');
  });

  it('the client gives it; a planner only with the letter; nobody else', async () => {
    const { id } = (await client.get('/care/greetings')).body.items[0] as { id: string };
    expect((await (await world.house('m01')).post(`/care/greetings/${id}/approve`)).status).toBe(403);
    expect((await client.post('/care/greetings', { day: SNOW, template: TEMPLATE })).status).toBe(403);
    expect((await world.planner.post(`/care/greetings/${id}/approve`)).text).toContain('书面批文');
    const page = await logIn(world.test, 'client-e');
    expect((await page.get('/care/greetings')).text).toContain('时令更替');
    expect((await page.post(`/care/greetings/${id}/approve`, {})).status).toBe(303);
    expect((await world.planner.post(`/care/greetings/${id}/approve`, { reference: '函〔2026〕8号' })).body).toMatchObject({
      decidedBy: '白露',
      reference: null,
    });
    expect((await client.post('/care/greetings/999/approve')).status).toBe(404);
  });

  it('with it one message goes to the chosen stars; taken back, it goes to nobody', async () => {
    const [six, five] = [await person(world.test.db, { star: 6 }), await person(world.test.db, { star: 5 })];
    expect((await world.run(SNOW, [TEMPLATE])).messages[TEMPLATE]).toBeGreaterThan(0);
    expect((await world.run(SNOW, [TEMPLATE])).messages[TEMPLATE]).toBe(0);
    expect([await greeted(six), await greeted(five)]).toEqual([[`${SNOW} open`], []]);
    const { id } = (await client.get('/care/greetings')).body.items[0] as { id: string };
    expect((await client.post(`/care/greetings/${id}/refuse`, {})).status).toBe(422);
    expect((await client.post(`/care/greetings/${id}/refuse`, { reason: '今年不发' })).body).toMatchObject({ state: 'refused', reason: '今年不发' });
    expect(await greeted(six)).toEqual([`${SNOW} cancelled`]);
  });

  it('another wording needs another word', async () => {
    const { id } = (await client.get('/care/greetings')).body.items[0] as { id: string };
    await world.planner.post(`/care/greetings/${id}/approve`, { reference: '函〔2026〕8号' });
    await world.test.db.run(sql`
      insert into messaging.template_version (template_id, version, signature, body, created_at, approved_at)
      select id, 2, '中国电信', '{{honorific}}您好，天冷了，多保重。', '2026-11-24', '2026-11-24' from messaging.template where code = ${TEMPLATE}`);
    const who = await person(world.test.db, { star: 6 });
    expect(await why(who, SNOW)).toContain('短信模板又改过');
    await world.run(SNOW, [TEMPLATE]);
    expect(await greeted(who)).toEqual([]);
    const anew = (await ask(SNOW)).body as { id: string; version: number };
    expect(anew.version).toBe(2);
    expect(codesOf(await client.post(`/care/greetings/${anew.id}/approve`))).toEqual(['greeting_day_taken']);
    await client.post(`/care/greetings/${id}/refuse`, { reason: '改用新的' });
    expect((await client.post(`/care/greetings/${anew.id}/approve`)).status).toBe(200);
    await world.run(SNOW, [TEMPLATE]);
    expect(await greeted(who)).toEqual([`${SNOW} open`]);
  });
});
