import type { Response } from 'supertest';
import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import type { ApiClient } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';
import { CareWorld, person, type Person } from './care-world.js';

let world: CareWorld;
let planner: ApiClient;
let manager: ApiClient;
let seven: Person;
let three: Person;

const OFFER = {
  partner: '万达影城',
  kind: 'cinema',
  benefit: '购票买一赠一',
  redeem: '到店出示星级会员码',
  stars: [5, 6, 7],
  validFrom: '2026-11-01',
  validUntil: '2026-12-31',
};

async function must<T>(sent: Promise<Response>): Promise<T> {
  const answer = await sent;
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as T;
}
const code = ({ status, body }: Response): string => {
  const { error } = body as { error?: { code: string; param?: string } };
  return [status, error?.code, error?.param].filter(Boolean).join(' ');
};
/** A new offer, alone in its world: those before it are ended. */
async function only(change: object = {}): Promise<string> {
  await world.test.db.run(sql`update care.partner_offer set ended_at = now() where ended_at is null`);
  return (await must<{ id: string }>(planner.post('/care/partner-offers', { ...OFFER, benefit: `优惠${Math.random()}`, ...change }))).id;
}
const listed = async (id: string): Promise<{ benefit: string; version: number; uses: number }> => {
  const { items } = await must<{ items: { id: string; benefit: string; version: number; uses: number }[] }>(
    planner.get('/care/partner-offers?limit=200'),
  );
  const found = items.find((offer) => offer.id === id);
  if (!found) throw new Error(`offer ${id} is not listed`);
  return found;
};
const entitled = async ({ id }: Person, who = planner): Promise<string[]> =>
  (await must<{ entitled: { id: string }[] }>(who.get(`/customers/${id}/partner-offers`))).entitled.map((offer) => offer.id);

beforeAll(async () => {
  world = await CareWorld.open({ now: '2026-11-24T10:00:00+08:00' });
  planner = world.planner;
  manager = await world.house('m01');
  const { db } = world.test;
  seven = await person(db, { star: 7, birthday: { month: 11, day: 24, calendar: 'solar', leap: false } as never });
  three = await person(db, { star: 3 });
  await db.run(sql`update customers.customer set city = '南京', district = '鼓楼' where id = ${seven.id}`);
});
afterAll(() => world.test.close());

describe('CAR-13 who is entitled, until when', () => {
  it.each<[why: string, change: object, seven: boolean, three: boolean]>([
    ['the star level', {}, true, false],
    ['every star level', { stars: [1, 2, 3, 4, 5, 6, 7] }, true, true],
    ['the city', { region: '南京' }, true, false],
    ['the district', { region: '鼓楼', stars: [3, 7] }, true, false],
    ['another city', { region: '苏州' }, false, false],
    ['its last day', { validUntil: '2026-11-24' }, true, false],
    ['a term that is over', { validUntil: '2026-11-23' }, false, false],
    ['a term to come', { validFrom: '2026-11-25' }, false, false],
    ['the birthday', { occasion: 'birthday', stars: [3, 7] }, true, false],
    ['a holiday, on a working day', { occasion: 'holiday' }, false, false],
    ['a member day nobody marked', { occasion: 'member-day' }, false, false],
  ])('by %s', async (_why, change, bySeven, byThree) => {
    const id = await only(change);
    expect([(await entitled(seven)).includes(id), (await entitled(three)).includes(id)]).toEqual([bySeven, byThree]);
  });

  it('by a member day marked in the calendar, where it is marked, and by a holiday', async () => {
    const member = await only({ occasion: 'member-day', stars: [3, 7] });
    await must(planner.post('/calendar/marks', { kind: 'member-day', from: '2026-11-24', name: '会员日', region: '南京' }));
    expect([await entitled(seven), await entitled(three)]).toEqual([[member], []]);
    const holiday = await only({ occasion: 'holiday', validFrom: '2026-09-01' });
    const use = (usedOn: string) => planner.post(`/customers/${seven.id}/partner-offers`, { offer: holiday, usedOn });
    expect(code(await use('2026-10-01'))).toBe('201');
    expect(code(await use('2026-11-03'))).toBe('422 invalid_input offer');
  });

  it('SYS-1 by the unit: an offer of the west is nobody’s in the east', async () => {
    await only();
    const { id } = await must<{ id: string }>((await world.house('planner-w')).post('/care/partner-offers', OFFER));
    expect(await entitled(seven)).not.toContain(id);
  });
});

describe('CAR-13 a planner keeps the list', () => {
  it.each<[field: string, change: object, fault: string]>([
    ['stars', { stars: [] }, 'partner_no_stars'],
    ['stars', { stars: [8] }, ''],
    ['validUntil', { validUntil: '2026-10-31' }, 'day_reversed'],
    ['validFrom', { validFrom: '2026-02-30' }, 'day_malformed'],
    ['validFrom', { validFrom: '0000-01-01' }, 'day_malformed'],
    ['kind', { kind: 'theatre' }, ''],
    ['sentence', { sentence: '【万达】买一赠一' }, 'partner_sentence_brackets'],
    ['partner', { partner: '' }, ''],
  ])('a wrong %s is refused at its field: %j', async (field, change) => {
    expect(code(await planner.post('/care/partner-offers', { ...OFFER, ...change }))).toBe(`422 invalid_input ${field}`);
  });

  it('the same offer twice is refused, a stale version too; an ended one is told to nobody', async () => {
    const id = await only();
    const { benefit, version } = await listed(id);
    expect(code(await planner.post('/care/partner-offers', { ...OFFER, benefit }))).toBe('409 partner_offer_known benefit');
    expect(code(await planner.put(`/care/partner-offers/${id}`, { ...OFFER, benefit, stars: [7], version }))).toBe('200');
    expect(code(await planner.put(`/care/partner-offers/${id}`, { ...OFFER, benefit, stars: [6], version }))).toBe('409 partner_offer_changed');
    const other = await must<{ id: string }>(planner.post('/care/partner-offers', { ...OFFER, benefit: '小食半价' }));
    expect(code(await planner.put(`/care/partner-offers/${other.id}`, { ...OFFER, benefit }))).toBe('409 partner_offer_known benefit');
    expect(await entitled(seven)).toEqual([id, other.id]);
    await must(planner.post(`/care/partner-offers/${id}/end`));
    await must(planner.post(`/care/partner-offers/${id}/end`));
    expect(await entitled(seven)).toEqual([other.id]);
    // for good: what is saved into it would be told to nobody
    expect(code(await planner.put(`/care/partner-offers/${id}`, { ...OFFER, benefit, validUntil: '2027-12-31' }))).toBe('409 partner_offer_ended');
    const page = await logIn(world.test, 'planner-e');
    expect((await page.get(`/care/partner-offers/${other.id}`)).text).toContain('name="validUntil"');
    expect((await page.get(`/care/partner-offers/${id}`)).text).not.toContain('name="validUntil"');
    const rows = await world.test.db.rows(sql`select 1 from staff.audit_entry where action = 'care.partner_offer_ended' and object_id = ${id}`);
    expect(rows).toHaveLength(1);
  });

  it('by pages: what was typed stays, the fault stands at its field; a supervisor reads', async () => {
    await only();
    const page = await logIn(world.test, 'planner-e');
    const typed = {
      partner: '中石化',
      kind: 'fuel',
      benefit: '每升减5角',
      redeem: '出示星级码',
      occasion: 'any',
      validFrom: '2026-11-01',
      validUntil: '2026-12-31',
    };
    const again = await page.post('/care/partner-offers/new', { ...typed, validUntil: '2026-10-01', star7: 'on' });
    expect(again.status).toBe(422);
    for (const words of ['value="每升减5角"', '结束日期早于开始日期']) expect(again.text).toContain(words);
    expect(again.text).toMatch(/name="star7" checked/);
    expect((await page.post('/care/partner-offers/new', { ...typed, star7: 'on', star6: 'on' })).headers.location).toBe('/care/partner-offers');
    expect((await page.get('/care/partner-offers?kind=fuel')).text).toContain('中石化');
    expect((await page.get('/care/partner-offers?q=nothing')).text).toContain('没有符合条件的权益');
    const supervisor = await logIn(world.test, 'supervisor-e');
    expect((await supervisor.get('/care/partner-offers')).text).toContain('每升减5角');
    expect((await supervisor.get('/care/partner-offers/new')).status).toBe(403);
    expect((await supervisor.post('/care/partner-offers/new', { ...typed, star7: 'on' })).status).toBe(403);
  });
});

it('CAR-13 the call sheet offers what the customer may use today and within the week, on page and API', async () => {
  await only({ benefit: '购票买一赠一' });
  await must(planner.post('/care/partner-offers', { ...OFFER, partner: '小龙坎', kind: 'restaurant', benefit: '免费甜品', occasion: 'birthday' }));
  await world.enable('star-revisit');
  await world.run('2026-11-24', ['star-revisit']);
  const { id: task } = await world.test.db.one<{ id: string }>(
    sql`select task_id as id from care.due where customer_id = ${seven.id} and task_id is not null`,
  );
  const { task: held } = await must<{ task: { partnerOffers: string[] } }>(manager.post(`/tasks/${task}/claim`));
  const { partnerOffers } = held;
  expect(partnerOffers).toEqual([
    '小龙坎：免费甜品，生日11月24日可用。到店出示星级会员码',
    '万达影城：购票买一赠一，12月31日前有效。到店出示星级会员码',
  ]);
  const desk = (await (await logIn(world.test, 'm01')).get('/desk')).text;
  for (const sentence of partnerOffers) expect(desk).toContain(sentence);
  expect(desk).toContain(`href="/customers/${seven.id}/partner-offers?at=desk"`);
});

describe('CAR-13 the use of an offer is recorded during the call', () => {
  const path = (): string => `/customers/${seven.id}/partner-offers`;
  const uses = (): Promise<object[]> =>
    world.test.db.rows(sql`select used_on as "on", note from care.partner_use where customer_id = ${seven.id} and offer_id = ${offer}::bigint`);
  let offer: string;
  beforeEach(async () => {
    offer = await only();
  });

  it('beside the script, and the desk stays as it is; what is refused says why at the same place', async () => {
    const page = await logIn(world.test, 'm01');
    const beside = await page.agent.get(`${path()}?at=desk`).set('hx-request', 'true').set('accept', 'text/html');
    expect([beside.status, beside.text.includes('<html'), beside.text.includes('万达影城')]).toEqual([200, false, true]);
    const csrf = beside.text.match(/name="_csrf" value="([^"]+)"/)?.[1] ?? '';
    const send = (typed: object) =>
      page.agent
        .post(path())
        .type('form')
        .set('hx-request', 'true')
        .set('accept', 'text/html')
        .send({ _csrf: csrf, at: 'desk', offer, ...typed });
    const done = await send({ usedOn: '2026-11-24', note: '电话里说的' });
    expect([done.status, done.headers['hx-redirect'], done.text.includes('<html')]).toEqual([201, undefined, false]);
    expect(done.text).toMatch(/role="status">.*万达影城/);
    expect(await uses()).toEqual([{ on: '2026-11-24', note: '电话里说的' }]);
    const twice = await send({ usedOn: '2026-11-24' });
    expect([twice.status, twice.text.includes('id="offer-use"')]).toEqual([409, true]);
    const future = await send({ usedOn: '2026-12-24' });
    expect([future.status, future.text.includes('is-invalid') || future.text.includes('aria-invalid')]).toEqual([422, true]);
    expect(await uses()).toHaveLength(1);
  });

  it('without scripts on its own page, and back to the desk', async () => {
    const page = await logIn(world.test, 'm01');
    expect((await page.get(`${path()}?at=desk`)).text).toContain('name="at" value="desk"');
    const answer = await page.post(path(), { at: 'desk', offer, usedOn: '2026-11-24' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/desk']);
    expect(await uses()).toHaveLength(1);
  });
});

describe('CAR-13 care messages say it by {{partnerOffer}}', () => {
  const sentence = '凭本短信到万达影城买一赠一，12月31日前有效。';
  const preview = async (body: string): Promise<unknown> => {
    const template = { code: `t${Math.floor(Math.random() * 1e9)}`, name: 'x', purpose: 'care', signature: '中国电信', body };
    await must(planner.post('/sms/templates', template));
    return await must<{ items: { text: string }[]; errors: unknown }>(
      planner.post(`/sms/templates/${template.code}/preview`, { phones: [seven.phone, three.phone] }),
    );
  };

  it('the sentence for whoever is entitled, nothing for the others: their message goes out without it', async () => {
    await only({ sentence });
    expect(await preview('天冷加衣。{{partnerOffer}}')).toMatchObject({
      items: [{ text: `【中国电信】天冷加衣。${sentence}` }, { text: '【中国电信】天冷加衣。' }],
      errors: [],
    });
  });

  it('a message that would say nothing else is not made', async () => {
    await only({ sentence });
    expect(await preview('{{partnerOffer}}')).toMatchObject({ items: [{ text: `【中国电信】${sentence}` }], errors: [{ code: 'sms_empty' }] });
  });

  it('an occasion comes first; an offer without a sentence is told on calls only', async () => {
    await only({ sentence: null });
    expect(await preview('您好。{{partnerOffer}}')).toMatchObject({ items: [{ text: '【中国电信】您好。' }, { text: '【中国电信】您好。' }] });
    await only({ sentence, validUntil: '2026-11-30' });
    await must(
      planner.post('/care/partner-offers', { ...OFFER, partner: '小龙坎', benefit: '甜品', occasion: 'birthday', sentence: '生日甜品免费。' }),
    );
    expect(await preview('您好。{{partnerOffer}}')).toMatchObject({
      items: [{ text: '【中国电信】您好。生日甜品免费。' }, { text: '【中国电信】您好。' }],
    });
  });

  it('the birthday wish of the day carries it', async () => {
    await only({ sentence: '生日观影免费。', occasion: 'birthday' });
    await must(
      planner.post('/sms/templates', {
        code: 'wish',
        name: 'x',
        purpose: 'care',
        signature: '中国电信',
        body: '{{honorific}}生日快乐。{{partnerOffer}}',
      }),
    );
    await must((await world.house('admin')).post('/sms/templates/wish/approve'));
    const { settings } = await must<{ settings: object }>(planner.get('/care/rules/birthday'));
    await world.enable('birthday', { ...settings, template: 'wish' });
    await world.run('2026-11-24', ['birthday']);
    await drainJobs(world.test.app);
    const sent = await world.test.db.rows<{ body: string }>(sql`select body from messaging.message where customer_id = ${seven.id}`);
    expect(sent.map(({ body }) => body)).toEqual([expect.stringMatching(/生日快乐。生日观影免费。$/)]);
  });
});

describe('CAR-13 what was used is recorded by hand', () => {
  it('by the manager of the customer, once a day and offer; neither ahead of time nor without being entitled', async () => {
    const offer = await only();
    const use = (usedOn: string, who = manager, customer = seven) =>
      who.post(`/customers/${customer.id}/partner-offers`, { offer, usedOn, note: '带家人' });
    expect(code(await use('2026-11-20'))).toBe('201');
    expect(code(await use('2026-11-20'))).toBe('409 partner_use_known usedOn');
    expect(code(await use('2026-11-25'))).toBe('422 invalid_input usedOn');
    expect(code(await use('2026-10-31'))).toBe('422 invalid_input offer');
    expect(code(await use('2026-11-20', manager, three))).toBe('422 invalid_input offer');
    expect(code(await use('2026-11-20', await world.house('m02')))).toBe('404 not_found');
    expect(await listed(offer)).toMatchObject({ uses: 1 });
  });

  it('on the customer’s page, which works without scripts', async () => {
    const offer = await only({ benefit: '洗车一次' });
    const page = await logIn(world.test, 'm01');
    expect((await page.get(`/customers/${seven.id}`)).text).toContain(`hx-get="/customers/${seven.id}/partner-offers"`);
    expect((await page.get(`/customers/${seven.id}/partner-offers`)).text).toContain('洗车一次');
    const ahead = await page.post(`/customers/${seven.id}/partner-offers`, { offer, usedOn: '2026-12-01', note: '顺路去的' });
    expect(ahead.status).toBe(422);
    for (const words of ['还没到这一天', '顺路去的']) expect(ahead.text).toContain(words);
    await page.post(`/customers/${seven.id}/partner-offers`, { offer, usedOn: '2026-11-24', note: '顺路去的' });
    expect((await page.get(`/customers/${seven.id}/partner-offers`)).text).toContain('顺路去的');
    expect((await (await logIn(world.test, 'supervisor-e')).get(`/care/partner-offers/${offer}`)).text).toContain('顺路去的');
    expect((await page.get(`/customers/${three.id}/partner-offers`)).text).toContain('30天内没有可用的权益');
  });
});
