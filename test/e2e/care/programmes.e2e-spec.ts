import { sql } from '../../../src/platform/database/sql.js';
import { logIn } from '../../support/visitor.js';
import { billed, CareWorld, contacted, person, type Person, used } from './care-world.js';

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

it('the messages of a silent customer are what the template says, signed by the operator', async () => {
  const silent = await person(world.test.db, { star: 2, joinedOn: '2020-01-01' });
  await world.run(TUESDAY, ['silent']);
  const texts = await textsTo(silent);
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(/^【中国电信】.*好久没有联系您了/);
});
