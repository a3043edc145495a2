import { sql } from '../../../src/platform/database/sql.js';
import { drainJobs } from '../../support/drain-jobs.js';
import { type ApiClient, callAs } from '../../support/house.js';
import { CareWorld, followUpAsked, managerChanged, person, type Person, type PersonFacts, roamed, starChanged, used } from './care-world.js';

/** 大雪, a Monday, half an hour before the first message goes out. */
const TODAY = '2026-12-07';
const EARLY = `${TODAY}T08:30:00+08:00`;

let world: CareWorld;
let supervisor: ApiClient;

const made = (facts: PersonFacts): Promise<Person> => person(world.test.db, { star: 5, ...facts });
const open = async (who: Person, rule: string): Promise<string[]> =>
  (await world.due(who)).filter((one) => one.rule === rule && one.state === 'open').map(({ cycle, channel }) => `${cycle} ${channel}`);
const why = (who: Person, rule: string): Promise<{ why: string }[]> =>
  world.test.db.rows(sql`select distinct why from care.replan where customer_id = ${who.id} and rule_code = ${rule}`);
const messages = (who: Person): Promise<{ state: string }[]> =>
  world.test.db.rows(sql`select state from messaging.recipient where customer_id = ${who.id} order by blast_id`);
const owners = (who: Person): Promise<{ owner: string }[]> =>
  world.test.db.rows(sql`
    select distinct u.username as owner from calls.task t join staff.app_user u on u.id = t.owner_id where t.customer_id = ${who.id} and t.state = 'open'`);

async function sure(answer: Promise<{ status: number; text: string }>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(text);
}
/** Some minutes later, so that what follows is newer than the plan. */
async function then(what: () => Promise<void>): Promise<void> {
  world.test.clock.advance(60_000);
  await what();
  await drainJobs(world.test.app);
}

type Change = (who: Person) => Promise<void>;
const star =
  (level: number): Change =>
  (who) =>
    sure(supervisor.patch(`/customers/${who.id}`, { starLevel: level }));
const manager: Change = (who) => sure(supervisor.patch(`/customers/${who.id}`, { manager: 'm02' }));
const birthday: Change = (who) => sure(supervisor.patch(`/customers/${who.id}`, { birthday: '06-15' }));
const block: Change = ({ phone }) => sure(supervisor.post('/contact/blocks', { phone, channel: 'all', reason: '客户要求' }));
/** Ends the chain for good, which the rule itself says: no line in the history of plans. */
const demoted: Change = ({ phone }) =>
  sure(world.planner.upload('/imports?feed=star-changes', `phone,old_star,new_star,changed_on\n${phone.slice(3)},5,4,${TODAY}\n`));
const policy =
  (rule: string, settings: object): Change =>
  () =>
    world.enable(rule, settings);

/** Somebody each rule has something for. */
const PEOPLE: Record<string, () => Promise<Person>> = {
  'star-revisit': () => made({}),
  'star-promotion': async () => {
    const who = await made({});
    await starChanged(world.test.db, who, { on: '2026-12-04', from: 4, to: 5 });
    return who;
  },
  // the notice of long ago was never sent
  'star-promotion late': async () => {
    const who = await made({});
    await starChanged(world.test.db, who, { on: '2026-11-20', from: 4, to: 5 });
    return who;
  },
  'star-rights': async () => {
    const who = await made({});
    const { m01, m02 } = await world.test.db.one<{ m01: string; m02: string }>(sql`
      select max(id) filter (where username = 'm01') as m01, max(id) filter (where username = 'm02') as m02 from staff.app_user`);
    await managerChanged(world.test.db, who, { on: '2026-12-06', from: m02, to: m01 });
    return who;
  },
  birthday: () => made({ birthday: { month: 12, day: 7, calendar: 'solar' } }),
  'calendar-greeting': () => made({}),
  'sms-visit': () => made({}),
  silent: () => made({ joinedOn: '2020-01-01' }),
  'roaming-return': async () => {
    const who = await made({});
    await roamed(world.test.db, who, { month: '2026-11-01', returnedOn: '2026-11-20' });
    return who;
  },
  'package-usage': async () => {
    const who = await made({});
    for (const month of ['2026-09-01', '2026-10-01', '2026-11-01'])
      await used(world.test.db, who, { month, dataQuotaMb: 100, dataUsedMb: 300, voiceQuotaMin: 100, voiceUsedMin: 50 });
    return who;
  },
  'service-follow-up': async () => {
    const who = await made({});
    await followUpAsked(world.test.db, who, { kind: 'fault', reference: `F${who.id}`, closedOn: '2026-12-05' });
    return who;
  },
};

const SETTINGS: Record<string, object> = {
  'star-revisit': { horizonDays: 31 },
  'star-promotion': {},
  'star-rights': {},
  birthday: {},
  'calendar-greeting': {},
  'sms-visit': {},
  silent: { spreadDays: 1 },
  'roaming-return': {},
  'package-usage': {},
  'service-follow-up': {},
};

const NOTICE = '2026-12-04-notice sms';
const LATE_VISIT = '2026-11-20-visit call';
const RIGHTS = ['2026-12-06 sms', '2026-12-06-call call'];
const SILENT = ['2026-H2 sms', '2026-H2-call call'];
const VISITED = '2026-10..2026-12 call';

beforeAll(async () => {
  world = await CareWorld.open({ now: EARLY });
  supervisor = await callAs(world.test, 'supervisor-e');
  const { id } = (await world.planner.post('/care/greetings', { day: TODAY, template: 'calendar-greeting' })).body as { id: string };
  await sure(world.planner.post(`/care/greetings/${id}/approve`, { reference: '函〔2026〕8号' }));
});
afterAll(() => world.test.close());

/** A rule alone in force, and somebody it has planned for. */
async function planned(kind: string): Promise<Person> {
  const rule = kind.split(' ')[0] ?? kind;
  world.test.clock.set(EARLY);
  await world.test.db.run(sql`update care.rule set enabled = false where code <> ${rule}`);
  await world.enable(rule, SETTINGS[rule]);
  await drainJobs(world.test.app);
  for (;;) {
    const who = await (PEOPLE[kind] as () => Promise<Person>)();
    await world.run(TODAY, [rule]);
    // whose turn for the visit by message it is hangs on the customer's number
    if (rule !== 'sms-visit' || (await open(who, rule)).length > 0) return who;
  }
}

const CASES: [kind: string, change: string, how: Change, before: string[], after: string[], why: string[]][] = [
  ['star-revisit', 'another star', star(0), [VISITED], [], ['star']],
  ['star-revisit', 'another manager', manager, [VISITED], [VISITED], ['manager']],
  ['star-revisit', 'another birthday', birthday, [VISITED], [VISITED], []],
  ['star-revisit', 'a block', block, [VISITED], [], ['blocked']],
  [
    'star-revisit',
    'another policy',
    policy('star-revisit', { horizonDays: 31, months: { 7: 1, 6: 2, 5: 1 }, minGapDays: { 7: 15, 6: 30, 5: 15 } }),
    [VISITED],
    ['2026-12 call'],
    ['policy'],
  ],
  ['star-promotion', 'another star', demoted, [NOTICE], [], []],
  ['star-promotion', 'another manager', manager, [NOTICE], [NOTICE], []],
  ['star-promotion', 'another birthday', birthday, [NOTICE], [NOTICE], []],
  ['star-promotion', 'a block', block, [NOTICE], [], ['blocked']],
  ['star-promotion', 'another policy', policy('star-promotion', { stars: [6, 7] }), [NOTICE], [], ['policy']],
  ['star-promotion late', 'another star', demoted, ['2026-11-20-notice sms', LATE_VISIT], [], []],
  ['star-promotion late', 'a block', block, ['2026-11-20-notice sms', LATE_VISIT], [], ['blocked']],
  ['star-rights', 'another star', star(4), RIGHTS, [], ['star']],
  ['star-rights', 'another manager, the one of before', manager, RIGHTS, [], ['manager', 'rights']],
  ['star-rights', 'another birthday', birthday, RIGHTS, RIGHTS, []],
  ['star-rights', 'a block', block, RIGHTS, [], ['blocked']],
  ['star-rights', 'another policy', policy('star-rights', { notice: false }), RIGHTS, ['2026-12-06-call call'], ['policy']],
  ['birthday', 'another star', star(4), ['2026 sms', '2026-call call'], ['2026 sms'], ['star']],
  ['birthday', 'another manager', manager, ['2026 sms', '2026-call call'], ['2026 sms', '2026-call call'], ['manager']],
  ['birthday', 'another birthday', birthday, ['2026 sms', '2026-call call'], [], ['birthday']],
  ['birthday', 'a block', block, ['2026 sms', '2026-call call'], [], ['blocked']],
  ['birthday', 'another policy', policy('birthday', { sms: false }), ['2026 sms', '2026-call call'], ['2026-call call'], ['policy']],
  ['calendar-greeting', 'another star', star(4), [`${TODAY} sms`], [], ['facts']],
  ['calendar-greeting', 'another manager', manager, [`${TODAY} sms`], [`${TODAY} sms`], []],
  ['calendar-greeting', 'another birthday', birthday, [`${TODAY} sms`], [`${TODAY} sms`], []],
  ['calendar-greeting', 'a block', block, [`${TODAY} sms`], [], ['blocked']],
  ['calendar-greeting', 'another policy', policy('calendar-greeting', { solarTerms: false }), [`${TODAY} sms`], [], ['policy']],
  ['sms-visit', 'another star', star(0), ['2026-12 sms'], [], ['facts']],
  ['sms-visit', 'another manager', manager, ['2026-12 sms'], ['2026-12 sms'], []],
  ['sms-visit', 'another birthday', birthday, ['2026-12 sms'], ['2026-12 sms'], []],
  ['sms-visit', 'a block', block, ['2026-12 sms'], [], ['blocked']],
  ['sms-visit', 'another policy', policy('sms-visit', { stars: [7] }), ['2026-12 sms'], [], ['policy']],
  ['silent', 'another star', star(0), SILENT, [], ['facts', 'star']],
  ['silent', 'another manager', manager, SILENT, SILENT, ['manager']],
  ['silent', 'another birthday', birthday, SILENT, SILENT, []],
  ['silent', 'a block', block, SILENT, [], ['blocked']],
  ['silent', 'another policy', policy('silent', { stars: [7] }), SILENT, [], ['policy']],
  ['roaming-return', 'another star', star(0), ['2026-11 call'], ['2026-11 call'], []],
  ['roaming-return', 'another manager', manager, ['2026-11 call'], ['2026-11 call'], ['manager']],
  ['roaming-return', 'another birthday', birthday, ['2026-11 call'], ['2026-11 call'], []],
  ['roaming-return', 'a block', block, ['2026-11 call'], [], ['blocked']],
  ['roaming-return', 'another policy', policy('roaming-return', { quietDays: 15 }), ['2026-11 call'], ['2026-11 call'], []],
  ['package-usage', 'another star', star(0), ['2026-12 call'], [], ['star']],
  ['package-usage', 'another manager', manager, ['2026-12 call'], ['2026-12 call'], ['manager']],
  ['package-usage', 'another birthday', birthday, ['2026-12 call'], ['2026-12 call'], []],
  ['package-usage', 'a block', block, ['2026-12 call'], [], ['blocked']],
  ['package-usage', 'another policy', policy('package-usage', { stars: [7] }), ['2026-12 call'], [], ['policy']],
  ['service-follow-up', 'another star', star(0), ['2026-12-05 fault F# call'], ['2026-12-05 fault F# call'], []],
  ['service-follow-up', 'another manager', manager, ['2026-12-05 fault F# call'], ['2026-12-05 fault F# call'], ['manager']],
  ['service-follow-up', 'another birthday', birthday, ['2026-12-05 fault F# call'], ['2026-12-05 fault F# call'], []],
  ['service-follow-up', 'a block', block, ['2026-12-05 fault F# call'], [], ['blocked']],
  ['service-follow-up', 'another policy', policy('service-follow-up', { faults: false }), ['2026-12-05 fault F# call'], [], ['policy']],
];

describe('CAR-11 what is planned and not begun follows, whatever rule planned it', () => {
  it.each(CASES)('%s, %s', async (kind, _, how, before, after, reasons) => {
    const who = await planned(kind);
    const rule = kind.split(' ')[0] ?? kind;
    const keys = (these: string[]): string[] => these.map((one) => one.replace('#', who.id));
    expect(await open(who, rule)).toEqual(keys(before));
    await then(() => how(who));
    expect(await open(who, rule)).toEqual(keys(after));
    expect((await why(who, rule)).map((one) => one.why).sort()).toEqual(reasons);
    if (reasons.includes('manager') && after.length > 0) expect(await owners(who)).toEqual([{ owner: 'm02' }]);
    // what was taken back is on no list, what stands is on one
    const sms = after.some((one) => one.endsWith('sms'));
    if (before.some((one) => one.endsWith('sms'))) expect(await messages(who)).toEqual([{ state: sms ? 'planned' : 'cancelled' }]);
    if (!after.some((one) => one.endsWith('call'))) expect(await owners(who)).toEqual([]);
  });

  it('a message that was handed over stays, whatever changes', async () => {
    const who = await planned('birthday');
    world.test.clock.set(`${TODAY}T09:10:00+08:00`);
    await drainJobs(world.test.app);
    expect((await messages(who)).map(({ state }) => state)).not.toEqual(['planned']);
    await then(() => birthday(who));
    expect(await open(who, 'birthday')).toEqual(['2026 sms']);
    expect((await messages(who)).map(({ state }) => state)).not.toEqual(['cancelled']);
  });

  it('a message taken back goes out after all when the block is lifted the same morning, once', async () => {
    const who = await planned('star-promotion');
    await then(() => block(who));
    expect(await open(who, 'star-promotion')).toEqual([]);
    await world.test.db.run(sql`update contact.block set lifted_at = ${world.test.clock.now()} where number = ${who.phone}`);
    await world.run(TODAY, ['star-promotion']);
    await world.run(TODAY, ['star-promotion']);
    expect(await open(who, 'star-promotion')).toEqual([NOTICE]);
    expect(await messages(who)).toEqual([{ state: 'planned' }]);
    world.test.clock.set(`${TODAY}T09:10:00+08:00`);
    await drainJobs(world.test.app);
    const sent = await world.test.db.one(sql`select count(*)::int as count from messaging.message where customer_id = ${who.id}`);
    expect(sent).toEqual({ count: 1 });
  });
});

describe('CAR-1 a call that goes to another manager gets a day that has room for it', () => {
  const dayOfCall = async (who: Person): Promise<unknown[]> =>
    world.test.db.rows(sql`
      select u.username as owner, t.due_on as "on", t.over_capacity as over, d.due_on as promised from calls.task t
      join staff.app_user u on u.id = t.owner_id join care.due d on d.task_id = t.id where t.customer_id = ${who.id} and t.state = 'open'`);
  const capacity = async (daily: number): Promise<void> => {
    await sure((await world.house('admin')).patch('/users/m02', { dailyCapacity: daily }));
  };

  it('behind what stands on her list already, and within what the rule allows', async () => {
    const first = await planned('roaming-return');
    const second = await made({});
    await roamed(world.test.db, second, { month: '2026-11-01', returnedOn: '2026-11-20' });
    await world.run(TODAY, ['roaming-return']);
    await world.test.db.run(sql`update calls.task set state = 'cancelled' where owner_id = (select id from staff.app_user where username = 'm02')`);
    await capacity(1);
    for (const who of [first, second]) await then(() => manager(who));
    expect(await dayOfCall(first)).toEqual([{ owner: 'm02', on: TODAY, over: false, promised: TODAY }]);
    expect(await dayOfCall(second)).toEqual([{ owner: 'm02', on: '2026-12-08', over: false, promised: '2026-12-08' }]);
  });

  it('on its last day and flagged, when none has room', async () => {
    const who = await planned('birthday');
    await capacity(0);
    await then(() => manager(who));
    expect((await dayOfCall(who))[0]).toEqual({ owner: 'm02', on: TODAY, over: true, promised: TODAY });
    await capacity(60);
  });
});
