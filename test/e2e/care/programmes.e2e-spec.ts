import { CareClosingLine } from '../../../src/care/closing/closing-line.queries.js';
import { FollowUpCommands } from '../../../src/care/follow-ups.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { billed, CareWorld, contacted, person, type Person, roamed, used, usedBy } from './care-world.js';

/** A Tuesday, and the solar term 小雪 fell on the Sunday before. */
const TUESDAY = '2026-11-24';
const SATURDAY = '2026-11-28';

let world: CareWorld;
beforeAll(async () => (world = await CareWorld.open()));
afterAll(() => world.test.close());

const keysOf = async (who: Person): Promise<string[]> => (await world.due(who)).map(({ rule, cycle, channel }) => `${rule} ${cycle} ${channel}`);
const textsTo = async ({ id }: Person): Promise<string[]> =>
  (await world.test.db.rows<{ body: string }>(sql`select body from messaging.message where customer_id = ${id} order by id`)).map(({ body }) => body);

describe('CAR-8 silent customers', () => {
  it('get a message and a call of this half-year, once, however often the plan runs', async () => {
    await world.enable('silent');
    const silent = await person(world.test.db, { star: 3, joinedOn: '2020-01-01' });
    const spoken = await person(world.test.db, { star: 3, joinedOn: '2020-01-01' });
    await contacted(world.test.db, spoken, { on: '2026-10-01' });
    const run = await world.run(TUESDAY, ['silent']);
    expect([run.planned.silent, run.messages.silent]).toEqual([1, 1]);
    expect(await keysOf(silent)).toEqual(['silent 2026-H2 sms', 'silent 2026-H2-call call']);
    expect(await keysOf(spoken)).toEqual([]);
    const again = await world.run('2026-11-25', ['silent']);
    expect([again.planned.silent, again.messages.silent]).toEqual([0, 0]);
  });
});

describe('CAR-14 monthly visit by message', () => {
  it('goes out on a day off, not on a working day, and only to rated customers', async () => {
    await world.enable('sms-visit', { stars: [5] });
    const five = await person(world.test.db, { star: 5 });
    const unrated = await person(world.test.db, { star: 0 });
    expect((await world.run(TUESDAY, ['sms-visit'])).messages['sms-visit']).toBe(0);
    await world.run(SATURDAY, ['sms-visit']);
    await world.run('2026-11-29', ['sms-visit']);
    expect(await keysOf(five)).toEqual(['sms-visit 2026-11 sms']);
    expect(await keysOf(unrated)).toEqual([]);
  });

  it('GOV-5 is filler for the gate: whoever opted out gets none, and the run says so', async () => {
    const out = await person(world.test.db, { star: 5 });
    const blocked = await (
      await world.house('admin')
    ).post('/contact/blocks', { phone: out.phone, channel: 'sms', reason: 'TD', scope: 'marketing' });
    expect(blocked.status).toBe(201);
    await world.run(SATURDAY, ['sms-visit']);
    const run = await world.run('2026-11-29', ['sms-visit']);
    expect(await keysOf(out)).toEqual([]);
    expect(run.skipped.opted_out).toBe(1);
  });
});

describe('CAR-7 package use', () => {
  it('puts an overflowing customer on the list, and the call sheet says what each option would cost', async () => {
    const { test } = world;
    await world.enable('package-usage');
    const over = await person(test.db, { star: 4 });
    await test.db.run(sql`update customers.line set package = '畅享129' where id = ${over.lineId}`);
    for (const month of ['2026-08-01', '2026-09-01', '2026-10-01']) {
      await used(test.db, over, { month, dataQuotaMb: 20_480, dataUsedMb: 30_000, voiceQuotaMin: null, voiceUsedMin: null });
      await test.db.run(sql`update customers.package_use set extra_fee_fen = 5000 where line_id = ${over.lineId}`);
      await billed(test.db, over, { month, amountFen: 17_900 });
    }
    const csv = 'code,name,kind,price,data_mb\nP129,畅享129,套餐,129,20480\nD10,流量包10GB,流量包,15,10240\nP239,畅享239,套餐,239,61440\n';
    const planner = await world.house('planner-e');
    expect((await planner.upload('/imports?feed=offers', csv, 'offers.csv')).status).toBe(202);
    expect((await world.run(TUESDAY, ['package-usage'])).planned['package-usage']).toBe(1);
    const manager = await world.house('m01');
    const [task] = (await manager.get(`/tasks?rule=package-usage`)).body.items as { id: string }[];
    const claimed = await manager.post(`/tasks/${task?.id}/claim`);
    expect(claimed.status).toBe(200);
    const reasons = (claimed.body as { task: { reasons: string[] } }).task.reasons;
    expect(reasons[0]).toContain('连续用超流量：10月用了30,000MB');
    // 129 + 15 instead of 129 + 50 beyond the package
    expect(reasons.join('\n')).toContain('流量包10GB，每月15元：按近3个月算，平均144元，每月省35元，一年省420元');
    expect(reasons.join('\n')).toMatch(/畅享239，每月239元：.*比现在贵，每月多60元/);
    const desk = await logIn(test, 'm01');
    expect((await desk.get('/desk')).text).toContain('流量包10GB，每月15元');
    await manager.post(`/tasks/${task?.id}/release`, { reason: 'look' });
  });

  it('does not plan the same customer again while the talk about it is fresh', async () => {
    const talked = await person(world.test.db, { star: 4 });
    for (const month of ['2026-09-01', '2026-10-01']) {
      await used(world.test.db, talked, { month, dataQuotaMb: 100, dataUsedMb: 200, voiceQuotaMin: null, voiceUsedMin: null });
    }
    await contacted(world.test.db, talked, { on: '2026-10-20', campaign: 'package-usage' });
    await world.run(TUESDAY, ['package-usage']);
    expect(await keysOf(talked)).toEqual([]);
  });
});

describe('CAR-3 star rights notice', () => {
  interface Right {
    code: string;
    labelZh: string;
    labelEn: string;
    perYear: number | null;
  }
  const rightsOf = async (star: number): Promise<Right[]> => ((await world.planner.get(`/star-rights/${star}`)).body as { items: Right[] }).items;
  const lounge = async (perYear: number): Promise<void> => {
    const items = (await rightsOf(6)).map((right) => (right.code === 'lounge' ? { ...right, perYear } : right));
    const answer = await world.planner.put('/star-rights/6', { items });
    expect([answer.status, (answer.body as { changes: unknown[] }).changes.length]).toEqual([200, 1]);
  };
  const taskOf = async (who: Person, manager = 'm01'): Promise<string[]> => {
    const [due] = (await world.due(who)).filter(({ rule, channel }) => rule === 'star-rights' && channel === 'call');
    const client = await world.house(manager);
    const claimed = await client.post(`/tasks/${due?.taskId}/claim`);
    expect(claimed.status).toBe(200);
    await client.post(`/tasks/${due?.taskId}/release`, { reason: 'look' });
    return (claimed.body as { task: { reasons: string[] } }).task.reasons;
  };

  it('tells whoever holds the star, once, and the call sheet says what changed, also what changed after the plan', async () => {
    await world.enable('star-rights', { callAfterDays: 0 });
    const [six, five] = [await person(world.test.db, { star: 6 }), await person(world.test.db, { star: 5 })];
    await lounge(5);
    const run = await world.run(TUESDAY, ['star-rights']);
    expect([run.planned['star-rights'], run.messages['star-rights']]).toEqual([1, 1]);
    expect(await keysOf(six)).toEqual(['star-rights 2026-11-24 sms', 'star-rights 2026-11-24-call call']);
    expect(await keysOf(five)).toEqual([]);
    expect((await textsTo(six))[0]).toMatch(/您的6星服务有更新。您的专属客户经理是林晓雯/);
    await lounge(4);
    const again = await world.run('2026-11-25', ['star-rights']);
    expect([again.planned['star-rights'], again.messages['star-rights']]).toEqual([0, 0]);
    const said = (await taskOf(six)).join('\n');
    expect(said).toContain('6星权益11月24日有变动');
    expect(said).toContain('权益有变：机场贵宾厅，原每年3次，现每年5次');
    expect(said).toContain('权益有变：机场贵宾厅，原每年5次，现每年4次');
  });

  it('a file that gives a customer to somebody else is told like a hand-over, once', async () => {
    const moved = await person(world.test.db, { star: 7, manager: 'm02' });
    const file = `phone,manager\n${moved.phone.slice(3)},m01\n`;
    expect((await world.planner.upload('/imports?feed=customers', file)).status).toBe(202);
    await drainJobs(world.test.app);
    await world.planner.upload('/imports?feed=customers', `${file}\n`);
    await drainJobs(world.test.app);
    const facts = await world.test.db.rows(sql`
      select o.username as old, n.username as new, b.username as by, f.note from customers.v_manager_change m join customers.profile_fact f on f.id = m.id
      join staff.app_user o on o.id = m.old_manager_id join staff.app_user n on n.id = m.manager_id join staff.app_user b on b.id = f.learned_by
      where m.customer_id = ${moved.id}`);
    expect(facts).toEqual([{ old: 'm02', new: 'm01', by: 'planner-e', note: '随客户资料导入' }]);
    await world.run(TUESDAY, ['star-rights']);
    await world.run('2026-11-25', ['star-rights']);
    expect(await keysOf(moved)).toEqual(['star-rights 2026-11-24 sms', 'star-rights 2026-11-24-call call']);
    expect((await taskOf(moved)).join('\n')).toContain('客户经理由周可欣换成林晓雯');
  });

  it('a star that is taken away takes the untouched contact with it', async () => {
    const fallen = await person(world.test.db, { star: 6 });
    await world.run(TUESDAY, ['star-rights']);
    await world.test.db.run(sql`update customers.customer set star_level = 5 where id = ${fallen.id}`);
    await world.run('2026-11-25', ['star-rights']);
    const states = (await world.due(fallen)).map(({ channel, state }) => `${channel} ${state}`);
    expect(states).toContain('call cancelled');
  });

  it('refuses what cannot be: another star, the same right twice, a manager', async () => {
    const items = await rightsOf(7);
    expect((await world.planner.put('/star-rights/8', { items })).status).toBe(404);
    const twice = await world.planner.put('/star-rights/7', { items: [...items, items[0]] });
    expect([twice.status, (twice.body as { error: { code: string } }).error.code]).toEqual([422, 'invalid_input']);
    expect(twice.text).toContain('写了两次');
    expect((await (await world.house('m01')).put('/star-rights/7', { items: [] })).status).toBe(403);
    expect(await rightsOf(7)).toEqual(items);
  });

  it('are changed on a page that keeps what was typed and says who changed what', async () => {
    const page = await logIn(world.test, 'planner-e');
    const boxes: Record<string, string> = {};
    for (const [n, { code, labelZh, labelEn, perYear }] of (await rightsOf(7)).entries())
      Object.assign(boxes, { [`code.${n}`]: code, [`labelZh.${n}`]: labelZh, [`labelEn.${n}`]: labelEn, [`perYear.${n}`]: `${perYear ?? ''}` });
    const more = { 'labelZh.20': '高铁贵宾厅', 'labelEn.20': 'Railway lounge' };
    const wrong = await page.post('/customers/star-rights/7', { ...boxes, ...more, 'perYear.20': 'many' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="高铁贵宾厅"');
    expect((await page.post('/customers/star-rights/7', { ...boxes, ...more, 'perYear.20': '6' })).status).toBe(303);
    expect((await page.get('/customers/star-rights/7')).text).toMatch(/顾明哲[\s\S]*高铁贵宾厅: 新增, 每年6次/);
    expect((await page.get('/customers/star-rights/9')).status).toBe(404);
    expect((await (await logIn(world.test, 'm01')).get('/customers/star-rights')).status).toBe(403);
  });
});

describe('CAR-9 service follow-up', () => {
  const callOf = async (who: Person, rule: string): Promise<string> =>
    (await world.due(who)).find((due) => due.rule === rule && due.channel === 'call')?.taskId ?? '';
  const followUps = async (who: Person): Promise<string[]> =>
    (await world.due(who)).filter(({ rule }) => rule === 'service-follow-up').map(({ cycle, state }) => `${cycle} ${state}`);
  const orders = async (rows: string): Promise<void> => {
    expect((await world.planner.upload('/imports?feed=orders', `order_no,state,completed_on\n${rows}\n`)).status).toBe(202);
    await drainJobs(world.test.app);
  };
  const bought = async (orderNo: string): Promise<Person> => {
    const who = await person(world.test.db, { star: 3, joinedOn: '2020-01-01' });
    await world.run(TUESDAY, ['silent']);
    const manager = await world.house('m01');
    const task = await callOf(who, 'silent');
    await manager.post(`/tasks/${task}/claim`);
    const sold = await manager.post(`/tasks/${task}/attempts`, { outcome: 'converted', talkSeconds: 60, order: { product: '宽带', orderNo } });
    expect(sold.status).toBe(201);
    await drainJobs(world.test.app);
    return who;
  };
  const follows = (): FollowUpCommands => world.test.app.get(FollowUpCommands, { strict: false });
  const ask = (who: Person, reference: string, closedOn: string): Promise<number> =>
    world.test.db.tx((tx) =>
      follows().ask(tx, 'complaint', sql`select ${reference}::text as reference, ${who.id}::bigint as customer_id, ${closedOn}::date as closed_on`),
    );

  it('an order that succeeded asks for one call, and QUA-2 the answer from 1 to 5 stands with the attempt', async () => {
    await world.enable('service-follow-up', { restDays: 0 });
    const who = await bought('B-1');
    await orders('B-1,success,2026-11-24');
    await orders('B-1,success,2026-11-24\n');
    expect((await world.run(TUESDAY, ['service-follow-up'])).planned['service-follow-up']).toBe(1);
    expect((await world.run('2026-11-25', ['service-follow-up'])).planned['service-follow-up']).toBe(0);
    expect(await followUps(who)).toEqual(['2026-11-24 order B-1 open']);
    const manager = await world.house('m01');
    const task = await callOf(who, 'service-follow-up');
    const claimed = await manager.post(`/tasks/${task}/claim`);
    expect((claimed.body as { task: { reasons: string[] } }).task.reasons[0]).toContain('订单B-1于11月24日办结');
    expect((await (await logIn(world.test, 'm01')).get('/desk')).text).toMatch(/name="satisfaction"[\s\S]*5 · 很满意/);
    const said = { outcome: 'reached', talkSeconds: 40, topics: ['service-follow-up'] };
    const wrong = await manager.post(`/tasks/${task}/attempts`, { ...said, satisfaction: 6 });
    expect([wrong.status, (wrong.body as { error: { param: string } }).error.param]).toEqual([422, 'satisfaction']);
    const done = await manager.post(`/tasks/${task}/attempts`, { ...said, satisfaction: 4 });
    expect(done.body).toMatchObject({ satisfaction: 4 });
    await drainJobs(world.test.app);
    expect(await followUps(who)).toEqual(['2026-11-24 order B-1 done']);
  });

  it('an order that has not succeeded after all takes the call back, one that failed asks for none', async () => {
    const [undone, failed] = [await bought('B-2'), await bought('B-3')];
    await orders('B-2,success,2026-11-24\nB-3,failed,2026-11-24');
    await world.run(TUESDAY, ['service-follow-up']);
    expect([await followUps(undone), await followUps(failed)]).toEqual([['2026-11-24 order B-2 open'], []]);
    await orders('B-2,failed,2026-11-24');
    expect(await followUps(undone)).toEqual(['2026-11-24 order B-2 cancelled']);
  });

  it('other modules ask once a kind and reference; what was open again is asked about anew', async () => {
    const who = await person(world.test.db, { star: 0 });
    expect([await ask(who, 'T-1', '2026-11-23'), await ask(who, 'T-1', '2026-11-24')]).toEqual([1, 0]);
    await world.run(TUESDAY, ['service-follow-up']);
    expect(await followUps(who)).toEqual(['2026-11-23 complaint T-1 open']);
    const open = (): Promise<number> => world.test.db.tx((tx) => follows().withdraw(tx, 'complaint', sql`select 'T-1' as reference`));
    expect([await open(), await open()]).toEqual([1, 0]);
    expect(await ask(who, 'T-1', '2026-11-24')).toBe(1);
    await world.run('2026-11-25', ['service-follow-up']);
    expect(await followUps(who)).toEqual(['2026-11-23 complaint T-1 cancelled', '2026-11-24 complaint T-1 open']);
  });
});

it('the messages of a silent customer are what the template says, signed by the operator', async () => {
  const silent = await person(world.test.db, { star: 2, joinedOn: '2020-01-01' });
  await world.run(TUESDAY, ['silent']);
  const texts = await textsTo(silent);
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(/^【中国电信】.*好久没有联系您了/);
});

describe('CAR-4 whoever uses the card', () => {
  const LUNAR = { calendar: 'lunar', month: 10, day: 16 } as const; // that Tuesday
  const closing = async ({ id }: Person): Promise<string | null> =>
    world.test.app.get(CareClosingLine, { strict: false }).forCall({ day: TUESDAY, customerId: id, locale: 'zh' });

  it('is wished in the place of the owner, by name and once, however many cards they use', async () => {
    const today = { calendar: 'solar', month: 11, day: 24 } as const;
    await world.enable('birthday', { callStars: [6] });
    const both = await person(world.test.db, { star: 6, birthday: today });
    const owner = await person(world.test.db, { star: 6, birthday: today });
    const user = await person(world.test.db, { star: 6, birthday: { calendar: 'solar', month: 5, day: 1 } });
    const same = await person(world.test.db, { star: 5, birthday: LUNAR });
    await usedBy(world.test.db, owner, { calendar: 'solar', month: 5, day: 1 });
    await usedBy(world.test.db, user, LUNAR, true);
    await usedBy(world.test.db, same, LUNAR, true);
    const run = await world.run(TUESDAY, ['birthday']);
    expect([run.planned.birthday, run.messages.birthday]).toEqual([2, 3]);
    expect(await keysOf(both)).toEqual(['birthday 2026 sms', 'birthday 2026-call call']);
    expect(await keysOf(owner)).toEqual([]);
    expect(await keysOf(user)).toEqual(['birthday 2026 sms', 'birthday 2026-call call']);
    expect(await keysOf(same)).toEqual(['birthday 2026 sms']);
    expect((await textsTo(user)).join()).toContain('】王小明，今天是您的生日');
    expect((await textsTo(both)).join()).toMatch(/】客户\d*先生，今天是您的生日/);
    const [due] = (await world.due(user)).filter(({ channel }) => channel === 'call');
    const task = (await (await world.house('m01')).get('/tasks?rule=birthday')).body as { items: { id: string; reasons: string[] }[] };
    expect(task.items.find(({ id }) => id === due?.taskId)?.reasons.join()).toContain('实际使用人农历生日');
    expect([await closing(user), await closing(owner)]).toEqual([expect.stringMatching(/生日快乐/), expect.not.stringMatching(/生日快乐/)]);
    expect((await world.run('2026-11-25', ['birthday'])).messages.birthday).toBe(0);
  });
});

describe('CAR-6 roaming details', () => {
  const usesOf = ({ id }: Person): Promise<unknown[]> =>
    world.test.db.rows(
      sql`select to_char(month, 'YYYY-MM') as month, destination from customers.roaming_use where customer_id = ${id} order by month, destination`,
    );
  const factsOf = async ({ id }: Person): Promise<unknown> =>
    (await world.test.db.one<{ facts: unknown }>(sql`select facts from care.due where customer_id = ${id} and rule_code = 'roaming-return'`)).facts;
  const nightOf = async (day: string): Promise<void> => {
    world.test.clock.set(`${day}T01:10:00+08:00`);
    await tickSchedules(world.test.app);
  };
  const japan = { month: '2026-10', destination: '日本' };
  const france = { month: '2026-10', destination: '法国' };
  const before = { month: '2026-09', destination: '韩国' };

  it('go 90 days after the call they served, once and for all; those of a month nobody was called about stay', async () => {
    for (const code of ['birthday', 'silent', 'sms-visit', 'package-usage', 'star-rights', 'service-follow-up']) {
      const { version } = (await world.planner.get(`/care/rules/${code}`)).body as { version: number };
      expect((await world.planner.put(`/care/rules/${code}`, { enabled: false, version })).status).toBe(200);
    }
    await world.enable('roaming-return');
    const [called, waiting] = [await person(world.test.db, { star: 0 }), await person(world.test.db, { star: 0 })];
    await roamed(world.test.db, called, { month: '2026-09-01', destination: '韩国' });
    for (const who of [called, waiting]) {
      await roamed(world.test.db, who, { month: '2026-10-01', destination: '日本', days: 3, feeFen: 9_900 });
      await roamed(world.test.db, who, { month: '2026-10-01', destination: '法国' });
    }
    await world.run(TUESDAY, ['roaming-return']);
    const [due] = await world.due(called);
    const manager = await world.house('m01');
    expect((await manager.post(`/tasks/${due?.taskId}/claim`)).status).toBe(200);
    expect((await manager.post(`/tasks/${due?.taskId}/attempts`, { outcome: 'reached', talkSeconds: 40, topics: ['roaming-return'] })).status).toBe(
      201,
    );
    await drainJobs(world.test.app);
    const told = { month: '2026-10-01', places: '日本、法国', days: 3, feeFen: 9_900 };
    expect(await world.due(called)).toMatchObject([{ state: 'done' }]);

    await nightOf('2027-02-21');
    expect([await usesOf(called), await factsOf(called)]).toEqual([[before, japan, france], told]);
    await nightOf('2027-02-22');
    expect([await usesOf(called), await factsOf(called)]).toEqual([[before], { month: '2026-10-01' }]);
    expect([await usesOf(waiting), await factsOf(waiting)]).toEqual([[japan, france], told]);
    // a file of back then is sent once more
    await roamed(world.test.db, called, { month: '2026-10-01', destination: '日本' });
    await nightOf('2027-02-23');
    await nightOf('2027-02-24');
    expect([await usesOf(called), await factsOf(called)]).toEqual([[before], { month: '2026-10-01' }]);
    expect(await world.due(called)).toMatchObject([{ cycle: '2026-10', state: 'done' }]);
  });
});
