import type { Response } from 'supertest';
import { CareClosingLine } from '../../../src/care/closing/closing-line.queries.js';
import { isCentralWish } from '../../../src/contact/gate/central-wish.policy.js';
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
    const planner = await logIn(world.test, 'planner-e');
    expect((await planner.get('/care')).text).toContain('12-07 大雪的问候还没有委托方批准');
    const page = (await planner.get('/care/greetings?day=2026-12-22')).text;
    expect(page).toContain('href="/care/greetings?day=2026-12-22#day"');
    expect(page).not.toContain(`?day=${SNOW}#day`); // asked for already
    expect(page).toMatch(/name="day"[^>]* value="2026-12-22"/);
    expect((await planner.get('/care/greetings?lang=en')).text).toMatch(/22 Dec · Winter Solstice</);
    // a person keeps the language she chose
    await planner.get('/care/greetings?lang=zh');
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

describe('CAR-5 the closing line goes by the day', () => {
  const said = (who: Person, day: string, locale: 'zh' | 'en' = 'zh'): Promise<string | null> =>
    world.test.app.get(CareClosingLine, { strict: false }).forCall({ day, customerId: who.id, locale });
  let born: Person;
  let east: Person;
  let west: Person;

  beforeAll(async () => {
    east = await person(world.test.db, { city: '青州市' });
    west = await person(world.test.db, { manager: null, unit: 'west', city: '青州市' });
    born = await person(world.test.db, { birthday: { calendar: 'lunar', month: 10, day: 18 }, city: '临江市' });
    const marks = [
      { kind: 'cold', from: '2026-11-24', to: '2026-12-22', name: '寒潮', region: '青州市' },
      { kind: 'member-day', from: '2026-11-25', name: '会员日' },
      { kind: 'member-day', from: '2026-12-08', name: '会员日' },
      { kind: 'other', from: '2026-12-09', name: '厅店开业' },
      { kind: 'heat', from: '2027-02-06', name: '暖冬' },
    ];
    for (const mark of marks) expect((await world.planner.post('/calendar/marks', mark)).status).toBe(201);
    await world.test.db.run(
      sql`insert into care.closing_line (kind, value, text_zh, text_en) values ('day', '2026-12-10', '今天系统升级，再见！', 'Bye')`,
    );
  });

  it.each<[what: string, who: () => Person, day: string, line: RegExp]>([
    ['a festival before the days off', () => east, '2027-01-01', /^新年好/],
    ['a solar term within a cold spell', () => east, '2026-12-07', /^大雪时节/],
    ['a cold spell in the customer’s region', () => east, '2026-11-25', /^这几天降温/],
    ['the member day where it is not cold', () => born, '2026-12-08', /^今天是会员日/],
    ['nothing of another unit’s', () => west, '2026-12-08', /^感谢您的接听/],
    ['a day noted as something else', () => born, '2026-12-09', /^感谢您的接听/],
    ['a Saturday', () => born, '2026-11-28', /^今天周末/],
    ['the last working day before it', () => born, '2026-12-11', /^马上就是休息日了/],
    ['the customer’s lunar birthday', () => born, '2026-11-26', /^今天是您的生日/],
    ['somebody else’s birthday', () => west, '2026-11-26', /^感谢您的接听/],
    ['a line entered for the day', () => east, '2026-12-10', /^今天系统升级/],
    ['GOV-6 Spring Festival: the weather may be spoken of', () => east, '2027-02-06', /^这几天高温/],
    ['GOV-6 National Day', () => east, '2026-10-01', /^感谢您的接听/],
    ['GOV-6 a Saturday of National Day', () => west, '2026-10-03', /^感谢您的接听/],
  ])('%s', async (_, who, day, line) => {
    expect(await said(who(), day)).toMatch(line);
  });

  it('in the language of whoever calls', async () => {
    expect(await said(born, '2026-12-08', 'en')).toMatch(/^It is member day/);
  });

  it('GOV-6 no line wishes a happy Spring Festival or National Day, also if somebody had one for the festival', async () => {
    const lines = await world.test.db.rows<{ zh: string }>(sql`select text_zh as zh from care.closing_line`);
    expect(lines.map(({ zh }) => zh).filter(isCentralWish)).toEqual([]);
    await world.test.db.run(
      sql`insert into care.closing_line (kind, value, text_zh, text_en) values ('festival', '国庆节', '国庆快乐，再见！', 'Bye')`,
    );
    expect(await said(east, '2026-10-01')).toMatch(/^感谢您的接听/);
  });

  describe('and is written by planners', () => {
    const lineOf = (kind: string, value = ''): Promise<{ id: string; version: number }> =>
      world.test.db.one(sql`select id, version from care.closing_line where kind = ${kind} and value = ${value}`);

    it('one line for a day, from the next call on, and away again', async () => {
      const page = await logIn(world.test, 'planner-e');
      const bad = await page.post('/care/closing-lines', { kind: 'day', value: '2026-13-01', zh: '提前下班，再见！', en: 'Early close, goodbye!' });
      expect(bad.status).toBe(422);
      expect(bad.text).toContain('日期要写成2026-12-24这样');
      expect(bad.text).toContain('提前下班，再见！');
      const line = { kind: 'day', value: '2026-12-14', zh: '提前下班，再见！', en: 'Early close, goodbye!' };
      expect((await page.post('/care/closing-lines', line)).status).toBe(303);
      expect(await said(east, '2026-12-14')).toBe('提前下班，再见！');
      const twice = await page.post('/care/closing-lines', line);
      expect([twice.status, twice.text.includes('已经有一条“2026-12-14”的结束语')]).toEqual([409, true]);
      const { id } = await lineOf('day', '2026-12-14');
      expect((await page.post(`/care/closing-lines/${id}/remove`)).status).toBe(303);
      expect(await said(west, '2026-12-14')).toMatch(/^感谢您的接听/);
    });

    it('rewrites one that came along, keeps what somebody else wrote meanwhile, and never removes it', async () => {
      const page = await logIn(world.test, 'planner-e');
      const { id, version } = await lineOf('default');
      const text = { zh: '感谢您的接听，祝您天天开心，再见！', en: 'Thank you and goodbye!', version: String(version) };
      expect((await page.get(`/care/closing-lines?edit=${id}`)).text).toContain('感谢您的接听，祝您生活愉快，再见！');
      expect((await page.post(`/care/closing-lines/${id}`, text)).status).toBe(303);
      expect(await said(west, '2026-12-14')).toBe(text.zh);
      const stale = await page.post(`/care/closing-lines/${id}`, { ...text, zh: '再见！' });
      expect([stale.status, stale.text.includes('别人刚改过这一条'), stale.text.includes('value="再见！"')]).toEqual([409, true, true]);
      expect((await page.post(`/care/closing-lines/${id}/remove`)).text).toContain('不能删除');
      expect(await lineOf('default')).toEqual({ id, version: version + 1 });
    });

    it('GOV-6 refuses a wish of the province’s, says why, and is not for managers', async () => {
      const page = await logIn(world.test, 'planner-e');
      const { id, version } = await lineOf('weekend');
      const wish = await page.post(`/care/closing-lines/${id}`, { zh: '祝您国庆快乐，再见！', en: 'Goodbye!', version: String(version) });
      expect([wish.status, wish.text.includes('由省里统一发送')]).toEqual([422, true]);
      const looks = await (await logIn(world.test, 'supervisor-e')).get('/care/closing-lines');
      expect([looks.status, looks.text.includes('改写')]).toEqual([200, false]);
      expect((await (await logIn(world.test, 'supervisor-e')).post('/care/closing-lines', {})).status).toBe(403);
      expect((await (await logIn(world.test, 'm01')).get('/care/closing-lines')).status).toBe(403);
      expect((await page.post('/care/closing-lines/0/remove')).status).toBe(404);
    });
  });
});
