import { DoubtsCommands } from '../../../src/messaging/doubts/doubts.commands.js';
import { resultOf } from '../../../src/messaging/gateways/http/kannel.policy.js';
import { MarksCommands } from '../../../src/messaging/sending/marks.commands.js';
import { sql } from '../../../src/platform/database/sql.js';
import { until } from '../../support/until.js';
import { type FakeGateway, installFake, taken } from './fake-gateway.js';
import { addCrowd, addSegment, addTemplate, figures, numberOf, openPostOffice, type PostOffice } from './post-office.js';

let office: PostOffice;
let fake: FakeGateway;
let from = 1;
const part = <T>(type: new (...args: never[]) => T): T => office.test.app.get<T>(type, { strict: false });

beforeAll(async () => {
  office = await openPostOffice();
  await addCrowd(office.test.db, 8_500);
  await addTemplate(office, 'note', '{{honorific}}您好，您的业务已办理', 'service');
  fake = await installFake(office, ['first', 'second']);
});
afterAll(() => office.test.close());
beforeEach(async () => {
  fake.heard.clear();
  fake.answer = taken;
  fake.meanwhile = () => Promise.resolve();
  await office.test.db.run(sql`
    update messaging.gateway set active = true, down_until = null, down_since = null, down_code = null, failures = 0, free_at = '-infinity'`);
});

async function start(code: string, count: number, fallbackGateways: string[] = []): Promise<void> {
  const numbers = Array.from({ length: count }, () => numberOf(from++));
  await addSegment(office.test.db, code, numbers);
  const made = await office.planner.post('/sms/blasts', { code, template: 'note', segment: code, gateway: 'first', fallbackGateways });
  const started = await office.planner.post(`/sms/blasts/${code}/start`);
  expect([made.status, started.status]).toEqual([201, 200]);
}
const heard = (gateway = 'first'): number => fake.heard.get(gateway)?.length ?? 0;
const blastId = async (code: string): Promise<string> =>
  (await office.test.db.one<{ id: string }>(sql`select id from messaging.blast where code = ${code}`)).id;

/** The first hand-over is too much for the gateway, which asks for a wait; the blast's next batch has taken its time and waits. */
async function waiting(code: string, retryAfterMs: number): Promise<{ over: Promise<unknown> }> {
  let answers = 0;
  fake.answer = (message, account) => ((answers += 1) <= 20 ? { id: message.id, outcome: 'throttled', retryAfterMs } : taken(message, account));
  await start(code, 20);
  const over = office.drain();
  over.catch(() => undefined);
  await until('the second batch waits', async () => {
    const messages = sql`select m.state from messaging.message m join messaging.blast b on b.id = m.blast_id where b.code = ${code}`;
    const { cut } = await office.test.db.one<{ cut: boolean }>(sql`
      select count(*) filter (where state = 'void') = 20 and count(*) filter (where state = 'queued') = 20 as cut from (${messages}) m`);
    return cut;
  });
  return { over };
}

describe('the last moment before a hand-over', () => {
  it.each(['pause', 'cancel'])('R12 a %s that comes while a batch waits for the gateway is obeyed', async (word) => {
    const { over } = await waiting(`waits-${word}`, 1_500);
    expect((await office.planner.post(`/sms/blasts/waits-${word}/${word}`)).status).toBe(200);
    await over;
    expect(heard()).toBe(0);
    expect((await figures(office, `waits-${word}`)).counts).toMatchObject({ submitted: 0, inDoubt: 0 });
  });

  it('R1 a run that lost its lock while it waited hands over nothing: others may have planned it anew', async () => {
    const { over } = await waiting('lost-lock', 1_500);
    const id = await blastId('lost-lock');
    const killed = await office.test.db.rows(sql`
      select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = hashtextextended(${`messaging.blast:${id}`}, 0)`);
    expect(killed).toHaveLength(1);
    await part(DoubtsCommands).holdBlast(id); // as the next run does
    const doubts = await office.test.db.rows<{ id: string }>(sql`select id from messaging.message where blast_id = ${id} and state = 'in_doubt'`);
    const ids = doubts.map((row) => row.id);
    expect(await office.test.db.tx((tx) => part(MarksCommands).neverCame(tx, ids))).toBe(20);
    await over.catch(() => undefined);
    await office.pass(2);
    await office.pass(2);
    expect(heard()).toBe(20);
    expect((await figures(office, 'lost-lock')).counts).toMatchObject({ submitted: 20 });
  });

  it('R12 a gateway that is switched off gets no further batch, the fallback gets the rest', async () => {
    fake.meanwhile = () => office.test.db.run(sql`update messaging.gateway set active = false where code = 'first'`);
    await start('switched-off', 2_500, ['second']);
    await office.drain();
    expect([heard('first'), heard('second')]).toEqual([1_000, 1_500]);
  });

  it('R8 what failed before any gateway heard of it is in no doubt', async () => {
    const { over } = await waiting('never-out', 1_500);
    await office.test.db.run(sql`alter table contact.block rename to block_away`); // the last look fails
    await over.catch(() => undefined);
    await office.test.db.run(sql`alter table contact.block_away rename to block`);
    await office.pass(2);
    await office.pass(2);
    expect(heard()).toBe(20);
    expect((await figures(office, 'never-out')).counts).toMatchObject({ submitted: 20, inDoubt: 0 });
  });

  it('R7 a proxy without its gateway leaves one batch in doubt, not the blast: the rest goes the other way', async () => {
    const badGateway = { status: 502, body: '<html>Bad Gateway</html>' };
    fake.answer = (message, account) => (account.code === 'first' ? resultOf(message.id, badGateway) : taken(message, account));
    await start('proxy', 3_500, ['second']);
    await office.drain();
    expect((await figures(office, 'proxy')).counts).toMatchObject({ inDoubt: 1_000, submitted: 2_500 });
    expect(heard('second')).toBe(2_500);
  });

  it('SMS-4 a gateway that asks for a day is no way out: nobody waits for it, and the fallback gets them', async () => {
    fake.answer = (message, account) =>
      account.code === 'first' ? { id: message.id, outcome: 'throttled', retryAfterMs: 86_400_000 } : taken(message, account);
    await start('a-day', 30, ['second']);
    await office.drain();
    expect([heard('first'), heard('second')]).toEqual([0, 30]);
  });

  it('SMS-4 a gateway whose time is taken for long is asked again later, and holds no worker meanwhile', async () => {
    await office.test.db.run(sql`update messaging.gateway set free_at = clock_timestamp() + interval '1 hour' where code = 'first'`);
    await start('taken', 20);
    await office.drain();
    expect((await figures(office, 'taken')).counts).toMatchObject({ queued: 20, inDoubt: 0 });
    await office.test.db.run(sql`update messaging.gateway set free_at = '-infinity'`);
    await office.pass(61);
    expect((await figures(office, 'taken')).counts).toMatchObject({ submitted: 20 });
  });
});
