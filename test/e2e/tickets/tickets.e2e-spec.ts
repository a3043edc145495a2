import type { Response } from 'supertest';
import { dayOf } from '../../../src/kernel/day.js';
import { sql } from '../../../src/platform/database/sql.js';
import { countdown } from '../../../src/tickets/tickets.views.js';
import { TicketSteps } from '../../../src/tickets/ticket-steps.commands.js';
import type { TicketRow } from '../../../src/tickets/tickets.types.js';
import { CareWorld, person, type Person } from '../care/care-world.js';
import { drainJobs, tickSchedules } from '../../support/drain-jobs.js';
import { PASSWORD } from '../../support/house.js';
import { logIn } from '../../support/visitor.js';

type Ticket = TicketRow & { history: { deed: string; by: string | null; target: string | null; note: string | null }[] };

let world: CareWorld;
beforeAll(async () => {
  world = await CareWorld.open();
});
afterAll(() => world.test.close());

const as = (who: string) => world.house(who);
const open = async (who: Person, form: object = {}, by = 'm01'): Promise<Ticket> =>
  (await (await as(by)).post('/tickets', { kind: 'complaint', text: '夜里通话常中断', phone: who.phone, ...form })).body as Ticket;
const step = async (no: string, deed: string, more: object = {}, by = 'm01'): Promise<Response> =>
  (await as(by)).post(`/tickets/${no}/steps`, { deed, ...more });
const see = async (no: string, by = 'supervisor-e'): Promise<Ticket> => (await (await as(by)).get(`/tickets/${no}`)).body as Ticket;
const codeOf = ({ status, body }: Response): [number, string] => [status, (body as { error: { code: string } }).error.code];
const later = (minutes: number): void => world.test.clock.advance(minutes * 60_000);
const hoursTo = (ticket: Ticket, due: 'answerDue' | 'solveDue'): number =>
  (new Date(ticket[due]).getTime() - new Date(ticket.openedAt).getTime()) / 3_600_000;
const mayCall = async ({ phone }: Person, purpose: string): Promise<Response> =>
  (await as('planner-e')).post('/contact/reservations', { phone, channel: 'call', purpose });
const consents = ({ id }: Person) => world.test.db.run(sql`update customers.customer set call_consent = true where id = ${id}`);

describe('TIC-1 tickets are opened', () => {
  it.each([
    ['consultation', 'ZX'],
    ['complaint', 'TS'],
    ['fault', 'GZ'],
    ['suggestion', 'JY'],
    ['correction', 'JC'],
    ['business', 'YW'],
  ])('a %s by hand, with a number that says what it is', async (kind, letters) => {
    const ticket = await open(await person(world.test.db), { kind });
    expect(ticket).toMatchObject({ kind, state: 'open', unitCode: 'east-1', assignee: null, openedBy: '林晓雯' });
    expect(ticket.no).toMatch(new RegExp(`^${letters}-\\d{6}$`));
    expect((await see(ticket.no)).history).toMatchObject([{ deed: 'open', by: '林晓雯' }]);
  });

  it('with a complaint in a call, once, by whoever heard it', async () => {
    const who = await person(world.test.db);
    const manager = await as('m01');
    const said = { channel: 'inbound', outcome: 'complaint', note: '账单多收', talkSeconds: 60 };
    expect((await manager.post(`/customers/${who.id}/contacts`, said)).status).toBe(201);
    expect((await manager.post(`/customers/${who.id}/contacts`, { ...said, outcome: 'reached' })).status).toBe(201);
    await drainJobs(world.test.app);
    await drainJobs(world.test.app);
    const { items } = (await manager.get(`/tickets?customer=${who.id}`)).body as { items: Ticket[] };
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ kind: 'complaint', text: '账单多收', state: 'assigned', assignee: '林晓雯' });
    expect(items[0]?.answerDue).toBe(new Date(new Date(items[0]?.openedAt ?? 0).getTime() + 24 * 3_600_000).toISOString());
  });

  it('not without a customer, nor for a customer of another unit', async () => {
    const manager = await as('m11');
    const who = await person(world.test.db);
    expect(codeOf(await manager.post('/tickets', { kind: 'fault', text: 'x' }))).toEqual([422, 'ticket_customer_missing']);
    expect(codeOf(await manager.post('/tickets', { kind: 'fault', text: 'x', phone: '12' }))).toEqual([422, 'ticket_phone']);
    expect((await manager.post('/tickets', { kind: 'fault', text: 'x', phone: who.phone })).status).toBe(404);
    expect((await manager.post('/tickets', { kind: 'war', text: ' ', phone: who.phone })).status).toBe(422);
  });
});

describe('TIC-2 deadlines', () => {
  it.each([
    ['complaint', 7, 'inside', 24, 48],
    ['complaint', 7, 'across', 24, 72],
    ['complaint', 0, 'inside', 48, 72],
    ['complaint', 0, 'across', 48, 168],
    ['correction', 7, 'inside', 0.25, 48],
  ] as const)('%s of star %i, %s: answered in %d h, solved in %d h', async (kind, star, scope, answer, solve) => {
    const ticket = await open(await person(world.test.db, { star }), { kind, scope });
    expect([hoursTo(ticket, 'answerDue'), hoursTo(ticket, 'solveDue')]).toEqual([answer, solve]);
  });

  it('a changed limit is a new version; tickets keep theirs; a stale one is refused', async () => {
    const supervisor = await as('supervisor-e');
    const { version } = (await supervisor.get('/tickets/limits')).body as { version: number };
    const change = { version, kind: 'suggestion', tier: 'other', scope: 'inside', hours: 'clock', answerMinutes: 60, solveMinutes: 600 };
    const before = await open(await person(world.test.db, { star: 0 }), { kind: 'suggestion' });
    expect(codeOf(await supervisor.put('/tickets/limits', { ...change, solveMinutes: 59 }))).toEqual([422, 'ticket_limit_order']);
    expect((await (await as('m01')).put('/tickets/limits', change)).status).toBe(403);
    expect((await supervisor.put('/tickets/limits', change)).status).toBe(200);
    expect(codeOf(await supervisor.put('/tickets/limits', change))).toEqual([409, 'ticket_limits_changed']);
    const after = await open(await person(world.test.db, { star: 0 }), { kind: 'suggestion' });
    expect([hoursTo(after, 'answerDue'), hoursTo(after, 'solveDue')]).toEqual([1, 10]);
    expect((await see(before.no)).answerDue).toBe(before.answerDue);
    expect([before.limitVersion, after.limitVersion]).toEqual([version, version + 1]);
  });

  it('the list says of each what the countdown says', async () => {
    const waiting = await open(await person(world.test.db));
    await step(waiting.no, 'take');
    await step(waiting.no, 'wait');
    const late = await open(await person(world.test.db), { kind: 'correction' });
    later(16);
    const { items } = (await (await as('supervisor-e')).get('/tickets?limit=200')).body as { items: Ticket[] };
    const dates = (row: Ticket): TicketRow =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, /At$|Due$|Since$/.test(key) && value ? new Date(value as string) : value]),
      ) as never;
    const said = items.map((row) => [row.no, countdown(dates(row), world.test.clock.now()).kind === 'late', row.late] as const);
    expect(said.filter(([, told, listed]) => told !== listed)).toEqual([]);
    expect(said.find(([no]) => no === late.no)).toEqual([late.no, true, true]);
    expect(said.find(([no]) => no === waiting.no)).toEqual([waiting.no, false, false]);
  });

  it('waiting for the customer stops the clock', async () => {
    const ticket = await open(await person(world.test.db));
    await step(ticket.no, 'take');
    await step(ticket.no, 'wait');
    later(90);
    const back = (await step(ticket.no, 'resume')).body as Ticket;
    expect([hoursTo(back, 'answerDue'), hoursTo(back, 'solveDue'), back.state]).toEqual([25.5, 49.5, 'assigned']);
  });
});

describe('TIC-3 the way of a ticket', () => {
  it('of two who take the same one has it, the other is told who', async () => {
    const { no } = await open(await person(world.test.db));
    const answers = await Promise.all([step(no, 'take'), step(no, 'take', {}, 'm02')]);
    const lost = answers.find(({ status }) => status !== 200);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { assignee } = await see(no);
    expect((lost?.body as { error: { message: string } }).error.message).toBe(`已被${assignee}接手`);
  });

  it('of somebody who has left stands on the list of the customer’s manager, who takes it', async () => {
    const admin = await as('admin');
    const leaver = { username: 'm03', role: 'manager', orgUnit: 'east-1', name: '孙立', password: PASSWORD };
    expect((await admin.post('/users', leaver)).status).toBe(201);
    const ticket = await open(await person(world.test.db));
    expect((await step(ticket.no, 'take', {}, 'm03')).status).toBe(200);
    const mine = async (): Promise<string[]> =>
      ((await (await as('m01')).get('/tickets?view=mine&limit=200')).body as { items: Ticket[] }).items.map(({ no }) => no);
    expect(await mine()).not.toContain(ticket.no);
    expect(codeOf(await step(ticket.no, 'take'))).toEqual([409, 'ticket_taken']);
    expect((await admin.patch('/users/m03', { active: false })).status).toBe(200);
    expect(await mine()).toContain(ticket.no);
    const page = await logIn(world.test, 'm01');
    expect((await page.get(`/tickets/${ticket.no}`)).text).toContain('name="deed" value="take"');
    expect((await step(ticket.no, 'take')).body).toMatchObject({ state: 'assigned', assignee: '林晓雯' });
  });

  it('is assigned within its unit, goes to another unit, and is out of sight of others', async () => {
    const { no } = await open(await person(world.test.db));
    expect(codeOf(await step(no, 'assign', { to: 'm11' }, 'supervisor-e'))).toEqual([422, 'ticket_assignee']);
    expect((await step(no, 'assign', { to: 'm02' }, 'supervisor-e')).body).toMatchObject({ state: 'assigned', assignee: '周可欣' });
    expect((await (await as('m11')).get(`/tickets/${no}`)).status).toBe(404);
    expect(codeOf(await step(no, 'transfer', { unit: 'moon' }))).toEqual([422, 'ticket_unit']);
    expect((await step(no, 'transfer', { unit: 'west-1', note: '归属西城' })).body).toMatchObject({
      state: 'open',
      assignee: null,
      unitCode: 'west-1',
    });
    expect((await step(no, 'take', {}, 'm11')).status).toBe(200);
    expect((await see(no, 'm11')).history.map(({ deed, target }) => [deed, target])).toEqual([
      ['open', null],
      ['assign', '周可欣'],
      ['transfer', '西一组'],
      ['take', null],
    ]);
  });

  it('urging counts and says who; what does not go from here is refused', async () => {
    const { no } = await open(await person(world.test.db));
    await step(no, 'urge', { note: '客户又来电' });
    expect((await step(no, 'urge', {}, 'supervisor-e')).body).toMatchObject({ urges: 2 });
    expect((await see(no)).history.slice(1)).toMatchObject([
      { deed: 'urge', by: '林晓雯', note: '客户又来电' },
      { deed: 'urge', by: '赵敏' },
    ]);
    expect(codeOf(await step(no, 'solve'))).toEqual([409, 'ticket_step']);
  });

  it('two made part of each other at once: one is, the other is told, neither is an error of ours', async () => {
    const who = await person(world.test.db);
    for (let i = 0; i < 5; i++) {
      const [a, b] = [await open(who), await open(who)];
      const answers = await Promise.all([step(a.no, 'merge', { into: b.no }), step(b.no, 'merge', { into: a.no })]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.every(({ status }) => status < 500)).toBe(true);
    }
  });

  it('SYS-6 of a customer who is erased ends, as nobody can be asked any more, and is not opened again', async () => {
    const who = await person(world.test.db);
    const { no } = await open(who);
    const supervisor = await as('supervisor-e');
    expect((await supervisor.post(`/customers/${who.id}/erase`, { reason: '本人要求' })).status).toBe(200);
    const ended = await see(no);
    expect(ended).toMatchObject({ state: 'closed', text: '', late: false });
    expect(ended.history.at(-1)).toMatchObject({ deed: 'erase', by: null });
    expect(codeOf(await step(no, 'reopen', {}, 'supervisor-e'))).toEqual([409, 'customer_erased']);
  });

  it('a double becomes part of another of the same customer and kind', async () => {
    const who = await person(world.test.db);
    const [first, second] = [await open(who), await open(who)];
    const other = await open(await person(world.test.db));
    expect(codeOf(await step(second.no, 'merge', { into: other.no }))).toEqual([422, 'ticket_merge']);
    expect((await step(second.no, 'merge', { into: first.no })).body).toMatchObject({ state: 'closed', mergedInto: first.no });
  });

  it('is put before superiors when four fifths of a limit are gone, a major one at once, once', async () => {
    const [ticket, major] = [
      await open(await person(world.test.db), { kind: 'correction' }),
      await open(await person(world.test.db), { major: true }),
    ];
    expect([ticket.escalatedAt, major.escalatedAt === null]).toEqual([null, false]);
    later(11);
    await tickSchedules(world.test.app);
    expect((await see(ticket.no)).escalatedAt).toBeNull();
    later(2);
    await tickSchedules(world.test.app);
    later(1);
    await tickSchedules(world.test.app);
    expect((await see(ticket.no)).history.filter(({ deed }) => deed === 'escalate')).toHaveLength(1);
    const listed = (await (await as('supervisor-e')).get('/tickets?mark=escalated&limit=200')).body as { items: Ticket[] };
    expect(listed.items.map(({ no }) => no)).toEqual(expect.arrayContaining([ticket.no, major.no]));
  });

  it('the history only grows', async () => {
    await expect(world.test.db.run(sql`delete from tickets.entry`)).rejects.toThrow('only grows');
    await expect(world.test.db.run(sql`update tickets.entry set deed = 'x'`)).rejects.toThrow('only grows');
  });

  it('pages hold every ticket once, the most urgent first', async () => {
    const supervisor = await as('supervisor-e');
    const whole = ((await supervisor.get('/tickets?limit=200')).body as { items: Ticket[] }).items.map(({ no }) => no);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = (await supervisor.get(`/tickets?limit=3&cursor=${cursor}`)).body as { items: Ticket[]; nextCursor: string | null };
      seen.push(...page.items.map(({ no }) => no));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(whole);
    expect((await supervisor.get('/tickets?cursor=WyJ4IiwieSJd')).status).toBe(400);
  });
});

describe('TIC-4 closing', () => {
  const solved = async (who: Person): Promise<Ticket> => {
    const ticket = await open(who);
    await step(ticket.no, 'take');
    await step(ticket.no, 'answer');
    expect((await step(ticket.no, 'solve')).status).toBe(200);
    return ticket;
  };
  const callBack = async (who: Person, satisfaction: number, outcome: object = {}): Promise<string> => {
    const day = dayOf(world.test.clock.now());
    await world.run(day, ['service-follow-up']);
    const task = (await world.due(who)).find(({ rule, state }) => rule === 'service-follow-up' && state === 'open')?.taskId;
    const manager = await as('m01');
    const claimed = await manager.post(`/tasks/${task}/claim`);
    expect([claimed.status, claimed.status === 200 ? '' : claimed.text]).toEqual([200, '']);
    const said = { outcome: 'reached', talkSeconds: 40, topics: ['service-follow-up'], satisfaction, ...outcome };
    const recorded = await manager.post(`/tasks/${task}/attempts`, said);
    expect(recorded.status).toBe(201);
    await drainJobs(world.test.app);
    return (recorded.body as { id: string }).id;
  };
  beforeAll(async () => {
    world.test.clock.set('2026-11-24T14:30:00+08:00');
    await world.enable('service-follow-up', { restDays: 0 });
  });

  it('a suggestion closes by hand, a complaint does not', async () => {
    const who = await person(world.test.db);
    const suggestion = await open(who, { kind: 'suggestion' });
    await step(suggestion.no, 'take');
    await step(suggestion.no, 'solve');
    expect((await step(suggestion.no, 'close')).body).toMatchObject({ state: 'closed' });
    expect(codeOf(await step((await solved(who)).no, 'close'))).toEqual([409, 'ticket_needs_call_back']);
  });

  it('not satisfied opens it again, and it is asked about anew once it is solved again', async () => {
    const who = await person(world.test.db);
    const { no } = await solved(who);
    await callBack(who, 2);
    expect(await see(no)).toMatchObject({ state: 'answered', satisfaction: 2, closedAt: null, solvedAt: null });
    expect((await step(no, 'solve')).status).toBe(200);
    const asked = sql`select reference from care.follow_up where customer_id = ${who.id} and withdrawn_at is null order by id`;
    expect(await world.test.db.rows(asked)).toEqual([{ reference: `${no}/2` }]);
  });

  it('opened again before anybody called, nobody is called', async () => {
    const who = await person(world.test.db);
    const { no } = await solved(who);
    expect((await step(no, 'reopen')).body).toMatchObject({ state: 'answered' });
    expect(await world.test.db.rows(sql`select from care.follow_up where customer_id = ${who.id} and withdrawn_at is null`)).toEqual([]);
  });

  it('satisfied closes it', async () => {
    const who = await person(world.test.db);
    const { no } = await solved(who);
    await callBack(who, 4);
    const closed = await see(no);
    expect(closed).toMatchObject({ state: 'closed', satisfaction: 4 });
    expect(closed.history.at(-1)).toMatchObject({ deed: 'close', by: '林晓雯', target: '4' });
  });

  describe('R36 a mark that is not the customer’s', () => {
    it.each([
      ['nobody answered', { outcome: 'no_answer', talkSeconds: 0 }],
      ['somebody else spoke', { outcome: 'wrong_person' }],
    ])('closes nothing: %s', async (_, outcome) => {
      const who = await person(world.test.db);
      const { no } = await solved(who);
      await callBack(who, 5, outcome);
      expect(await see(no)).toMatchObject({ state: 'solved', satisfaction: null });
    });

    it('is taken back by a correction, with the rest from marketing, and counts once it is corrected to be theirs', async () => {
      const who = await person(world.test.db);
      await consents(who);
      const { no } = await solved(who);
      const attempt = await callBack(who, 5);
      expect((await see(no)).state).toBe('closed');
      const correct = async (outcome: string): Promise<void> => {
        expect((await (await as('m01')).patch(`/attempts/${attempt}`, { outcome, reason: '听错了' })).status).toBe(200);
        await drainJobs(world.test.app);
      };
      await correct('wrong_person');
      const back = await see(no);
      expect(back).toMatchObject({ state: 'solved', satisfaction: null, closedAt: null });
      expect(back.history.at(-1)).toMatchObject({ deed: 'unheard', by: null, target: '5' });
      expect((await mayCall(who, 'marketing')).text).toContain('protected');
      await correct('reached');
      expect(await see(no)).toMatchObject({ state: 'closed', satisfaction: 5 });
    });
  });
});

describe('GOV-7 an open complaint or fault', () => {
  it.each(['complaint', 'fault'])('%s: marketing rests, service goes on, until it is closed', async (kind) => {
    const who = await person(world.test.db);
    await consents(who);
    const [first, second] = [await open(who, { kind }), await open(who, { kind })];
    const refused = await mayCall(who, 'marketing');
    expect([refused.status, refused.text.includes('protected')]).toEqual([409, true]);
    await step(second.no, 'merge', { into: first.no });
    expect((await mayCall(who, 'marketing')).text).toContain('protected');
    await world.test.db.run(sql`update tickets.ticket set state = 'solved', round = 1 where no = ${first.no}`);
    await world.test.app.get(TicketSteps, { strict: false }).answered(first.no, 5, await idOf('m01'));
    expect((await mayCall(who, 'marketing')).text).not.toContain('protected');
  });

  it.each(['complaint', 'fault'])('%s: service is let through meanwhile', async (kind) => {
    const who = await person(world.test.db);
    await open(who, { kind });
    expect((await mayCall(who, 'service')).status).toBe(201);
  });

  it('a suggestion keeps nothing back', async () => {
    const who = await person(world.test.db);
    await consents(who);
    await open(who, { kind: 'suggestion' });
    expect((await mayCall(who, 'marketing')).status).toBe(201);
  });
});

const idOf = async (username: string): Promise<string> =>
  (await world.test.db.one<{ id: string }>(sql`select id from staff.app_user where username = ${username}`)).id;
